"""The leakage gate: no split may hold what another one is measured with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from namewright.shared import DatasetRow, NamewrightError, read_rows
from namewright.synth._dedupe import HashSet64, Seen, bands
from namewright.synth._rows import SPLITS
from namewright.synth._suites import suite_descriptions

if TYPE_CHECKING:
    from pathlib import Path


def check_splits(folder: Path) -> None:
    """Read the splits as they were written, and fail where two share a group or hold nearly the same request.

    Raises:
        NamewrightError: names both places.
    """
    paths = [folder / f"{split}.jsonl" for split in reversed(SPLITS)]
    rows = sum(path.read_bytes().count(b"\n") for path in paths)
    groups, texts = HashSet64(rows), Seen(rows)
    texts.add_texts(suite_descriptions())
    for path in paths:
        new_groups, new_texts = [], []
        for number, row in enumerate(read_rows(path, DatasetRow.model_validate), start=1):
            key = np.array([int(row.group.rpartition("-")[2], 16)], dtype=np.uint64)
            keys = bands(row.request.description)
            if groups.holds(key).any() or texts.has(keys):
                what = "group" if groups.holds(key).any() else "request"
                msg = f"{path}:{number}: {row.id}: this {what} stands, nearly the same, in another split or in a suite too; the dataset leaks"
                raise NamewrightError(msg)
            new_groups.append(key)
            new_texts.append(keys)
        for key, keys in zip(new_groups, new_texts, strict=True):
            groups.add(key)
            texts.add(keys)
