"""Whether a label could be taken for a famous brand."""

from __future__ import annotations

from functools import lru_cache

from namewright.shared.names._data import read_lines
from namewright.shared.names._segment import segment
from namewright.shared.names._words import is_single_common_word

_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "-": ""})
_MIN_INSIDE = 5
"""A shorter brand stands in too many innocent labels to be looked for inside them."""
_MIN_SIMILAR = 5
_TWO_EDITS = 8


@lru_cache(maxsize=1)
def _brands() -> tuple[tuple[str, ...], frozenset[str]]:
    entries = [entry for line in read_lines("brands.txt") for entry in line.split()]
    words = frozenset(entry[1:] for entry in entries if entry.startswith("~"))
    return tuple(sorted({entry for entry in entries if not entry.startswith("~")} - words)), words


@lru_cache(maxsize=65_536)
def near_famous_brand(label: str) -> str | None:
    """Name the famous brand that a label is or could be taken for, or None.

    It is one when it equals a brand after look-alike characters are undone (`g00gle`), holds a coined one
    (`googlecafe`), or is a typing error away from one (`spotifiy`; two for brands of eight letters and more). The list
    is short and hand-made: passing it is no clearance of a trade mark.
    """
    text = label.lower().translate(_LOOK_ALIKES)
    spellings = {text, text.replace("rn", "m"), text.replace("vv", "w"), _single(text)}
    coined, words = _brands()
    if found := spellings & (words | set(coined)):
        return min(found)
    for brand in coined:
        if brand in text and len(brand) >= _MIN_INSIDE and _stands_out(brand, text):
            return brand
    if len(text) >= _MIN_SIMILAR and not is_single_common_word(text):
        letters = set(text)
        for brand, spelled_with, allowed in _similar_candidates(len(text)):
            if len(letters ^ spelled_with) <= 2 * allowed and _edits(text, brand, allowed) <= allowed:
                return brand
    return None


@lru_cache
def _similar_candidates(length: int) -> tuple[tuple[str, frozenset[str], int], ...]:
    """Give the coined brands that a label of that length could be a typing error away from, and how many edits that is."""
    coined, _ = _brands()
    edits = {brand: 1 if len(brand) < _TWO_EDITS else 2 for brand in coined if len(brand) >= _MIN_SIMILAR}
    near = {brand: allowed for brand, allowed in edits.items() if abs(len(brand) - length) <= allowed}
    return tuple((brand, frozenset(brand), allowed) for brand, allowed in near.items())


def _stands_out(brand: str, text: str) -> bool:
    """Say whether a brand is heard inside a label: at one of its ends, or as a word (not `intel` in `intelligent`)."""
    words = segment(text)
    if brand in words:
        return True
    inside_a_word = any(brand in word and is_single_common_word(word) for word in words)
    return not inside_a_word and (text.startswith(brand) or text.endswith(brand))


def _single(text: str) -> str:
    """Write doubled letters once: `gooogle` and `gogle` meet."""
    return "".join(c for i, c in enumerate(text) if i < 2 or not text[i - 2] == text[i - 1] == c)  # noqa: PLR2004


def _edits(a: str, b: str, limit: int) -> int:
    """Count insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, restricted), up to a limit."""
    before_last: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before_last[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return last[-1]
