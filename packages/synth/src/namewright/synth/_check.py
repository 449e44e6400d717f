"""What is wrong in a file of dataset rows, line by line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from namewright.shared import DatasetRow, split_domain, violations
from namewright.shared.jsonl import numbered_rows, printable
from namewright.synth._dedupe import Seen, bands, normalise
from namewright.synth._names._maker import is_presentable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from namewright.shared import RejectedLine


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
    bad: list[Problem] = []
    seen, ids, exact = Seen(), dict[str, int](), dict[str, int]()
    count, empty = 0, True
    for line, row in numbered_rows(path, _parse, on_bad_line=lambda rejected: bad.append(_of_line(rejected))):
        empty = False
        yield from ((count, problem) for problem in bad)
        bad.clear()
        count += 1
        yield from ((count, Problem(line, *found)) for found in _problems(row, line, seen, ids, exact))
    if empty and not bad:
        bad.append(Problem(1, "file", "there is no row in it"))
    yield from ((count, problem) for problem in bad)
    yield count, None


def _parse(number: int, value: Any) -> tuple[int, DatasetRow]:  # noqa: ANN401 - JSON is whatever it is
    return number, DatasetRow.model_validate(value)


def _of_line(rejected: RejectedLine) -> Problem:
    return Problem(rejected.line, rejected.field or "line", rejected.reason.removeprefix(f"{rejected.field}: "))


def _problems(
    row: DatasetRow, line: int, seen: Seen, ids: dict[str, int], exact: dict[str, int]
) -> Iterator[tuple[str, str]]:
    if row.id in ids:
        yield "id", f"{printable(row.id)} stands in line {ids[row.id]} too"
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
