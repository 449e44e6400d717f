"""What a judge is: something that scores the names of many answers, and says who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from namewright.judge.records import JudgeCard, NameScore, Spending
    from namewright.shared import Request


@dataclass(frozen=True, slots=True)
class NamesTask:
    """The names of one answer that no gate has stopped, and what was asked for."""

    request: Request
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamesVerdict:
    """Scores for the names of a task, in its order; or none, and why."""

    names: tuple[NameScore, ...] = ()
    unscored: str = ""


class Judge(Protocol):
    """Scores names. Two judges with one fingerprint give the same scores."""

    @property
    def spending(self) -> Spending:
        """What judging has cost so far."""

    @property
    def card(self) -> JudgeCard:
        """Say who judges."""

    def judge(self, tasks: Sequence[NamesTask], *, on_done: Callable[[], None] = ...) -> list[NamesVerdict]:
        """Score each task's names, in the tasks' order; what cannot be scored says so and is never a zero."""
