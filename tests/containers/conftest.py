"""What the tests of the containers share: the engine, the images built once, and the whole line run once.

Without an engine every test that needs one is skipped and says so; NAMEWRIGHT_REQUIRE_CONTAINERS=1 makes that a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest

from .engine import IMAGES, PROJECT, TAG, THREADS, Compose

REVISION = "0123456789abcdef0123456789abcdef01234567"


def why_no_engine() -> str | None:
    """Say what is missing, or None where there is an engine and Compose."""
    if shutil.which("docker") is None:
        return "there is no `docker` on the PATH"
    for command in (("docker", "version", "--format", "{{.Server.Version}}"), ("docker", "compose", "version")):
        try:
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=False)
        except subprocess.TimeoutExpired:
            return f"`{' '.join(command)}` does not answer"
        if done.returncode:
            return f"`{' '.join(command)}` says: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
    return None


@pytest.fixture(scope="session")
def engine() -> None:
    """Skip where no container engine answers, or fail where one has to."""
    if reason := why_no_engine():
        if os.environ.get("NAMEWRIGHT_REQUIRE_CONTAINERS") == "1":
            pytest.fail(f"NAMEWRIGHT_REQUIRE_CONTAINERS=1, and no container can be tested: {reason}", pytrace=False)
        pytest.skip(f"NO CONTAINER IS TESTED: {reason}")


def free_port() -> str:
    """Find a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> dict[str, str]:
    """What stands in `.env` elsewhere: the small dataset v0, a few training steps, few samples."""
    return {
        "NAMEWRIGHT_TAG": TAG,
        "NAMEWRIGHT_BUILD_NETWORK": "host",
        "NAMEWRIGHT_GIT_COMMIT": REVISION,
        "NAMEWRIGHT_DATASET": "v0",
        "NAMEWRIGHT_N": "50",
        "NAMEWRIGHT_TRAINER_TRAIN_MAX_STEPS": "4",
        "NAMEWRIGHT_TRAINER_TRAIN_BATCH_SIZE": "2",
        "NAMEWRIGHT_TRAINER_TRAIN_SAVE_EVERY": "1",
        "OMP_NUM_THREADS": THREADS,
        "NAMEWRIGHT_SUGGEST_BATCH_SAMPLES": "8",
        "NAMEWRIGHT_SUGGEST_BATCH_LIMIT": "2",
        "NAMEWRIGHT_REPORTS": str(tmp_path_factory.mktemp("reports")),
        "NAMEWRIGHT_API_PORT": free_port(),
        "NAMEWRIGHT_GUARD_PORT": free_port(),
    }


@pytest.fixture(scope="session")
def images(engine, settings) -> None:
    """Build the six images as a user does."""
    Compose(settings).ok("build", *IMAGES, timeout=3000)


@pytest.fixture(scope="session")
def compose(images, settings):
    """Compose on the built images; its containers and volumes are gone before and afterwards."""
    compose = Compose(settings, project=PROJECT)
    sweep = ("--profile", "jobs", "down", "--volumes", "--remove-orphans", "--timeout", "5")
    compose.ok(*sweep)
    yield compose
    compose.ok(*sweep)


@pytest.fixture(scope="session")
def line(compose) -> str:
    """The whole line, from nothing to the report on the host, run once; gives what Compose said."""
    return compose.ok("up", "--exit-code-from", "pipeline", "pipeline", timeout=900)
