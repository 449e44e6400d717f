"""Distil MiniLM's sense of words into a small table: `data/vectors.npz`, one vector a word.

Every word is put through the model alone and its tokens' last layer is averaged, as its makers do for sentences
(Wang et al. 2020; sentence-transformers/all-MiniLM-L6-v2, Apache-2.0). The table is centred, its strongest directions
are kept (PCA, after Mu and Viswanath 2018), scaled to unit length and stored as int8. Model2Vec (Tulkens and van
Dongen 2024) shows that such a table keeps most of the model's accuracy on short texts.

    python packages/judge/tools/distil_vectors.py MODEL_FOLDER packages/judge/src/namewright/judge/_offline/data

needs torch and transformers, and the folder of the model (config.json, model.safetensors, tokenizer.json).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

WORDS = 48_000
DIMENSIONS = 128


def main(model_folder: str, output: str) -> None:
    words = ranked_words()[:WORDS]
    vectors = embed(model_folder, words)
    centred = vectors - vectors.mean(axis=0)
    _, spread, directions = np.linalg.svd(centred.T @ centred)
    kept = centred @ directions[:DIMENSIONS].T
    kept /= np.linalg.norm(kept, axis=1, keepdims=True) + 1e-9
    print(f"{len(words)} words; {spread[:DIMENSIONS].sum() / spread.sum():.3f} of the variance kept")
    scale = np.abs(kept).max()
    table = np.round(kept / scale * 127).astype(np.int8)
    Path(output).mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        Path(output) / "vectors.npz",
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        table=table,
    )


def ranked_words() -> list[str]:
    from namewright.shared.names import word_ranks

    return [word for word, _ in sorted(word_ranks().items(), key=lambda item: item[1]) if word.isalpha()]


def embed(model_folder: str, words: list[str], batch: int = 512) -> np.ndarray:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(model_folder), AutoModel.from_pretrained(model_folder).eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(words), batch):
            inputs = tokenizer(words[start : start + batch], padding=True, return_tensors="pt")
            states = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            parts.append(((states * mask).sum(1) / mask.sum(1)).float().numpy())
    return np.concatenate(parts)


if __name__ == "__main__":
    main(*sys.argv[1:])
