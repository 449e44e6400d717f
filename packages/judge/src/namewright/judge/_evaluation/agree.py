"""Does the judge agree with people?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.judge._evaluation.inputs import domain_of, number_of, object_of
from namewright.judge._scoring.judges import Judge, NamesTask
from namewright.judge._statistics import krippendorff_alpha, spearman, weighted_kappa
from namewright.judge.records import NAME_CRITERIA
from namewright.shared import BadInputError, NamewrightError, Request, read_rows
from namewright.shared.jsonl import FieldError
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from pathlib import Path

_CATEGORIES = 6
"""Whole scores from 0 to 5."""


class Agreement(Schema):
    """How far a judge agrees with people.

    Attributes:
        judge: Fingerprint of the judge.
        names: How many labelled names there were.
        unscored: How many of them the judge could not score.
        raters: How many people labelled.
        kappa: Quadratically weighted kappa of the judge's score and the people's mean, both to the nearest whole.
        spearman: Rank correlation of the judge's score and the people's mean.
        alpha: Krippendorff's alpha (interval) of the judge and the people's mean as two raters.
        alpha_people: The same among the people alone: what a judge can be measured against. Null for one rater.
    """

    judge: str
    names: int
    unscored: int
    raters: int
    kappa: float | None
    spearman: float | None
    alpha: float | None
    alpha_people: float | None


def agree(judge: Judge, labels: Path) -> Agreement:
    """Compare a judge's scores with people's labels.

    Raises:
        BadInputError: the file cannot be read, or a row is not as it should be.
        NamewrightError: the judge scored nothing.
    """
    rows = list(read_rows(labels, _parse_label))
    if not rows:
        msg = f"{labels}: there is no label in it"
        raise BadInputError(msg)
    verdicts = judge.judge([NamesTask(request, (domain,)) for request, domain, _, _ in rows])
    if all(verdict.unscored for verdict in verdicts):
        msg = f"the judge scored none of {len(rows)} names: {verdicts[0].unscored}"
        raise NamewrightError(msg)
    scored = [
        (float(getattr(verdict.names[0], criterion)), ratings)
        for (_, _, criterion, ratings), verdict in zip(rows, verdicts, strict=True)
        if not verdict.unscored
    ]
    raters = sorted({rater for _, _, _, ratings in rows for rater in ratings})
    ours = [score for score, _ in scored]
    people = [sum(ratings.values()) / len(ratings) for _, ratings in scored]
    return Agreement(
        judge=judge.card.fingerprint,
        names=len(rows),
        unscored=len(rows) - len(scored),
        raters=len(raters),
        kappa=_known(weighted_kappa([_whole(s) for s in ours], [_whole(s) for s in people], _CATEGORIES)),
        spearman=_known(spearman(ours, people)),
        alpha=_known(krippendorff_alpha([list(pair) for pair in zip(ours, people, strict=True)])),
        alpha_people=_known(krippendorff_alpha([[ratings.get(r) for r in raters] for _, _, _, ratings in rows])),
    )


def _whole(score: float) -> int:
    return int(score + 0.5)


def _known(value: float) -> float | None:
    return None if value != value else round(value, 4)  # noqa: PLR0124 - nan alone differs from itself


def _parse_label(row: Any) -> tuple[Request, str, str, dict[str, float]]:  # noqa: ANN401 - JSON is whatever it is
    request = object_of(row)["request"] if "request" in row else row["description"]
    criterion = row.get("criterion", "score")
    if criterion not in {*NAME_CRITERIA, "score"}:
        raise FieldError("criterion", f"one of {', '.join(NAME_CRITERIA)} or score is wanted (found {criterion!r})")
    field = "labels" if "labels" in row else "label"
    given = row[field] if field == "labels" else [row[field]]
    if not isinstance(given, dict | list):
        raise FieldError(field, f"numbers by rater, or a list of numbers, are wanted (found {given!r})")
    pairs = given.items() if isinstance(given, dict) else enumerate(given)
    ratings = {str(rater): number_of(value, field) for rater, value in pairs if value is not None}
    if not ratings or not all(0 <= value <= 5 for value in ratings.values()):  # noqa: PLR2004 - the scale
        raise FieldError(field, "at least one number from 0 to 5 is wanted, and none beyond")
    parsed = Request.model_validate({"description": request} if isinstance(request, str) else request)
    return parsed, domain_of(row, "domain"), criterion, ratings
