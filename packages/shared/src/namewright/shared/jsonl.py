"""Reading and writing JSON lines: every complaint names the file, the line and the field."""

from __future__ import annotations

import codecs
import json
import math
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from namewright.shared.errors import BadInputError
from namewright.shared.files import is_special, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from namewright.shared.schemas import Outcome

Row = TypeVar("Row")

MAX_LINE_BYTES = 1_000_000
"""A longer line is refused, and no more of it than this is held in memory: no row of ours comes near it."""
MAX_NESTING = 64
"""Deeper JSON is refused: pydantic stops writing at 255, and a row that is read has to be writable again."""


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that could not be read.

    Attributes:
        file: The file.
        line: Where it stands, counted from 1.
        reason: Why.
        text: What it held.
        field: The first field that is to blame; empty where it is the line.
    """

    file: str
    line: int
    reason: str
    text: str
    field: str = ""

    def __str__(self) -> str:
        """Say it as a compiler would: file, line, reason."""
        return f"{self.file}:{self.line}: {self.reason}"


class FieldError(ValueError):
    """A field's value cannot be taken; for what a parser finds wrong by itself."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{printable(field)}: {message}")
        self.field = field


def expected_of(row: Mapping[str, Any]) -> Outcome | None:
    """Read what the right answer's status is (`expected`, or `expected_status`); None where neither says anything.

    Raises:
        FieldError: it is no status.
    """
    for name in ("expected", "expected_status"):
        value = row.get(name)
        if value in ("success", "blocked"):
            return cast("Outcome", value)
        if value is not None:
            raise FieldError(name, f"'success' or 'blocked' is wanted (found {value!r})")
    return None


@dataclass(slots=True)
class Rejections:
    """The lines that a job could not read, kept aside so that nothing is lost."""

    lines: list[RejectedLine] = field(default_factory=list)

    def __call__(self, rejected: RejectedLine) -> None:
        """Keep a line aside; what `read_rows` wants for `on_bad_line`."""
        self.lines.append(rejected)

    def write_beside(self, output: Path) -> Path | None:
        """Write them to `<output>.rejected.jsonl`; returns its path, or None where there are none, or no file to write beside."""
        if is_special(output):
            return None  # beside /dev/null is no place
        path = output.with_name(f"{output.name}.rejected.jsonl")
        if not self.lines:
            path.unlink(missing_ok=True)
            return None
        with write_whole(path) as file:
            for rejected in self.lines:
                row = {"file": rejected.file, "line": rejected.line, "reason": rejected.reason, "text": rejected.text}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return path


def read_rows(
    path: Path,
    parse: Callable[[Any], Row],
    *,
    on_bad_line: Callable[[RejectedLine], None] | None = None,
) -> Iterator[Row]:
    """Read a file of JSON lines, one row at a time, with constant memory; blank lines are passed over.

    Args:
        path: The file, in UTF-8.
        parse: Makes a row of a parsed line, for instance `Request.model_validate`.
        on_bad_line: What to do with a line that cannot be read. Without it the first one ends the reading.

    Raises:
        BadInputError: the file cannot be read, is not UTF-8, or has a bad line and nobody to take it.
    """
    return numbered_rows(path, lambda _number, value: parse(value), on_bad_line=on_bad_line)


def numbered_rows(
    path: Path,
    parse: Callable[[int, Any], Row],
    *,
    on_bad_line: Callable[[RejectedLine], None] | None = None,
) -> Iterator[Row]:
    """Read as `read_rows` does, with a parser that also takes the line's number, counted from 1, blank lines too."""
    for number, raw in _numbered_lines(path):
        try:
            row = parse(number, _parse_line(raw))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            rejected = RejectedLine(str(path), number, explain(error), _as_text(raw), _field_of(error))
            if on_bad_line is None:
                raise BadInputError(str(rejected)) from error
            on_bad_line(rejected)
            continue
        yield row


