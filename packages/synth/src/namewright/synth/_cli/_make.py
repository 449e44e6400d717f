"""`synth make`: write a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.shared.cli import JobCommand, NumberRange, artifacts_option, log, replace_option, seed_option

if TYPE_CHECKING:
    from namewright.shared import ArtifactStore

count_option = click.option("--n", type=click.IntRange(10), default=1_000, show_default=True, help="How many examples.")
unsafe_option = click.option(
    "--unsafe",
    type=NumberRange(0.0, 0.9),
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
@click.option(
    "--teacher", type=click.Choice(["openai"]), help="Ask a large model for the safe examples (extra `teacher`)."
)
@click.option("--teacher-model", default="gpt-4o-mini", show_default=True, help="The model's name on the server.")
@click.option(
    "--teacher-max-cost",
    type=NumberRange(0.0),
    default=5.0,
    show_default=True,
    help="In US dollars, for all answers of the dataset, earlier runs' too.",
)
@click.option("--teacher-price-in", type=NumberRange(0.0), help="Dollars for a million tokens that the model reads.")
@click.option("--teacher-price-out", type=NumberRange(0.0), help="Dollars for a million tokens that it writes.")
def make(
    store: ArtifactStore,
    n: int,
    seed: int,
    name: str,
    unsafe: float,
    workers: int,
    replace: bool,
    teacher: str | None,
    teacher_model: str,
    teacher_max_cost: float,
    teacher_price_in: float | None,
    teacher_price_out: float | None,
) -> None:
    """Write datasets/NAME: train.jsonl, val.jsonl, test.jsonl, card.md and manifest.json.

    The teacher is any OpenAI-compatible server (OPENAI_API_KEY, OPENAI_BASE_URL). Its answers are kept in
    ARTIFACTS/teacher-cache, so that a job which was stopped goes on where it was.

    \b
    Examples:
        synth
        synth --name v0 --n 50
        synth --name v2 --n 10000 --workers 4
        synth --name taught --teacher openai --teacher-max-cost 2
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.synth._make import Plan, make_dataset
    from namewright.synth._teacher import PRICES, TeacherSettings

    settings = None
    if teacher:
        known_in, known_out = PRICES.get(teacher_model, (None, None))
        price_in = known_in if teacher_price_in is None else teacher_price_in
        price_out = known_out if teacher_price_out is None else teacher_price_out
        if price_in is None or price_out is None:
            raise click.UsageError(
                f"what {teacher_model} costs is not known here: give --teacher-price-in and --teacher-price-out "
                "(0 where it costs nothing)"
            )
        settings = TeacherSettings(teacher_model, teacher_max_cost, price_in, price_out)
    plan = Plan(name=name, n=n, seed=seed, unsafe=unsafe, teacher=settings)
    artifact, reused = make_dataset(store, plan, workers=workers, replace=replace)
    log(f"{'reused' if reused else 'wrote'} {artifact.folder}")
    click.echo(artifact.folder)
