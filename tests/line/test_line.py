"""The whole line on fifty examples: what it leaves, that it is reused, repeatable, and stops at a changed byte."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from namewright.shared import (
    ArtifactStore,
    Calibration,
    DatasetRow,
    PredictionRow,
    SuccessResponse,
    read_rows,
    violations,
)

ROOT = Path(__file__).parents[2]
OPTIONS = ("--dataset", "v0", "--n", "50", "--max-steps", "3")


def run_line(artifacts: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools/pipeline.py"), "--artifacts", str(artifacts), *OPTIONS, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> tuple[ArtifactStore, subprocess.CompletedProcess[str]]:
    artifacts = tmp_path_factory.mktemp("line") / "artifacts"
    return ArtifactStore(artifacts), run_line(artifacts)


def test_it_ends_with_real_suggestions_and_the_report(line):
    store, done = line
    assert done.returncode == 0, done.stderr[-3000:]
    shown = [text for text in done.stdout.splitlines() if text.startswith("  0.")]
    assert 3 <= len(shown) <= 15
    report = store.root / "reports/baseline.html"
    assert str(report) in done.stdout
    html = report.read_text(encoding="utf-8")
    assert "baseline" in html
    assert "void" not in done.stdout.lower()


def test_every_artifact_is_there_and_matches_its_manifest(line):
    store, _ = line
    for name in (
        "datasets/v0",
        "models/baseline",
        "predictions/baseline-raw",
        "predictions/baseline",
        "predictions/few-shot",
        "predictions/rules",
        "judgements/baseline-raw/val",
        "judgements/baseline/val",
        "judgements/baseline/test",
        "judgements/few-shot/test",
        "judgements/rules/test",
        "calibrations/baseline",
    ):
        assert store.open(name).manifest.artifact == name
    Calibration.model_validate_json(store.open("calibrations/baseline").file("calibration.json").read_bytes())


def test_every_request_is_answered_and_every_answer_obeys_it(line):
    store, _ = line
    dataset, artifact = store.open("datasets/v0"), store.open("predictions/baseline")
    for split in ("val", "test"):
        asked = list(read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate))
        rows = list(read_rows(artifact.file(f"{split}.jsonl"), PredictionRow.model_validate))
        assert [row.id for row in rows] == [row.id for row in asked]
        for row in rows:
            if isinstance(row.response, SuccessResponse):
                assert all(violations(row.request, suggestion.domain) == () for suggestion in row.response.suggestions)


def test_no_group_stands_on_two_sides_of_the_split(line):
    store, _ = line
    dataset = store.open("datasets/v0")
    groups = {
        split: {row.group for row in read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate)}
        for split in ("train", "val", "test")
    }
    assert not groups["train"] & groups["test"]
    assert not groups["train"] & groups["val"]
    assert not groups["val"] & groups["test"]


def test_a_second_run_makes_nothing_again(line):
    store, _ = line
    before = {path: path.stat().st_mtime_ns for path in store.root.rglob("manifest.json")}
    done = run_line(store.root)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {path: path.stat().st_mtime_ns for path in store.root.rglob("manifest.json")} == before


def test_another_folder_and_the_same_seed_give_the_same_bytes(line, tmp_path: Path):
    store, _ = line
    done = run_line(tmp_path / "artifacts")
    assert done.returncode == 0, done.stderr[-3000:]
    other = ArtifactStore(tmp_path / "artifacts")
    for name in ("datasets/v0", "models/baseline", "predictions/baseline", "judgements/baseline/test"):
        one, two = (s.open(name).manifest for s in (store, other))
        assert one.key == two.key, name
        assert {file: out.sha256 for file, out in one.outputs.items()} == {
            f: out.sha256 for f, out in two.outputs.items()
        }


def test_one_changed_byte_stops_the_line_and_is_named(line, tmp_path: Path):
    store, _ = line
    copy = ArtifactStore(tmp_path / "artifacts")
    shutil.copytree(store.root / "datasets", copy.root / "datasets")
    path = copy.root / "datasets/v0/train.jsonl"
    text = path.read_text(encoding="utf-8")
    row = json.loads(text.splitlines()[0])
    path.write_text(text.replace(row["id"], row["id"][:-1] + "X", 1), encoding="utf-8")
    trainer = Path(sys.executable).parent / "trainer"
    done = subprocess.run(
        [trainer, "--dataset", "v0", "--artifacts", copy.root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "train.jsonl" in done.stderr
    assert not (copy.root / "models").exists()
