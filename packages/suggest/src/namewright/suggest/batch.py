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
from namewright.shared.jsonl import FieldError, numbered_rows
from namewright.suggest.errors import NoNameError
from namewright.suggest.journal import Journal, journal_beside
from namewright.suggest.models import differing
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
    """A request of a batch, with what came with it.

    Attributes:
        id: Its id; its line's number where it has none.
        request: The request.
        expected: What the right answer's status is, where it is known.
        line: Where it stands in its file, counted from 1.
    """

    id: str
    request: Request
    expected: Outcome | None = None
    line: int = 0


def read_asked(path: Path, on_bad_line: Callable[[RejectedLine], None]) -> list[Asked]:
    """Read a file of requests. A second row with the same id is a bad line."""
    lines: dict[str, int] = {}

    def parse(line: int, row: Any) -> Asked:  # noqa: ANN401 - JSON is whatever it is
        asked = parse_asked(line, row)
        if asked.id in lines:
            raise FieldError("id", f"{asked.id!r} stands in line {lines[asked.id]} already")
        lines[asked.id] = line
        return asked

    return list(numbered_rows(path, parse, on_bad_line=on_bad_line))


def parse_asked(line: int, row: Any) -> Asked:  # noqa: ANN401
    """Read a Request, or an envelope `{"id"?, "request", ...}` whose other keys are passed over.

    Raises:
        ValueError: it is neither.
    """
    if not isinstance(row, dict):
        raise ValueError(f"expected a Request or an object with `request`, found {type(row).__name__}")  # noqa: TRY004 - a row's fault
    if "request" not in row:
        return Asked(str(line), Request.model_validate(row), line=line)
    identity = row.get("id", "")
    if not isinstance(identity, str | int):
        raise FieldError("id", "neither a text nor a number")
    expected = row.get("expected", row.get("expected_status"))
    return Asked(
        str(identity) or str(line),
        Request.model_validate(row["request"]),
        expected if expected in {"success", "blocked"} else None,
        line,
    )


def answer(
    asked: Iterable[Asked],
    suggester: Suggester,
    *,
    on_no_name: Callable[[Asked, NoNameError], None] | None = None,
    timings: list[float] | None = None,
    journal: Journal | None = None,
) -> Iterator[PredictionRow]:
    """Answer requests in their order.

    Args:
        asked: The requests.
        suggester: Who answers.
        on_no_name: Takes a request that no name satisfies. Without it the first one ends the batch.
        timings: Gets the seconds that each answer took.
        journal: Gives the answers that a stopped job had got, and takes the new ones.
    """
    for item in asked:
        started = time.perf_counter()
        if known := journal.get(item.request) if journal else None:
            response, seconds = known
        else:
            try:
                response = suggester.suggest(item.request)
            except NoNameError as error:
                if on_no_name is None:
                    raise NoNameError(f"row {item.id}: {error}") from error
                on_no_name(item, error)
                continue
            seconds = time.perf_counter() - started
            if journal:
                journal.add(item.request, response, seconds)
        if timings is not None:
            timings.append(seconds)
        yield PredictionRow(id=item.id, request=item.request, expected=item.expected, response=response)


def unanswerable(path: Path, item: Asked, error: NoNameError) -> RejectedLine:
    """Keep a request aside that no name satisfies."""
    return RejectedLine(str(path), item.line, f"{item.id}: {error}", item.request.model_dump_json())


def predict_splits(
    load: Callable[[], Suggester],
    recipe: Recipe,
    dataset: Artifact,
    splits: Iterable[str],
    *,
    run: str,
    store: ArtifactStore,
    limit: int | None = None,
) -> Artifact:
    """Answer whole splits of a dataset and write `predictions/<run>`, with how long each answer took beside it.

    The suggester is loaded when it is sure that there is a place to write to.
    """
    name = f"predictions/{run}"
    with Journal(journal_beside(store.root / name), recipe.key()) as journal, store.create(name, recipe) as draft:
        suggester = load()
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
        BadInputError: those predictions are calibrated already, or are another model's than the calibration.
    """
    if source.manifest.recipe.config.get("calibration") is not None:
        raise BadInputError(f"{source.folder}: these confidences are calibrated already")
    fitted = calibration_for(source.manifest.recipe.model_inputs(), calibration)
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


def calibration_for(model: dict[str, str], artifact: Artifact) -> Calibration:
    """Read the calibration of a model, which is known by its files' hashes.

    Raises:
        BadInputError: it was fitted on what another model said, or on this one before it was trained again.
    """
    if others := differing(model, artifact.manifest.recipe.model_inputs()):
        raise BadInputError(
            f"{artifact.folder}: this calibration was fitted on another model ({others[0]} differs); "
            "fit one with `trainer calibrate`, or take --calibration none"
        )
    return Calibration.model_validate_json(artifact.file("calibration.json").read_bytes())


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
