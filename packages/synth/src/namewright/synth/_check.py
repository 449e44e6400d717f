"""What is wrong in a file of dataset rows, line by line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from namewright.shared import DatasetRow, RejectedLine, read_rows, split_domain, violations
from namewright.synth._dedupe import Seen, bands, normalise
from namewright.synth._names._maker import is_presentable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """Something wrong: the line (from 1), the field, and what it is."""

    line: int
    field: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def check_file(path: Path) -> Iterator[tuple[int, Problem | None]]:
    """Give each problem with the number of rows read so far, and at the end that number with None."""
    bad: list[RejectedLine] = []
    seen, ids, exact = Seen(), dict[str, int](), dict[str, int]()
    count = 0
    for line, row in _numbered(path, bad):
        yield from ((count, _of_line(rejected)) for rejected in bad)
        bad.clear()
        if row is None:
            break
        count += 1
        yield from ((count, Problem(line, *found)) for found in _problems(row, line, seen, ids, exact))
    yield count, None


def _numbered(path: Path, bad: list[RejectedLine]) -> Iterator[tuple[int, DatasetRow | None]]:
    lines = iter(_line_numbers(path))
    skipped: set[int] = set()

    def keep(rejected: RejectedLine) -> None:
        bad.append(rejected)
        skipped.add(rejected.line)

    for row in read_rows(path, DatasetRow.model_validate, on_bad_line=keep):
        number = next(number for number in lines if number not in skipped)
        yield number, row
    yield 0, None


def _line_numbers(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        yield from (number for number, raw in enumerate(file, start=1) if raw.strip())


def _of_line(rejected: RejectedLine) -> Problem:
    field, colon, message = rejected.reason.partition(": ")
    return Problem(rejected.line, field, message) if colon else Problem(rejected.line, "line", rejected.reason)


def _problems(
    row: DatasetRow, line: int, seen: Seen, ids: dict[str, int], exact: dict[str, int]
) -> Iterator[tuple[str, str]]:
    if row.id in ids:
        yield "id", f"{row.id} stands in line {ids[row.id]} too"
    ids.setdefault(row.id, line)
    text = normalise(row.request.description)
    keys = bands(row.request.description)
    if text in exact:
        yield "request.description", f"the same request stands in line {exact[text]}"
    elif seen.has(keys):
        yield "request.description", "an earlier line holds nearly the same request"
    exact.setdefault(text, line)
    seen.add(keys)
    labels = [split_domain(domain)[0] for domain in row.names]
    for domain, label in zip(row.names, labels, strict=True):
        if broken := violations(row.request, domain):
            yield "names", f"{domain} breaks the request's {', '.join(broken)}"
        elif not is_presentable(label):
            yield "names", f"{domain} is no name to learn from (hard to say, a single common word, or unfortunate)"
    if len(set(row.names)) < len(row.names):
        yield "names", "a name stands twice"
