"""Learn what order of letters somebody chose: `data/letters.npz`, the four small networks of `_offline/letters.py`.

    python packages/judge/tools/train_letters.py PAIRS.jsonl packages/judge/src/namewright/judge/_offline/data

PAIRS is what `gather_pairs.py` wrote; only its labels are read, without the pairs that `train_affinity.py` holds out.
Each name is put above its own letters shuffled, anew in every epoch, and each of the two on its side of zero, so that
the result is a log odds; now and then letters at random have to lie below zero too. The words a letter may stand in
are dropped for some names, for a coinage has none. The networks differ in their seed. Prints how many held-out names of products
and firms lie above four shuffles of each. Needs torch; twenty minutes on one core.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus

from fit_weights import scrambled
from namewright.judge._offline.letters import END, LONG, SHORTEST, letters_of, places, words_over
from train_affinity import EXCHANGES, KINDS_ONLY, held_out

SEEDS = (0, 1, 2, 3)
EPOCHS, BATCH, RATE = 14, 512, 3e-3
EMBEDDED, WIDTH, INNER = 24, 144, 64
DROPPED, WORDLESS = 0.2, 0.15
MOST = 24

Inputs = tuple[torch.Tensor, torch.Tensor]


def main(pairs: str, output: str) -> None:
    rows = [json.loads(line) for line in Path(pairs).read_text(encoding="utf-8").split("\n") if line]
    names, out = names_in(rows)
    stored = [dict(train(names, out, seed).named_parameters()) for seed in SEEDS]
    packed = {
        name.removesuffix(".weight"): np.stack([parts[name].detach().numpy() for parts in stored]).astype(np.float16)
        for name in stored[0]
    }
    np.savez_compressed(Path(output) / "letters.npz", **packed)


def names_in(rows: list[dict]) -> tuple[dict[str, float], list[str]]:
    """Give the names to learn from with their weights, and those held out to measure with."""
    usable = [row for row in rows if row["label"] == letters_of(row["label"]) and 4 <= len(row["label"]) <= MOST]
    weights = {EXCHANGES: 1.0, KINDS_ONLY[0]: 0.5}
    learned = {row["label"]: weights.get(row["source"], 1.5) for row in usable if not held_out(row["label"])}
    out = [row["label"] for row in usable if held_out(row["label"]) and row["source"] not in weights]
    return learned, out


class Letters(nn.Module):
    """Two convolutions, their mean and maximum over the places, and a layer over both."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(END + 1, EMBEDDED)
        self.near = nn.Conv1d(EMBEDDED + LONG - SHORTEST + 1, WIDTH, 5, padding=2)
        self.wide = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.inner, self.outer = nn.Linear(2 * WIDTH, INNER), nn.Linear(INNER, 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, inputs: Inputs) -> torch.Tensor:
        """Give the log odds of labels, (labels,)."""
        numbers, words = inputs[0], inputs[1].float()
        if self.training:
            words = words * (torch.rand(len(words), 1, 1) > WORDLESS)
        there = (numbers > 0).float().unsqueeze(1)
        states = torch.cat([self.embedding(numbers), words], 2).transpose(1, 2) * there
        states = self.drop(torch.relu(self.near(states)) * there)
        states = torch.relu(self.wide(states)) * there
        pooled = torch.cat([states.sum(2) / there.sum(2), states.max(2).values], 1)
        return self.outer(torch.relu(self.inner(self.drop(pooled))))[:, 0]


def train(names: dict[str, float], out: list[str], seed: int) -> Letters:
    torch.manual_seed(seed)
    chance, model = random.Random(seed), Letters()
    own, weights = read(list(names)), torch.tensor(list(names.values()))
    noise = read([by_chance(chance) for _ in range(4_000)])
    judged = read(out), [read([scrambled(name, random.Random(f"{turn}{name}")) for name in out]) for turn in range(4)]
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2)
    steps = EPOCHS * (len(names) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / 50) * max(0.01, 1 - step / steps)
    )
    for epoch in range(EPOCHS):
        others = read([scrambled(name, chance) for name in names])
        for batch in torch.randperm(len(names))[: len(names) // BATCH * BATCH].split(BATCH):
            good, bad = model(at(own, batch)), model(at(others, batch))
            apart = softplus(bad - good) + 0.5 * (softplus(-good) + softplus(bad))
            rest = model(at(noise, torch.randint(len(noise[0]), (64,))))
            loss = (weights[batch] * apart).mean() + 0.1 * softplus(rest).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {accuracy(model, out, *judged)}", flush=True)
    return model.eval()


@torch.inference_mode()
def accuracy(model: Letters, names: list[str], own: Inputs, shuffles: list[Inputs]) -> str:
    """How often held-out names lie above their letters shuffled, by their length."""
    model.eval()
    mine, theirs = model(own), torch.stack([model(other) for other in shuffles])
    model.train()
    wins = ((mine > theirs).float() + 0.5 * (mine == theirs).float()).mean(0).numpy()
    lengths = np.minimum([len(name) for name in names], 12)
    told = " ".join(f"{length}:{wins[lengths == length].mean():.3f}" for length in np.unique(lengths))
    return f"{wins.mean():.4f} of {len(names)} held-out names above their letters shuffled; {told}"


def read(labels: list[str]) -> Inputs:
    """Number the places of labels and find the words over them, padded to one length."""
    numbers = np.zeros((len(labels), MOST + 2), np.int64)
    words = np.zeros((len(labels), MOST + 2, LONG - SHORTEST + 1), np.float16)
    for row, label in enumerate(labels):
        numbers[row, : len(label) + 2] = places(label)
        words[row, : len(label) + 2] = words_over(label)
    return torch.tensor(numbers), torch.tensor(words)


def at(inputs: Inputs, rows: torch.Tensor) -> Inputs:
    return inputs[0][rows], inputs[1][rows]


def by_chance(chance: random.Random) -> str:
    alphabet = chance.choice(["abcdefghijklmnopqrstuvwxyz", "bcdfghjklmnpqrstvwxz"])
    return "".join(chance.choices(alphabet, k=chance.randint(5, 20)))


if __name__ == "__main__":
    main(*sys.argv[1:])
