"""What a suggester's confidence means: fitted on the validation split's judged names.

A raw confidence says how good a name looks to the suggester. Platt scaling (Platt 1999) turns it into the probability
of an event that can be checked: that the judge gives the name at least 3.5 of 5.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from namewright.shared import (
    ArtifactError,
    BadInputError,
    Calibration,
    MissingArtifactError,
    NamewrightError,
    PredictionRow,
    Recipe,
    SuccessResponse,
    library_versions,
    maker_of,
    read_rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from namewright.shared import Artifact, ArtifactStore

GOOD_NAME = 3.5
"""The judge's per-name score, of 5, from which on a name counts as a good one."""
_FEWEST = 20
_FOLDS = 10


@dataclass(frozen=True)
class JudgedNames:
    """Names with their raw confidences and whether they were good: arrays of the same length.

    Attributes:
        request: Which request each name answers, as a number.
        confidence: Raw confidences, 0 to 1.
        good: 1.0 where the judge's score is at least `GOOD_NAME`, else 0.0.
    """

    request: NDArray[np.int64]
    confidence: NDArray[np.float64]
    good: NDArray[np.float64]


def calibrate(predictions: str, split: str, run: str, store: ArtifactStore, *, replace: bool = False) -> Artifact:
    """Fit `calibrations/<run>` to `predictions/<predictions>` and their judgements.

    The recipe's inputs hold the model's files too, so that nobody puts it to the confidences of another model.

    Raises:
        ArtifactError: the predictions or their judgements are not there, or those are of other predictions, or void.
        BadInputError: the split is the one that is reported on, or the confidences are calibrated already.
        NamewrightError: there are fewer than twenty judged names.
    """
    if split == "test":
        raise BadInputError("--split test: results are reported on it, so nothing is fitted on it; take val")
    predicted = store.open(f"predictions/{predictions}")
    judged = store.open(f"judgements/{predictions}/{split}")
    _refuse_what_does_not_fit(predicted, judged, split)
    name = f"calibrations/{run}"
    recipe = Recipe(
        maker=maker_of("trainer"),
        config={"split": split, "threshold": GOOD_NAME, "folds": _FOLDS},
        libraries=library_versions("numpy"),
        inputs=predicted.manifest.recipe.model_inputs() | predicted.hashes() | judged.hashes(),
    )
    if made := store.reusable(name, recipe, replace=replace):
        return made
    rows = list(read_rows(predicted.file(f"{split}.jsonl"), PredictionRow.model_validate))
    judgements = list(read_rows(judged.file("rows.jsonl"), dict))
    names = join(rows, judgements)
    slope, intercept = fit_platt(names.confidence, names.good)
    held_out = np.empty_like(names.confidence)
    for fold in range(_FOLDS):
        inside = names.request % _FOLDS == fold
        if inside.any():
            held_out[inside] = apply(
                names.confidence[inside], *fit_platt(names.confidence[~inside], names.good[~inside])
            )
    calibration = Calibration(
        slope=slope,
        intercept=intercept,
        names=len(names.good),
        positives=int(names.good.sum()),
        threshold=GOOD_NAME,
        judge=str(judgements[0]["judge"]),
        brier_before=round(float(np.mean((names.confidence - names.good) ** 2)), 6),
        brier_after=round(float(np.mean((held_out - names.good) ** 2)), 6),
    )
    with store.create(name, recipe) as draft:
        text = calibration.model_dump_json(indent=2) + "\n"
        (draft.folder / "calibration.json").write_text(text, encoding="utf-8")
    return store.open(name)


def _refuse_what_does_not_fit(predicted: Artifact, judged: Artifact, split: str) -> None:
    if predicted.manifest.recipe.config.get("calibration") is not None:
        raise BadInputError(f"{predicted.folder}: these confidences are calibrated already; a fit wants raw ones")
    rows = predicted.file(f"{split}.jsonl")
    digest = predicted.manifest.outputs[rows.name].sha256
    if judged.manifest.recipe.inputs.get(f"{predicted.name}/{rows.name}") != digest:
        raise ArtifactError(
            f"{judged.folder}: these are judgements of other rows than those of {rows}; judge them with "
            f"`judge score --run {predicted.folder.name} --split {split} --replace`"
        )
    if json.loads(judged.file("summary.json").read_bytes())["void"]:
        raise ArtifactError(f"{judged.folder}: the judge failed its canaries, so these judgements are void")


def join(rows: list[PredictionRow], judgements: list[dict[str, Any]]) -> JudgedNames:
    """Put each suggested name's confidence beside its judge's score.

    Raises:
        MissingArtifactError: the judgements are not those of the predictions.
        NamewrightError: there are fewer than twenty names.
    """
    scores = {
        (str(judged["id"]), name["domain"]): name["score"] for judged in judgements for name in judged.get("names", ())
    }
    request, confidence, good = [], [], []
    for number, row in enumerate(rows):
        if not isinstance(row.response, SuccessResponse):
            continue
        for suggestion in row.response.suggestions:
            score = scores.get((row.id, suggestion.domain))
            if score is not None:
                request.append(number)
                confidence.append(suggestion.confidence)
                good.append(float(score >= GOOD_NAME))
    if rows and not good:
        raise MissingArtifactError("no name of these predictions was judged: judge them with `judge score` first")
    if len(good) < _FEWEST:
        raise NamewrightError(f"{len(good)} judged names: a calibration needs at least {_FEWEST}")
    return JudgedNames(np.array(request), np.array(confidence), np.array(good))


def fit_platt(confidence: NDArray[np.float64], good: NDArray[np.float64]) -> tuple[float, float]:
    """Fit slope and intercept by Newton's method on Platt's smoothed targets; the slope is kept above 0.01.

    The smoothing (Platt 1999, 2.2) stands for one more good and one more bad name, so that a few names that are all
    good do not make a certainty.
    """
    positives, negatives = good.sum(), len(good) - good.sum()
    targets = np.where(good > 0, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    features = np.stack([_logit(confidence), np.ones_like(confidence)], axis=1)
    weights = np.array([1.0, 0.0])
    ridge = 1e-3 * np.eye(2)
    for _ in range(100):
        probability = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (probability - targets) + ridge @ (weights - [1.0, 0.0])
        hessian = (features * (probability * (1 - probability))[:, None]).T @ features + ridge
        step = np.linalg.solve(hessian, gradient)
        weights = weights - np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - converged
            break
    if weights[0] < 0.01:  # noqa: PLR2004 - a confidence that says nothing must not turn the order round
        rate = float(targets.mean())
        return 0.01, math.log(rate / (1 - rate)) - 0.01 * float(_logit(confidence).mean())
    return float(weights[0]), float(weights[1])


def apply(confidence: NDArray[np.float64], slope: float, intercept: float) -> NDArray[np.float64]:
    """Give calibrated probabilities."""
    calibrated: NDArray[np.float64] = 1 / (1 + np.exp(-(slope * _logit(confidence) + intercept)))
    return calibrated


def _logit(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(confidence, 1e-4, 1 - 1e-4)
    odds: NDArray[np.float64] = np.log(inside / (1 - inside))
    return odds
