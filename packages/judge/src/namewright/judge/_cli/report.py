"""`judge report`: one page that a person enjoys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.shared.cli import JobCommand, artifacts_option, log

if TYPE_CHECKING:
    from namewright.shared import ArtifactStore


@click.command(cls=JobCommand)
@click.argument("runs", nargs=-1, required=True)
@click.option("--split", default="test", show_default=True, help="Which split of the runs.")
@artifacts_option
def report(runs: tuple[str, ...], split: str, store: ArtifactStore) -> None:
    """Write reports/RUN.html (and .json, .md) from the judgements of a run, other runs beside it.

    \b
    judge report baseline
    judge report improved baseline few-shot rules real

    The first run gives the report its name, and the others are compared with it. The page is one file: it opens
    offline, and works on a phone.
    """  # noqa: D301
    from namewright.judge._evaluation.artifact import open_judgements
    from namewright.judge._report.write import write_report

    evaluations = {run: open_judgements(store, run, split) for run in dict.fromkeys(runs)}
    html, markdown = write_report(store.root / "reports", evaluations, split)
    click.echo(markdown)
    log(f"wrote {html}, and the same numbers as .json and .md")
