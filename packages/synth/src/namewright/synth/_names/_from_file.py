"""A file of requests, answered by the rules: the prediction rows that `synth names` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.shared import BadInputError, PredictionRow, Request
from namewright.shared.jsonl import FieldError, numbered_rows
from namewright.synth._names._from_text import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from namewright.shared import RejectedLine

_NO_ANSWER = ""
"""The response where no name was found: a judge counts it as an empty answer, and not as a refusal."""


def answers(path: Path, *, seed: int, on_bad_line: Callable[[RejectedLine], None]) -> Iterator[PredictionRow]:
    """Answer a file of Requests, or of envelopes `{"id"?, "request", "expected"?, ...}`; a row without id is `line-N`.

    Raises:
        BadInputError: the file cannot be read, or has no line that says anything.
    """
    ids: dict[str, int] = {}
    lines = 0

    def parse(number: int, value: Any) -> PredictionRow:  # noqa: ANN401 - JSON is whatever it is
        nonlocal lines
        lines += 1
        row = _unanswered(number, value)
        if row.id in ids:
            raise FieldError("id", f"{row.id!r} stands in line {ids[row.id]} too")
        ids[row.id] = number
        return row

    def keep(rejected: RejectedLine) -> None:
        nonlocal lines
        lines += 1
        on_bad_line(rejected)

    for row in numbered_rows(path, parse, on_bad_line=keep):
        yield row.model_copy(update={"response": answer(row.request, seed=seed) or _NO_ANSWER})
    if not lines:
        raise BadInputError(f"{path}: there is no request in it")


def _unanswered(number: int, value: Any) -> PredictionRow:  # noqa: ANN401 - JSON is whatever it is
    if not isinstance(value, dict):
        raise FieldError("row", f"a request, or an object with `request`, is wanted (found {type(value).__name__})")
    envelope = value if "request" in value else {"request": value}
    identity, expected = envelope.get("id"), envelope.get("expected", envelope.get("expected_status"))
    if identity is None:
        identity = f"line-{number}"
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise FieldError("id", f"a text or a whole number is wanted (found {type(identity).__name__})")
    return PredictionRow(
        id=str(identity),
        request=Request.model_validate(envelope["request"]),
        expected=expected if expected in ("success", "blocked") else None,
        response=_NO_ANSWER,
    )
