"""`synth names`: the rules' own names for requests that they did not write."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - click calls the command with it

import click

from namewright.shared.cli import (
    JobCommand,
    input_file,
    log,
    output_file,
    refuse_same_file,
    report_rejections,
    seed_option,
)


@click.command(cls=JobCommand)
@click.option(
    "--file", "file", type=input_file(), required=True, help="Requests, one a line (or envelopes with `request`)."
)
@click.option("--out", type=output_file(), required=True, help="The prediction rows to write (JSON lines).")
@seed_option
def names(file: Path, out: Path, seed: int) -> None:
    """Name every request of a file by the rules that make the dataset, without a model: the column that a model has to beat.

    The rules refuse nothing; safety is the guard's. Where they find no name, the answer is empty, and a judge counts it
    as one. What the file says should happen (`expected`) goes along.

    \b
    Examples:
        synth names --file requests.jsonl --out rules.jsonl
        judge score --predictions rules.jsonl
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.shared import Rejections, write_rows
    from namewright.synth._names._from_file import answers

    refuse_same_file(out, file)
    rejections = Rejections()
    written = write_rows(out, answers(file, seed=seed, on_bad_line=rejections))
    log(f"wrote {written:,} rows to {out}")
    report_rejections(rejections, out, read=written)
