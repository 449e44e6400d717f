"""Judgements as artifacts: `predictions/<run>` in, `judgements/<run>/<split>` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from namewright.judge._evaluation.canaries import CANARIES
from namewright.judge._evaluation.evaluate import Evaluation, evaluate, nothing_scored
from namewright.judge._evaluation.inputs import read_predictions
from namewright.judge.records import JudgedRow, Summary
from namewright.shared import (
    Artifact,
    ArtifactStore,
    NamewrightError,
    Recipe,
    Rejections,
    TamperedArtifactError,
    library_versions,
    maker_of,
    read_rows,
    write_rows,
)
from namewright.shared.files import write_whole
from namewright.shared.jsonl import explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from namewright.judge._scoring.judges import Judge
    from namewright.judge._scoring.rubric import Rubric


def judge_run(
    store: ArtifactStore,
    run: str,
    split: str,
    judge: Judge,
    rubric: Rubric,
    *,
    replace: bool = False,
    on_start: Callable[[int], Callable[[], None]] = lambda _: lambda: None,
) -> tuple[Artifact, bool]:
    """Judge a split of a run's predictions; returns the artifact, and whether it was there already.

    Raises:
        MissingArtifactError: the run has no such predictions.
        TamperedArtifactError: they differ from their manifest.
        BadInputError: judgements of that name were made in another way, and `replace` is false.
        NamewrightError: not one row could be scored; nothing is written then, so that it is tried again.
    """
    predictions = store.open(f"predictions/{run}")
    source = predictions.file(f"{split}.jsonl")
    name = f"judgements/{run}/{split}"
    recipe = Recipe(
        maker=maker_of("judge"),
        config={"judge": judge.card.model_dump(mode="json"), "split": split},
        libraries=library_versions("numpy", "openai", "pydantic", "wordninja"),
        inputs={key: digest for key, digest in predictions.hashes().items() if key.endswith(f"/{split}.jsonl")},
    )
    if there := store.reusable(name, recipe, replace=replace):
        return there, True
    rejections = Rejections()
    rows = read_predictions(source, rejections)
    if rejections.lines:
        raise TamperedArtifactError(str(rejections.lines[0]))
    evaluation = evaluate(rows, judge, rubric, on_done=on_start(len(rows) + len(CANARIES)))
    if problem := nothing_scored(evaluation):
        raise NamewrightError(problem)
    with store.create(name, recipe) as draft:
        write_evaluation(evaluation, draft.folder / "rows.jsonl", draft.folder / "summary.json")
    return store.open(name), False


def write_evaluation(evaluation: Evaluation, rows: Path, summary: Path) -> None:
    """Write judged rows with every key in each, and the summary beside them: both, or neither."""
    with write_whole(summary) as file:
        file.write(evaluation.summary.model_dump_json(indent=2) + "\n")
        write_rows(rows, (row.model_dump(mode="json") for row in evaluation.rows))


def read_evaluation(rows: Path, summary: Path) -> Evaluation:
    """Read what `write_evaluation` wrote."""
    try:
        known = Summary.model_validate_json(summary.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        msg = f"{summary}: not a summary of ours: {explain(error)}"
        raise TamperedArtifactError(msg) from error
    return Evaluation(list(read_rows(rows, JudgedRow.model_validate)), known)


def open_judgements(store: ArtifactStore, run: str, split: str) -> Evaluation:
    """Open the judgements of a run's split.

    Raises:
        ArtifactError: they are not there, or differ from their manifest.
    """
    artifact = store.open(f"judgements/{run}/{split}")
    return read_evaluation(artifact.file("rows.jsonl"), artifact.file("summary.json"))
