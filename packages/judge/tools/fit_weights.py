"""Fit the offline judge's two small models: how much each feature counts. Writes background.npz and weights.json.

    python packages/judge/tools/fit_weights.py PAIRS.jsonl artifacts/datasets/v1/train.jsonl FOLDER

FOLDER is packages/judge/src/namewright/judge/_offline/data.

PAIRS holds one named product or company a line: `description` (its name taken out), `label`, `kind` (a category).
The committed coefficients (weights.json, a dozen numbers a model) were fitted on the 1,332 entries of
github.com/awesome-selfhosted/awesome-selfhosted-data (names of software; CC BY-SA 3.0). No company of the evaluation
data is in it. The background, against which a fit is standardised, is of our own synthetic requests: `synth`'s v1.

fit    pairs of one description with its own label against others', ridge-penalised logistic regression on the
       difference of the features (Bradley and Terry 1952).
shape  the labels against letters scrambled, letters and digits at random, and cluttered labels, made here.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np

from namewright.judge._offline import brief as briefs
from namewright.judge._offline import vectors
from namewright.judge._offline.encoder import SIZE
from namewright.judge._offline.features import fit_features, shape_features

OTHERS, SAME, BACKGROUND, SCRAMBLES = 8, 3, 400, 6


def main(pairs: str, requests: str, output: str) -> None:
    rows = [json.loads(line) for line in Path(pairs).read_text(encoding="utf-8").splitlines()]
    dataset = [json.loads(line) for line in Path(requests).read_text(encoding="utf-8").splitlines()]
    safe = [row["request"]["description"] for row in dataset if row["expected"] == "success"]
    write_background(safe, Path(output) / "background.npz")
    vectors.table.cache_clear()
    weights = {"fit": fit_model(rows), "shape": shape_model(rows)}
    Path(output, "weights.json").write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def write_background(descriptions: list[str], path: Path) -> None:
    stored = np.load(path.with_name("vectors.npz"))
    count = len(stored["table"])
    blank = {"mean": np.zeros((count, 3)), "spread": np.ones((count, 3)), "texts": np.zeros((1, SIZE))}
    np.savez_compressed(path, **blank)
    vectors.table.cache_clear()
    table = vectors.table()
    sample = random.Random(5).sample(descriptions, min(BACKGROUND, len(descriptions)))
    read = [b for text in sample if len((b := briefs.read_brief(text)).vectors) > 2]
    mean, spread = np.zeros((count, 3)), np.zeros((count, 3))
    for start in range(0, count, 4_000):
        part = table.vectors[start : start + 4_000]
        found = []
        for brief in read:
            similar = np.sort(part @ brief.vectors.T, axis=1)
            found.append(np.stack([part @ brief.centre, similar[:, -3:].mean(1), similar[:, -1]], 1))
        mean[start : start + 4_000] = np.mean(found, axis=0)
        spread[start : start + 4_000] = np.std(found, axis=0)
    texts = np.array([brief.sense for brief in read], dtype=np.float16)
    spread = np.maximum(spread, 0.01)
    np.savez_compressed(path, mean=mean.astype(np.float16), spread=spread.astype(np.float16), texts=texts)


def fit_model(rows: list[dict]) -> dict[str, float]:
    """Fit on differences; the intercept puts an average stranger's label at odds of one to four."""
    chance = random.Random(1)
    by_kind: dict[str, list[dict]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    differences, strangers = [], []
    for row in rows:
        brief = briefs.read_brief(row["description"])
        own = fit_features(row["label"], brief)
        others = chance.sample(rows, OTHERS) + chance.sample(by_kind[row["kind"]], min(SAME, len(by_kind[row["kind"]])))
        for other in others:
            if other["label"] != row["label"]:
                their = fit_features(other["label"], brief)
                strangers.append(their)
                differences.append([own[name] - their[name] for name in own])
    names = list(strangers[0])
    table = np.array(differences)
    weights = logistic(np.concatenate([table, -table]), np.repeat([1.0, 0.0], len(table)), ridge=0.01)
    accuracy = float(((table @ weights) > 0).mean())
    level = np.array([[s[name] for name in names] for s in strangers]) @ weights
    own_level = level.mean() + (table @ weights).mean()
    print(f"fit: {accuracy:.3f} of {len(table)} training pairs; strangers {level.mean():.2f}, own {own_level:.2f}")
    return {"intercept": round(float(-(level.mean() + own_level) / 2), 4)} | rounded(names, weights)


def shape_model(rows: list[dict]) -> dict[str, float]:
    """Fit chosen labels against what is made of them and nobody chooses, on the difference of their features."""
    chance = random.Random(2)
    differences, chosen, made = [], [], []
    for label in sorted({row["label"] for row in rows}):
        own = shape_features(label)
        chosen.append(list(own.values()))
        bad = [scrambled(label, chance) for _ in range(SCRAMBLES)] + [at_random(chance), cluttered(label, chance)]
        for other in bad:
            if other != label:
                their = shape_features(other)
                made.append(list(their.values()))
                differences.append([own[name] - their[name] for name in own])
    table = np.array(differences)
    weights = logistic(np.concatenate([table, -table]), np.repeat([1.0, 0.0], len(table)), ridge=0.001)
    good, bad = np.array(chosen) @ weights, np.array(made) @ weights
    middle = (np.quantile(good, 0.1) + np.quantile(bad, 0.75)) / 2
    print(f"shape: {float((table @ weights > 0).mean()):.3f} of {len(table)} training pairs")
    return {"intercept": round(float(-middle), 4)} | rounded(list(own), weights)


def scrambled(label: str, chance: random.Random) -> str:
    return "".join(chance.sample(label, len(label)))


def at_random(chance: random.Random) -> str:
    letters = chance.choice(
        ["abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789", "bcdfghjklmnpqrstvwxz"]
    )
    return "".join(chance.choices(letters, k=chance.randint(5, 20)))


def cluttered(label: str, chance: random.Random) -> str:
    words = ["online", "best", "shop", "web", "site", "official", "cheap", "store", "buy", "24", "free", "real", "info"]
    parts = [label, chance.choice(words), str(chance.randint(1, 999)), "the", chance.choice(words)]
    chosen = [label, *chance.sample(parts[1:], chance.randint(1, 3))]
    chance.shuffle(chosen)
    return chance.choice(["-", "-", ""]).join(chosen)


def logistic(table: np.ndarray, target: np.ndarray, ridge: float) -> np.ndarray:
    """Newton's method on standardised columns; a column's weight may not turn against its own sense by noise alone."""
    scale = table.std(axis=0)
    scale[scale == 0] = 1.0
    z = table / scale
    weights = np.zeros(z.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(z @ weights, -30, 30)))
        gradient = z.T @ (p - target) / len(z) + ridge * weights
        hessian = (z * (p * (1 - p))[:, None]).T @ z / len(z) + ridge * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights / scale


def rounded(names: list[str], weights: np.ndarray) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main(*sys.argv[1:])
