"""`guard eval`: how well the guard does on labelled texts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - click reads it
from typing import Any

import click

from namewright.guard._cli.check import parse_item
from namewright.guard._cli.policy import guard_of, policy_option
from namewright.guard._evaluate import Labelled, evaluate
from namewright.shared.cli import JobCommand, input_file, json_option, print_json, report_rejections
from namewright.shared.jsonl import Rejections, read_rows


@click.command(name="eval", cls=JobCommand)
@click.option(
    "--file", "path", type=input_file(), required=True, help="JSON lines with `text` and `label` (safe or unsafe)."
)
@policy_option
@click.option(
    "--worst", type=click.IntRange(0), default=5, show_default=True, help="How many of the worst errors to show."
)
@click.option(
    "--assume",
    type=click.Choice(["safe", "unsafe"]),
    help="The label of lines without one, for instance real company descriptions.",
)
@json_option
def evaluate_command(path: Path, policy: Path | None, worst: int, assume: str | None, as_json: bool) -> None:
    """Measure recall and false blocks, with Wilson intervals, by source and category.

    \b
      guard eval --file guard_prompts.jsonl
      guard eval --file briefs.jsonl --assume safe

    A line has `text` (or `description`, or `request.description`), `label` (or `expected`: success, blocked), and
    may have `source` and `source_category` (or `category`).
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    guard = guard_of(policy)
    rejections = Rejections()
    rows = list(read_rows(path, lambda value: parse_labelled(value, assume), on_bad_line=rejections))
    report = evaluate(guard, rows, worst=worst)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.table())
    report_rejections(rejections, None, read=len(rows))


def parse_labelled(value: Any, assume: str | None) -> Labelled:  # noqa: ANN401 - JSON is whatever it is
    """Read a labelled line.

    Raises:
        ValueError: it has no text, or no label and none is assumed.
    """
    item = parse_item(value)
    given = (value.get(name) for name in ("label", "expected", "expected_status"))
    found = next((label for label in given if label is not None), assume)
    label = {"success": "safe", "blocked": "unsafe"}.get(str(found), str(found))
    if label not in {"safe", "unsafe"}:
        raise ValueError(f"label: safe or unsafe is wanted, not {found!r}")
    category = value.get("source_category") or value.get("category") or ""
    return Labelled(item.text, label == "unsafe", str(value.get("source") or ""), str(category))
