"""Constraints at their ends, alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.probe._case import Case, dump
from namewright.probe._mutators._order import crossed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_TLDS = [
    "com",
    "net",
    "org",
    "io",
    "co",
    "ai",
    "app",
    "dev",
    "shop",
    "store",
    "online",
    "site",
    "xyz",
    "me",
    "us",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "eu",
    "ca",
    "biz",
    "info",
    "tech",
    "studio",
    "agency",
    "design",
    "care",
    "family",
    "kids",
    "co.uk",
    "com.au",
    "co.jp",
    "com.br",
    "xn--p1ai",
    "museum",
    "photography",
    "international",
]
_TRICKS: dict[str, dict[str, Any]] = {
    "three_letters": {"max_length": 3},
    "five_letters": {"max_length": 5},
    "one_name": {"count": 1},
    "fifty_names": {"count": 50},
    "forty_tlds": {"tlds": _TLDS},
    "one_long_tld": {"tlds": ["international"], "max_length": 10},
    "two_part_tlds": {"tlds": ["co.uk", "com.au"]},
    "international_tld": {"tlds": ["рф", "xn--p1ai"]},
    "must_contain": {"must_contain": ["zap"]},
    "must_contain_four": {"must_contain": ["zap", "kit", "lo", "ve"], "max_length": 14},
    "must_contain_all_there_is_room_for": {"must_contain": ["zapkit"], "max_length": 6},
    "must_contain_a_digit": {"must_contain": ["24"], "allow_numbers": True},
    "must_contain_a_hyphen": {"must_contain": ["go-go"], "allow_hyphens": True},
    "avoid_common_letters": {"avoid": ["e", "a"]},
    "avoid_many": {"avoid": ["ing", "ly", "app", "hub", "the", "er", "shop", "go", "my", "best", "pro", "zone"]},
    "hyphens_and_digits": {"allow_hyphens": True, "allow_numbers": True},
    "neither_hyphens_nor_digits": {"allow_hyphens": False, "allow_numbers": False},
    "all_at_once": {
        "tlds": ["io", "co.uk"],
        "max_length": 9,
        "must_contain": ["zap"],
        "avoid": ["e"],
        "count": 5,
        "tone": "serious",
        "prefer_puns": True,
    },
}
_DROPPED = ("tlds", "max_length", "must_contain", "avoid", "count", "allow_numbers", "allow_hyphens")


def cases(seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Ask safe requests under constraints at their ends. Invariant: each can be met, so names come, and all obey."""
    safe = [seed for seed in seeds if seed.expected == "success"]
    for (variant, constraints), seed in crossed(_TRICKS.items(), safe, rng):
        words = {key: value for key, value in seed.request.items() if key not in _DROPPED}
        body = dump({**words, **constraints})
        yield Case("constraints", variant, body, "success", dump(words), kernel=seed.description)
