"""Learn what pieces of a name say about a business: `data/affinity.npz`.

    python packages/judge/tools/train_affinity.py PAIRS.jsonl packages/judge/src/namewright/judge/_offline/data

PAIRS is what `gather_pairs.py` wrote; the committed table was made from the one with the sha256 PAIRS_SHA256 below.
One pair in twelve is held out by the hash of its label (`held_out`): the figures printed are of those, and
`fit_weights.py` fits on them how much the result counts. Needs torch; about a quarter of an hour on one core, most of
it the encoder's.

The encoder is the fine-tuned one (`tune_encoder.py`, `quantise_encoder.py`), which the same pairs were kept from.

affinity  A batch holds names with their descriptions, half of the batches of one topic only (clusters of word
          vectors), so that the negatives are hard. Cross-entropy of the right name among the batch's for a
          description, and half as much the other way round (InfoNCE). Letter groups and whole inputs are dropped at
          random: a third of the names at run time have no known word in them. Only every fifth name of a stock
          exchange goes through the encoder; the rest learn from words and letters alone.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import cross_entropy, embedding_bag

from namewright.judge._offline import encoder
from namewright.judge._offline.affinity import MEANING_GRAMS, letter_groups, sense_text, word_sense
from namewright.judge._offline.brief import centre_of
from namewright.judge._offline.encoder import SIZE
from namewright.shared.names import relevance_words

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS_SHA256 = "bb5b4d89c164727e7013b0821e1c6f7fa87502b7c05fe83d0eb9ed4ceb824457"
DIMENSIONS, BUCKETS = 64, 32_768
EPOCHS, BATCH, TOPICS = 6, 512, 40
WORDS, SENSE_WORDS = 36, 22
DROPPED = 0.5
INVENTED = "invented"
EXCHANGES, KINDS_ONLY = "JerBouma/FinanceDatabase", ("osmlab/name-suggestion-index", "2factorauth/twofactorauth")


def main(pairs: str, output: str) -> None:
    raw = Path(pairs).read_bytes()
    print(f"sha256 {hashlib.sha256(raw).hexdigest()}, committed from {PAIRS_SHA256}")
    rows = [json.loads(line) for line in raw.decode().split("\n") if line]
    torch.manual_seed(0)
    packed = quantised(Affinity(rows, Path(pairs).with_suffix(".senses.npz")).train())
    np.savez_compressed(Path(output) / "affinity.npz", **packed)


def held_out(label: str) -> bool:
    """Say whether a pair is kept from training."""
    return zlib.crc32(f"dev{label}".encode()) % 12 == 0


class Affinity:
    """The two projections and what they learn from."""

    def __init__(self, rows: list[dict], cache: Path) -> None:
        self.chance = np.random.default_rng(0)
        self.groups = [np.array(letter_groups(row["label"], MEANING_GRAMS, BUCKETS)) for row in rows]
        self.dev = np.array([held_out(row["label"]) for row in rows])
        self.source = np.array([row["source"] for row in rows])
        words = np.stack([word_sense(row["label"]) for row in rows])
        texts = np.stack([text_words(row["description"]) for row in rows])
        names, senses = encoded(rows, cache)
        self.names, self.words, self.senses, self.texts = map(torch.tensor, (names, words, senses, texts))
        self.topic = clusters(texts, self.chance)
        start = torch.tensor(np.linalg.svd(texts[:20_000].T @ texts[:20_000])[0][:, :DIMENSIONS].T)
        small = 0.3 / math.sqrt(SIZE)
        self.parts = {
            "grams": torch.randn(BUCKETS, DIMENSIONS) * 0.02,
            "name_sense": (torch.rand(DIMENSIONS, SIZE) * 2 - 1) * small,
            "name_words": start.clone(),
            "text_sense": (torch.rand(DIMENSIONS, SIZE) * 2 - 1) * small,
            "text_words": start.clone(),
        }
        self.scale = torch.tensor(math.log(8.0), requires_grad=True)
        for part in self.parts.values():
            part.requires_grad_()

    def train(self) -> dict[str, np.ndarray]:
        """Learn, telling now and then how well; gives the projections with the scale in the description's."""
        matrices = [part for name, part in self.parts.items() if name != "grams"]
        groups = [{"params": [*matrices, self.scale], "lr": 2e-3}, {"params": [self.parts["grams"]], "lr": 2e-3}]
        optimiser = torch.optim.AdamW(groups, weight_decay=1e-4)
        rows = np.flatnonzero(~self.dev)
        weights = np.where(self.source == EXCHANGES, 1.0, np.where(np.isin(self.source, KINDS_ONLY), 0.5, 2.0))[rows]
        steps = EPOCHS * len(rows) // BATCH
        drawn = batches(rows, self.topic[rows], weights, BATCH, self.chance)
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = 2e-3 * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
            batch = next(drawn)
            loss = info_nce(
                self.text_vectors(batch, drop=True) @ self.name_vectors(batch, drop=True).T * self.scale.exp()
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if (step + 1) % (steps // 6) == 0:
                print(f"{step + 1}/{steps} loss {float(loss.detach()):.2f} {self.accuracy()}", flush=True)
        found = {name: part.detach().numpy() for name, part in self.parts.items()}
        for name in ("text_sense", "text_words"):
            found[name] = found[name] * float(self.scale.exp().detach())
        return found

    def name_vectors(self, rows: np.ndarray, *, drop: bool = False) -> torch.Tensor:
        """Project names; in training some of what they are made of is dropped."""
        lengths = np.array([len(self.groups[row]) for row in rows])
        flat = np.concatenate([self.groups[row] for row in rows])
        share = 1 / np.sqrt(np.repeat(lengths, lengths))
        if drop:
            share = share * (self.chance.random(len(share)) > DROPPED) / (1 - DROPPED)
        starts = torch.tensor(np.concatenate([[0], np.cumsum(lengths)[:-1]]))
        weights = torch.tensor(share, dtype=torch.float32)
        spelled = embedding_bag(torch.tensor(flat), self.parts["grams"], starts, mode="sum", per_sample_weights=weights)
        inputs = [spelled, self.names[rows] @ self.parts["name_sense"].T, self.words[rows] @ self.parts["name_words"].T]
        return sum(part * (torch.rand(len(rows), 1) > 0.15) if drop else part for part in inputs)

    def text_vectors(self, rows: np.ndarray, *, drop: bool = False) -> torch.Tensor:
        """Project descriptions; in training one of the two inputs is dropped now and then."""
        sense, words = self.senses[rows] @ self.parts["text_sense"].T, self.texts[rows] @ self.parts["text_words"].T
        if drop:
            chance, known = torch.rand(len(rows), 1), self.senses[rows].abs().sum(1, keepdim=True) > 0
            sense, words = sense * (chance < 0.8), words * ~((chance < 0.2) & known)
        return sense + words

    @torch.inference_mode()
    def accuracy(self) -> str:
        """How often a held-out description prefers its own name to another's, of any topic and of its own."""
        chance, told = np.random.default_rng(7), []
        listed = ~np.isin(self.source, [EXCHANGES, *KINDS_ONLY, INVENTED])
        asked = {"lists": listed, "exchanges": self.source == EXCHANGES, "invented": self.source == INVENTED}
        for name, among in asked.items():
            rows = np.flatnonzero(self.dev & among)
            table = (self.text_vectors(rows) @ self.name_vectors(rows).T).numpy()
            told.append(f"{name} {preferred(table, self.topic[rows], chance)}")
        return "; ".join(told)


def batches(
    rows: np.ndarray, topic: np.ndarray, weights: np.ndarray, size: int, chance: np.random.Generator
) -> Iterator[np.ndarray]:
    """Draw rows by their weights, half of the batches of one topic only."""
    by_topic = [topic == number for number in range(TOPICS)]
    shares = np.array([weights[inside].sum() for inside in by_topic])
    while True:
        inside = np.ones(len(rows), bool)
        if chance.random() < 0.5:
            inside = by_topic[chance.choice(TOPICS, p=shares / shares.sum())]
        share = weights[inside] / weights[inside].sum()
        yield chance.choice(rows[inside], min(size, int(inside.sum())), replace=False, p=share)


def info_nce(table: torch.Tensor) -> torch.Tensor:
    """Give the loss of likenesses, descriptions by names, whose diagonal should win, the other way round by half."""
    target = torch.arange(len(table))
    return cross_entropy(table, target) + 0.5 * cross_entropy(table.T, target)


def preferred(table: np.ndarray, topic: np.ndarray, chance: np.random.Generator) -> str:
    """Say how often a description prefers its own name, on the diagonal, to another's, of any topic and of its own."""
    wins: tuple[list[float], list[float]] = ([], [])
    for at in range(len(table)):
        same = np.flatnonzero(topic == topic[at])
        for found, pool in zip(wins, (np.arange(len(table)), same), strict=True):
            others = chance.choice(pool, 20)
            found += [float(table[at, at] > table[at, other]) for other in others if other != at]
    return f"{np.mean(wins[0]):.3f}, same topic {np.mean(wins[1]):.3f}"


def text_words(description: str) -> np.ndarray:
    """Give the centre of a description's opening, as `Brief` has it."""
    return centre_of(relevance_words(" ".join(description.split()[:WORDS])))


def encoded(rows: list[dict], cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """Encode names and openings, zeros for those left out; the result is kept beside the pairs."""
    if not cache.is_file():
        chosen = [
            at
            for at, row in enumerate(rows)
            if row["source"] != EXCHANGES or zlib.crc32(row["label"].encode()) % 5 == 0
        ]
        names, senses = (np.zeros((len(rows), SIZE), np.float32) for _ in range(2))
        for start in range(0, len(chosen), 2_000):
            part = chosen[start : start + 2_000]
            names[part] = encoder.encode_all([sense_text(rows[at]["label"]) for at in part])
            senses[part] = encoder.encode_all([" ".join(rows[at]["description"].split()[:SENSE_WORDS]) for at in part])
            print(f"encoded {start + len(part)} of {len(chosen)}", flush=True)
        np.savez(cache, names=names.astype(np.float16), senses=senses.astype(np.float16))
    stored = np.load(cache)
    return stored["names"].astype(np.float32), stored["senses"].astype(np.float32)


def clusters(vectors: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Sort unit vectors into topics by spherical k-means."""
    centres = vectors[chance.choice(len(vectors), TOPICS, replace=False)]
    for _ in range(8):
        nearest = (vectors @ centres.T).argmax(axis=1)
        means = [vectors[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(TOPICS)]
        centres = np.stack(means) / (np.linalg.norm(means, axis=1, keepdims=True) + 1e-9)
    return (vectors @ centres.T).argmax(axis=1)


def quantised(parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    packed: dict[str, np.ndarray] = {}
    for name, part in parts.items():
        scale = float(np.quantile(np.abs(part), 0.9999)) / 127
        packed[name] = np.clip(np.round(part / scale), -127, 127).astype(np.int8)
        packed[f"{name}.scale"] = np.float32(scale)
    return packed


if __name__ == "__main__":
    main(*sys.argv[1:])
