"""`synth make`: write a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.shared.cli import JobCommand, artifacts_option, log, replace_option, seed_option

if TYPE_CHECKING:
    from namewright.shared import ArtifactStore

count_option = click.option("--n", type=click.IntRange(10), default=1_000, show_default=True, help="How many examples.")
unsafe_option = click.option(
    "--unsafe",
    type=click.FloatRange(0.0, 0.9),
    default=0.12,
    show_default=True,
    help="Share of the requests that have to be refused.",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes; the bytes that come out do not depend on it.",
)


@click.command(cls=JobCommand)
@artifacts_option
@count_option
@seed_option
@click.option("--name", default="v1", show_default=True, help="The dataset's name: it is written to datasets/NAME.")
@unsafe_option
@workers_option
@replace_option
def make(store: ArtifactStore, n: int, seed: int, name: str, unsafe: float, workers: int, replace: bool) -> None:
    """Write datasets/NAME: train.jsonl, val.jsonl, test.jsonl, card.md and manifest.json.

    \b
    Examples:
        synth
        synth --name v0 --n 50
        synth --name v2 --n 10000 --workers 4
    """
    from namewright.synth._make import Plan, make_dataset  # noqa: PLC0415 - `--help` need not pay for it

    artifact, reused = make_dataset(store, Plan(name=name, n=n, seed=seed, unsafe=unsafe), workers=workers, replace=replace)
    log(f"{'reused' if reused else 'wrote'} {artifact.folder}")
    click.echo(artifact.folder)
