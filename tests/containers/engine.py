"""How the tests reach the container engine: commands, the images under test, and Compose on a project of its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ("synth", "trainer", "guard", "suggest", "judge", "probe")
BASE_IMAGE = os.environ.get("BASE_IMAGE", "python:3.11-slim-bookworm")
TAG = "test"
PROJECT = "namewright-test"
THREADS = "1"
"""Of torch: ten decoding steps on two busy cores took 4 s with one thread, and 112 s with two that wait for each other."""
VOLUME = f"{PROJECT}_artifacts"


def run(*command: str, timeout: float = 300, env: dict[str, str] | None = None, cwd: Path = ROOT):
    """Run a command to its end; gives its exit code and what it printed."""
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=timeout, check=False, cwd=cwd, env=env
        )
    except subprocess.TimeoutExpired as late:
        said = b"".join(part for part in (late.stdout, late.stderr) if part).decode(errors="replace")
        pytest.fail(f"{' '.join(command)}: not done after {timeout} s\n{said[-4000:]}")


def docker(*arguments: str, timeout: float = 300) -> str:
    """Run `docker` to its end, and fail the test where that fails; gives its output."""
    done = run("docker", *arguments, timeout=timeout)
    assert done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def inspect(what: str) -> dict:
    """Give what the engine knows of an image or a container."""
    return json.loads(docker("inspect", what))[0]


def image(name: str) -> str:
    """Give the reference of one of the images under test."""
    return f"namewright-{name}:{TAG}"


def confined(name: str, *arguments: str, options: tuple[str, ...] = (), timeout: float = 300):
    """Run an image without network, on a read-only root file system, without privileges."""
    limits = ("--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")
    threads = f"--env=OMP_NUM_THREADS={THREADS}"
    return run("docker", "run", "--rm", *limits, threads, *options, image(name), *arguments, timeout=timeout)


def in_volume(script: str, user: str = "10001") -> str:
    """Run a Python script where the artifacts are, in the judge's image; gives what it prints."""
    mount = ("--volume", f"{VOLUME}:/artifacts")
    return docker(
        "run", "--rm", "--network=none", f"--user={user}", *mount, "--entrypoint=python", image("judge"), "-c", script
    )


def wait_for(what: str, happened: Callable[[], object], timeout: float = 240):
    """Wait until something has happened, and give it; fails the test where it does not in time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if found := happened():
            return found
        time.sleep(0.5)
    pytest.fail(f"{what}: not within {timeout} s")


@dataclass
class Compose:
    """`docker compose` as on a host without a GPU, with a project, a volume and settings of the tests' own."""

    settings: dict[str, str]
    project: str = PROJECT
    files: str | None = "compose.yaml:compose.cpu.yaml"
    command: tuple[str, ...] = ("docker", "compose")

    def __call__(self, *arguments: str, timeout: float = 600, cwd: Path = ROOT, **settings: str):
        """Run it to its end; keyword arguments stand over the settings."""
        outside = {key: value for key, value in os.environ.items() if not key.startswith(("NAMEWRIGHT_", "COMPOSE_"))}
        files = {"COMPOSE_FILE": self.files} if self.files else {}
        own = {**files, "COMPOSE_PROJECT_NAME": self.project, **self.settings, **settings}
        command = (*self.command, "--env-file", str(ROOT / "tests" / "containers" / "empty.env"))
        return run(*command, *arguments, timeout=timeout, env=outside | own, cwd=cwd)

    def ok(self, *arguments: str, timeout: float = 600, **settings: str) -> str:
        """Run it, and fail the test where that fails; gives all that it printed."""
        done = self(*arguments, timeout=timeout, **settings)
        assert done.returncode == 0, f"compose {' '.join(arguments)}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout + done.stderr
