"""The offline judge: brandability, memorability and quality of a name, by measurement."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from namewright.judge._offline.affinity import sense_text
from namewright.judge._offline.brief import Brief, read_brief, sentences
from namewright.judge._offline.encoder import encode_all
from namewright.judge._offline.features import Features, fit_features, shape_features
from namewright.judge._offline.memorability import memorability
from namewright.judge._scoring.fingerprint import make_card
from namewright.judge._scoring.judges import NamesTask, NamesVerdict
from namewright.judge._scoring.rubric import Rubric, name_score
from namewright.judge.records import JudgeCard, NameCriterion, NameScore, Spending
from namewright.shared import library_versions, split_domain
from namewright.shared.names import name_traits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERSION = "1"
_STEEPNESS, _LEVEL = 1.1, 0.3
"""Put the median real product name of the fitting data at about 3.5 of 5 for its own description."""
_STRETCH = 0.5
"""Real names lie at 0.2 to 0.7 on the raw scale of memorability, and at 2.2 to 4.2 of 5 after its root."""
_CLOSE = 1.0
_BLOCK = 64
"""Answers whose texts are encoded together."""
_COMFORTABLE = (4, 12)


class OfflineJudge:
    """Scores names by measurement alone: the same bytes for the same input on every machine, a few milliseconds a name."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric

    @property
    def spending(self) -> Spending:
        """Nothing: it only measures."""
        return Spending()

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
        for place, task in enumerate(tasks):
            if place % _BLOCK == 0:
                block = tasks[place : place + _BLOCK]
                texts = [text for task in block for text in sentences(task.request.description)]
                encode_all([*texts, *(sense_text(split_domain(name)[0]) for task in block for name in task.domains)])
            brief = read_brief(task.request.description)
            verdicts.append(NamesVerdict(names=tuple(self.score(domain, brief) for domain in task.domains)))
            on_done()
        return verdicts

    def score(self, domain: str, brief: Brief) -> NameScore:
        """Score one domain against a brief."""
        label, _ = split_domain(domain)
        fit, shape = fit_features(label, brief), shape_features(label)
        belongs, chosen = _logit("fit", fit), _logit("shape", shape)
        doubt = _doubt(shape["ordered"]) + _doubt(chosen)
        distinct, reasons = _distinctness(label, describes=fit["same_word"] > 0)
        scores: dict[NameCriterion, float] = {
            "brandability": round(5 * distinct * _sigmoid(_STEEPNESS * (belongs - doubt) + _LEVEL), 4),
            "memorability": round(5 * memorability(label) ** _STRETCH, 4),
            "quality": round(5 * quality(label) * _sigmoid(chosen + 1.0), 4),
        }
        reasons = (*_fit_reasons(fit, belongs), *reasons, *_shape_reasons(label, chosen))
        return NameScore(domain=domain, score=name_score(self.rubric, scores), reasons=reasons, **scores)


def quality(label: str) -> float:
    """Estimate how well a label reads, sounds and types, 0 to 1.

    Full length from 4 to 12 characters (Verisign's domain studies put most registered .com names between 7 and 14);
    hyphens, digits and a letter three times in a row cost, and an unwanted word inside costs nearly all.
    """
    traits = name_traits(label)
    outside = max(_COMFORTABLE[0] - traits.length, traits.length - _COMFORTABLE[1], 0)
    length = max(0.0, 1 - outside / 14)
    clean = 0.75 ** label.count("-") * (0.6 if any(c.isdigit() for c in label) else 1.0)
    clean *= 0.1 if traits.hazards else 1.0
    clean *= 0.7 if any(a == b == c for a, b, c in zip(label, label[1:], label[2:], strict=False)) else 1.0
    words = {0: 0.5, 1: 1.0, 2: 1.0, 3: 0.85}.get(len(traits.words), 0.6)
    return length * clean * words * traits.pronounceability


def _doubt(log_odds: float) -> float:
    """Give minus the logarithm of a probability: what it takes off that a label, or the order of its letters, may be nobody's choice."""
    return -math.log(_sigmoid(log_odds))


def _distinctness(label: str, *, describes: bool) -> tuple[float, tuple[str, ...]]:
    """Say how far a label stands for itself; a common word is generic where it says what the business is, else arbitrary.

    (Abercrombie & Fitch v. Hunting World, 1976: an arbitrary mark is as strong as a coined one.)
    """
    traits = name_traits(label)
    if traits.brand:
        return 0.1, (f"could be taken for {traits.brand}",)
    if traits.hazards:
        return 0.1, (f"holds {traits.hazards[0]}",)
    if traits.is_common_word and describes:
        return 0.8, ("a common word for what the business does",)
    return 1.0, ()


def _fit_reasons(fit: Features, belongs: float) -> tuple[str, ...]:
    if fit["same_word"] > 0:
        return ("shares a word with the description",)
    if belongs > _CLOSE:
        return ("close to what the description says",)
    return ("little in it points to this business",) if belongs < 0 else ()


def _shape_reasons(label: str, chosen: float) -> tuple[str, ...]:
    traits = name_traits(label)
    found = {
        "hard to say": traits.pronounceability < 0.5,  # noqa: PLR2004
        "letters that look like chance": chosen < -1,
        "clutter (hyphens, digits)": "-" in label or any(c.isdigit() for c in label),
        "long": traits.length > 15,  # noqa: PLR2004
        "many words": len(traits.words) > 3,  # noqa: PLR2004
    }
    return tuple(reason for reason, holds in found.items() if holds)


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    text = files("namewright.judge._offline").joinpath("data/weights.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded


def _logit(model: str, features: Features) -> float:
    weights = _weights()[model]
    return weights["intercept"] + sum(weights[name] * value for name, value in features.items())


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
