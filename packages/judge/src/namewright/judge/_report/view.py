"""What a report shows, as plain data: the JSON beside the page, and the source of page and Markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.judge._evaluation.compare import Comparison, compare
from namewright.judge._evaluation.summary import cluster_of
from namewright.judge.records import Summary  # noqa: TC001 - pydantic reads it
from namewright.shared import BadInputError
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from namewright.judge._evaluation.evaluate import Evaluation
    from namewright.judge.records import JudgedRow

HISTOGRAM_BINS = 20


class Column(Schema):
    """One run of a report.

    Attributes:
        run: Its name.
        summary: Its numbers.
        histogram: How many names score 0 to 0.25, 0.25 to 0.5, ... up to 5.
        against: This run against the report's first one; null for the first.
        incomparable: Why there is no comparison, else empty.
    """

    run: str
    summary: Summary
    histogram: tuple[int, ...]
    against: Comparison | None
    incomparable: str = ""


class ReportNumbers(Schema):
    """All numbers of a report."""

    title: str
    split: str
    void: bool
    columns: tuple[Column, ...]


def report_numbers(evaluations: Mapping[str, Evaluation], split: str) -> ReportNumbers:
    """Gather the numbers: the first run leads, and each other one is compared with it."""
    first = next(iter(evaluations))
    columns = tuple(
        _column(run, evaluation, evaluations[first], run == first) for run, evaluation in evaluations.items()
    )
    return ReportNumbers(title=first, split=split, void=any(column.summary.void for column in columns), columns=columns)


def _column(run: str, evaluation: Evaluation, first: Evaluation, is_first: bool) -> Column:  # noqa: FBT001 - private
    against, why = None, ""
    if not is_first:
        try:
            against = compare(evaluation, first)
        except BadInputError as error:
            why = str(error)
    counts = [0] * HISTOGRAM_BINS
    for row in evaluation.rows:
        for name in row.names:
            counts[min(HISTOGRAM_BINS - 1, int(name.score / 5 * HISTOGRAM_BINS))] += 1
    return Column(run=run, summary=evaluation.summary, histogram=tuple(counts), against=against, incomparable=why)


def report_rows(evaluations: Mapping[str, Evaluation]) -> list[dict[str, Any]]:
    """Lay the runs' rows side by side, one entry a request, in the first run's order."""
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for place, evaluation in enumerate(evaluations.values()):
        for row in evaluation.rows:
            entry = entries.setdefault((str(row.id), cluster_of(row)), _entry(row))
            entry["a"].append({"c": place, **_cell(row)})
    return list(entries.values())


def _entry(row: JudgedRow) -> dict[str, Any]:
    request = row.request
    wishes = []
    if request is not None:
        wishes = [" ".join(f".{tld}" for tld in request.tlds)]
        wishes += ["hyphens"] * request.allow_hyphens + ["digits"] * request.allow_numbers
        wishes += ["puns"] * request.prefer_puns + [request.tone] * bool(request.tone)
        wishes += [f"with {text}" for text in request.must_contain] + [f"without {text}" for text in request.avoid]
    return {
        "id": str(row.id),
        "d": request.description if request else "(the request is unknown)",
        "w": wishes,
        "x": row.expected or "",
        "a": [],
    }


def _cell(row: JudgedRow) -> dict[str, Any]:
    names = [
        {"n": n.domain, "s": n.score, "b": n.brandability, "m": n.memorability, "q": n.quality, "r": list(n.reasons)}
        for n in row.names
    ]
    return {
        "run": row.run or "",
        "s": row.composite,
        "g": row.gate or "",
        "st": row.status or "",
        "k": row.scores,
        "n": names,
        "r": list(row.reasons),
    }
