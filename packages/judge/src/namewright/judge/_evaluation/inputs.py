"""Reading predictions, from our own suggester or from anywhere else."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from namewright.judge._scoring.rows import Prediction
from namewright.shared import BadInputError, Rejections, Request, read_rows
from namewright.shared.jsonl import FieldError, expected_of, explain
from namewright.shared.schemas import Domain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_DOMAIN: TypeAdapter[str] = TypeAdapter(Domain)


def read_predictions(path: Path, rejections: Rejections, requests: Path | None = None) -> list[Prediction]:
    """Read one prediction a line: `id`, `response`, and where known `request`, `expected` and `run`.

    Other keys are ignored, so that files from other suggesters can be judged as they are.

    Args:
        path: The predictions.
        rejections: Takes the lines that cannot be read, of either file; an id that stood before is one.
        requests: A file with `id`, `request` and `expected` (or `expected_status`), joined by id to predictions that
            lack them.
    """
    predictions = list(read_rows(path, _once(_parse_prediction), on_bad_line=rejections))
    if requests is None:
        return predictions
    known = {row.id: row for row in read_rows(requests, _once(_parse_request), on_bad_line=rejections)}
    if predictions and not any(prediction.id in known for prediction in predictions):
        msg = f"{requests}: not one id of {path} is in it"
        raise BadInputError(msg)
    return [_join(prediction, known) for prediction in predictions]


def _once(parse: Callable[[Any], Prediction]) -> Callable[[Any], Prediction]:
    """Make a parser refuse a row whose id, with its run where it has one, has come before."""
    seen: set[tuple[str, str | int]] = set()

    def parse_once(row: Any) -> Prediction:  # noqa: ANN401 - JSON is whatever it is
        parsed = parse(row)
        if (key := (parsed.run or "", parsed.id)) in seen:
            raise FieldError("id", f"{parsed.id!r} stood before; ids tell rows apart (with `run`, where there is one)")
        seen.add(key)
        return parsed

    return parse_once


def _join(prediction: Prediction, known: Mapping[str | int, Prediction]) -> Prediction:
    other = known.get(prediction.id)
    if other is None:
        return prediction
    return replace(
        prediction, request=prediction.request or other.request, expected=prediction.expected or other.expected
    )


def _parse_prediction(row: Any) -> Prediction:  # noqa: ANN401 - JSON is whatever it is
    response = object_of(row)["response"]
    if response is not None and not isinstance(response, str | dict):
        raise TypeError("response: the raw text, or the parsed object, is wanted")
    run = row.get("run")
    return Prediction(
        id=_id(row["id"]),
        response=response,
        request=_request(row.get("request")),
        expected=expected_of(row),
        run=str(run) if run is not None else None,
    )


def _parse_request(row: Any) -> Prediction:  # noqa: ANN401 - JSON is whatever it is
    return Prediction(
        id=_id(object_of(row)["id"]), response=None, request=_request(row["request"]), expected=expected_of(row)
    )


def object_of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is whatever it is
    """Take a row that is an object, and no other."""
    if not isinstance(row, dict):
        raise TypeError("row: an object is wanted")
    return row


def domain_of(row: Mapping[str, object], field: str) -> str:
    """Read a field that holds a domain; upper case is read as lower."""
    value = row[field]
    try:
        return _DOMAIN.validate_python(value.lower() if isinstance(value, str) else value)
    except ValidationError as error:
        raise FieldError(field, f"a domain is wanted, like brewhaven.com (found {value!r})") from error


def number_of(value: object, field: str) -> float:
    """Read a number; one that no float can hold is none, and JSON has no infinite ones."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > sys.float_info.max:
        raise FieldError(field, f"a number is wanted (found {str(value)[:40]!r})")
    return float(value)


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
