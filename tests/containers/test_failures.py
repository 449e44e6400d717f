"""Exit codes, stopped and killed jobs: what a person or an orchestrator has to be able to rely on."""

from __future__ import annotations

import json
import time

import pytest

from .engine import PROJECT, Compose, docker, in_volume, inspect, run, wait_for

TRAIN = ("--base", "bundled", "--batch-size", "2", "--save-every", "1")
WEIGHTS = "adapter/adapter_model.safetensors"
LEFTOVERS = "import pathlib; print(*sorted(p.name for p in pathlib.Path('/artifacts/models').iterdir()))"


@pytest.fixture
def container():
    """A name for one container, which is gone afterwards."""
    name = f"{PROJECT}-one"
    run("docker", "rm", "--force", name)
    yield name
    run("docker", "rm", "--force", name)


def start_training(compose, container, *arguments):
    compose.ok("run", "--detach", "--no-deps", "--name", container, "trainer", *TRAIN, *arguments)


def has_checkpoint(container, name):
    probe = f"ls /artifacts/models/.{name}.checkpoints/*/checkpoint-*/trainer_state.json"
    return run("docker", "exec", container, "sh", "-c", probe).returncode == 0


@pytest.fixture
def empty_project(images, settings):
    """Compose on a project without any container or artifact."""
    compose = Compose(settings, project=f"{PROJECT}-empty")
    sweep = ("--profile", "jobs", "down", "--volumes", "--timeout", "5")
    compose.ok(*sweep)
    yield compose
    compose.ok(*sweep)


def test_a_failing_dependency_stops_what_comes_after(empty_project):
    compose = empty_project
    done = compose("up", "--exit-code-from", "pipeline", "pipeline", NAMEWRIGHT_DATASET="broken", NAMEWRIGHT_N="-1")
    states = {
        name: inspect(compose.ok("--profile", "jobs", "ps", "--all", "--quiet", name).strip())["State"]
        for name in ("dataset", "model", "pipeline")
    }
    assert done.returncode != 0
    assert states["dataset"]["ExitCode"] == 2
    assert (states["model"]["Status"], states["pipeline"]["Status"]) == ("created", "created")
    assert 'dataset" didn' in done.stderr


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--dataset", "nowhere"), 3, "/artifacts/datasets/nowhere"),
        (("--no-such-option",), 2, "--no-such-option"),
        (("--base", "/nowhere"), 2, "/nowhere"),
    ],
)
def test_a_jobs_exit_code_comes_through(compose, arguments, code, said):
    done = compose("run", "--rm", "-T", "--no-deps", "trainer", *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr


@pytest.mark.usefixtures("line")
def test_a_changed_dataset_is_refused_by_name(compose):
    in_volume(
        "import shutil, pathlib; shutil.copytree('/artifacts/datasets/v0', '/artifacts/datasets/changed');"
        "p = pathlib.Path('/artifacts/datasets/changed/train.jsonl'); b = bytearray(p.read_bytes()); b[9] ^= 1;"
        "p.write_bytes(b)"
    )
    done = compose("run", "--rm", "-T", "--no-deps", "trainer", "--dataset", "changed")
    in_volume("import shutil; shutil.rmtree('/artifacts/datasets/changed')")
    assert done.returncode == 3, done.stderr
    assert "/artifacts/datasets/changed/train.jsonl" in done.stderr


@pytest.mark.usefixtures("line")
def test_sigterm_ends_training_within_ten_seconds_and_leaves_no_model(compose, container):
    start_training(compose, container, "--run", "stopped", "--max-steps", "500")
    wait_for("a checkpoint", lambda: has_checkpoint(container, "stopped"))
    began = time.monotonic()
    docker("stop", "--time", "60", container)
    assert time.monotonic() - began < 10
    assert inspect(container)["State"]["ExitCode"] == 143
    assert "stopped" not in in_volume(LEFTOVERS).split()


@pytest.mark.usefixtures("line")
def test_a_killed_training_is_resumed_to_the_same_bytes(compose, container):
    start_training(compose, container, "--run", "killed", "--max-steps", "4")
    wait_for("a checkpoint", lambda: has_checkpoint(container, "killed"))
    docker("kill", container)
    assert inspect(container)["State"]["ExitCode"] == 137
    assert "killed" not in in_volume(LEFTOVERS).split(), "it was done before it was killed"
    resume = ("--run", "killed", "--max-steps", "4", "--resume")
    said = compose.ok("run", "--rm", "-T", "--no-deps", "trainer", *TRAIN, *resume)
    assert "going on from" in said
    outputs = [
        json.loads(in_volume(f"print(open('/artifacts/models/{name}/manifest.json').read())"))["outputs"]
        for name in ("killed", "baseline")
    ]
    assert outputs[0][WEIGHTS] == outputs[1][WEIGHTS]
    assert ".killed.checkpoints" not in in_volume(LEFTOVERS).split()
