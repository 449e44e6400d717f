"""One evaluation: judge the rows, run the canaries, sum up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.judge._evaluation.canaries import CANARIES, canary_results
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
    """Judge predictions and sum up; the canaries go through the same judge, before and in one call with them.

    What a judge says that it will cost is then said of all, and where its money ends, rows are missing and no canary.
    `on_done` is called for each canary too.
    """
    judged = judge_rows([*CANARIES, *predictions], judge, rubric, on_done=on_done)
    rows = judged[len(CANARIES) :]
    canaries = canary_results(judged[: len(CANARIES)])
    return Evaluation(rows, summarise(rows, judge.card, canaries, judge.spending))


def nothing_scored(evaluation: Evaluation) -> str:
    """Say why an evaluation measured nothing, with the first row's reason; empty where any row has a score."""
    if not evaluation.rows or any(row.scored for row in evaluation.rows):
        return ""
    return f"none of {len(evaluation.rows)} rows could be scored: {evaluation.rows[0].reasons[0]}"