def explain(error: Exception) -> str:
    """Say in one line what is wrong with a value: the field, what was found, what is wanted."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{_place(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}{_found(problem['input'])}"
            for problem in error.errors(include_url=False)
        )
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8: byte 0x{error.object[error.start]:02x} at position {error.start}"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
    if isinstance(error, RecursionError):
        return "not JSON that can be read: nested too deeply"
    if isinstance(error, KeyError):
        return f"{error.args[0]}: this field is missing"
    return " ".join(str(error).split())


def printable(text: str) -> str:
    """Write what would move a terminal's cursor or change its colours as an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _place(location: tuple[int | str, ...]) -> str:
    return printable(".".join(map(str, location))) or "row"


def _field_of(error: Exception) -> str:
    """Name the first field that `explain` blames; empty where it blames none."""
    if isinstance(error, ValidationError):
        return _place(error.errors(include_url=False)[0]["loc"])
    if isinstance(error, FieldError):
        return printable(error.field)
    return str(error.args[0]) if isinstance(error, KeyError) else ""


def _found(value: object) -> str:
    if value is None or isinstance(value, str | int | float | bool):
        text = repr(value)
        return f" (found {text[:57] + '...' if len(text) > 60 else text})"  # noqa: PLR2004 - a line's length
    return ""


def write_rows(path: Path, rows: Iterable[BaseModel | dict[str, Any]]) -> int:
    """Write JSON lines, whole or not at all; returns how many. Fields that are None are left out."""
    written = 0
    with write_whole(path) as file:
        for row in rows:
            file.write(dump_row(row) + "\n")
            written += 1
    return written


def dump_row(row: BaseModel | dict[str, Any]) -> str:
    """Write one row as a line of JSON, without its line end.

    Raises:
        ValueError: it holds what JSON does not know (NaN, infinity).
    """
    if isinstance(row, BaseModel):
        row = row.model_dump(mode="json", exclude_none=True)
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def _parse_line(raw: bytes) -> Any:  # noqa: ANN401 - JSON is whatever it is
    if len(raw) > MAX_LINE_BYTES:
        msg = f"the line has more than the {MAX_LINE_BYTES:,} bytes that are read"
        raise ValueError(msg)
    value = json.loads(
        raw.rstrip(b"\r\n").decode("utf-8"),
        parse_constant=refuse_constant,
        parse_float=_finite,
        object_pairs_hook=refuse_twins,
    )
    if raw.count(b"[") + raw.count(b"{") > MAX_NESTING and _nesting(value) > MAX_NESTING:
        raise RecursionError
    if b"\\ud" in raw.lower():
        _refuse_lone_surrogates(value)
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        msg = f"{text} is more than a number can hold"
        raise ValueError(msg)
    return number


def _nesting(value: object) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth


def _refuse_lone_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        msg = f"\\u{ord(error.object[error.start]):04x} is half of a character (a lone surrogate)"
        raise ValueError(msg) from error


def _as_text(raw: bytes) -> str:
    """Keep a line as text, with bytes that are not UTF-8 as escapes, so that they can be told again."""
    return raw.decode("utf-8", "backslashreplace").rstrip("\r\n")


def refuse_constant(name: str) -> Any:  # noqa: ANN401
    """Refuse NaN and infinity; what `json.loads` wants for `parse_constant`.

    Raises:
        ValueError: always.
    """
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of a JSON object's fields; what `json.loads` wants for `object_pairs_hook`.

    Raises:
        ValueError: a field stands twice, of which `json` alone would keep the last.
    """
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        raise FieldError(next(key for key in keys if keys.count(key) > 1), "this field stands twice")
    return row


def _numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            for number in count(1):
                raw = file.readline(MAX_LINE_BYTES + 1)
                if not raw:
                    return
                rest = raw
                while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                    rest = file.readline(MAX_LINE_BYTES + 1)
                if number == 1:
                    raw = raw.removeprefix(codecs.BOM_UTF8)
                if raw.strip():
                    yield number, raw
    except FileNotFoundError as error:
        msg = f"{path}: there is no such file"
        raise BadInputError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise BadInputError(msg) from error
