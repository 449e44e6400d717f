"""From one word to the 4,000th character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe._case import Case, dump
from namewright.probe._mutators._order import crossed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_MOST = 4_000
_FILLER = (
    " We opened last spring and our guests are friendly. The rooms are bright, the music is quiet, and the tea is warm."
)


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Make descriptions very short and very long.

    Invariant: any length from one word to 4,000 characters is answered; what stands around an unsafe phrase, and
    how far down it stands, does not save it.
    """
    for (variant, trick), seed in crossed(_TRICKS.items(), seeds, rng):
        yield from trick(variant, seed)


def _first_words(count: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a trick, as in _TRICKS
    def trick(variant: str, seed: Seed) -> Iterator[Case]:
        text = " ".join(seed.description.split()[:count])
        yield Case("length", variant, dump(seed.with_(description=text)), "answered")

    return trick


def _longest(variant: str, seed: Seed) -> Iterator[Case]:
    text = _padded(seed.description, at_end=False)
    yield Case("length", variant, dump(seed.with_(description=text)), seed.expected, dump(seed.request), kernel=text)


def _at_the_end(variant: str, seed: Seed) -> Iterator[Case]:
    if seed.expected == "blocked":
        text = _padded(seed.description, at_end=True)
        yield Case(
            "length",
            variant,
            dump(seed.with_(description=text)),
            "blocked",
            dump(seed.request),
            kernel=seed.description,
        )


def _one_long_word(variant: str, seed: Seed) -> Iterator[Case]:
    word = "".join(c for c in seed.description.lower() if c.isalpha())
    yield Case("length", variant, dump(seed.with_(description=(word * 100)[:_MOST])), "answered")


def _padded(text: str, *, at_end: bool) -> str:
    room = _MOST - len(text)
    filler = (_FILLER * (room // len(_FILLER) + 1))[: max(room, 0)]
    return (filler[:-1] + " " + text if at_end else text + filler) if room > 1 else text


_TRICKS = {
    "one_word": _first_words(1),
    "three_words": _first_words(3),
    "longest": _longest,
    "unsafe_at_the_end": _at_the_end,
    "one_long_word": _one_long_word,
}
