"""The thresholds, found on safe texts that the classifier was not trained on, and how it does on the development set."""

from __future__ import annotations

import random
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from namewright.guard._evaluate import wilson
from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._form import asks
from namewright.guard._model import FEW, LONG, SHORT
from namewright.guard._result import SAFE
from namewright.guard._training._written import BUSINESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from namewright.guard._guard import Guard
    from namewright.guard._model import Model
    from namewright.guard._training._written import Written

CONTRAST_RATE = 0.09
"""Share of held-out short safe texts that look unsafe, and describe, that may be blocked. Most of them are twins of an unsafe line, which is
harder than what people write: docs/guard.md has the rates elsewhere, and says with which of them in sight these numbers were picked."""
ASKED_RATE = 0.165
"""The same of those that ask or order."""
FEW_RATE = 0.03
"""The same of those of few words."""
BUSINESS_RATE, BUSINESS_MARGIN = 0.0015, 1.8
"""Share of held-out business descriptions of many words, many written to come near to unsafe words, that lie above the long threshold
less the margin: so few lie above that a quantile alone jumps."""
PART_RATE, PART_MARGIN = 0.005, 0.9
"""Share of the highest parts of held-out business descriptions that lie above the part's threshold less the margin: a text has many parts."""
_STRINGS = 2_000
LEAST = -99.0


def held_out_texts(written: Sequence[Written], descriptions: Sequence[str], seed: int) -> dict[str, list[str]]:
    """Give the safe texts that thresholds are set on: business descriptions, also strung together, and contrasts."""
    rng = random.Random(seed)
    lines = [line for line in written if line.held_out and line.category == SAFE]
    business = [text for line in lines if line.source in BUSINESS for text in line.variants(2, rng)]
    business += descriptions
    strung = [" ".join(rng.sample(business, rng.choice([2, 3, 4]))) for _ in range(_STRINGS)] if business else []
    contrasts = [text for line in lines if line.source not in BUSINESS for text in line.variants(1, rng)]
    return {"business": business + strung, "contrast": contrasts}


def thresholds(model: Model, texts: dict[str, list[str]]) -> dict[str, float]:
    """Find the raw scores from which each kind of text counts as unsafe (`Model.thresholds`); `texts` as above.

    `model` has no thresholds yet, so that what it gives are raw scores.
    """
    business = [_scores(model, text) for text in texts["business"]]
    contrast = [_scores(model, text) for text in texts["contrast"]]
    told = [scored for scored in contrast if not scored.asked]
    asked = _quantile([scored.whole for scored in contrast if scored.asked], ASKED_RATE)
    few = _quantile([scored.whole for scored in told if scored.words <= FEW], FEW_RATE)
    short = _quantile([scored.whole for scored in told if FEW < scored.words <= SHORT], CONTRAST_RATE)
    many = _quantile([scored.whole for scored in business if scored.words >= LONG], BUSINESS_RATE)
    long = max(short, many + BUSINESS_MARGIN)
    part = _quantile({round(scored.part, 3) for scored in business}, PART_RATE) + PART_MARGIN  # each sentence once
    found = {"asked": asked, "few": max(few, short), "whole": short, "long": long, "part": max(part, short)}
    return {kind: round(score, 3) for kind, score in found.items()}


def development_table(guard: Guard, written: Sequence[Written], seed: int) -> list[str]:
    """Give recall by category, and false blocks by file, on the held-out lines, one expansion a line."""
    rng = random.Random(seed)
    groups: dict[str, list[bool]] = {}
    for line in written:
        if line.held_out:
            kind = f"safe: {line.source}" if line.category == SAFE else f"unsafe: {line.category}"
            blocked = guard.check(line.variants(1, rng)[0]).blocked
            for name in (kind.partition(":")[0], kind):
                groups.setdefault(name, []).append(blocked)
    width = max(map(len, groups), default=0)
    return [f"{name:<{width}}  {wilson(sum(blocked), len(blocked))}" for name, blocked in sorted(groups.items())]


class _Scored(NamedTuple):
    whole: float
    part: float
    words: int
    asked: bool


def _scores(model: Model, text: str) -> _Scored:
    sentences = sentences_of(fold(text))
    best = {"whole": LEAST, "part": LEAST}
    for margin, kind, _, _ in model.margins(sentences, -inf):
        best[kind] = max(best[kind], margin)
    return _Scored(best["whole"], best["part"], sum(map(len, sentences)), asks(sentences))


def _quantile(values: Iterable[float], above: float) -> float:
    """Give the value that so large a share lies above."""
    ordered = sorted(values)
    return ordered[max(0, len(ordered) - 1 - int(above * len(ordered)))] if ordered else 0.0
