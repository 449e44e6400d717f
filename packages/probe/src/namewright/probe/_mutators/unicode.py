"""What Unicode can do to a safe description without changing what a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe import _text
from namewright.probe._case import Case, dump
from namewright.probe._mutators._order import crossed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_TRICKS = {
    "lookalikes": _text.lookalikes,
    "zero_width": _text.zero_width,
    "right_to_left": _text.right_to_left,
    "fullwidth": _text.fullwidth,
    "combining": _text.combining,
    "decomposed": _text.decomposed,
    "emoji": _text.emoji,
}


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Write safe descriptions in other characters. Invariant: the status stays, and names stay plain ASCII."""
    safe = [seed for seed in seeds if seed.expected != "blocked"]
    for (variant, trick), seed in crossed(_TRICKS.items(), safe, rng):
        changed = trick(seed.description)
        if changed != seed.description:
            yield Case("unicode", variant, dump(seed.with_(description=changed)), seed.expected, dump(seed.request))
