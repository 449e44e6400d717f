"""Bring a text's many ways of writing a letter back to plain lower-case ASCII."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from namewright.guard._files import data_file

_BLANK_LETTERS = dict.fromkeys([0x115F, 0x1160])
"""Hangul's fillers: letters, and nothing to see."""
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
"""Invisible copies of ASCII, which some models read."""
_WHITE = frozenset("\t\n\v\f\r\x85")
"""Control characters that part words."""
_PUNCTUATION = {
    0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: " - ", 0x2026: "...", 0x20AC: "e",
    0xA3: "l", 0xA5: "y", 0xA9: "c", 0xA1: " ", 0xBF: " ", 0x2022: "*", 0xB7: ".",
}  # fmt: skip
_EMOJI = {
    "🔫": "gun", "💣": "bomb", "🔪": "knife", "🗡": "dagger", "🧨": "explosive", "🔞": "adult xxx", "💊": "pills",
    "💉": "syringe", "👶": "baby", "🧒": "child", "👧": "girl child", "👦": "boy child", "🍆": "penis", "🍑": "butt",
    "🔥": "fire", "💀": "death", "☠": "poison", "🏠": "house", "💰": "money", "💵": "cash", "🪪": "id card", "🛂": "passport",
    "🩸": "blood", "⚔": "swords", "🚸": "children", "👙": "bikini", "🚬": "cigarette", "🍺": "beer", "🌿": "weed",
}  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> dict[int, str | None]:
    """Characters to what they stand for: UTS 39 confusables, emoji, and what is invisible to nothing at all."""
    table: dict[int, str | None] = {}
    lines = data_file("confusables.txt").read_text(encoding="utf-8")
    for line in lines.splitlines():
        letter, _, lookalikes = line.partition(" ")
        table.update((ord(lookalike), letter) for lookalike in lookalikes)
    table.update({ord(emoji): f" {words} " for emoji, words in _EMOJI.items()})
    table.update(_PUNCTUATION)
    table.update(_TAGS)
    table.update(_BLANK_LETTERS)
    return table


def fold(text: str) -> str:
    """Fold a text to lower-case ASCII letters where it can be: NFKD, confusables, accents, and what nobody sees.

    Confusables are those of UTS 39 (https://www.unicode.org/reports/tr39/) that look like one ASCII letter; emoji with
    a plain meaning become the word. Letters of other scripts stay as they are. Marks, format and control characters go,
    so that none of them parts a word.
    """
    if text.isascii():
        return (text if text.isprintable() else _seen(text)).lower()
    return _seen(unicodedata.normalize("NFKD", text)).translate(_table()).lower()


def _seen(text: str) -> str:
    """Take out marks and what is not printed: Unicode's categories Mn, Me and C, but white space and tags."""
    kinds = {letter: unicodedata.category(letter) for letter in set(text) - _WHITE if ord(letter) not in _TAGS}
    unseen = {ord(letter): None for letter, kind in kinds.items() if kind in {"Mn", "Me"} or kind[0] == "C"}
    return text.translate(unseen)
