"""`guard check`: judge one text, one domain name, or a file of requests."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - click reads it
from typing import TYPE_CHECKING, Any

import click

from namewright.guard._cli.policy import guard_of, policy_option
from namewright.shared.cli import (
    JobCommand,
    input_file,
    json_option,
    log,
    output_file,
    print_json,
    refuse_same_file,
    report_rejections,
)
from namewright.shared.jsonl import Rejections, read_rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from namewright.guard._guard import Guard
    from namewright.guard._result import GuardResult


@dataclass(frozen=True, slots=True)
class Item:
    """What `guard check --file` reads a line: a text, and an id of any kind."""

    id: Any
    text: str


@click.command(cls=JobCommand)
@click.argument("text", required=False)
@click.option("--file", "path", type=input_file(), help="JSON lines with `text` (or `description`) and any `id`.")
@click.option("--out", type=output_file(), help="Where the decisions go; by default to stdout.")
@click.option("--domain", is_flag=True, help="TEXT is a domain name that was generated: it may not even read badly.")
@policy_option
@click.option("--fail-if-blocked", is_flag=True, help="End with exit code 1 where TEXT, or any line, is blocked.")
@json_option
def check(
    *,
    text: str | None,
    path: Path | None,
    out: Path | None,
    domain: bool,
    policy: Path | None,
    fail_if_blocked: bool,
    as_json: bool,
) -> None:
    """Judge TEXT, or each line of a file.

    \b
      guard check "organic coffee shop in Miami"
      echo "guns for kids" | guard check - --json
      guard check --file requests.jsonl --out decisions.jsonl

    A file's lines are JSON objects with `text`, `description`, or `request.description`; the answer to each is
    {"id", "blocked", "category", "score", "reason"}, in the same order.
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    if (text is None) == (path is None):
        raise click.UsageError("give either a TEXT or --file FILE")
    if out is not None and path is None:
        raise click.UsageError("--out is for the decisions on a --file")
    refuse_same_file(out, path)
    guard = guard_of(policy)
    if path is not None:
        blocked = _check_file(guard, path, out, domain=domain)
    else:
        text = sys.stdin.read() if text == "-" else text or ""
        result = guard.check_domain(text) if domain else guard.check(text)
        blocked = int(result.blocked)
        if as_json:
            print_json(result.to_dict())
        else:
            verdict = f"blocked  {result.category}" if result.blocked else "safe"
            click.echo(f"{verdict}  {result.score:.2f}  ({result.reason})")
    if blocked and fail_if_blocked:
        raise click.exceptions.Exit(1)


def _check_file(guard: Guard, path: Path, out: Path | None, *, domain: bool) -> int:
    """Judge a file's lines; returns how many were blocked."""
    rejections = Rejections()
    read = blocked = 0

    def decisions() -> Iterator[dict[str, Any]]:
        nonlocal read, blocked
        for item in read_rows(path, parse_item, on_bad_line=rejections):
            result = guard.check_domain(item.text) if domain else guard.check(item.text)
            read, blocked = read + 1, blocked + result.blocked
            yield decision_row(item.id, result)

    if out is None:
        for row in decisions():
            print_json(row)
    else:
        write_rows(out, decisions())
        log(f"{read:,} checked, {blocked:,} blocked: {out}")
    report_rejections(rejections, out, read=read)
    return blocked


def parse_item(value: Any) -> Item:  # noqa: ANN401 - JSON is whatever it is
    """Read the text of a line: `text`, `description`, or the `description` of its `request`.

    Raises:
        ValueError: it has none of them, or the text is no string.
    """
    if not isinstance(value, dict):
        msg = f"a JSON object is wanted, not {type(value).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - what read_rows reports
    request = value.get("request")
    nested = request.get("description") if isinstance(request, dict) else request
    for field, text in (("text", value.get("text")), ("description", value.get("description")), ("request", nested)):
        if text is not None:
            if not isinstance(text, str):
                msg = f"{field}: a string is wanted, not {type(text).__name__}"
                raise ValueError(msg)
            return Item(value.get("id"), text)
    raise ValueError("text: this field is missing (description, or request.description, will do)")


def decision_row(identity: Any, result: GuardResult) -> dict[str, Any]:  # noqa: ANN401 - an id is whatever it is
    """Give the line that answers one request."""
    return {
        "id": identity,
        "blocked": result.blocked,
        "category": result.category,
        "score": round(result.score, 4),
        "reason": result.reason,
    }
