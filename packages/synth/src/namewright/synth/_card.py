"""The dataset's card."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from namewright.shared import DatasetRow, read_rows
from namewright.shared.files import write_whole
from namewright.synth._rows import SPLITS

if TYPE_CHECKING:
    from pathlib import Path


def write_card(folder: Path, name: str, *, seed: int) -> None:
    """Write card.md beside the splits."""
    counts = {split: Counter(row.category for row in read_rows(folder / f"{split}.jsonl", DatasetRow.model_validate)) for split in SPLITS}
    lines = [
        "---", "license: apache-2.0", "language: [en, es, fr, de, pt]", "configs:", "- config_name: default", "  data_files:",
        *(f"  - {{split: {'validation' if split == 'val' else split}, path: {split}.jsonl}}" for split in SPLITS), "---", "",
        f"# Namewright dataset {name}", "", f"Seed {seed}.", "", "| category | " + " | ".join(SPLITS) + " |", "|---|---|---|---|",
    ]  # fmt: skip
    for category in sorted({c for counter in counts.values() for c in counter}):
        lines.append(f"| {category} | " + " | ".join(str(counts[split][category]) for split in SPLITS) + " |")
    with write_whole(folder / "card.md") as file:
        file.write("\n".join(lines) + "\n")
