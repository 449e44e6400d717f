"""The guard: fold, rules, classifier, further readings, decision."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Final

from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._model import HEARD_FROM, default_model
from namewright.guard._policy import DEFAULT_THRESHOLDS, Policy, phrase_pattern, read_policy
from namewright.guard._result import CATEGORIES, SAFE, GuardResult
from namewright.guard._rules import rule_book
from namewright.guard._words import COMMON_RANK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from namewright.guard._model import Model

_LONG_NUMBER: Final = 8
_FAILED_CATEGORY: Final = "illegal"
_ADDRESS: Final = re.compile(r"(?<!\w)(?:https?://(?:www\.)?|www\.)(?=\w)")
"""How a web address begins, which says nothing, and would be words of their own."""


class Guard:
    """Says whether a request, or a domain name, is safe.

    It is cheap to make and safe to share between threads. Whatever goes wrong inside, it answers: a text that it
    cannot judge is blocked, with `execution_failed`.

    Args:
        policy: Thresholds, allow and deny lists; by default the measured ones.
        model: The classifier; by default the one that ships with the package.
    """

    def __init__(self, policy: Policy | None = None, *, model: Model | None = None) -> None:
        self.policy = policy or Policy()
        self._model = model
        self.policy_version = self.policy.version
        self._lowest = min(0.5, *map(self.policy.threshold, CATEGORIES))
        self._off = frozenset(category for category in CATEGORIES if self.policy.threshold(category) > 1.0)
        self._allowed = phrase_pattern(self.policy.allow)
        self._denied = [
            (phrase_pattern([phrase for phrase, of in self.policy.deny if of == category]), category)
            for category in dict.fromkeys(of for _, of in self.policy.deny)
        ]
        lowered = any(self.policy.threshold(category) < usual for category, usual in DEFAULT_THRESHOLDS.items())
        self._heard_from = -inf if lowered else HEARD_FROM

    @classmethod
    def from_policy(cls, path: str | Path) -> Guard:
        """Make a guard with the policy of a YAML file.

        Raises:
            PolicyError: the file cannot be read, or says something impossible.
        """
        return cls(read_policy(path))

    def check(self, text: str) -> GuardResult:
        """Judge a text that somebody wrote, such as the description of a business."""
        try:
            return self._judge(text)
        except Exception as error:  # noqa: BLE001 - a guard that fails has to fail closed
            return self._failed(error)

    def check_many(self, texts: Iterable[str]) -> list[GuardResult]:
        """Judge many texts, each as `check` does."""
        check = self.check
        return [check(text) for text in texts]

    def check_domain(self, domain: str) -> GuardResult:
        """Judge a domain name that a model suggested; stricter than `check`, since a name may not even read badly."""
        try:
            from namewright.guard._domain import check_name  # noqa: PLC0415 - half of the services never suggest a name

            found = check_name(domain, self.policy, self._off)
            return self._block(found[0], 1.0, found[1]) if found else self._allow(0.0)
        except Exception as error:  # noqa: BLE001 - a guard that fails has to fail closed
            return self._failed(error)

    def _judge(self, text: str) -> GuardResult:
        if not isinstance(text, str):
            msg = f"a text is wanted, not {type(text).__name__}"
            raise TypeError(msg)
        if len(text) > self.policy.max_characters:
            return self._block(_FAILED_CATEGORY, 1.0, f"longer than {self.policy.max_characters:,} characters")
        folded = self._without_allowed(fold(text))
        sentences = _sentences(folded)
        model = self._model or default_model()
        result = self._judge_sentences(folded, sentences, model)
        if result.blocked or not _may_hide(sentences, folded, model):
            return result
        from namewright.guard._views import views  # noqa: PLC0415 - its patterns are a tenth of the cold start

        for reading in views(text):
            shown = self._without_allowed(reading)
            hidden = self._judge_sentences(shown, _sentences(shown), model)
            if hidden.blocked:
                return hidden
        return result

    def _judge_sentences(self, folded: str, sentences: list[list[str]], model: Model) -> GuardResult:
        for phrases, category in self._denied:
            if phrases.search(folded):
                return self._block(category, 1.0, "policy: denied phrase")
        rule = rule_book().match([word for sentence in sentences for word in sentence], self._off)
        if rule:
            return self._block(rule.category, 1.0, f"rule: {rule.name}")
        worst, passed = 0.0, ""
        for score, words in model.judge(sentences, self._heard_from):
            worst = max(worst, score)
            if score < self._lowest:
                break
            category = model.category(words)
            if score >= self.policy.threshold(category):
                return self._block(category, score, "classifier")
            passed = passed or f"below the threshold of {category}"
        return self._allow(worst, passed or "nothing found")

    def _without_allowed(self, folded: str) -> str:
        return self._allowed.sub(" ", folded) if self.policy.allow else folded

    def _allow(self, score: float, reason: str = "nothing found") -> GuardResult:
        return GuardResult(False, SAFE, score, reason, self.policy_version)  # noqa: FBT003

    def _block(self, category: str, score: float, reason: str) -> GuardResult:
        return GuardResult(True, category, score, reason, self.policy_version)  # noqa: FBT003

    def _failed(self, error: Exception) -> GuardResult:
        reason = f"the guard failed: {type(error).__name__}"
        return GuardResult(True, _FAILED_CATEGORY, 1.0, reason, self.policy_version, True)  # noqa: FBT003


def _sentences(folded: str) -> list[list[str]]:
    return sentences_of(_ADDRESS.sub("", folded))


def _may_hide(sentences: list[list[str]], folded: str, model: Model) -> bool:
    """Say whether a text has anything in it that could be something else in disguise: no common word, or a long number."""
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return bool(folded.strip())
    known = model.vocabulary.ranks
    for word in words:
        if known.get(word, len(known)) > COMMON_RANK and (not word.isdigit() or len(word) >= _LONG_NUMBER):
            return True
    return (
        "%" in folded
        or "&" in folded
        or "*" in folded
        or "|" in folded
        or len(words) > 5 * sum(map(str.isalpha, words))
    )
