"""Answering many requests: a file of them, or the splits of a dataset as an artifact."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from namewright.shared import (
    BadInputError,
    Calibration,
    DatasetRow,
    PredictionRow,
    Recipe,
    RejectedLine,
    Request,
    SuccessResponse,
    Suggestion,
    library_versions,
    maker_of,
    read_rows,
    write_rows,
)
from namewright.shared.cli import progress
from namewright.suggest.errors import NoNameError
from namewright.suggest.journal import Journal, journal_beside
from namewright.suggest.ranking import calibrated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from namewright.shared import Artifact, ArtifactStore
    from namewright.shared.schemas import Outcome
    from namewright.suggest.suggester import Suggester

_LIBRARIES = ("bitsandbytes", "llguidance", "peft", "tokenizers", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a batch, with the id and the expectation that came with it."""

    id: str
    request: Request
    expected: Outcome | None = None


def parse_asked(row: Any) -> Asked:  # noqa: ANN401 - JSON is whatever it is
    """Read a Request, or an envelope `{"id"?, "request", ...}` whose other keys are passed over.

    Raises:
        ValueError: it is neither.
    """
    if not isinstance(row, dict):
        raise ValueError(f"expected a Request or an object with `request`, found {type(row).__name__}")  # noqa: TRY004 - a row's fault
    if "request" not in row:
        return Asked("", Request.model_validate(row))
    identity = row.get("id", "")
    if not isinstance(identity, str | int):
        raise ValueError("id: neither a text nor a number")  # noqa: TRY004
    expected = row.get("expected", row.get("expected_status"))
    return Asked(
        str(identity), Request.model_validate(row["request"]), expected if expected in {"success", "blocked"} else None
    )


def answer(
    asked: Iterable[Asked],
    suggester: Suggester,
    *,
    on_no_name: Callable[[Asked, NoNameError], None] | None = None,
    timings: list[float] | None = None,
    journal: Journal | None = None,
) -> Iterator[PredictionRow]:
    """Answer requests in their order; one without an id gets its place, from 1.

    Args:
        asked: The requests.
        suggester: Who answers.
        on_no_name: Takes a request that no name satisfies. Without it the first one ends the batch.
        timings: Gets the seconds that each answer took.
        journal: Gives the answers that a stopped job had got, and takes the new ones.
    """
    for place, item in enumerate(asked, start=1):
        started = time.perf_counter()
        if known := journal.get(item.request) if journal else None:
            response, seconds = known
        else:
            try:
                response = suggester.suggest(item.request)
            except NoNameError as error:
                if on_no_name is None:
                    raise NoNameError(f"row {item.id or place}: {error}") from error
                on_no_name(item, error)
                continue
            seconds = time.perf_counter() - started
            if journal:
                journal.add(item.request, response, seconds)
        if timings is not None:
            timings.append(seconds)
        yield PredictionRow(id=item.id or str(place), request=item.request, expected=item.expected, response=response)


def unanswerable(path: Path, item: Asked, error: NoNameError) -> RejectedLine:
    """Keep a request aside that no name satisfies."""
    return RejectedLine(str(path), 0, f"{item.id or 'a request without id'}: {error}", item.request.model_dump_json())


def predict_splits(
    suggester: Suggester,
    recipe: Recipe,
    dataset: Artifact,
    splits: Iterable[str],
    *,
    run: str,
    store: ArtifactStore,
    limit: int | None = None,
) -> Artifact:
    """Answer whole splits of a dataset and write `predictions/<run>`, with how long each answer took beside it."""
    name = f"predictions/{run}"
    with Journal(journal_beside(store.root / name), recipe.key()) as journal, store.create(name, recipe) as draft:
        timings: list[dict[str, Any]] = []
        for split in splits:
            rows = [
                Asked(row.id, row.request, row.expected)
                for row in islice(read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate), limit)
            ]
            seconds: list[float] = []
            predictions = answer(
                progress(rows, label=f"suggest {run}/{split}"), suggester, timings=seconds, journal=journal
            )
            write_rows(draft.folder / f"{split}.jsonl", predictions)
            timings += [
                {"split": split, "id": row.id, "seconds": round(s, 4)} for row, s in zip(rows, seconds, strict=True)
            ]
        write_rows(draft.folder / "timings.jsonl", timings)
        draft.unhashed.append("timings.jsonl")
    return store.open(name)


def recalibrate(source: Artifact, calibration: Artifact, *, run: str, store: ArtifactStore, replace: bool) -> Artifact:
    """Write `predictions/<run>`: the names of other predictions, their raw confidences made probabilities.

    The names and their order stay, so the model need not say them again.

    Raises:
        BadInputError: those predictions are calibrated already.
    """
    if source.manifest.recipe.config.get("calibration") is not None:
        raise BadInputError(f"{source.folder}: these confidences are calibrated already")
    fitted = Calibration.model_validate_json(calibration.file("calibration.json").read_bytes())
    config = source.manifest.recipe.config | {"calibration": fitted.model_dump(mode="json")}
    recipe = Recipe(
        maker=maker_of("suggest"),
        config=config,
        seed=source.manifest.recipe.seed,
        inputs=source.hashes() | calibration.hashes(),
    )
    name = f"predictions/{run}"
    if made := store.reusable(name, recipe, replace=replace):
        return made
    with store.create(name, recipe) as draft:
        for file in source.manifest.outputs:
            rows = read_rows(source.file(file), PredictionRow.model_validate)
            write_rows(draft.folder / file, (_recalibrated(row, fitted) for row in rows))
    return store.open(name)


def _recalibrated(row: PredictionRow, calibration: Calibration) -> PredictionRow:
    if not isinstance(row.response, SuccessResponse):
        return row
    suggestions = tuple(
        Suggestion(domain=s.domain, confidence=round(calibrated(s.confidence, calibration), 4))
        for s in row.response.suggestions
    )
    return row.model_copy(update={"response": SuccessResponse(suggestions=suggestions)})


def recipe_of(config: dict[str, Any], inputs: dict[str, str], hardware: dict[str, str], seed: int) -> Recipe:
    """Describe a batch of predictions: everything that decides its bytes."""
    guard = maker_of("guard")
    return Recipe(
        maker=maker_of("suggest"),
        config=config,
        seed=seed,
        libraries=library_versions(*_LIBRARIES) | {guard.package: f"{guard.version}+{guard.source_sha256[:12]}"},
        inputs=inputs,
        hardware=hardware,
    )
