"""Is a domain name one that may be suggested? A joined name is read in every way that gives whole words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.guard._files import data_file
from namewright.guard._fold import fold
from namewright.guard._rules import rule_book
from namewright.guard._views import leet_readings, views
from namewright.guard._words import ranks, segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from namewright.guard._policy import Policy

_PARTS = re.compile(r"[a-z]+")
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_BEFORE_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:(?=/))?/*")
_AFTER_HOST = re.compile(r"[/?#]|:\d*$")
_COMMON = {1: 0, 2: 400, 3: 15_000}
"""A leftover counts as a word when it is among this many commonest ("of", not "es"); a longer one when it is known at all."""
_MAX_LABEL = 80
NO_NAME = "illegal", "name: it holds no letter and no digit"


@lru_cache(maxsize=8)
def _bad_words(off: frozenset[str]) -> dict[str, tuple[str, bool]]:
    """Words that no name may hold, with their category, but those that are off; the second value is whether they count inside other words."""
    text = data_file("names.txt").read_text(encoding="utf-8")
    bad: dict[str, tuple[str, bool]] = {}
    for line in text.splitlines():
        head, _, words = line.partition(":")
        category, _, strength = head.partition(" ")
        if words and not head.startswith("#") and category not in off:
            bad.update(dict.fromkeys(words.split(), (category, strength != "alone")))
    return bad


def check_name(domain: str, policy: Policy, off: frozenset[str] = frozenset()) -> tuple[str, str] | None:
    """Give the category and the reason for which a name must not be suggested, or None.

    The label is read as it stands, with hyphens as gaps, and in every split into common words in which a bad word
    appears ("expert sex change"), also across the dot ("penis.land"). A name that is a phrase which the policy allows passes, and
    one that can be read as a phrase which it denies does not.

    Args:
        domain: The name, with its ending, without, or within an address; may be in Punycode (RFC 3492).
        policy: The service's phrases.
        off: Categories that do not count.
    """
    host = fold(".".join(map(_from_punycode, _host(domain).split("."))))
    if not any(map(str.isalnum, host)):
        return NO_NAME
    label = host.rpartition(".")[0].removeprefix("www.") or host
    if _joined(label) and _joined(label) in map(_joined, policy.allow):
        return None
    readings = (label, *views(label), *leet_readings(label[:_MAX_LABEL]), *((host,) if host != label else ()))
    for reading in dict.fromkeys(readings):
        found = _bad_reading(reading[:_MAX_LABEL], policy, off)
        if found:
            return found
    return None


def _host(domain: str) -> str:
    address = _BEFORE_HOST.sub("", fold(domain).strip(), count=1)
    return _AFTER_HOST.split(address)[0].strip(".")


def _from_punycode(label: str) -> str:
    try:
        return label.removeprefix("xn--").encode().decode("punycode") if label.startswith("xn--") else label
    except ValueError:
        return label


def _joined(label: str) -> str:
    return _NOT_LETTERS.sub("", label)


def _bad_reading(label: str, policy: Policy, off: frozenset[str]) -> tuple[str, str] | None:
    joined = _joined(label)
    for phrase, category in policy.deny:
        if _joined(phrase) and _stands_out(joined, _joined(phrase)):
            return category, "policy: denied phrase"
    bad = _bad_words(off)
    for words in _splits(label, joined):
        for word in words:
            if word in bad:
                return bad[word][0], f"name: it holds the word {word!r}"
        rule = rule_book().match(words, off)
        if rule:
            return rule.category, f"rule: {rule.name}"
    for word, (category, inside) in bad.items():
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
