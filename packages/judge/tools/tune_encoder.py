"""Fine-tune MiniLM until a description lies near the name that was chosen for it: what `quantise_encoder.py` packs.

    python packages/judge/tools/tune_encoder.py PAIRS.jsonl MODEL_FOLDER TUNED_FOLDER

PAIRS is what `gather_pairs.py` wrote, MODEL_FOLDER is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0). A batch holds names
(their words parted) with the openings of their descriptions, half of the batches of one topic only, and the right name has to
win among the batch's (InfoNCE, as in `train_affinity.py`, which has the pairs that are held out and the topics). Needs torch
and transformers; 20 minutes on two cores. The committed encoder is the mean of two runs, as more of `invented/` was written:
the first without `office*.tsv` and `*2_*.tsv`, the second without `deep2_11.tsv`, `work2_14.tsv` and those after them.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer

from namewright.judge._offline.affinity import sense_text
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

EPOCHS, BATCH, RATE, TOKENS = 2, 128, 5e-5, 48
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


def main(pairs: str, model: str, tuned: str) -> None:
    torch.manual_seed(0)
    rows = [json.loads(line) for line in Path(pairs).read_text(encoding="utf-8").split("\n") if line]
    chance = np.random.default_rng(0)
    topic = clusters(np.stack([text_words(row["description"]) for row in rows]), chance)
    names = [sense_text(row["label"]) for row in rows]
    texts = [" ".join(row["description"].split()[:SENSE_WORDS]) for row in rows]
    source, dev = np.array([row["source"] for row in rows]), np.array([held_out(row["label"]) for row in rows])
    encoder = Encoder(model)
    asked = {
        "lists": np.flatnonzero(dev & ~np.isin(source, [EXCHANGES, *KINDS_ONLY, INVENTED])),
        "invented": np.flatnonzero(dev & (source == INVENTED)),
    }
    print(f"as it comes: {accuracy(encoder, names, texts, topic, asked)}", flush=True)
    kept = np.flatnonzero(~dev)
    weights = np.where(source == EXCHANGES, 0.1, np.where(np.isin(source, KINDS_ONLY), 0.25, 1.0))[kept]
    drawn = batches(kept, topic[kept], weights, BATCH, chance)
    steps = int(EPOCHS * weights.sum() / BATCH)
    optimiser = torch.optim.AdamW(encoder.model.parameters(), RATE, weight_decay=0.01)
    encoder.model.train()
    started, losses = time.monotonic(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * step / steps))
        batch = next(drawn)
        loss = info_nce(encoder([texts[row] for row in batch]) @ encoder([names[row] for row in batch]).T * SCALE)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 20 == 0:
            print(f"{step + 1}/{steps} loss {np.mean(losses[-20:]):.2f} {time.monotonic() - started:.0f} s", flush=True)
        if (step + 1) % (steps // 4) == 0:
            print(accuracy(encoder, names, texts, topic, asked), flush=True)
    encoder.model.save_pretrained(tuned)
    vocabulary = encoder.tokenizer.get_vocab()
    Path(tuned, "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")


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
    main(*sys.argv[1:])
