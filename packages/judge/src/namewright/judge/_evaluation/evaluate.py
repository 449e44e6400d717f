"""One evaluation: judge the rows, run the canaries, sum up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.judge._evaluation.canaries import run_canaries
from namewright.judge._evaluation.summary import summarise
from namewright.judge._scoring.rows import Prediction, judge_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from namewright.judge._scoring.judges import Judge
    from namewright.judge._scoring.rubric import Rubric
    from namewright.judge.records import JudgedRow, Summary


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Judged rows, and their summary."""

    rows: list[JudgedRow]
    summary: Summary


def evaluate(
    predictions: Sequence[Prediction],
    judge: Judge,
    rubric: Rubric,
    *,
    on_done: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Judge predictions and sum up; the canaries go through the same judge."""
    rows = judge_rows(predictions, judge, rubric, on_done=on_done)
    canaries = run_canaries(judge, rubric)
    return Evaluation(rows, summarise(rows, judge.card, canaries, judge.spending))
