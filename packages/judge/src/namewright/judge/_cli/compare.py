"""`judge compare`: is the second run better?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from namewright.judge._cli._judge_options import judge_options, make_judge
from namewright.shared.cli import JobCommand, artifacts_option, json_option

if TYPE_CHECKING:
    from namewright.judge._evaluation.evaluate import Evaluation
    from namewright.shared import ArtifactStore


@click.command(cls=JobCommand)
@click.argument("before")
@click.argument("after")
@click.option("--split", default="test", show_default=True, help="Which split of the runs.")
@click.option("--rejudge", is_flag=True, help="Judge both runs' predictions again, with one judge, before comparing.")
@judge_options
@artifacts_option
@json_option
def compare(
    before: str,
    after: str,
    split: str,
    rejudge: bool,
    store: ArtifactStore,
    as_json: bool,
    **judge_values: object,
) -> None:
    """Compare two runs over the requests that both answered: difference, 95% interval, permutation p.

    BEFORE and AFTER are runs (`baseline`), or files of judged rows (`judged.jsonl`) with their summary beside them.
    Judgements of two different judges are refused: --rejudge judges both again with the one that --judge names.
    """
    from namewright.judge._evaluation.compare import compare as compare_evaluations
    from namewright.judge._report.text import comparison_text

    if rejudge:
        from namewright.judge._evaluation.artifact import judge_run

        for run in (before, after):
            judge, rubric = make_judge(judge_values)
            judge_run(store, run, split, judge, rubric, replace=True)
    result = compare_evaluations(_open(store, before, split), _open(store, after, split))
    click.echo(result.model_dump_json() if as_json else comparison_text(result, before, after))


def _open(store: ArtifactStore, name: str, split: str) -> Evaluation:
    from namewright.judge._evaluation.artifact import open_judgements, read_evaluation

    path = Path(name)
    if path.suffix == ".jsonl":
        return read_evaluation(path, path.with_name(f"{path.name}.summary.json"))
    return open_judgements(store, name, split)
