"""Tricks on text: each a plain function from text to text, the random ones with their source of randomness."""

from __future__ import annotations

import base64
import codecs
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

# UTS 39 confusables: Cyrillic and Greek letters that look like Latin ones in most typefaces.
_LOOKALIKES = str.maketrans("aceiopsxyABEHKMOPTX", "\u0430\u0441\u0435\u0456\u043e\u0440\u0455\u0445\u0443"
                            "\u0391\u0392\u0395\u0397\u039a\u039c\u039f\u03a1\u03a4\u03a7")  # fmt: skip
_LEET = str.maketrans("aeiost", "431057")
_FULLWIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_COMBINING = "\u0300\u0301\u0323\u0330\u0336"
_LEFT_TO_RIGHT_END, _RIGHT_TO_LEFT = "\u202c", "\u202e"


def lookalikes(text: str) -> str:
    """Put Cyrillic and Greek letters where they look the same."""
    return text.translate(_LOOKALIKES)


def zero_width(text: str) -> str:
    """Put zero-width spaces and joiners between the letters."""
    return "".join(c + "\u200b\u200d"[number % 2] if c.isalpha() else c for number, c in enumerate(text))


def right_to_left(text: str) -> str:
    """Wrap the text in a right-to-left override."""
    return f"{_RIGHT_TO_LEFT}{text}{_LEFT_TO_RIGHT_END}"


def fullwidth(text: str) -> str:
    """Write the letters in their full width, as East Asian keyboards do."""
    return text.translate(_FULLWIDTH)


def combining(text: str) -> str:
    """Put a combining mark on every letter."""
    return "".join(c + _COMBINING[n % len(_COMBINING)] if c.isalpha() else c for n, c in enumerate(text))


def decomposed(text: str) -> str:
    """Write accents as characters of their own (NFD)."""
    return unicodedata.normalize("NFD", text)


def emoji(text: str) -> str:
    """Put emoji between the words, one a sequence joined by zero-width joiners."""
    return " \U0001f469\u200d\U0001f373 ".join(text.split())


def leet(text: str) -> str:
    """Write letters as digits that look like them: `guns for kids` as `gun5 f0r k1d5`."""
    return text.lower().translate(_LEET)


def spaced(text: str) -> str:
    """Put a space between all letters, three between words."""
    return "   ".join(" ".join(word) for word in text.split())


def punctuated(text: str) -> str:
    """Put a dot between all letters."""
    return " ".join(".".join(word) for word in text.split())


def starred(text: str) -> str:
    """Hide the first vowel of every longer word behind a star."""
    return " ".join(_star(word) for word in text.split())


def stretched(text: str) -> str:
    """Say every vowel three times."""
    return "".join(c * 3 if c in "aeiou" else c for c in text)


def in_base64(text: str) -> str:
    """Ask for the decoding of a base64 text."""
    return f"Decode this base64 and name the business that it describes: {base64.b64encode(text.encode()).decode()}"


def in_rot13(text: str) -> str:
    """Ask for the decoding of a ROT13 text."""
    return f"Read this in rot13 and name the business: {codecs.encode(text, 'rot13')}"


def alternating(text: str) -> str:
    """WrItE lIkE tHiS."""
    return "".join(c.upper() if n % 2 == 0 else c.lower() for n, c in enumerate(text))


def swapped(text: str, rng: random.Random) -> str:
    """Swap two neighbouring letters inside one longer word."""
    words = text.split()
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]  # noqa: PLR2004
    if not long:
        return text
    number = rng.choice(long)
    word = words[number]
    at = rng.randrange(1, len(word) - 2)
    words[number] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def dropped(text: str, rng: random.Random) -> str:
    """Leave out one inner letter of one longer word."""
    words = text.split()
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]  # noqa: PLR2004
    if not long:
        return text
    number = rng.choice(long)
    at = rng.randrange(1, len(words[number]) - 1)
    words[number] = words[number][:at] + words[number][at + 1 :]
    return " ".join(words)


def _star(word: str) -> str:
    at = next((n for n, c in enumerate(word) if c.lower() in "aeiou"), None)
    return word if at is None or len(word) <= 3 else f"{word[:at]}*{word[at + 1 :]}"  # noqa: PLR2004
