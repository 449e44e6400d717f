"""What the tests of the containers share: the engine, the images built once, and Compose on a project of its own.

Without an engine every test that needs one is skipped and says so; NAMEWRIGHT_REQUIRE_CONTAINERS=1 makes that a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ("synth", "trainer", "guard", "suggest", "judge", "probe")
TAG = "test"
PROJECT = "namewright-test"


def run(*command: str, timeout: float = 300, env: dict[str, str] | None = None, cwd: Path = ROOT):
    """Run a command to its end; gives its exit code and what it printed."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, cwd=cwd, env={**os.environ, **(env or {})}
        )
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace") + (late.stderr or b"").decode(errors="replace")
        pytest.fail(f"{' '.join(command)}: not done after {timeout} s\n{said[-4000:]}")


def docker(*arguments: str, timeout: float = 300):
    """Run `docker` to its end, and fail the test where that fails."""
    done = run("docker", *arguments, timeout=timeout)
    assert done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def inspect(what: str) -> dict:
    """Give what the engine knows of an image, a container or a volume."""
    return json.loads(docker("inspect", what))[0]


def image(name: str) -> str:
    """Give the reference of one of the images under test."""
    return f"namewright-{name}:{TAG}"


def confined(name: str, *arguments: str, options: tuple[str, ...] = (), timeout: float = 300):
    """Run an image without network, on a read-only root file system, without privileges."""
    limits = ("--rm", "--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")
    return run("docker", "run", *limits, *options, image(name), *arguments, timeout=timeout)


@dataclass
class Compose:
    """`docker compose` for a host without a GPU, on a project and a volume of the tests' own."""

    env: dict[str, str]
    files: tuple[str, ...] = ("compose.yaml", "compose.cpu.yaml")
    project: str = PROJECT
    calls: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str, timeout: float = 300, **env: str):
        settings = {"COMPOSE_FILE": ":".join(self.files), "COMPOSE_PROJECT_NAME": self.project, **self.env, **env}
        return run("docker", "compose", "--ansi=never", *arguments, timeout=timeout, env=settings)


def why_no_engine() -> str | None:
    """Say what is missing, or None where there is an engine and Compose v2."""
    if shutil.which("docker") is None:
        return "there is no `docker` on the PATH"
    for command in (("docker", "version", "--format", "{{.Server.Version}}"), ("docker", "compose", "version")):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode:
            return f"`{' '.join(command)}` says: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
    return None


@pytest.fixture(scope="session")
def engine() -> None:
    """Skip where no container engine answers, or fail where one has to."""
    if reason := why_no_engine():
        if os.environ.get("NAMEWRIGHT_REQUIRE_CONTAINERS") == "1":
            pytest.fail(f"NAMEWRIGHT_REQUIRE_CONTAINERS=1, and no container was tested: {reason}", pytrace=False)
        pytest.skip(f"NO CONTAINER WAS TESTED: {reason}")


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> dict[str, str]:
    """The environment under which Compose works in these tests: the small dataset v0 and a few training steps."""
    return {
        "NAMEWRIGHT_TAG": TAG,
        "NAMEWRIGHT_BUILD_NETWORK": "host",
        "NAMEWRIGHT_GIT_COMMIT": "0123456789abcdef0123456789abcdef01234567",
    }


@pytest.fixture(scope="session")
def images(engine, settings) -> None:
    """Build all six images as a user does."""
    done = Compose(settings)("--profile=*", "build", timeout=3000)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"


@pytest.fixture(scope="session")
def compose(images, settings):
    """Compose on the built images; its containers and volumes are gone afterwards."""
    compose = Compose(settings)
    compose("--profile=*", "down", "--volumes", "--remove-orphans")
    yield compose
    compose("--profile=*", "down", "--volumes", "--remove-orphans")
