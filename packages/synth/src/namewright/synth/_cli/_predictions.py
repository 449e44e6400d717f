"""`synth predictions`: the rules' own names as a suggester's answers, to stand beside a model's in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.shared.cli import JobCommand, artifacts_option, log, replace_option

if TYPE_CHECKING:
    from namewright.shared import ArtifactStore


@click.command(cls=JobCommand)
@click.option("--name", default="v1", show_default=True, help="Dataset whose names are taken.")
@click.option("--run", default="rules", show_default=True, help="Name of the predictions.")
@click.option("--split", "splits", multiple=True, default=("test",), show_default=True, help="May be repeated.")
@artifacts_option
@replace_option
def predictions(*, name: str, run: str, splits: tuple[str, ...], store: ArtifactStore, replace: bool) -> None:
    """Answer a dataset's requests with its own names: datasets/NAME -> predictions/RUN.

    A model that was trained on these names should do as well where it has not seen them: this is the column that
    shows it.
    """
    from namewright.synth._predictions import write_predictions

    artifact = write_predictions(store, name, run, splits, replace=replace)
    log(f"synth: {artifact.folder}")
