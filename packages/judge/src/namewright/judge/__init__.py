"""Scores domain name suggestions: gates, an offline judge, an LLM judge, canaries, intervals and a report."""

from namewright.judge._evaluation.evaluate import Evaluation, evaluate
from namewright.judge._offline import OfflineJudge
from namewright.judge._scoring.judges import Judge, NamesTask, NamesVerdict
from namewright.judge._scoring.rows import Prediction, judge_rows
from namewright.judge._scoring.rubric import load_rubric
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
