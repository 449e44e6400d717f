"""Reading predictions, from our own suggester or from anywhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from namewright.judge._scoring.rows import Prediction
from namewright.shared import BadInputError, Rejections, Request, read_rows
from namewright.shared.jsonl import explain
from namewright.shared.schemas import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


def read_predictions(path: Path, rejections: Rejections, requests: Path | None = None) -> list[Prediction]:
    """Read one prediction a line: `id`, `response`, and where known `request`, `expected` and `run`.

    Other keys are ignored, so that files from other suggesters can be judged as they are.

    Args:
        path: The predictions.
        rejections: Takes the lines that cannot be read.
        requests: A file with `id`, `request` and `expected` (or `expected_status`), joined by id to predictions that
            lack them.
    """
    predictions = list(read_rows(path, _parse_prediction, on_bad_line=rejections))
    seen: set[tuple[str, str | int]] = set()
    for prediction in predictions:
        if (key := (prediction.run or "", prediction.id)) in seen:
            msg = f"{path}: the id {prediction.id!r} stands twice; ids tell rows apart (with `run`, where there is one)"
            raise BadInputError(msg)
        seen.add(key)
    if requests is None:
        return predictions
    known = {row.id: row for row in read_rows(requests, _parse_request)}
    if predictions and not any(prediction.id in known for prediction in predictions):
        msg = f"{requests}: not one id of {path} is in it"
        raise BadInputError(msg)
    return [_join(prediction, known) for prediction in predictions]


def _join(prediction: Prediction, known: Mapping[str | int, Prediction]) -> Prediction:
    other = known.get(prediction.id)
    if other is None:
        return prediction
    return replace(
        prediction, request=prediction.request or other.request, expected=prediction.expected or other.expected
    )


def _parse_prediction(row: Any) -> Prediction:  # noqa: ANN401 - JSON is whatever it is
    if not isinstance(row, dict):
        raise TypeError("row: an object is wanted")
    response = row["response"]
    if response is not None and not isinstance(response, str | dict):
        raise TypeError("response: the raw text, or the parsed object, is wanted")
    run = row.get("run")
    return Prediction(
        id=_id(row["id"]),
        response=response,
        request=_request(row.get("request")),
        expected=_expected(row),
        run=str(run) if run is not None else None,
    )


def _parse_request(row: Any) -> Prediction:  # noqa: ANN401 - JSON is whatever it is
    if not isinstance(row, dict):
        raise TypeError("row: an object is wanted")
    return Prediction(id=_id(row["id"]), response=None, request=_request(row["request"]), expected=_expected(row))


def _id(value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise TypeError("id: a text or a whole number is wanted")
    return value


def _request(value: object) -> Request | None:
    if value is None:
        return None
    try:
        return Request.model_validate({"description": value} if isinstance(value, str) else value)
    except ValidationError as error:
        msg = f"request: {explain(error)}"
        raise ValueError(msg) from error


def _expected(row: dict[str, Any]) -> Outcome | None:
    value = row.get("expected", row.get("expected_status"))
    if value is None:
        return None
    try:
        return _OUTCOME.validate_python(value)
    except ValidationError as error:
        msg = f"expected: 'success' or 'blocked' is wanted (found {value!r})"
        raise ValueError(msg) from error
