"""`synth suite`: write an evaluation suite."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - click calls the command with it

import click

from namewright.shared.cli import JobCommand, log, output_file


@click.command(cls=JobCommand)
@click.argument("name", type=click.Choice(["edge-cases", "red-team"]))
@click.option("--out", type=output_file(), help="The file to write (JSON lines); stdout without it.")
def suite(name: str, out: Path | None) -> None:
    """Write a suite that was designed by hand: a request, what should happen to it, and why, a line.

    \b
    Examples:
        synth suite edge-cases --out edge_cases.jsonl
        synth suite red-team | jq -r .why
        suggest --file edge_cases.jsonl --out answers.jsonl
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.shared import dump_row, write_rows
    from namewright.synth._suites import suite_rows

    rows = suite_rows(name)
    if out is None:
        for row in rows:
            click.echo(dump_row(row))
        return
    log(f"wrote {write_rows(out, rows):,} rows to {out}")
