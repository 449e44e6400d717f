# ruff: noqa: INP001 - a script of the checkout
"""Make the vocabulary and its word vectors; needs wordninja, numpy, torch and transformers.

    python training/make_vocabulary.py path/to/all-MiniLM-L6-v2

Words by frequency are wordninja's (MIT licence); the words of our own rules, grammar and lines are let in after the 12,000th.
A word's vector is what sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020) makes of the word alone, as in
model2vec, with the mean and the commonest direction removed, reduced to 96 dimensions, and rounded to 8 bits.
"""

from __future__ import annotations

import gzip
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import torch
import wordninja
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).parents[1] / "src" / "namewright" / "guard"
HERE = Path(__file__).parent
COMMON, KNOWN, DIMENSIONS, REMOVED = 12_000, 50_000, 96, 1
SHRINK = {1: 1.0, 2: 0.9}
BATCH = 512


def vocabulary() -> list[str]:
    """Give the words by rank."""
    packed = Path(wordninja.__file__).parent / "wordninja" / "wordninja_words.txt.gz"
    listed = gzip.decompress(packed.read_bytes()).decode().split()
    base = list(dict.fromkeys(w for w in listed if w.isascii() and w.isalpha() and (len(w) > 1 or w in "ai")))[:KNOWN]
    own: dict[str, None] = {}
    for path in [
        *sorted(HERE.glob("grammar/*.txt")),
        *sorted(HERE.glob("written/*.tsv")),
        ROOT / "_data/names.txt",
        ROOT / "_data/rules.txt",
    ]:
        text = unicodedata.normalize("NFKD", re.sub(r"\{\w+\}", "", path.read_text(encoding="utf-8")))
        plain = "".join(c for c in text if not unicodedata.combining(c)).lower()
        own.update(dict.fromkeys(re.findall(r"[a-z]{3,}", plain)))
    new = [word for word in own if word not in set(base)]
    return base[:COMMON] + new + base[COMMON:]


@torch.no_grad()
def vectors(words: list[str], folder: str) -> tuple[np.ndarray, np.ndarray]:
    """Give each word's vector, and of how many pieces it is made."""
    tokenizer, encoder = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    rows = np.zeros((len(words), encoder.config.hidden_size), np.float32)
    counts = np.zeros(len(words), int)
    places = sorted(range(len(words)), key=lambda place: len(words[place]))
    for start in range(0, len(places), BATCH):
        batch = places[start : start + BATCH]
        tokens = tokenizer([words[place] for place in batch], padding=True, return_tensors="pt")
        mask = tokens["attention_mask"].unsqueeze(-1)
        rows[batch] = ((encoder(**tokens).last_hidden_state * mask).sum(1) / mask.sum(1)).numpy()
        counts[batch] = tokens["attention_mask"].sum(1).numpy() - 2
    rows -= rows[counts == 1].mean(0)
    directions = np.linalg.svd(rows[counts == 1], full_matrices=False)[2]
    rows = rows @ directions[REMOVED : REMOVED + DIMENSIONS].T
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    rows *= np.array([SHRINK.get(int(count), 0.75) for count in counts])[:, None]
    return np.round(rows * 127).astype(np.int8), np.minimum(counts, 9).astype(np.uint8)


if __name__ == "__main__":
    chosen = vocabulary()
    (ROOT / "_data/words.txt.gz").write_bytes(gzip.compress("\n".join(chosen).encode(), 9, mtime=0))
    found, counts = vectors(chosen, sys.argv[1])
    np.savez_compressed(HERE / "word_vectors.npz", vectors=found, pieces=counts)
