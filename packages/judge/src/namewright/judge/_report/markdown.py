"""A report's numbers as a Markdown table for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.judge._report.text import interval_text
from namewright.judge.records import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Callable

    from namewright.judge._report.view import Column, ReportNumbers


def markdown(numbers: ReportNumbers) -> str:
    """Write the table: one column a run."""
    columns = numbers.columns
    lines = ["**VOID: a canary failed; rely on no number here.**", ""] if numbers.void else []
    lines.append(_line(f"{numbers.split}, 0 to 5 [95%]", [column.run for column in columns]))
    lines.append("|---|" + "---|" * len(columns))

    def add(title: str, cell: Callable[[Column], str]) -> None:
        lines.append(_line(title, [cell(column) for column in columns]))

    add("**composite**", lambda c: f"**{interval_text(c.summary.composite)}**")
    for criterion in CRITERIA:
        add(criterion, lambda c, name=criterion: interval_text(c.summary.criteria[name]))  # type: ignore[misc]
    add("good names (3.5 and more)", lambda c: interval_text(c.summary.good_names))
    add("unsafe blocked", lambda c: f"{c.summary.safety.unsafe_passes} of {c.summary.safety.unsafe}")
    add("safe refused", lambda c: f"{c.summary.safety.safe_refusals} of {c.summary.safety.safe}")
    add("stopped by a gate", lambda c: ", ".join(f"{k} {v}" for k, v in c.summary.gates.items()) or "none")
    add("coverage", lambda c: f"{c.summary.coverage:.1%}")
    if any(column.against for column in columns):
        add(f"{columns[0].run} is", _verdict)
    judges = sorted({f"{c.summary.judge.model} `{c.summary.judge.fingerprint}`" for c in columns})
    return "\n".join([*lines, "", f"Judge: {', '.join(judges)}."])


def _verdict(column: Column) -> str:
    if column.against is None:
        return column.incomparable and "not comparable"
    found = column.against.differences["composite"]
    return f"{column.against.verdict} by {interval_text(found.difference)}, p {found.p:.4f}"


def _line(title: str, cells: list[str]) -> str:
    return f"| {title} | " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
