"""Weights folded, quantised and written: what the guard reads at run time."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from namewright.guard._features import NUMBER, RARITY, UNKNOWN
from namewright.guard._training._matrix import offsets_of

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.guard._training._space import Space

Tables = dict[str, np.ndarray]
"""Integers by name."""
Scales = dict[str, float]
"""What one unit of a table is worth."""


def fold_weights(weights: np.ndarray, space: Space) -> tuple[Tables, Scales]:
    """Fold all that one word says into one number, and quantise: words to 16 bits, the rest to 8."""
    offsets = offsets_of(space)
    clusters = weights[offsets["clusters"] : offsets["pairs"]]
    tables = {"clusters": np.array(space.vocabulary.clusters, np.uint16), "stems": np.array(space.stems, np.uint16)}
    scales = {"unknown": float(clusters[UNKNOWN]), "number": float(clusters[NUMBER]) * 0.1}
    for name, after, bits in (
        ("words", "subwords", 16),
        ("subwords", "bigrams", 8),
        ("bigrams", "stem_pairs", 8),
        ("stem_pairs", "stems", 8),
        ("pairs", "vectors", 8),
    ):
        values = word_scores(weights, space) if name == "words" else weights[offsets[name] : offsets[after]]
        tables[name], scales[name] = quantise(values, bits)
    return tables, scales


def word_scores(weights: np.ndarray, space: Space) -> np.ndarray:
    """Give all that each word says alone: its own weight, its stem's and cluster's, and what its vector shares with others."""
    offsets = offsets_of(space)
    own = weights[: len(space.words)]
    cluster = weights[offsets["clusters"] : offsets["pairs"]][np.array(space.vocabulary.clusters)]
    stem = weights[offsets["stems"] : offsets["clusters"]][np.array(space.stems)]
    shared = space.vectors @ weights[offsets["vectors"] :]
    rank = np.arange(len(space.words))
    return np.asarray((own + stem + cluster + shared) * (rank / (rank + RARITY)))


def quantise(values: np.ndarray, bits: int) -> tuple[np.ndarray, float]:
    """Round values to signed integers of so many bits; returns them, and what one unit is worth."""
    most = 2 ** (bits - 1) - 1
    unit = float(np.abs(values).max()) / most or 1.0
    return np.round(values / unit).astype(np.int16 if bits > 8 else np.int8), unit  # noqa: PLR2004


def write_weights(out: Path, tables: Tables, card: dict[str, Any]) -> None:
    """Write an .npz whose bytes depend on nothing but its contents, with its card inside and beside."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in sorted(tables.items()):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, table, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)
        text = json.dumps(card, indent=2, sort_keys=True) + "\n"
        archive.writestr(zipfile.ZipInfo("card.json"), text, zipfile.ZIP_DEFLATED, 9)
    partial.replace(out)
    out.with_suffix(".card.json").write_text(text, encoding="utf-8")
