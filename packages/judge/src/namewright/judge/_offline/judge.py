"""The offline judge: brandability, memorability and quality of a name, by measurement."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from namewright.judge._offline.brief import Brief, read_brief
from namewright.judge._offline.features import Features, fit_features, shape_features
from namewright.judge._scoring.fingerprint import make_card
from namewright.judge._scoring.judges import NamesTask, NamesVerdict
from namewright.judge._scoring.rubric import Rubric, name_score
from namewright.judge.records import JudgeCard, NameCriterion, NameScore, Spending
from namewright.shared import library_versions, split_domain
from namewright.shared.names import name_traits, word_frequency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERSION = "1"


class OfflineJudge:
    """Scores names by measurement alone: the same bytes for the same input on every machine, about 1 ms a name."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.spending = Spending()

    @property
    def card(self) -> JudgeCard:
        """Say who judges."""
        return make_card(
            kind="offline",
            model=f"namewright-offline-{VERSION}",
            rubric=self.rubric,
            parameters=dict(library_versions("wordninja")),
            folders=("_offline",),
        )

    def judge(self, tasks: Sequence[NamesTask], *, on_done: Callable[[], None] = lambda: None) -> list[NamesVerdict]:
        """Score each task's names."""
        verdicts = []
        for task in tasks:
            brief = read_brief(task.request.description)
            verdicts.append(NamesVerdict(names=tuple(self.score(domain, brief) for domain in task.domains)))
            on_done()
        return verdicts

    def score(self, domain: str, brief: Brief) -> NameScore:
        """Score one domain against a brief."""
        label, _ = split_domain(domain)
        fit, shape = fit_features(label, brief), shape_features(label)
        belongs, chosen = _probability("fit", fit), _probability("shape", shape)
        distinct, reasons = _distinctness(label)
        scores: dict[NameCriterion, float] = {
            "brandability": round(5 * distinct * chosen * (0.15 + 0.85 * belongs), 4),
            "memorability": round(5 * memorability(label) * chosen, 4),
            "quality": round(5 * quality(label) * chosen, 4),
        }
        return NameScore(
            domain=domain, score=name_score(self.rubric, scores), reasons=(*_fit_reasons(fit), *reasons), **scores
        )


def memorability(label: str) -> float:
    """Estimate how well a label is remembered, 0 to 1: short, sayable, of few and uncommon parts."""
    traits = name_traits(label)
    short = 1 / (1 + math.exp((traits.length - 14) / 3))
    few = {1: 1.0, 2: 0.95, 3: 0.7}.get(len(traits.words), 0.4)
    rarity = sum(1 / (1 + 10 ** (word_frequency(word) - 5.2)) for word in traits.words) / max(1, len(traits.words))
    return short * few * (0.4 + 0.6 * rarity) * (0.3 + 0.7 * traits.pronounceability)


def quality(label: str) -> float:
    """Estimate how well a label reads, sounds and types, 0 to 1."""
    traits = name_traits(label)
    length = 1.0 if 4 <= traits.length <= 12 else max(0.0, 1 - abs(traits.length - 8) / 16)  # noqa: PLR2004
    clean = 0.75 ** label.count("-") * (0.6 if any(c.isdigit() for c in label) else 1.0)
    clean *= 0.1 if traits.hazards else 1.0
    return length * clean * traits.pronounceability


def _distinctness(label: str) -> tuple[float, tuple[str, ...]]:
    traits = name_traits(label)
    if traits.brand:
        return 0.1, (f"could be taken for {traits.brand}",)
    if traits.hazards:
        return 0.1, (f"holds {traits.hazards[0]}",)
    if traits.is_common_word:
        return 0.6, ("a single common word",)
    return 1.0, ()


def _fit_reasons(fit: Features) -> tuple[str, ...]:
    if fit["same_word"] > 0:
        return ("shares a word with the description",)
    if fit["nearest"] > 0.5:  # noqa: PLR2004 - related words
        return ("a word close to the description",)
    return ()


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    text = files("namewright.judge._offline").joinpath("data/weights.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded


def _probability(model: str, features: Features) -> float:
    weights = _weights()[model]
    z = weights["intercept"] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
