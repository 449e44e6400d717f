"""What people's fingers do to a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_SLANG = {"because": "bc", "you": "u", "your": "ur", "with": "w/", "and": "&", "please": "pls", "are": "r", "for": "4"}
_MIN_WORD = 5


def lower_some(rng: Random, text: str, share: float) -> str:
    """Write a text without capitals, as many do; the given share of the texts."""
    is_abbreviation = any(c.isupper() for c in text.split(" ", 1)[0][1:])  # `HVAC`, `IoT`
    return text[:1].lower() + text[1:] if rng.random() < share and not is_abbreviation else text


def add_typos(rng: Random, text: str) -> str:
    """Make one or two typing errors: letters swapped, dropped or doubled; now and then a word as it is texted."""
    words = re.split(r"(\s+)", text)
    places = [i for i, word in enumerate(words) if len(word) >= _MIN_WORD and word.isalpha()]
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 2)))):
        words[place] = _typo(rng, words[place])
    if rng.random() < 0.3:  # noqa: PLR2004
        words = [_SLANG.get(word, word) if rng.random() < 0.5 else word for word in words]  # noqa: PLR2004
    return "".join(words)


def _typo(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        ),
    )
