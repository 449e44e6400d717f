"""Casing, blanks and typing errors: what no answer's status should hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe import _text
from namewright.probe._case import Case, dump
from namewright.probe._mutators._order import crossed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_SAME_WORDS = {
    "upper": lambda text, _: text.upper(),
    "lower": lambda text, _: text.lower(),
    "alternating": lambda text, _: _text.alternating(text),
    "line_ends": lambda text, _: "\r\n".join(text.split()),
    "blanks": lambda text, _: f"\t  {'   '.join(text.split())} \n",
    "no_break_spaces": lambda text, _: "\u00a0".join(text.split()),
}
_TYPOS = {"swapped_letters": _text.swapped, "dropped_letter": _text.dropped}


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Write descriptions in another case, with other blanks, or with a typing error. Invariant: the status stays.

    Typing errors are made in safe descriptions alone: in an unsafe one they may hit the very word.
    """
    for (variant, trick), seed in crossed({**_SAME_WORDS, **_TYPOS}.items(), seeds, rng):
        if variant in _TYPOS and seed.expected == "blocked":
            continue
        changed = trick(seed.description, rng)
        if changed != seed.description:
            yield Case("casing", variant, dump(seed.with_(description=changed)), seed.expected, dump(seed.request))
