"""Requests that nobody can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.probe._case import Case, dump

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from namewright.probe._seeds import Seed

_FIELDS: dict[str, tuple[str, Any]] = {
    "empty": ("description", ""),
    "blank": ("description", " \n\t "),
    "invisible": ("description", "\u200b\u200d\u2060\ufeff"),
    "one_character_too_many": ("description", "a" * 4_001),
    "100_kb": ("description", "organic coffee " * 6_827),
    "null_description": ("description", None),
    "number_description": ("description", 7),
    "unknown_tld": ("tlds", ["com", "notatld"]),
    "private_suffix": ("tlds", ["github.io"]),
    "no_tld": ("tlds", []),
    "null_tlds": ("tlds", None),
    "no_names": ("count", 0),
    "too_many_names": ("count", 51),
    "negative_count": ("count", -1),
    "no_room": ("max_length", 0),
    "longer_than_dns": ("max_length", 64),
    "not_in_a_domain": ("must_contain", ["café"]),
    "digit_not_allowed": ("must_contain", ["24"]),
    "too_long_a_tone": ("tone", "x" * 101),
    "no_language": ("language", "English, please"),
    "unknown_field": ("colour", "red"),
}
_CONTRADICTIONS: dict[str, dict[str, Any]] = {
    "wanted_and_avoided": {"must_contain": ["coffee"], "avoid": ["fee"]},
    "longer_than_there_is_room": {"must_contain": ["coffee", "miami"], "max_length": 8},
    "no_letter_left": {"avoid": list("abcdefghijklmnopqrstuvwxyz")},
}
_BODIES = {
    "no_description": "{}",
    "a_list": "[]",
    "a_text": '"organic coffee shop"',
    "null": "null",
    "cut_off": '{"description": "organic cof',
    "half_a_character": '{"description": "coffee \\ud800 shop"}',
    "no_json": "organic coffee shop",
    "nan": '{"description": "organic coffee shop", "count": NaN}',
    "deep": '{"description": ' + "[" * 2_000 + "]" * 2_000 + "}",
}


def cases(_seeds: Sequence[Seed], rng: random.Random) -> Iterator[Case]:
    """Ask what is no request. Invariant: a clear refusal that names the field; no crash, no answer."""
    made = [
        Case("invalid", name, dump({"description": "organic coffee shop", field: value}), "refused", field=field)
        for name, (field, value) in _FIELDS.items()
    ]
    made += [
        Case("invalid", name, dump({"description": "organic coffee shop", **more}), "refused", field=next(iter(more)))
        for name, more in _CONTRADICTIONS.items()
    ]
    made += [Case("invalid", name, body, "refused") for name, body in _BODIES.items()]
    yield from rng.sample(made, len(made))
