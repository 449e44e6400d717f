"""The command line of `suggest`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from namewright.shared import BadInputError, Rejections, Request, dump_row, write_rows
from namewright.shared.cli import (
    JobCommand,
    JobGroup,
    artifacts_option,
    input_file,
    log,
    output_file,
    print_json,
    progress,
    refuse_same_file,
    replace_option,
    report_rejections,
    seed_option,
    serve_http,
)
from namewright.shared.files import is_special, telling_of
from namewright.shared.jsonl import explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from namewright.shared import ArtifactStore, Calibration, Recipe
    from namewright.suggest.errors import NoNameError
    from namewright.suggest.models import FoundModel
    from namewright.suggest.suggester import Suggester

model_option = click.option(
    "--model",
    default="baseline",
    show_default=True,
    envvar="NAMEWRIGHT_MODEL",
    help="A training run, or `base:NAME` for a bare base that is shown four examples.",
)
calibration_option = click.option(
    "--calibration",
    help="Run whose calibration turns confidences into probabilities, or `none`.  [default: the model's, if it has one]",
)
samples_option = click.option(
    "--samples",
    type=click.IntRange(1, 512),
    default=24,
    show_default=True,
    help="Names drawn a round; up to three rounds are drawn until there are enough good ones.",
)


@click.group(cls=JobGroup, default="answer")
@click.version_option(package_name="namewright-suggest")
def cli() -> None:
    """Suggest safe, brandable domain names for a business description.

    \b
    suggest "organic coffee shop in Miami" --tld .com --tld .co
    suggest --file requests.jsonl --out predictions.jsonl
    suggest batch --model baseline --dataset v1     predictions/baseline, for the judge
    suggest calibrated --run baseline               predictions/baseline-raw with calibrated confidences
    suggest serve --port 8080                       POST /v1/suggestions, GET /healthz
    """  # noqa: D301 - \b is the character that keeps click from joining lines


@cli.command(cls=JobCommand)
@click.argument("description", required=False)
@click.option(
    "--file",
    "path",
    type=input_file(),
    help="Requests, one a line: a Request, or an object with `request`.",
)
@click.option("--out", type=output_file(), help="Write prediction rows here instead of to stdout.")
@click.option(
    "--tld",
    "tlds",
    multiple=True,
    help="Top-level domain, the best liked first; may be repeated.  [default: com]",
)
@click.option("--count", type=int, help="How many names.  [default: 8]")
@click.option("--max-length", type=int, help="Most characters before the dot.")
@click.option(
    "--hyphens/--no-hyphens",
    "allow_hyphens",
    default=None,
    help="Whether names may hold hyphens.",
)
@click.option(
    "--numbers/--no-numbers",
    "allow_numbers",
    default=None,
    help="Whether names may hold digits.",
)
@click.option(
    "--puns",
    "prefer_puns",
    is_flag=True,
    default=None,
    help="Wordplay, please.",
)
@click.option("--must-contain", multiple=True, help="Text that each name has to hold; may be repeated.")
@click.option("--avoid", multiple=True, help="Text that no name may hold; may be repeated.")
@click.option("--tone", help="How it should sound.")
@click.option("--language", help="Language of the client (en, es, fr, de, pt ...).")
@model_option
@calibration_option
@samples_option
@seed_option
@artifacts_option
def answer(
    *,
    description: str | None,
    path: Path | None,
    out: Path | None,
    model: str,
    calibration: str | None,
    samples: int,
    seed: int,
    store: ArtifactStore,
    **wishes: Any,  # noqa: ANN401 - the request's other fields, as click read them
) -> None:
    """Answer one DESCRIPTION on stdout in the I/O schema, or a file of requests as prediction rows.

    A job with --file and --out that was stopped goes on where it was when it is started again.
    """
    if (description is None) == (path is None):
        raise click.UsageError("give a DESCRIPTION, or --file REQUESTS")
    given = {name: value for name, value in wishes.items() if value not in (None, ())}
    if description is not None:
        if out is not None:
            raise click.UsageError("--out goes with --file")
        request = _parse_request({"description": description} | given)
        found, fitted = _find(model, calibration, store)
        print_json(_load(found, fitted, samples, seed).suggest(request).model_dump(mode="json"))
        return
    if given:
        raise click.UsageError(f"{', '.join(sorted(given))}: the requests in --file say it themselves")
    refuse_same_file(out, path)
    found, fitted = _find(model, calibration, store)
    _answer_file(
        path,  # type: ignore[arg-type]
        out,
        lambda: _load(found, fitted, samples, seed),
        lambda: _recipe(model, found, fitted, seed, {"samples": samples}).key(),
    )


@cli.command(cls=JobCommand)
@model_option
@click.option("--dataset", default="v1", show_default=True, help="Dataset artifact.")
@click.option(
    "--split",
    "splits",
    multiple=True,
    default=("val", "test"),
    show_default=True,
    help="May be repeated.",
)
@click.option("--run", help="Name of the predictions.  [default: the model's name]")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many rows of each split.")
@calibration_option
@samples_option
@seed_option
@artifacts_option
@replace_option
def batch(
    *,
    model: str,
    dataset: str,
    splits: tuple[str, ...],
    run: str | None,
    limit: int | None,
    calibration: str | None,
    samples: int,
    seed: int,
    store: ArtifactStore,
    replace: bool,
) -> None:
    """Answer the splits of a dataset: datasets/NAME -> predictions/RUN."""
    from namewright.suggest.batch import predict_splits

    data = store.open(f"datasets/{dataset}")
    splits = tuple(dict.fromkeys(splits))
    for split in splits:
        data.file(f"{split}.jsonl")  # raises before anything slow begins
    config = {"dataset": dataset, "splits": list(splits), "samples": samples, "limit": limit}
    found, fitted = _find(model, calibration, store)
    recipe = _recipe(model, found, fitted, seed, config, data.hashes())
    name = run or model.replace(":", "-").replace("/", "-")
    made = store.reusable(f"predictions/{name}", recipe, replace=replace)
    if made:
        log(f"suggest: {made.folder} is up to date")
        return
    done = predict_splits(
        lambda: _load(found, fitted, samples, seed), recipe, data, splits, run=name, store=store, limit=limit
    )
    log(f"suggest: wrote {done.folder}")


@cli.command(cls=JobCommand)
@click.option("--run", default="baseline", show_default=True, help="Name of the predictions that are written.")
@click.option(
    "--from",
    "source",
    help="Predictions with raw confidences.  [default: RUN-raw]",
)
@click.option("--calibration", help="Calibration to put to them.  [default: RUN]")
@artifacts_option
@replace_option
def calibrated(
    *,
    run: str,
    source: str | None,
    calibration: str | None,
    store: ArtifactStore,
    replace: bool,
) -> None:
    """Make raw confidences probabilities: predictions/RUN-raw, calibrations/RUN -> predictions/RUN."""
    from namewright.suggest.batch import recalibrate

    raw = store.open(f"predictions/{source or f'{run}-raw'}")
    fitted = store.open(f"calibrations/{calibration or run}")
    log(f"suggest: {recalibrate(raw, fitted, run=run, store=store, replace=replace).folder}")


@cli.command(cls=JobCommand)
@model_option
@calibration_option
@samples_option
@seed_option
@artifacts_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port to listen on.")
def serve(
    *,
    model: str,
    calibration: str | None,
    samples: int,
    seed: int,
    store: ArtifactStore,
    host: str,
    port: int,
) -> None:
    """Serve POST /v1/suggestions and GET /healthz."""
    try:
        from namewright.suggest.service import make_app
    except ImportError as error:
        raise BadInputError("the service needs an extra: pip install 'namewright-suggest[serve]'") from error
    found, fitted = _find(model, calibration, store)
    app = make_app(_load(found, fitted, samples, seed), model=model)
    serve_http(app, host, port, f"suggest: serving {model} on {{}}/v1/suggestions")


def main() -> None:
    """Run the command line; every option may stand in the environment (`NAMEWRIGHT_SUGGEST_ANSWER_COUNT`)."""
    cli(auto_envvar_prefix="NAMEWRIGHT_SUGGEST")


def _parse_request(fields: dict[str, Any]) -> Request:
    try:
        return Request.model_validate(fields)
    except ValidationError as error:
        raise BadInputError(explain(error)) from error


def _find(model: str, calibration: str | None, store: ArtifactStore) -> tuple[FoundModel, Calibration | None]:
    """Check that everything is there, before anything slow begins."""
    from namewright.suggest.models import find_model

    found = find_model(model, store)
    return found, _find_calibration(found, calibration, store)


def _load(found: FoundModel, fitted: Calibration | None, samples: int, seed: int) -> Suggester:
    from namewright.suggest.candidates import ModelSource, SamplingSettings
    from namewright.suggest.models import load
    from namewright.suggest.suggester import Suggester

    return Suggester(ModelSource(load(found), SamplingSettings(samples=samples)), calibration=fitted, seed=seed)


def _find_calibration(model: FoundModel, wanted: str | None, store: ArtifactStore) -> Calibration | None:
    from namewright.suggest.batch import calibration_for

    own = store.root / "calibrations" / model.name / "manifest.json"
    if wanted == "none" or (wanted is None and not own.is_file()):
        return None
    return calibration_for(model.hashes, store.open(f"calibrations/{wanted or model.name}"))


def _recipe(
    model: str,
    found: FoundModel,
    fitted: Calibration | None,
    seed: int,
    config: dict[str, Any],
    inputs: dict[str, str] | None = None,
) -> Recipe:
    """Describe a job by all that decides its answers, and by what `config` and `inputs` say besides."""
    import torch

    from namewright.shared.bases import detect_hardware
    from namewright.suggest.batch import recipe_of

    hardware = detect_hardware()
    return recipe_of(
        {"model": model, "calibration": fitted.model_dump(mode="json") if fitted else None} | config,
        found.hashes | (inputs or {}),
        {"device": hardware.device, "dtype": hardware.dtype, "threads": str(torch.get_num_threads())},
        seed,
    )


def _answer_file(
    path: Path, out: Path | None, load_suggester: Callable[[], Suggester], fingerprint: Callable[[], str]
) -> None:
    from namewright.suggest.batch import Asked, answer, read_asked, unanswerable
    from namewright.suggest.journal import Journal, journal_beside

    rejections = Rejections()
    asked = read_asked(path, rejections)
    bad = len(rejections.lines)
    if bad and not asked:
        report_rejections(rejections, out, read=0)

    def on_no_name(item: Asked, error: NoNameError) -> None:
        rejections(unanswerable(path, item, error))

    answered = None
    if out is not None:
        with telling_of(out):
            answered = None if is_special(out) else journal_beside(out)
    with Journal(answered, fingerprint()) if answered else nullcontext() as journal:
        suggester = load_suggester()
        answers = answer(progress(asked, label="suggest"), suggester, on_no_name=on_no_name, journal=journal)
        if out is None:
            for row in answers:
                click.echo(dump_row(row))
        else:
            written = write_rows(out, answers)
            again = f", {journal.found:,} of them from the run that was stopped" if journal and journal.found else ""
            log(f"suggest: wrote {written:,} predictions to {out}{again}")
    report_rejections(rejections, out, read=len(asked) + bad - len(rejections.lines))
