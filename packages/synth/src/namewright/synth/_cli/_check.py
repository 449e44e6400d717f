"""`synth check`: what is wrong in a file of dataset rows."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - click calls the command with it

import click

from namewright.shared.cli import JobCommand, fail, input_file, json_option, log, print_json


@click.command(cls=JobCommand)
@click.argument("file", type=input_file())
@json_option
def check(file: Path, as_json: bool) -> None:
    """Read a file of dataset rows and say what is wrong, on which line. Exit code 2 where anything is.

    It looks for lines that break the schema, ids and requests that stand twice or nearly twice, names that break their
    request's constraints, and names that nobody should be shown.

    \b
    Examples:
        synth check artifacts/datasets/v1/train.jsonl
        synth check mine.jsonl --json
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.synth._check import check_file

    rows, problems = 0, []
    for rows, problem in check_file(file):  # noqa: B007 - the last count is what is wanted
        if problem:
            problems.append(problem)
            click.echo(f"{file}:{problem.line}: {problem.field}: {problem.message}", err=as_json)
    if as_json:
        print_json({"file": str(file), "rows": rows, "problems": [problem.as_json() for problem in problems]})
    if problems:
        fail(f"{len(problems):,} problems in {rows:,} rows", 2)
    log(f"{file}: {rows:,} rows, nothing wrong")
