"""Fit the offline judge's two small models: how much each feature counts. Writes weights.json.

    python packages/judge/tools/fit_weights.py PAIRS.jsonl FOLDER

FOLDER is packages/judge/src/namewright/judge/_offline/data, with the affinity.npz and letters.npz that `train_affinity.py`
and `train_letters.py` made of the same PAIRS; they learned from eleven in twelve, and this fits on the rest. Every third of the
rest is kept from the fit too, and the printed figures are of those.

fit    pairs of one description with its own label against others', of any kind and of its own, ridge-penalised
       logistic regression on the difference of the features (Bradley and Terry 1952). Only pairs from lists of
       products and firms: what stock exchanges list is named and described otherwise than a young firm.
shape  the labels against letters scrambled, letters and digits at random, and cluttered labels, made here.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from pathlib import Path

import numpy as np

from namewright.judge._offline import brief as briefs
from namewright.judge._offline.affinity import sense_text
from namewright.judge._offline.encoder import encode_all
from namewright.judge._offline.features import fit_features, shape_features

OTHERS, SAME, SCRAMBLES = 8, 6, 6
SHAPES, RIDGE = 3_000, 1e-3
EXCHANGES, KINDS_ONLY = "JerBouma/FinanceDatabase", ("osmlab/name-suggestion-index", "2factorauth/twofactorauth")


def main(pairs: str, output: str) -> None:
    rows = [
        row
        for line in Path(pairs).read_text(encoding="utf-8").split("\n")
        if line and held_out(row := json.loads(line))
    ]
    listed = [row for row in rows if row["source"] != EXCHANGES and row["source"] not in KINDS_ONLY]
    weights = {"fit": fit_model(listed), "shape": shape_model(rows)}
    Path(output, "weights.json").write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def held_out(row: dict) -> bool:
    """As in `train_affinity.py`, which needs torch."""
    return zlib.crc32(f"dev{row['label']}".encode()) % 12 == 0


def kept(row: dict) -> bool:
    """Say whether a pair is kept for the printed figures."""
    return zlib.crc32(f"kept{row['label']}".encode()) % 3 == 0


def fit_model(rows: list[dict]) -> dict[str, float]:
    """Fit on differences; the intercept puts an average stranger's label at odds of one to four."""
    chance = random.Random(1)
    by_kind: dict[str, list[dict]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    encode_all([text for row in rows for text in (*briefs.sentences(row["description"]), sense_text(row["label"]))])
    found: dict[str, list] = {"differences": [], "strangers": [], "kept": [], "same": []}
    for row in rows:
        brief = briefs.read_brief(row["description"])
        own = fit_features(row["label"], brief)
        near = by_kind[row["kind"]]
        others = chance.sample(rows, OTHERS) + chance.sample(near, min(SAME, len(near)))
        for place, other in enumerate(others):
            if other["label"] != row["label"]:
                their = fit_features(other["label"], brief)
                found["strangers"].append(list(their.values()))
                found["differences"].append([own[name] - their[name] for name in own])
                found["kept"].append(kept(row))
                found["same"].append(place >= OTHERS)
    table, strangers, out, same = (np.array(part) for part in found.values())
    inside = table[~out]
    weights = logistic(np.concatenate([inside, -inside]), np.repeat([1.0, 0.0], len(inside)), ridge=RIDGE)
    wins = table @ weights > 0
    print(f"fit: {wins[~out].mean():.3f} of {len(inside)} pairs fitted on, {wins[out & ~same].mean():.3f} of others")
    print(f"     {wins[out & same].mean():.3f} of others with a name of the same kind")
    level = strangers @ weights
    own_level = level.mean() + (table @ weights).mean()
    print(f"     strangers {level.mean():.2f}, own {own_level:.2f}")
    return {"intercept": round(float(-(level.mean() + own_level) / 2), 4)} | rounded(list(own), weights)


def shape_model(rows: list[dict]) -> dict[str, float]:
    """Fit chosen labels against what is made of them and nobody chooses, on the difference of their features."""
    chance = random.Random(2)
    labels = sorted({row["label"] for row in rows if row["source"] != KINDS_ONLY[0]})
    differences, chosen, made, out, kinds = [], [], [], [], []
    for label in chance.sample(labels, min(SHAPES, len(labels))):
        own = shape_features(label)
        bad = [scrambled(label, chance) for _ in range(SCRAMBLES)] + [at_random(chance), cluttered(label, chance)]
        for kind, other in enumerate(bad):
            if other != label:
                their = shape_features(other)
                chosen.append(list(own.values()))
                made.append(list(their.values()))
                differences.append([own[name] - their[name] for name in own])
                out.append(kept({"label": label}))
                kinds.append(min(kind - SCRAMBLES + 1, 2) if kind >= SCRAMBLES else 0)
    table, left_out, kind = np.array(differences), np.array(out), np.array(kinds)
    inside = table[~left_out]
    weights = logistic(np.concatenate([inside, -inside]), np.repeat([1.0, 0.0], len(inside)), ridge=RIDGE)
    good, bad = np.array(chosen) @ weights, np.array(made) @ weights
    middle = (np.quantile(good, 0.1) + np.quantile(bad, 0.75)) / 2
    wins = table @ weights > 0
    for number, name in enumerate(("scrambled", "at random", "cluttered")):
        print(f"shape: {wins[left_out & (kind == number)].mean():.3f} of others above {name}")
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
