"""Is a domain name one that may be suggested? A joined name is read in every way that gives whole words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.guard._files import data_file
from namewright.guard._fold import fold
from namewright.guard._rules import rule_book
from namewright.guard._views import views
from namewright.guard._words import ranks, segment

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = re.compile(r"[a-z]+")
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_COMMON = {1: 0, 2: 400, 3: 15_000}
"""A leftover counts as a word when it is among this many commonest ("of", not "es"); a longer one when it is known at all."""
_MAX_LABEL = 80


@lru_cache(maxsize=1)
def _bad_words() -> dict[str, tuple[str, bool]]:
    """Words that no name may hold, with their category; the second value is whether they count inside other words."""
    text = data_file("names.txt").read_text(encoding="utf-8")
    bad: dict[str, tuple[str, bool]] = {}
    for line in text.splitlines():
        head, _, words = line.partition(":")
        if words and not head.startswith("#"):
            category, _, strength = head.partition(" ")
            bad.update(dict.fromkeys(words.split(), (category, strength != "alone")))
    return bad


def check_name(domain: str) -> tuple[str, str] | None:
    """Give the category and the reason for which a name must not be suggested, or None.

    The label is read as it stands, with hyphens as gaps, and in every split into common words in which a bad word
    appears ("expert sex change"), also across the dot ("penis.land").
    """
    host = fold(domain).strip().strip(".").rpartition("://")[2].partition("/")[0]
    label = host.rpartition(".")[0].removeprefix("www.") or host
    for reading in dict.fromkeys((label, *views(label), *((host,) if host != label else ()))):
        found = _bad_reading(reading[:_MAX_LABEL])
        if found:
            return found
    return None


def _bad_reading(label: str) -> tuple[str, str] | None:
    joined = _NOT_LETTERS.sub("", label)
    for words in _splits(label, joined):
        for word in words:
            if word in _bad_words():
                return _bad_words()[word][0], f"name: it holds the word {word!r}"
        rule = rule_book().match(words)
        if rule:
            return rule.category, f"rule: {rule.name}"
    for word, (category, inside) in _bad_words().items():
        if inside and word in joined and _stands_out(joined, word):
            return category, f"name: it can be read as {word!r}"
    return None


def _splits(label: str, joined: str) -> Iterable[tuple[str, ...]]:
    parts = _PARTS.findall(label)
    yield tuple(parts)
    yield tuple(word for part in parts for word in segment(part))
    yield segment(joined)


def _stands_out(joined: str, word: str) -> bool:
    """Say whether a bad word stands in a joined name with nothing but words on either side of it."""
    start = joined.find(word)
    while start >= 0:
        if _is_wordy(joined[:start]) and _is_wordy(joined[start + len(word) :]):
            return True
        start = joined.find(word, start + 1)
    return False


def _is_wordy(text: str) -> bool:
    if not text or text.isdigit():
        return True
    known = ranks()
    return all(
        piece.isdigit() or (piece in known and known[piece] < _COMMON.get(len(piece), len(known)))
        for piece in segment(text)
    )
