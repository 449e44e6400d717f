"""Bring a text's many ways of writing a letter back to plain lower-case ASCII."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from namewright.guard._files import data_file

_COMBINING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_BLANK_LETTERS = dict.fromkeys(
    [
        0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0,
        *range(0x180B, 0x180F), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0xE0001, 0xE007F,
    ]
)  # fmt: skip
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
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
    """Fold a text to lower-case ASCII letters where it can be: NFKC, confusables, invisible characters, accents.

    Confusables are those of UTS 39 (https://www.unicode.org/reports/tr39/) that look like one ASCII letter; emoji with
    a plain meaning become the word. Letters of other scripts stay as they are.
    """
    if text.isascii():
        return text.lower()
    table = _table()
    text = unicodedata.normalize("NFKD", text.translate(_BLANK_LETTERS))
    return _COMBINING.sub("", text).translate(table).lower()
