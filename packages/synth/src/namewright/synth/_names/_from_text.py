"""Names for any request: the words to make them of, found in its text instead of drawn with a brief.

This is how the rules answer a request that they did not write: the column of "rule-made names" beside the models'.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from namewright.shared import SuccessResponse, Suggestion
from namewright.shared.names import name_quality, relevance_words, stem, word_rank
from namewright.synth._kinds import Kind, all_kinds
from namewright.synth._names._maker import make_names
from namewright.synth._names._parts import Parts, text_words
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from namewright.shared import Request

_CLOSE_ENOUGH = 3.0
"""Information (nats) that a text has to share with a kind, beyond chance words, to be taken for one of it."""
_NOUN, _CORE, _DOES, _NEAR = 3.0, 1.5, 1.0, 0.25
_CORE_WORDS, _TEXT_WORDS = 7, 8
_SHORT = re.compile(r"\bshort", re.IGNORECASE)
_PUNS = re.compile(r"\bpuns?\b|wordplay", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[[A-Z]+\](?:\s*\.\w+)?")


def answer(request: Request, *, seed: int) -> SuccessResponse | None:
    """Name a request by the rules, or give None where they find no name.

    They judge no safety: what has to be refused is the guard's to say.
    """
    rng = Random(f"{seed}/answer/{request.model_dump_json()}")
    labels = make_names(rng, parts_from_text(request), request, wanted=request.count)
    domains = [f"{label}.{request.tlds[0]}" for label in labels]
    scored = sorted(((round(name_quality(label), 4), domain) for label, domain in zip(labels, domains, strict=True)))
    suggestions = tuple(Suggestion(domain=domain, confidence=quality) for quality, domain in reversed(scored))
    return SuccessResponse(suggestions=suggestions) if suggestions else None


def parts_from_text(request: Request) -> Parts:
    """Find the words to make a request's names of: its own, and those of the kind of business that it sounds like."""
    text = _PLACEHOLDER.sub(" ", request.description)
    own = _salient(text)
    kinds = _likely_kinds(text)
    kind = kinds[0] if kinds else None
    stems = {stem(word) for word in relevance_words(text)}
    core = [word for kind in kinds for word in kind.core]
    core.sort(key=lambda word: stem(word) not in stems)
    return Parts(
        core=tuple(dict.fromkeys([*core[:_CORE_WORDS], *own[:3]])) or own or ("name",),
        near=kind.near if kind else _generic().near,
        heads=kind.heads if kind else _generic().heads,
        text=own[:_TEXT_WORDS],
        flavour=_flavour(text, request.tone),
        puns=kind.puns if kind else (),
        short=bool(_SHORT.search(text)),
        wants_puns=request.prefer_puns or bool(_PUNS.search(text)),
    )


def _salient(text: str) -> tuple[str, ...]:
    """Give a text's own words that could stand in a name, the rarest first."""
    words = text_words((text,), ())
    return tuple(sorted(words, key=lambda word: -math.log((word_rank(word) or 0) + 1_000)))


@lru_cache(maxsize=1)
def _generic() -> Kind:
    return next(kind for kind in all_kinds() if kind.name == "no-code tool")


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, list[tuple[int, float]]], dict[str, float]]:
    """Map each stem to the kinds that have it, with how much it says there, and to how rare it is among the kinds."""
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, kind in enumerate(all_kinds()):
        weights: Counter[str] = Counter()
        for texts, weight in (
            (kind.nouns, _NOUN),
            (kind.core, _CORE),
            (kind.does + kind.has, _DOES),
            (kind.near[:10], _NEAR),
        ):
            for word in {stem(word) for word in relevance_words(" ".join(texts))}:
                weights[word] = max(weights[word], weight)  # type: ignore[assignment]  # a Counter of floats
        for word, weight in weights.items():
            postings.setdefault(word, []).append((number, weight))
    rarity = {word: math.log(len(all_kinds()) / len(found)) for word, found in postings.items()}
    return postings, rarity


def _likely_kinds(text: str) -> tuple[Kind, ...]:
    """Give the one or two kinds of business that a text sounds like, or none."""
    postings, rarity = _index()
    scores: Counter[int] = Counter()
    words = [stem(word) for word in relevance_words(text)]
    for place, word in enumerate(words):
        early = 2.5 if place < 8 else 1.0  # noqa: PLR2004 - what a text says first is what it is about
        for number, weight in postings.get(word, ()):
            scores[number] += early * weight * rarity[word]  # type: ignore[assignment]  # a Counter of floats
    best = scores.most_common(2)
    limit = _CLOSE_ENOUGH * math.sqrt(len(words) + 1)
    kinds = [all_kinds()[number] for number, score in best if score >= limit]
    if len(kinds) == 2 and best[1][1] < 0.8 * best[0][1]:  # noqa: PLR2004 - a second one has to be nearly as likely
        kinds.pop()
    return tuple(kinds)


def _flavour(text: str, tone: str) -> tuple[tuple[str, str], ...]:
    """Give words for the qualities, audiences, places and tones that a text names."""
    words, lower = vocabulary(), text.lower()
    found: list[tuple[str, str]] = []
    for table, source in (
        (words.qualities, "quality"),
        (words.technical_qualities, "quality"),
        (words.audiences, "audience"),
        (words.tones, "tone"),
    ):
        for phrase, its_words in table.items():
            if re.search(rf"\b{re.escape(phrase.lower())}\b", lower) or (source == "tone" and phrase == tone.lower()):
                found += [(word, source) for word in its_words]
    for place in words.places:
        if place.name in text:
            found += [(word, "place") for word in place.words]
    return tuple(dict.fromkeys(found))
