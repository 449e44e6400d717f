"""Scores domain name suggestions: gates, an offline judge, an LLM judge, canaries, intervals and a report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from namewright.judge.records import (
    CRITERIA,
    GATES,
    GOOD_NAME,
    CanaryResult,
    Criterion,
    Gate,
    Interval,
    JudgeCard,
    JudgedRow,
    NameScore,
    Safety,
    Spending,
    Summary,
)

if TYPE_CHECKING:
    from namewright.judge._evaluation.evaluate import Evaluation, evaluate
    from namewright.judge._offline import OfflineJudge
    from namewright.judge._scoring.judges import Judge, NamesTask, NamesVerdict
    from namewright.judge._scoring.rows import Prediction, judge_rows
    from namewright.judge._scoring.rubric import load_rubric

__all__ = [
    "CRITERIA",
    "GATES",
    "GOOD_NAME",
    "CanaryResult",
    "Criterion",
    "Evaluation",
    "Gate",
    "Interval",
    "Judge",
    "JudgeCard",
    "JudgedRow",
    "NameScore",
    "NamesTask",
    "NamesVerdict",
    "OfflineJudge",
    "Prediction",
    "Safety",
    "Spending",
    "Summary",
    "evaluate",
    "judge_rows",
    "load_rubric",
]

_HOMES = {
    "Evaluation": "_evaluation.evaluate",
    "Judge": "_scoring.judges",
    "NamesTask": "_scoring.judges",
    "NamesVerdict": "_scoring.judges",
    "OfflineJudge": "_offline",
    "Prediction": "_scoring.rows",
    "evaluate": "_evaluation.evaluate",
    "judge_rows": "_scoring.rows",
    "load_rubric": "_scoring.rubric",
}


def __getattr__(name: str) -> object:
    """Import what computes when it is asked for (PEP 562): the command line sets numpy's threads first."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
