"""Requests as they are: what the others are measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe._case import Case, dump

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Ask each seed as it is. Invariant: safe ones get names, unsafe ones are blocked."""
    for seed in rng.sample(list(seeds), len(seeds)):
        yield Case("plain", seed.category, dump(seed.request), seed.expected, kernel=seed.description)
