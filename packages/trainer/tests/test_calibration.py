"""A calibrated confidence is the rate at which such names are good ones."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from namewright.shared import (
    ArtifactStore,
    Calibration,
    NamewrightError,
    PredictionRow,
    Recipe,
    Request,
    SuccessResponse,
    Suggestion,
    maker_of,
    write_rows,
)
from namewright.trainer._cli import cli
from namewright.trainer.calibration import apply, fit_platt


@pytest.fixture
def judged_store(store: ArtifactStore) -> ArtifactStore:
    """Two hundred requests whose names are good half as often as their confidence says."""
    chance = np.random.default_rng(7)
    predictions, judgements = [], []
    for number in range(200):
        confidences = sorted((round(float(c), 4) for c in chance.uniform(0.05, 0.95, 3)), reverse=True)
        domains = [f"name{'abc'[i]}x{chr(97 + number % 26)}{chr(97 + number // 26)}.com" for i in range(3)]
        good = [chance.random() < confidence / 2 for confidence in confidences]
        response = SuccessResponse(
            suggestions=tuple(Suggestion(domain=d, confidence=c) for d, c in zip(domains, confidences, strict=True)),
        )
        predictions.append(PredictionRow(id=f"r{number}", request=Request(description="x"), response=response))
        names = [{"domain": d, "score": 4.0 if g else 2.0} for d, g in zip(domains, good, strict=True)]
        judgements.append({"id": f"r{number}", "judge": "test", "names": names})
    recipe = Recipe(maker=maker_of("shared"), config={})
    model = {"base/config.json": "1" * 64, "models/baseline/adapter/adapter_model.safetensors": "2" * 64}
    inputs = model | {"datasets/small/val.jsonl": "3" * 64}
    with store.create("predictions/baseline-raw", recipe.model_copy(update={"inputs": inputs})) as draft:
        write_rows(draft.folder / "val.jsonl", predictions)
    judge(store, judgements)
    return store


def judge(store: ArtifactStore, rows: list[dict], *, void: bool = False) -> None:
    inputs = store.open("predictions/baseline-raw").hashes()
    recipe = Recipe(maker=maker_of("shared"), config={}, inputs=inputs)
    with store.create("judgements/baseline-raw/val", recipe) as draft:
        write_rows(draft.folder / "rows.jsonl", rows)
        (draft.folder / "summary.json").write_text(json.dumps({"void": void}))


def calibrate(store: ArtifactStore, *options: str) -> Result:
    return CliRunner().invoke(cli, ["calibrate", "--artifacts", str(store.root), *options])


def test_it_learns_that_confidences_were_twice_too_high(judged_store: ArtifactStore):
    done = calibrate(judged_store, "--json")
    assert done.exit_code == 0, done.output
    fitted = Calibration.model_validate(json.loads(done.stdout))
    assert fitted.names == 600
    assert fitted.brier_after < fitted.brier_before
    assert apply(np.array([0.8]), fitted.slope, fitted.intercept)[0] == pytest.approx(0.4, abs=0.08)
    inputs = judged_store.open("calibrations/baseline").manifest.recipe.inputs
    assert {name for name in inputs if name.startswith(("base/", "models/"))} == {
        "base/config.json",
        "models/baseline/adapter/adapter_model.safetensors",
    }


def test_judgements_of_other_predictions_are_refused(judged_store: ArtifactStore):
    recipe = Recipe(maker=maker_of("shared"), config={"other": True})
    with judged_store.create("judgements/baseline-raw/val", recipe) as draft:
        write_rows(draft.folder / "rows.jsonl", [{"id": "r1", "judge": "test", "names": []}])
    done = calibrate(judged_store)
    assert done.exit_code == 3
    assert "judge score" in done.stderr


def test_judgements_of_predictions_that_were_made_again_are_refused(judged_store: ArtifactStore):
    rows = judged_store.open("predictions/baseline-raw").file("val.jsonl").read_text().splitlines()
    with judged_store.create("predictions/baseline-raw", Recipe(maker=maker_of("shared"), config={})) as draft:
        (draft.folder / "val.jsonl").write_text("\n".join(rows[1:]) + "\n")
    done = calibrate(judged_store)
    assert done.exit_code == 3
    assert "judge score" in done.stderr


def test_void_judgements_are_refused(judged_store: ArtifactStore):
    rows = judged_store.open("judgements/baseline-raw/val").file("rows.jsonl").read_text().splitlines()
    judge(judged_store, [json.loads(row) for row in rows], void=True)
    done = calibrate(judged_store)
    assert done.exit_code == 3
    assert "void" in done.stderr


def test_calibrated_confidences_are_not_calibrated_again(judged_store: ArtifactStore):
    rows = judged_store.open("predictions/baseline-raw").file("val.jsonl").read_bytes()
    recipe = Recipe(maker=maker_of("shared"), config={"calibration": {"slope": 1.0}})
    with judged_store.create("predictions/baseline-raw", recipe) as draft:
        (draft.folder / "val.jsonl").write_bytes(rows)
    done = calibrate(judged_store)
    assert done.exit_code == 2
    assert "calibrated already" in done.stderr


def test_nothing_is_fitted_on_the_test_split(judged_store: ArtifactStore):
    done = calibrate(judged_store, "--split", "test")
    assert done.exit_code == 2
    assert "--split test" in done.stderr


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=20, max_size=200))
def test_the_order_of_names_is_never_turned_round(names: list[tuple[float, bool]]):
    confidence = np.array([c for c, _ in names])
    good = np.array([float(g) for _, g in names])
    slope, intercept = fit_platt(confidence, good)
    assert slope > 0
    ordered = apply(np.sort(confidence), slope, intercept)
    assert np.all(np.diff(ordered) >= 0)
    assert np.all((ordered > 0) & (ordered < 1))


def test_too_few_names_are_no_calibration():
    from namewright.trainer.calibration import join

    response = SuccessResponse(suggestions=(Suggestion(domain="brewhaven.com", confidence=0.5),))
    row = PredictionRow(id="1", request=Request(description="x"), response=response)
    with pytest.raises(NamewrightError, match="at least 20"):
        join([row], [{"id": "1", "judge": "t", "names": [{"domain": "brewhaven.com", "score": 4.0}]}])
