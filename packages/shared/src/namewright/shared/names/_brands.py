"""Whether a label could be taken for a famous brand."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from namewright.shared.files import read_lines
from namewright.shared.names._segment import segment
from namewright.shared.names._words import is_single_common_word

_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "-": ""})
_MIN_INSIDE = 5
"""A shorter brand stands in too many innocent labels to be looked for inside them."""
_MIN_SIMILAR = 5
_TWO_EDITS = 8


@lru_cache(maxsize=1)
def _brands() -> tuple[tuple[str, ...], frozenset[str]]:
    entries = [entry for line in read_lines("namewright.shared.names", "brands.txt") for entry in line.split()]
    words = frozenset(entry[1:] for entry in entries if entry.startswith("~"))
    coined = sorted({entry for entry in entries if not entry.startswith("~")} - words)
    return tuple(coined), words | frozenset(coined)


@lru_cache(maxsize=65_536)
def near_famous_brand(label: str) -> str | None:
    """Name the famous brand that a label is or could be taken for, or None.

    It is one when it equals a brand after look-alike characters are undone (`g00gle`), holds a coined one
    (`googlecafe`), or is a typing error away from one (`spotifiy`; two for brands of eight letters and more). The list
    is short and hand-made: passing it is no clearance of a trade mark.
    """
    text = label.lower().translate(_LOOK_ALIKES)
    coined, every = _brands()
    for spelling in (text, text.replace("rn", "m"), text.replace("vv", "w"), _doubled(text)):
        if spelling in every:
            return spelling
    for brand in [brand for brand in coined if brand in text]:
        if len(brand) >= _MIN_INSIDE and _stands_out(brand, text):
            return brand
    if len(text) >= _MIN_SIMILAR and not is_single_common_word(text):
        for brand, allowed in _similar_candidates(text):
            if _one_edit(text, brand) if allowed == 1 else _edits(text, brand, allowed) <= allowed:
                return brand
    return None


def _stands_out(brand: str, text: str) -> bool:
    """Say whether a brand is heard inside a label: at one of its ends, or as a word (not `intel` in `intelligent`)."""
    words = segment(text)
    if brand in words:
        return True
    inside_a_word = any(brand in word and is_single_common_word(word) for word in words)
    return not inside_a_word and (text.startswith(brand) or text.endswith(brand))


def _doubled(text: str) -> str:
    """Write letters that stand three times or more twice: `gooogle` becomes `google`."""
    return "".join(c for i, c in enumerate(text) if i < 2 or not text[i - 2] == text[i - 1] == c)  # noqa: PLR2004


@lru_cache(maxsize=1)
def _by_piece() -> tuple[dict[str, list[tuple[str, int]]], dict[str, str]]:
    """Index the coined brands by their pieces, and by themselves with two neighbours swapped.

    A label that is one edit away from a brand keeps one of its halves whole, two edits away one of its thirds; only a
    swap across the cut spoils two pieces, hence the second index.
    """
    pieces: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    swapped: dict[str, str] = {}
    for brand in _brands()[0]:
        if len(brand) >= _MIN_SIMILAR:
            allowed = 1 if len(brand) < _TWO_EDITS else 2
            cuts = [round(part * len(brand) / (allowed + 1)) for part in range(allowed + 2)]
            for start, end in pairwise(cuts):
                pieces[brand[start:end]].append((brand, allowed))
            swapped |= {brand[:i] + brand[i + 1] + brand[i] + brand[i + 2 :]: brand for i in range(len(brand) - 1)}
    return dict(pieces), swapped


def _similar_candidates(text: str) -> list[tuple[str, int]]:
    """Give the coined brands that a label could be a typing error away from, and how many edits that may be."""
    pieces, swapped = _by_piece()
    found = {swapped[text]: 2} if text in swapped else {}
    letters = set(text)
    for size in (2, 3, 4, 5):
        for start in range(len(text) - size + 1):
            for brand, allowed in pieces.get(text[start : start + size], ()):
                if abs(len(brand) - len(text)) <= allowed and len(letters.symmetric_difference(brand)) <= 2 * allowed:
                    found.setdefault(brand, allowed)
    return list(found.items())


def _one_edit(a: str, b: str) -> bool:
    """Say whether one insertion, deletion or substitution makes a text the other: they differ in one place only."""
    shorter, longer = sorted((a, b), key=len)
    same = next((i for i, (x, y) in enumerate(zip(shorter, longer, strict=False)) if x != y), len(shorter))
    rest = longer[same + 1 :]
    return rest == (shorter[same + 1 :] if len(a) == len(b) else shorter[same:])


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
