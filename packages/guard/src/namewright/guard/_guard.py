"""The guard: fold, rules, classifier, further readings, decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from namewright.guard._domain import check_name
from namewright.guard._fold import fold
from namewright.guard._result import SAFE, GuardResult
from namewright.guard._rules import rule_book
from namewright.guard._views import views

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKENS: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


class Guard:
    """Says whether a request, or a domain name, is safe.

    It is cheap to make and safe to share between threads. Whatever goes wrong inside, it answers: a text that it
    cannot judge is blocked, with `execution_failed`.
    """

    def __init__(self) -> None:
        self.policy_version = "default-1"

    def check(self, text: str) -> GuardResult:
        """Judge a text that somebody wrote, such as the description of a business."""
        try:
            return self._judge(text)
        except Exception as error:  # noqa: BLE001 - a guard that fails has to fail closed
            return self._failed(error)

    def check_many(self, texts: Iterable[str]) -> list[GuardResult]:
        """Judge many texts, each as `check` does."""
        return [self.check(text) for text in texts]

    def check_domain(self, domain: str) -> GuardResult:
        """Judge a domain name that a model suggested; stricter than `check`, since a name may not even read badly."""
        try:
            bad = check_name(domain)
            if bad:
                category, reason = bad
                return GuardResult(True, category, 1.0, reason, self.policy_version)  # noqa: FBT003
            return GuardResult(False, SAFE, 0.0, "nothing found", self.policy_version)  # noqa: FBT003
        except Exception as error:  # noqa: BLE001 - a guard that fails has to fail closed
            return self._failed(error)

    def _judge(self, text: str) -> GuardResult:
        for reading in (fold(text), *views(text)):
            rule = rule_book().match(_TOKENS.findall(reading))
            if rule:
                return GuardResult(True, rule.category, 1.0, f"rule: {rule.name}", self.policy_version)  # noqa: FBT003
        return GuardResult(False, SAFE, 0.0, "nothing found", self.policy_version)  # noqa: FBT003

    def _failed(self, error: Exception) -> GuardResult:
        return GuardResult(True, "illegal", 1.0, f"the guard failed: {type(error).__name__}", self.policy_version, True)  # noqa: FBT003
