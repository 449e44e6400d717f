"""Fine-tune MiniLM until a description lies near the name that was chosen for it: what `quantise_encoder.py` packs.

    python packages/judge/tools/tune_encoder.py PAIRS.jsonl MODEL_FOLDER TUNED_FOLDER [--start FOLDER ...] [--steps N] [--rate R] [--seed S]

PAIRS is what `gather_pairs.py` wrote, MODEL_FOLDER is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0). A batch holds names
(their words parted) with a sentence of each one's description or its opening, half of the batches of one topic only, and the right
name has to win among the batch's (InfoNCE, as in `train_affinity.py`, which has the pairs that are held out and the topics). Needs torch
and transformers; 2.3 seconds a step on two cores. It starts from MODEL_FOLDER, or from the mean of the `--start` folders' weights
("Model soups": Wortsman et al. 2022).

The committed encoder was made in five goes, as the pairs grew: two from MODEL_FOLDER by openings alone, two epochs each, the first without
`office*.tsv` and `*2_*.tsv` of `invented/`, the second without `deep2_11.tsv`, `work2_14.tsv` and those after them, both without the
lists that `gather_pairs.py` has from `veerdosi/techstars-api` to `beam-community/elixir-companies`; then `--start` these two `--steps 480 --rate 5e-5
--seed 7` and `--start` the third `--steps 350 --rate 4e-5 --seed 11`, both without the five YOUNG lists; and at last, with everything,
`--start` the third and the fourth `--steps 550 --rate 5e-5 --seed 13`.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer

from namewright.judge._offline.affinity import sense_text
from namewright.judge._offline.brief import sentences
from train_affinity import (
    EXCHANGES,
    INVENTED,
    KINDS_ONLY,
    SENSE_WORDS,
    batches,
    clusters,
    held_out,
    info_nce,
    preferred,
    text_words,
)

BATCH, TOKENS = 128, 48
BY_SENTENCE, LONGEST = 0.6, 40
"""How often one sentence stands for a description, and how many of its words are read."""
YOUNG = (
    "veerdosi/techstars-api",
    "veerdosi/500co-api",
    "veerdosi/antler-api",
    "VideoBrewer/websummit-2017",
    "valda-z/websummit2024-startups",
)
WEIGHTS = {EXCHANGES: 0.08, INVENTED: 1.0} | dict.fromkeys(KINDS_ONLY, 0.15) | dict.fromkeys(YOUNG, 2.0)
LISTED = 1.4
"""What a pair from another list of products and firms weighs."""
SCALE = 20.0
"""What a cosine counts, as the model itself was trained."""


class Encoder:
    """MiniLM with mean pooling, as `namewright.judge._offline.encoder` has it."""

    def __init__(self, folder: str) -> None:
        self.tokenizer, self.model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Give unit vectors, (texts, 384)."""
        tokens = self.tokenizer(texts, padding=True, truncation=True, max_length=TOKENS, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            states = self.model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        return normalize((states.float() * mask).sum(1) / mask.sum(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("model")
    parser.add_argument("tuned", type=Path)
    parser.add_argument("--start", nargs="*", default=[], help="folders whose mean weights to start from")
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    rows = [json.loads(line) for line in asked.pairs.read_text(encoding="utf-8").split("\n") if line]
    encoder = Encoder(asked.model)
    if asked.start:
        encoder.model.load_state_dict(mean_weights(asked.start))
    tune(encoder, rows, asked.steps, asked.rate, np.random.default_rng(asked.seed))
    encoder.model.save_pretrained(asked.tuned)
    vocabulary = encoder.tokenizer.get_vocab()
    (asked.tuned / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")


def mean_weights(folders: list[str]) -> dict[str, torch.Tensor]:
    """Give the mean of some models' weights."""
    stored = [AutoModel.from_pretrained(folder).state_dict() for folder in folders]
    return {
        name: torch.stack([weights[name] for weights in stored]).mean(0) if tensor.is_floating_point() else tensor
        for name, tensor in stored[0].items()
    }


def tune(encoder: Encoder, rows: list[dict], steps: int, rate: float, chance: np.random.Generator) -> None:
    """Train on what is not held out, telling now and then how well."""
    topic = clusters(np.stack([text_words(row["description"]) for row in rows]), np.random.default_rng(0))
    names = [sense_text(row["label"]) for row in rows]
    openings = [" ".join(row["description"].split()[:SENSE_WORDS]) for row in rows]
    parts = [[" ".join(part.split()[:LONGEST]) for part in sentences(row["description"])] for row in rows]
    source, dev = np.array([row["source"] for row in rows]), np.array([held_out(row["label"]) for row in rows])
    held = {
        "lists": np.flatnonzero(dev & ~np.isin(source, [EXCHANGES, *KINDS_ONLY, INVENTED])),
        "invented": np.flatnonzero(dev & (source == INVENTED)),
    }
    kept = np.flatnonzero(~dev)
    weights = np.array([WEIGHTS.get(name, LISTED) for name in source[kept]])
    drawn = batches(kept, topic[kept], weights, BATCH, chance)
    optimiser = torch.optim.AdamW(encoder.model.parameters(), rate, weight_decay=0.01)
    print(f"before: {accuracy(encoder, names, openings, topic, held)}", flush=True)
    encoder.model.train()
    started, losses = time.monotonic(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * step / steps))
        batch = next(drawn)
        texts = [chance.choice(parts[row]) if chance.random() < BY_SENTENCE else openings[row] for row in batch]
        loss = info_nce(encoder(texts) @ encoder([names[row] for row in batch]).T * SCALE)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 20 == 0:
            print(f"{step + 1}/{steps} loss {np.mean(losses[-20:]):.2f} {time.monotonic() - started:.0f} s", flush=True)
        if (step + 1) % max(1, steps // 2) == 0:
            print(accuracy(encoder, names, openings, topic, held), flush=True)


@torch.no_grad()
def accuracy(
    encoder: Encoder, names: list[str], texts: list[str], topic: np.ndarray, asked: dict[str, np.ndarray]
) -> str:
    """How often a held-out description is nearer to its own name than to another's, of any topic and of its own."""
    encoder.model.eval()
    told = []
    for kind, rows in asked.items():
        sides = []
        for side in (texts, names):
            parts = [encoder([side[row] for row in rows[at : at + 128]]) for at in range(0, len(rows), 128)]
            sides.append(torch.cat(parts))
        table = (sides[0] @ sides[1].T).numpy()
        told.append(f"{kind} {preferred(table, topic[rows], np.random.default_rng(7))} of {len(rows)}")
    encoder.model.train()
    return "held-out names: " + "; ".join(told)


if __name__ == "__main__":
    main()
