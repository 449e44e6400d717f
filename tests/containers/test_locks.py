"""The locks hold what the packages ask for, in the versions that constraints.txt names, with hashes."""

from __future__ import annotations

import os
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .engine import IMAGES, ROOT, run

LOCKS = ROOT / "containers" / "locks"


def load_lock_script():
    loader = SourceFileLoader("namewright_containers_lock", str(ROOT / "containers" / "lock"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


lock = load_lock_script()
TOOLS = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
"""The environment with this interpreter's commands, of which uv is one, first."""


def pinned(path):
    """Give the versions in a lock or constraints file by canonical name."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def test_there_is_a_lock_for_each_image():
    assert set(lock.IMAGES) == set(IMAGES)


@pytest.mark.parametrize("image", IMAGES)
def test_a_lock_satisfies_what_the_packages_ask_for(image):
    below = ["torch-cpu", "bases"] if image in lock.ON_BASES else []
    have = {name: version for stem in [*below, image] for name, version in pinned(LOCKS / f"{stem}.txt").items()}
    for text in lock.requirements(*lock.IMAGES[image]):
        requirement = Requirement(text)
        version = have.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in the lock of {image}: run containers/lock"
        assert requirement.specifier.contains(version), f"{text}, and the lock of {image} has {version}"


@pytest.mark.parametrize("name", [*IMAGES, "bases", "build", "bundled-base", "torch-cpu", "torch-cuda"])
def test_a_lock_agrees_with_the_constraints(name):
    constraints = pinned(ROOT / "constraints.txt")
    differing = {
        package: (version, constraints[package])
        for package, version in pinned(LOCKS / f"{name}.txt").items()
        if constraints.get(package, version) != version
    }
    assert not differing, f"run containers/lock: {differing} (lock, constraints.txt)"


@pytest.mark.slow
def test_the_locks_are_what_the_tool_writes():
    done = run(str(ROOT / "containers" / "lock"), "--check", timeout=600, env=TOOLS)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("image", IMAGES)
def test_a_lock_resolves_to_files_that_pypi_has(image, tmp_path):
    """All that the packages in it ask for is in it. The images of torch are checked with the CUDA build's lock."""
    files = ["torch-cuda", "bases", image] if image in lock.ON_BASES else [image]
    target = ("--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_28", "--target", str(tmp_path))
    requirements = [argument for name in files for argument in ("--requirement", str(LOCKS / f"{name}.txt"))]
    done = run("uv", "pip", "install", "--dry-run", "--require-hashes", *target, *requirements, env=TOOLS)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(set(LOCKS.glob("*.txt")) - {lock.VERSIONS}), ids=lambda path: path.stem)
def test_every_package_of_a_lock_has_a_hash(path):
    blocks = re.split(r"^(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert blocks
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_all_images_have_the_same_version_of_a_library():
    seen: dict[str, set[str]] = {}
    for stem in ("bases", *IMAGES):
        for name, version in pinned(LOCKS / f"{stem}.txt").items():
            seen.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in seen.items() if len(versions) > 1} == {}


def test_no_image_of_a_light_package_has_torch():
    assert not {"torch", "transformers"} & set().union(
        *(pinned(LOCKS / f"{i}.txt") for i in ("synth", "guard", "judge", "probe"))
    )
