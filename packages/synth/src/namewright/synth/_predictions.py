"""A dataset's own names as predictions: what the rules that made it would answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.shared import (
    BlockedResponse,
    DatasetRow,
    PredictionRow,
    Recipe,
    SuccessResponse,
    Suggestion,
    maker_of,
    read_rows,
    split_domain,
    write_rows,
)
from namewright.shared.names import name_quality

if TYPE_CHECKING:
    from collections.abc import Iterable

    from namewright.shared import Artifact, ArtifactStore


def write_predictions(
    store: ArtifactStore,
    dataset: str,
    run: str,
    splits: Iterable[str],
    *,
    replace: bool = False,
) -> Artifact:
    """Write `predictions/<run>` from a dataset's splits, or hand back what the same recipe has already made.

    Raises:
        ArtifactError: the dataset or a split of it is not there, or differs from its manifest.
    """
    source = store.open(f"datasets/{dataset}")
    recipe = Recipe(maker=maker_of("synth"), config={"splits": list(splits)}, inputs=source.hashes())
    name = f"predictions/{run}"
    if made := store.reusable(name, recipe, replace=replace):
        return made
    with store.create(name, recipe) as draft:
        for split in splits:
            rows = read_rows(source.file(f"{split}.jsonl"), DatasetRow.model_validate)
            write_rows(draft.folder / f"{split}.jsonl", map(_as_prediction, rows))
    return store.open(name)


def _as_prediction(row: DatasetRow) -> PredictionRow:
    # The rules know no probability; a name's quality, by which they ranked it, stands in its place.
    named = sorted(
        ((round(name_quality(split_domain(name)[0]), 4), name) for name in row.names), key=lambda x: (-x[0], x[1])
    )
    suggestions = tuple(Suggestion(domain=name, confidence=quality) for quality, name in named[: row.request.count])
    response = SuccessResponse(suggestions=suggestions) if suggestions else BlockedResponse()
    return PredictionRow(id=row.id, request=row.request, expected=row.expected, response=response)
