"""The whole line on the small dataset, as `docker compose up pipeline` runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .conftest import REVISION
from .engine import VOLUME, confined, docker, image, in_volume, inspect

pytestmark = pytest.mark.usefixtures("line")

MANIFESTS = """
import hashlib, json, pathlib
root = pathlib.Path("/artifacts")
found = {}
for path in sorted(root.glob("*/**/manifest.json")):
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["differing"] = [
        name for name, file in manifest["outputs"].items()
        if hashlib.sha256((path.parent / name).read_bytes()).hexdigest() != file["sha256"]
    ]
    found[path.parent.relative_to(root).as_posix()] = manifest
print(json.dumps(found))
"""
OWNERS = """
import pathlib
print(*sorted({path.stat().st_uid for path in pathlib.Path("/artifacts").rglob("*")}))
"""


@pytest.fixture(scope="module")
def manifests():
    return json.loads(in_volume(MANIFESTS))


def test_the_report_is_on_the_host(settings):
    folder = Path(settings["NAMEWRIGHT_REPORTS"])
    page = folder / "baseline.html"
    assert page.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert page.stat().st_uid == os.getuid()


def test_every_artifact_is_there_and_whole(manifests):
    assert {"datasets/v0", "models/baseline", "predictions/baseline", "judgements/baseline/test"} <= set(manifests)
    assert {name: manifest["differing"] for name, manifest in manifests.items() if manifest["differing"]} == {}


def test_every_artifact_says_what_made_it(manifests):
    assert {manifest["recipe"]["maker"]["git_commit"] for manifest in manifests.values()} == {REVISION}


def test_inputs_are_the_outputs_of_the_stage_before(manifests):
    made = {f"{name}/{file}": o["sha256"] for name, m in manifests.items() for file, o in m["outputs"].items()}
    used = {
        file: sha256
        for manifest in manifests.values()
        for file, sha256 in manifest["recipe"]["inputs"].items()
        if file.partition("/")[0] in {"datasets", "models", "predictions"}
    }
    assert used
    assert {file: sha256 for file, sha256 in used.items() if made.get(file) != sha256} == {}


def test_every_file_in_the_volume_is_the_unprivileged_users():
    assert in_volume(OWNERS) == "10001"


def test_the_judge_prints_the_report_and_its_chain_makes_nothing_anew(compose, manifests):
    done = compose("run", "--rm", "-T", "judge")
    assert done.returncode == 0, done.stderr
    assert "baseline" in done.stdout
    again = json.loads(in_volume(MANIFESTS))
    assert {name: m["circumstances"] for name, m in again.items()} == {
        name: m["circumstances"] for name, m in manifests.items()
    }


def test_the_trained_model_answers_without_network_on_a_read_only_root():
    done = confined(
        "suggest", "organic coffee shop in Miami", "--count", "2", options=("--volume", f"{VOLUME}:/artifacts:ro")
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "success"
    assert all(suggestion["domain"].endswith(".com") for suggestion in answer["suggestions"])


def test_an_unsafe_request_is_blocked():
    done = confined("suggest", "guns for kids", options=("--volume", f"{VOLUME}:/artifacts:ro"))
    assert json.loads(done.stdout) == {
        "status": "blocked",
        "message": "Request contains inappropriate content",
        "suggestions": [],
    }


def test_the_same_training_twice_gives_the_same_weights_without_network(manifests):
    arguments = ("--run", "again", "--dataset", "v0", "--base", "bundled", "--max-steps", "4", "--batch-size", "2")
    done = confined("trainer", *arguments, options=("--volume", f"{VOLUME}:/artifacts"), timeout=600)
    assert done.returncode == 0, done.stderr
    again = json.loads(in_volume(MANIFESTS))["models/again"]
    assert again["key"] == manifests["models/baseline"]["key"]
    weights = "adapter/adapter_model.safetensors"
    assert again["outputs"][weights] == manifests["models/baseline"]["outputs"][weights]


def test_qlora_trains_on_a_cpu(compose):
    compose.ok("run", "--rm", "-T", "trainer", "--qlora", timeout=900)
    config = json.loads(in_volume("print(open('/artifacts/models/qlora/run_config.json').read())"))
    assert (config["method"], config["base"], config["dataset"]) == ("qlora", "bundled", "v0")


def test_the_reports_are_copied_without_network_or_a_writable_volume(compose):
    container = compose.ok("--profile", "jobs", "ps", "--all", "--quiet", "pipeline").strip()
    host = inspect(container)["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert any(bind.endswith(":/artifacts:ro") for bind in host["Binds"] or []) or any(
        mount["Target"] == "/artifacts" and mount.get("ReadOnly") for mount in host["Mounts"] or []
    )


def test_the_images_of_the_line_are_the_ones_under_test(compose):
    container = compose.ok("--profile", "jobs", "ps", "--all", "--quiet", "model").strip()
    assert inspect(container)["Image"] == docker("image", "inspect", "--format", "{{.Id}}", image("trainer"))
