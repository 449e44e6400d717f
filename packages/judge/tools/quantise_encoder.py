"""Pack MiniLM's weights as `data/encoder.npz`: int8 with one scale a row, 22 MB instead of 90.

    python packages/judge/tools/quantise_encoder.py MODEL_FOLDER [MODEL_FOLDER ...] packages/judge/src/namewright/judge/_offline/data

MODEL_FOLDER is what `tune_encoder.py` made of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020):
model.safetensors, vocab.txt. The weights of several are averaged ("Model soups": Wortsman et al. 2022).
Needs safetensors, and neither torch nor transformers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

MOST_TOKENS = 128


def main(*folders: str) -> None:
    *models, output = map(Path, folders)
    stored = [load_file(model / "model.safetensors") for model in models]
    packed: dict[str, np.ndarray] = {}
    for name in stored[0]:
        if "position_ids" in name or "pooler" in name:
            continue
        whole = np.mean([weights[name] for weights in stored], axis=0)
        tensor = whole[:MOST_TOKENS] if "position_embeddings" in name else whole
        if tensor.ndim == 2 and len(tensor) > 2:
            scale = np.abs(tensor).max(axis=1, keepdims=True) / 127 + 1e-12
            packed[name] = np.round(tensor / scale).astype(np.int8)
            packed[f"{name}.scale"] = scale.astype(np.float32)
        else:
            packed[name] = tensor.astype(np.float32)
    vocabulary = (models[0] / "vocab.txt").read_bytes().rstrip(b"\n")
    packed["vocabulary"] = np.frombuffer(vocabulary, dtype=np.uint8)
    np.savez_compressed(output / "encoder.npz", **packed)


if __name__ == "__main__":
    main(*sys.argv[1:])
