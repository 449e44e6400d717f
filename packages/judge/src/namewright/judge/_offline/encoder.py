"""MiniLM in numpy: what a short text means, as one unit vector.

The model is sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, "MiniLM: Deep self-attention
distillation"), a BERT (Devlin et al. 2019) of six layers, fine-tuned by `tools/tune_encoder.py` so that a description lies near
the name that was chosen for it, quantised to int8 by `tools/quantise_encoder.py` and shipped in this package: no torch, no
download. Texts of one length go through together, but each has products of its own: a product's sums depend on how many rows
it has, so that what a text means would depend on its company otherwise. Vectors are rounded, so that processors differ seldom.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from namewright.judge._offline.stored import stored_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float32]
LAYERS, HEADS, SIZE, MOST_TOKENS = 6, 12, 384, 128
_EPSILON = 1e-12
_TOKEN = re.compile(r"[^\W_]+|[^\s\w]|_")


@lru_cache(maxsize=1)
def _model() -> tuple[dict[str, Array], dict[str, int]]:
    with stored_arrays("encoder.npz", "encoder") as stored:
        vocabulary = stored["vocabulary"].tobytes().decode("utf-8").split("\n")
        weights = {
            name: stored[name] * stored[f"{name}.scale"] if f"{name}.scale" in stored else stored[name]
            for name in stored.files
            if name != "vocabulary" and not name.endswith(".scale")
        }
    for name, weight in weights.items():
        if name.startswith("encoder") and weight.ndim == 2:  # noqa: PLR2004 - a matrix
            weights[name] = np.ascontiguousarray(weight.T.astype(np.float32))
    return weights, {token: index for index, token in enumerate(vocabulary)}


_known: dict[str, Array] = {}
_MOST_KNOWN = 50_000
_TOGETHER = 16
"""Texts in one batch."""


def encode(text: str) -> Array:
    """Encode a text's first 128 tokens as a unit vector of 384 numbers."""
    return encode_all([text])[0]


def encode_all(texts: Sequence[str]) -> list[Array]:
    """Encode texts, those of one length in tokens together: nothing is padded."""
    lengths: dict[int, list[tuple[str, list[int]]]] = {}
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    for text in dict.fromkeys(texts):
        if text not in _known:
            tokens = token_ids(text)
            lengths.setdefault(len(tokens), []).append((text, tokens))
    jobs = [group[at : at + _TOGETHER] for group in lengths.values() for at in range(0, len(group), _TOGETHER)]
    for job, vectors in zip(jobs, _in_parallel([[tokens for _, tokens in job] for job in jobs]), strict=True):
        for (text, _), vector in zip(job, vectors, strict=True):
            _known[text] = np.round(vector, 4)
    return [_known[text] for text in texts]


def _in_parallel(jobs: list[list[list[int]]]) -> list[Array]:
    """Encode batches on as many threads as there are cores, four at most: numpy lets go of Python's lock in each product."""
    if len(jobs) < 2:  # noqa: PLR2004 - nothing to share out
        return [_forward(job) for job in jobs]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ThreadPoolExecutor(min(4, cores)) as pool:
        return list(pool.map(_forward, jobs))


def _forward(tokens: list[list[int]]) -> Array:
    weights, _ = _model()
    states = (
        weights["embeddings.word_embeddings.weight"][np.array(tokens)]
        + weights["embeddings.position_embeddings.weight"][: len(tokens[0])]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    states = _norm(states, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        states = _layer(states, f"encoder.layer.{layer}")
    mean = states.mean(axis=1)
    return np.asarray(mean / (np.linalg.norm(mean, axis=1, keepdims=True) + _EPSILON), dtype=np.float32)


def token_ids(text: str) -> list[int]:
    """Split a text as BERT's uncased WordPiece does: no accents, lower case, the longest known pieces first."""
    _, vocabulary = _model()
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    pieces = [piece for word in _TOKEN.findall(plain) for piece in _word_pieces(word)]
    inside = [vocabulary[piece] for piece in pieces[: MOST_TOKENS - 2]]
    return [vocabulary["[CLS]"], *inside, vocabulary["[SEP]"]]


@lru_cache(maxsize=65_536)
def _word_pieces(word: str) -> tuple[str, ...]:
    _, vocabulary = _model()
    pieces: list[str] = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in vocabulary), None)
        if end is None:
            return ("[UNK]",)
        pieces.append(prefix + word[start:end])
        start = end
    return tuple(pieces)


def _layer(states: Array, name: str) -> Array:
    query, key, value = (_heads(_linear(states, f"{name}.attention.self.{part}")) for part in ("query", "key", "value"))
    scores = query @ key.swapaxes(-1, -2) / math.sqrt(SIZE // HEADS)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    joined = mixed.swapaxes(1, 2).reshape(states.shape)
    attended = _linear(joined, f"{name}.attention.output.dense")
    states = _norm(states + attended, f"{name}.attention.output.LayerNorm")
    inner = _gelu(_linear(states, f"{name}.intermediate.dense"))
    return _norm(states + _linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")


def _heads(states: Array) -> Array:
    return states.reshape(*states.shape[:-1], HEADS, SIZE // HEADS).swapaxes(1, 2)


def _linear(states: Array, name: str) -> Array:
    """Multiply each text's states, (texts, tokens, size), by themselves: numpy does not join the texts to one matrix."""
    weights, _ = _model()
    return np.asarray(states @ weights[f"{name}.weight"] + weights[f"{name}.bias"])


def _norm(states: Array, name: str) -> Array:
    weights, _ = _model()
    away = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((away * away).mean(axis=-1, keepdims=True) + _EPSILON)
    return np.asarray(away / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"])


def _gelu(x: Array) -> Array:
    """GELU with erf by Abramowitz and Stegun's formula 7.1.26 (error under 1.5e-7), which numpy lacks."""
    z = np.abs(x) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    series = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592
    erf = np.sign(x) * (1 - series * t * np.exp(-z * z))
    return np.asarray(0.5 * x * (1 + erf), dtype=np.float32)
