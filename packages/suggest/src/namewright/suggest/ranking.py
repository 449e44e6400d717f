"""From candidates to suggestions: what is thrown out, how sure we are of the rest, and which stand together well."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.shared import Suggestion, split_domain, violations
from namewright.shared.names import name_quality, name_traits, relevance_words, segment, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from namewright.shared import Calibration, Request
    from namewright.suggest.candidates import Candidate

_WEIGHTS = {"likelihood": 0.8, "association": 0.5, "quality": 5.0, "words": 0.4, "wish": 0.15}
_OFFSET = -3.6
_DIVERSITY = 0.35
"""MMR's share for being unlike the names that are already chosen (Carbonell & Goldstein 1998)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate that passed, and how good it looks: a raw probability before calibration."""

    domain: str
    confidence: float


def rank(request: Request, candidates: Iterable[Candidate], is_unsafe: Callable[[str], bool]) -> list[Ranked]:
    """Throw out what cannot be suggested, and order the rest, the best first.

    Out go names that break the request (the grammar should have seen to it, and this makes sure), that read badly or
    hold an unwanted word, that could be taken for a famous brand, single common words (taken for decades), a word
    written twice in whatever forms, and a second TLD for the same label. If a request forces one of the last kinds it is kept as a last resort.
    """
    wanted = {stem(word) for word in relevance_words(request.description)}
    best: dict[str, Ranked] = {}
    for candidate in candidates:
        label, tld = split_domain(candidate.domain)
        if violations(request, candidate.domain) or is_unsafe(candidate.domain) or not _is_presentable(label, request):
            continue
        place = request.tlds.index(tld)
        ranked = Ranked(candidate.domain, _raw_confidence(candidate, label, place, wanted))
        if label not in best or best[label].confidence < ranked.confidence:
            best[label] = ranked
    return sorted(best.values(), key=lambda ranked: (-ranked.confidence, ranked.domain))


def choose(ranked: list[Ranked], count: int) -> list[Ranked]:
    """Choose names that are good and unlike each other, by maximal marginal relevance; the surest first."""
    chosen: list[Ranked] = []
    left = list(ranked)
    while left and len(chosen) < count:
        likeness = {
            item.domain: max((_likeness(item.domain, other.domain) for other in chosen), default=0.0) for item in left
        }
        best = max(left, key=lambda item: (1 - _DIVERSITY) * item.confidence - _DIVERSITY * likeness[item.domain])
        chosen.append(best)
        left.remove(best)
    return sorted(chosen, key=lambda item: (-item.confidence, item.domain))


def suggestions(chosen: list[Ranked], calibration: Calibration | None) -> tuple[Suggestion, ...]:
    """Write chosen names as suggestions, with calibrated confidences where there is a calibration."""
    return tuple(
        Suggestion(domain=item.domain, confidence=round(calibrated(item.confidence, calibration), 4)) for item in chosen
    )


def calibrated(confidence: float, calibration: Calibration | None) -> float:
    """Turn a raw confidence into the probability that the name is a good one; it stays as it is without calibration.

    What is as good as sure is clipped as where the calibration was fitted (`namewright.trainer.calibration`).
    """
    if calibration is None:
        return confidence
    inside = min(max(confidence, 1e-4), 1 - 1e-4)
    return _sigmoid(calibration.slope * math.log(inside / (1 - inside)) + calibration.intercept)


def _raw_confidence(candidate: Candidate, label: str, place: int, wanted: set[str]) -> float:
    shared = sum(len(word) for word in segment(label) if stem(word) in wanted) / len(label)
    odds = (
        _OFFSET
        + _WEIGHTS["likelihood"] * max(candidate.log_probability, -4.0)
        + _WEIGHTS["association"] * min(max(candidate.association, -1.0), 2.0)
        + _WEIGHTS["quality"] * name_quality(label)
        + _WEIGHTS["words"] * min(shared, 0.6)
        - _WEIGHTS["wish"] * place
    )
    return min(max(_sigmoid(odds), 0.001), 0.999)


def _is_presentable(label: str, request: Request) -> bool:
    traits = name_traits(label)
    if traits.hazards:
        return False
    forced = bool(request.must_contain)
    if traits.brand and not forced:
        return False
    stems = [stem(word) for word in traits.words if len(word) > 1]
    is_doubled = len(set(stems)) < len(stems)
    return forced or not (traits.is_common_word or is_doubled)


def _likeness(one: str, other: str) -> float:
    """Overlap of two domains' words and letter pairs, 0 to 1."""
    labels = split_domain(one)[0], split_domain(other)[0]
    words = [set(segment(label)) for label in labels]
    pairs = [{label[i : i + 2] for i in range(len(label) - 1)} for label in labels]
    shared_words = len(words[0] & words[1]) / max(1, min(len(words[0]), len(words[1])))
    shared_pairs = len(pairs[0] & pairs[1]) / max(1, len(pairs[0] | pairs[1]))
    return max(shared_words, shared_pairs)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
