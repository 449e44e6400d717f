"""One example at a time: what number `index` of a seed is, before it is known whether it is wanted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from namewright.shared import UNSAFE_CATEGORIES, Category, Request, UnsafeCategory, dump_row, violations
from namewright.shared.files import read_lines
from namewright.shared.names import relevance_words, stem
from namewright.synth._brief import Brief, draw_brief
from namewright.synth._dedupe import bands, neighbours, normalise
from namewright.synth._kinds import Kind, all_kinds, read_table
from namewright.synth._names import is_presentable, make_names, parts_of
from namewright.synth._text import write_description
from namewright.synth._text._slots import upper, with_article
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Stream = Literal["safe", "unsafe"]
_CONTRASTS = 0.03
"""Share of the safe requests that only look unsafe."""
_UNSAFE_CYCLE: tuple[UnsafeCategory, ...] = (*UNSAFE_CATEGORIES[:-1] * 3, *UNSAFE_CATEGORIES[-1:] * 2)
"""The six categories in turn, and every tenth a prompt injection."""
_CAPITALISED = 0.8
_MIXED = 0.3
"""Share of the unsafe requests that hide behind an ordinary business."""
_FIRST_TLD = 0.6
_RESERVE = 2
"""Names beyond those that an example is to have, for those that an earlier one has taken."""
MIN_NAMES = 5
"""A safe example has at least so many names."""


@dataclass(frozen=True)
class Draft:
    """An example that could be taken into the dataset.

    Attributes:
        request: What is asked for.
        category: `safe`, or why it has to be refused.
        domains: Good names, the best first, more than are wanted.
        wanted: How many names the example is to have.
        group: What it is about, as one number.
        bands: What it shares with texts that are nearly the same.
        neighbours: What it shares with short texts that differ in one word.
        source: Where its text comes from.
    """

    request: Request
    category: Category
    domains: tuple[str, ...]
    wanted: int
    group: str
    bands: NDArray[np.uint64]
    neighbours: NDArray[np.uint64]
    source: str


def draw(seed: int | str, stream: Stream, index: int) -> Draft | None:
    """Make draft number `index` of a stream; None where its names came to nothing. It depends on its arguments alone."""
    rng = Random(f"{seed}/{stream}/{index}")
    if stream == "unsafe":
        return _unsafe(rng, _UNSAFE_CYCLE[index % len(_UNSAFE_CYCLE)])
    return _contrast(rng) if rng.random() < _CONTRASTS else _safe(rng)


def row_id(request: Request) -> str:
    """Name a row by what it asks, so that the name stays when the dataset around it changes."""
    return "synth-" + hashlib.sha256(dump_row(request).encode()).hexdigest()[:16]


def group_of(description: str) -> str:
    """Say what a description is about, however it is put: its words' stems, without order, tone and constraints."""
    core = description
    for tail in ("Tone:", "Constraints:", "Extra details:"):
        core = core.split(tail)[0]
    stems = sorted({stem(word) for word in relevance_words(normalise(core or description))})
    return _hash(" ".join(stems or [normalise(description)]))


def _hash(text: str) -> str:
    return "group-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def make_draft(
    request: Request, category: Category, domains: tuple[str, ...], wanted: int, source: str, *, group: str = ""
) -> Draft:
    """Complete a draft by what tells it from others."""
    text = request.description
    near = neighbours(text, 1 if request.language == "en" else 2)
    return Draft(request, category, domains, wanted, group or group_of(text), bands(text), near, source)


def _safe(rng: Random) -> Draft | None:
    brief = draw_brief(rng)
    try:
        request = request_of(brief, write_description(rng, brief))
    except ValidationError:
        return None
    wanted = rng.randint(MIN_NAMES, 8)
    labels = make_names(rng, parts_of(as_said(brief, request)), request, wanted=wanted + _RESERVE)
    domains = tuple(f"{label}.{_tld(rng, request)}" for label in labels)
    domains = tuple(domain for domain in domains if not violations(request, domain))
    if len(domains) < MIN_NAMES:
        return None
    return make_draft(request, "safe", domains, wanted, f"synth/{brief.style}")


