"""The command line of the trainer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from namewright.shared import BadInputError
from namewright.shared.cli import (
    JobCommand,
    JobGroup,
    artifacts_option,
    json_option,
    log,
    print_json,
    replace_option,
    seed_option,
)
from namewright.shared.jsonl import explain
from namewright.trainer.settings import BASELINE_BASE, QLORA_BASE, TrainingSettings

if TYPE_CHECKING:
    from namewright.shared import ArtifactStore

DEFAULT = TrainingSettings(run="baseline")


@click.group(cls=JobGroup, default="train")
@click.version_option(package_name="namewright-trainer")
def cli() -> None:
    """Fine-tune a language model to say domain names.

    \b
    trainer                                      baseline: LoRA on the bundled base, CPU or GPU
    trainer --run tiny --base TinyLlama/TinyLlama-1.1B-Chat-v1.0
    trainer --qlora                              improved: 4-bit QLoRA, Mistral-7B by default
    trainer --run four-bit --qlora --base bundled
                                                 the same on a small base; works on a CPU
    trainer --resume                             go on with a run that was stopped
    trainer calibrate --run baseline             what a confidence means, from judged names
    """  # noqa: D301 - \b is the character that keeps click from joining lines


@cli.command(cls=JobCommand)
@click.option("--qlora", is_flag=True, help="Train beside the base in 4-bit NF4 (needs bitsandbytes).")
@click.option(
    "--base", help=f"`bundled`, a folder, or a hub id.  [default: {BASELINE_BASE}; with --qlora {QLORA_BASE}]"
)
@click.option("--dataset", default=DEFAULT.dataset, show_default=True, help="Dataset artifact to learn from.")
@click.option("--run", help="Name of the run.  [default: baseline; with --qlora qlora]")
@seed_option
@click.option("--epochs", type=float, default=DEFAULT.epochs, show_default=True, help="How often each example is seen.")
@click.option(
    "--max-steps", type=int, default=DEFAULT.max_steps, show_default=True, help="End after so many steps; 0: by epochs."
)
@click.option("--batch-size", type=int, default=DEFAULT.batch_size, show_default=True, help="Requests a step.")
@click.option(
    "--gradient-accumulation",
    type=int,
    default=DEFAULT.gradient_accumulation,
    show_default=True,
    help="Parts of a step's batch.",
)
@click.option(
    "--learning-rate", type=float, default=DEFAULT.learning_rate, show_default=True, help="Highest learning rate."
)
@click.option("--rank", type=int, default=DEFAULT.rank, show_default=True, help="LoRA rank.")
@click.option("--alpha", type=int, default=DEFAULT.alpha, show_default=True, help="LoRA alpha.")
@click.option("--dropout", type=float, default=DEFAULT.dropout, show_default=True, help="LoRA dropout.")
@click.option(
    "--names-per-request",
    type=int,
    default=DEFAULT.names_per_request,
    show_default=True,
    help="Learn at most so many of a request's names, the best first.",
)
@click.option(
    "--save-every", type=int, default=DEFAULT.save_every, show_default=True, help="Steps between checkpoints."
)
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint of a run that was stopped.")
@artifacts_option
@replace_option
@json_option
def train(
    *,
    qlora: bool,
    base: str | None,
    run: str | None,
    resume: bool,
    store: ArtifactStore,
    replace: bool,
    as_json: bool,
    **rest: Any,  # noqa: ANN401 - the settings of the same names, as click read them
) -> None:
    """Train an adapter: datasets/NAME -> models/RUN."""
    try:
        settings = TrainingSettings(
            run=run or ("qlora" if qlora else "baseline"),
            base=base or (QLORA_BASE if qlora else BASELINE_BASE),
            method="qlora" if qlora else "lora",
            **rest,
        )
    except ValidationError as error:
        raise BadInputError(explain(error)) from error
    from namewright.trainer.training import train as run_training

    model = run_training(settings, store, resume=resume, replace=replace)
    if as_json:
        print_json({"run": settings.run, "folder": str(model.folder), "key": model.manifest.key})


@cli.command(cls=JobCommand)
@click.option("--run", default=DEFAULT.run, show_default=True, help="Name of the calibration: the model's run.")
@click.option("--predictions", help="Predictions with raw confidences, judged.  [default: RUN-raw]")
@click.option("--split", default="val", show_default=True, help="Their split; never the one that is reported on.")
@artifacts_option
@replace_option
@json_option
def calibrate(
    *,
    run: str,
    predictions: str | None,
    split: str,
    store: ArtifactStore,
    replace: bool,
    as_json: bool,
) -> None:
    """Fit what a confidence means: predictions/RUN-raw, judgements/RUN-raw -> calibrations/RUN."""
    from namewright.trainer.calibration import calibrate as run_calibration

    artifact = run_calibration(predictions or f"{run}-raw", split, run, store, replace=replace)
    fitted = json.loads(artifact.file("calibration.json").read_text(encoding="utf-8"))
    log(
        f"trainer: {artifact.folder}: {fitted['names']} names, {fitted['positives']} good; Brier score "
        f"{fitted['brier_before']:.3f} raw, {fitted['brier_after']:.3f} calibrated (on held-out requests)",
    )
    if as_json:
        print_json(fitted)


def main() -> None:
    """Run the command line; every option may stand in the environment (`NAMEWRIGHT_TRAINER_TRAIN_EPOCHS`)."""
    cli(auto_envvar_prefix="NAMEWRIGHT_TRAINER")
