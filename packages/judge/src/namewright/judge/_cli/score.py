"""`judge score`: judge predictions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from namewright.judge._cli._judge_options import judge_options, make_judge
from namewright.shared import ArtifactStore, BadInputError, Rejections
from namewright.shared.cli import (
    JobCommand,
    artifacts_option,
    fail,
    input_file,
    json_option,
    log,
    output_file,
    refuse_same_file,
    replace_option,
    report_rejections,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from namewright.judge._scoring.judges import Judge
    from namewright.judge._scoring.rubric import Rubric


@click.command(cls=JobCommand)
@click.option(
    "--predictions", type=input_file(), help="JSON lines with id, response and, where known, request, expected."
)
@click.option(
    "--requests", type=input_file(), help="JSON lines with id, request, expected: joined to the predictions by id."
)
@click.option("--out", type=output_file(), help="Where the judged rows go (and <out>.summary.json); else to stdout.")
@click.option("--run", help="Judge this run's predictions in the artifact store instead.")
@click.option("--split", default="test", show_default=True, help="Which split of the run.")
@judge_options
@artifacts_option
@replace_option
@json_option
def score(
    predictions: Path | None,
    requests: Path | None,
    out: Path | None,
    run: str | None,
    split: str,
    store: ArtifactStore,
    replace: bool,
    as_json: bool,
    **judge_values: object,
) -> None:
    """Judge predictions: gates, then five criteria from 0 to 5, with canaries and 95% intervals.

    \b
    judge score --predictions answers.jsonl --out judged.jsonl
    judge score --predictions answers.jsonl --requests requests.jsonl | jq .gate
    judge score --run baseline --split test

    A line of the predictions is {"id", "request", "response", "expected"?}; the response is the raw text or the
    parsed object. Without "expected" a request counts as safe. A stopped answer scores 0 and names its gate. Without
    --out the rows are on stdout and the summary on stderr, with --json as JSON. Exit code 1 where no row could be scored.
    """  # noqa: D301
    if (predictions is None) == (run is None):
        raise click.UsageError("say what to judge: --predictions FILE, or --run RUN")
    refuse_same_file(out, predictions, requests)
    judge, rubric = make_judge(judge_values)
    if run is not None:
        if out or requests:
            raise click.UsageError("--out and --requests go with --predictions; a run is judged into its artifact")
        _score_run(store, run, split, judge, rubric, replace=replace, as_json=as_json)
    elif predictions is not None:
        _score_file(predictions, requests, out, judge, rubric, as_json=as_json)


def _score_run(
    store: ArtifactStore, run: str, split: str, judge: Judge, rubric: Rubric, *, replace: bool, as_json: bool
) -> None:
    from namewright.judge._evaluation.artifact import judge_run, read_evaluation

    artifact, there = judge_run(store, run, split, judge, rubric, replace=replace, on_start=_bar)
    evaluation = read_evaluation(artifact.file("rows.jsonl"), artifact.file("summary.json"))
    _show(evaluation.summary, as_json=as_json)
    log(f"{'unchanged, reused' if there else 'wrote'} {artifact.folder}")


def _score_file(
    predictions: Path, requests: Path | None, out: Path | None, judge: Judge, rubric: Rubric, *, as_json: bool
) -> None:
    from namewright.judge._evaluation.artifact import write_evaluation
    from namewright.judge._evaluation.canaries import CANARIES
    from namewright.judge._evaluation.evaluate import evaluate, nothing_scored
    from namewright.judge._evaluation.inputs import read_predictions
    from namewright.shared import dump_row

    rejections = Rejections()
    rows = read_predictions(predictions, rejections, requests)
    if not rows and not rejections.lines:
        msg = f"{predictions}: there is no prediction in it"
        raise BadInputError(msg)
    evaluation = evaluate(rows, judge, rubric, on_done=_bar(len(rows) + len(CANARIES)))
    if out is not None:
        summary = out.with_name(f"{out.name}.summary.json")
        write_evaluation(evaluation, out, summary)
        _show(evaluation.summary, as_json=as_json)
        log(f"wrote {out} and {summary}")
    else:
        for row in evaluation.rows:
            click.echo(dump_row(row.model_dump(mode="json")))
        _show(evaluation.summary, as_json=as_json, to_stderr=True)
    report_rejections(rejections, out, read=len(rows))
    if problem := nothing_scored(evaluation):
        fail(problem, 1)


def _bar(total: int) -> Callable[[], None]:
    from tqdm import tqdm

    bar = tqdm(total=total, desc="judge", file=sys.stderr, mininterval=0.5, dynamic_ncols=True)

    def done() -> None:
        bar.update()
        if bar.n >= total:
            bar.close()

    return done


def _show(summary: object, *, as_json: bool, to_stderr: bool = False) -> None:
    from namewright.judge._report.text import summary_text
    from namewright.judge.records import Summary

    assert isinstance(summary, Summary)
    click.echo(summary.model_dump_json() if as_json else summary_text(summary), err=to_stderr)