def as_said(brief: Brief, request: Request) -> Brief:
    """Leave of a brief what its request says, so that no name is made of what nobody could know."""
    text = request.description.casefold()

    def said(phrase: str) -> bool:
        return phrase.casefold() in text

    return replace(
        brief,
        qualities=tuple(filter(said, brief.qualities)),
        audience=brief.audience if said(brief.audience) else "",
        place=brief.place if brief.place and said(brief.place.name) else None,
        tone=brief.tone if request.tone or said(brief.tone) else "",
        has=tuple(filter(said, brief.has)),
    )


def request_of(brief: Brief, description: str) -> Request:
    """Put a brief's constraints beside its text."""
    fields: dict[str, object] = {
        "description": description,
        "tlds": brief.tlds,
        "allow_hyphens": brief.allow_hyphens,
        "allow_numbers": brief.allow_numbers,
        "prefer_puns": brief.puns,
        "must_contain": brief.must_contain,
        "avoid": brief.avoid,
        "tone": brief.tone if not brief.says_tone else "",
        "language": brief.language,
    }
    if brief.max_length:
        fields["max_length"] = brief.max_length
    return Request.model_validate(fields)


def _tld(rng: Random, request: Request) -> str:
    place = 0
    while place < len(request.tlds) - 1 and rng.random() > _FIRST_TLD:
        place += 1
    return request.tlds[place]


@lru_cache(maxsize=1)
def _contrasts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = [line.split(" | ") for line in read_lines("namewright.synth", "contrasts.txt")]
    return tuple((description, tuple(filter(is_presentable, names.split()))) for description, names in lines)


def _contrast(rng: Random) -> Draft:
    description, labels = rng.choice(_contrasts())
    request = Request(description=description, tlds=rng.choice((("com",), ("com", "co"), ("co", "com", "org"))))
    domains = tuple(f"{label}.{_tld(rng, request)}" for label in labels)
    return make_draft(request, "safe", domains, len(domains), "synth/contrast")


def _unsafe(rng: Random, category: UnsafeCategory) -> Draft:
    table = read_unsafe()
    frames = table["frames"]["injection" if category == "prompt_injection" else "topic"]
    kind = rng.choice(all_kinds())
    topic, frame = rng.choice(table[category]["topics"]), rng.choice(frames)
    text = frame.format_map(_unsafe_words(rng, topic, kind))
    text = upper(text) if rng.random() < _CAPITALISED else text
    group = _hash(f"{topic}/{frame}")
    if rng.random() < _MIXED:
        disguise = write_description(rng, draw_brief(rng))
        text = rng.choice((f"{disguise} {text}", f"{text} {disguise}", f"{disguise}\n\n{text}"))
        group = group_of(text)
    tlds = rng.choice((("com",), ("com",), ("com", "co"), ("com", "net", "org"), ("io", "co")))
    return make_draft(Request(description=text, tlds=tlds), category, (), 0, f"synth/{category}", group=group)


def _unsafe_words(rng: Random, topic: str, kind: Kind) -> dict[str, str]:
    return {
        "topic": topic,
        "place": rng.choice(vocabulary().places).name,
        "tone": rng.choice(tuple(vocabulary().tones)),
        "aud": rng.choice(tuple(vocabulary().audiences)),
        "person": rng.choice(vocabulary().people),
        "noun": kind.name,
        "a_noun": with_article(kind.name),
        "a_Noun": upper(with_article(kind.name)),
    }


@lru_cache(maxsize=1)
def read_unsafe() -> dict[str, dict[str, list[str]]]:
    """Read the topics that have to be refused, and the sentences that they stand in."""
    return read_table("unsafe.toml")
