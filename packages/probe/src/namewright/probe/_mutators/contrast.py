"""Safe requests that look unsafe: towns, tools, medicine, prevention, figures of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe._case import Case, dump
from namewright.probe._seeds import bundled

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed


def cases(_seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Ask what only looks unsafe. Invariant: it gets names."""
    rows = bundled("contrast")
    for row in rng.sample(list(rows), len(rows)):
        yield Case(
            "contrast", row["kernel"], dump({"description": row["description"]}), "success", kernel=row["kernel"]
        )
