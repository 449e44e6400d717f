"""Requests in other languages, and language tags that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe._case import Case, dump
from namewright.probe._seeds import bundled

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_ODD_TAGS = ("ja", "ar", "zh-Hant-TW", "EN", "de-CH-1996")


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Ask in 17 languages. Invariant: safe is safe and unsafe is unsafe in each, and a wrong tag changes nothing."""
    rows = bundled("languages")
    for row in rng.sample(list(rows), len(rows)):
        request = {"description": row["description"], "language": row["language"]}
        yield Case(
            "language",
            f"{row['language']}_{row['expected']}",
            dump(request),
            row["expected"],
            kernel=row["description"],
        )
    safe = [seed for seed in seeds if seed.expected == "success"]
    for tag, seed in zip(_ODD_TAGS, rng.sample(safe, len(safe)), strict=False):
        yield Case("language", f"tag_{tag}", dump(seed.with_(language=tag)), seed.expected, dump(seed.request))
