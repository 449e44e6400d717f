"""From predictions to judged rows: gates first, then a judge for what no gate has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from namewright.judge._scoring.answers import Answer, read_answer
from namewright.judge._scoring.gates import find_gate
from namewright.judge._scoring.judges import Judge, NamesTask, NamesVerdict
from namewright.judge._scoring.rubric import Rubric, composite
from namewright.judge._scoring.whole import adherence, diversity
from namewright.judge.records import NAME_CRITERIA, Criterion, Gate, JudgedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import BaseModel

    from namewright.shared import Request
    from namewright.shared.schemas import Outcome


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer to be judged; the request and what was expected may be unknown."""

    id: str | int
    response: BaseModel | str | dict[str, Any] | None
    request: Request | None = None
    expected: Outcome | None = None
    run: str | None = None


def judge_rows(
    predictions: Sequence[Prediction],
    judge: Judge,
    rubric: Rubric,
    *,
    on_done: Callable[[], None] = lambda: None,
) -> list[JudgedRow]:
    """Judge predictions, in their order. A judge is asked about none that a gate has stopped."""
    answers = [read_answer(prediction.response) for prediction in predictions]
    gates = [find_gate(a, p.request, p.expected) for a, p in zip(answers, predictions, strict=True)]
    tasks = {
        index: NamesTask(prediction.request, answer.domains)
        for index, (prediction, answer, gate) in enumerate(zip(predictions, answers, gates, strict=True))
        if gate is None and prediction.request is not None and answer.domains
    }
    for _ in range(len(predictions) - len(tasks)):
        on_done()
    verdicts = dict(zip(tasks, judge.judge(list(tasks.values()), on_done=on_done), strict=True))
    fingerprint = judge.card.fingerprint
    return [
        _row(prediction, answer, gate, verdicts.get(index), rubric, fingerprint)
        for index, (prediction, answer, gate) in enumerate(zip(predictions, answers, gates, strict=True))
    ]


def _row(
    prediction: Prediction,
    answer: Answer,
    gate: tuple[Gate, str] | None,
    verdict: NamesVerdict | None,
    rubric: Rubric,
    fingerprint: str,
) -> JudgedRow:
    common: dict[str, Any] = {
        "id": prediction.id,
        "run": prediction.run,
        "request": prediction.request,
        "expected": prediction.expected,
        "status": answer.response.status if answer.response else None,
        "judge": fingerprint,
        "gate": gate[0] if gate else None,
        "scored": True,
        "scores": {},
        "names": (),
        "reasons": (gate[1],) if gate else (),
    }
    if gate:
        return JudgedRow(**common, composite=0.0)
    if prediction.expected == "blocked":
        return JudgedRow(**common, composite=5.0)
    if verdict is None or prediction.request is None:
        common |= {"scored": False, "reasons": ("the request is unknown, so nothing can be said of a fit",)}
        return JudgedRow(**common, composite=None)
    if verdict.unscored:
        common |= {"scored": False, "reasons": (verdict.unscored,)}
        return JudgedRow(**common, composite=None)
    obeyed, reasons = adherence(prediction.request, answer.domains)
    scores: dict[Criterion, float] = {
        name: round(sum(getattr(n, name) for n in verdict.names) / len(verdict.names), 4) for name in NAME_CRITERIA
    }
    scores |= {"adherence": obeyed, "diversity": diversity(answer.domains)}
    common |= {"scores": scores, "names": verdict.names, "reasons": reasons}
    return JudgedRow(**common, composite=composite(rubric, scores))
