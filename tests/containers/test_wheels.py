"""The wheels of guard and shared work in an empty environment, without this repository."""

from __future__ import annotations

import json
import os
import sys

import pytest

from .engine import ROOT, run


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    packages = [str(ROOT / "packages" / name) for name in ("guard", "shared")]
    done = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), *packages)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def environment(tmp_path):
    """An empty virtual environment; gives a function that runs a command of it, away from the repository."""
    done = run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv"))
    assert done.returncode == 0, done.stderr
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NAMEWRIGHT_"))}
    (tmp_path / "elsewhere").mkdir()

    def call(command, *arguments):
        path = str(tmp_path / "venv" / "bin" / command)
        command = (
            (sys.executable, "-m", "pip", "--python", path.removesuffix("pip") + "python")
            if command == "pip"
            else (path,)
        )
        return run(*command, *arguments, env=outside, cwd=tmp_path / "elsewhere")

    return call


def install(environment, wheels, *requirements):
    done = environment(
        "pip",
        "install",
        "--quiet",
        "--constraint",
        str(ROOT / "constraints.txt"),
        "--find-links",
        str(wheels),
        *requirements,
    )
    assert done.returncode == 0, done.stderr


def test_the_guard_works_alone(environment, wheels):
    (wheel,) = wheels.glob("namewright_guard-*.whl")
    install(environment, wheels, str(wheel))
    script = (
        "import json, sys; from namewright.guard import Guard; guard = Guard();"
        "print(json.dumps([guard.check(t).blocked for t in ('guns for kids', 'gun-dog training in Kent')]));"
        "assert 'namewright.shared' not in sys.modules"
    )
    done = environment("python", "-W", "error", "-c", script)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, False]


def test_the_guards_command_works_with_its_extra(environment, wheels):
    (wheel,) = wheels.glob("namewright_guard-*.whl")
    install(environment, wheels, f"{wheel}[cli]")
    done = environment("guard", "check", "guns for kids")
    assert "block" in (done.stdout + done.stderr).lower()


def test_shared_works_alone(environment, wheels):
    (wheel,) = wheels.glob("namewright_shared-*.whl")
    install(environment, wheels, str(wheel))
    script = (
        "from namewright.shared import Request; request = Request(description='a bakery', tlds=['.FR']);"
        "print(request.tlds)"
    )
    done = environment("python", "-W", "error", "-c", script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "('fr',)"
