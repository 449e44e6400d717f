"""What every image promises: no privileges, no writable root, no network, labels, and its size."""

from __future__ import annotations

import json
import os
import shutil
import sys

import pytest

from .conftest import REVISION
from .engine import IMAGES, PROJECT, ROOT, Compose, confined, docker, image, inspect, run

pytestmark = pytest.mark.usefixtures("images")
TORCH_IMAGES = ("trainer", "suggest")
SERVICES = ("guard", "suggest")


@pytest.mark.parametrize("name", IMAGES)
def test_it_runs_as_an_unprivileged_user_and_stops_on_sigterm(name):
    config = inspect(image(name))["Config"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Entrypoint"] == [name]


@pytest.mark.parametrize("name", IMAGES)
def test_its_labels_say_what_it_was_built_from(name):
    config = inspect(image(name))["Config"]
    label = "org.opencontainers.image"
    assert config["Labels"][f"{label}.title"] == f"namewright-{name}"
    assert config["Labels"][f"{label}.revision"] == REVISION
    assert config["Labels"][f"{label}.licenses"] == "Apache-2.0"
    assert f"NAMEWRIGHT_GIT_COMMIT={REVISION}" in config["Env"]


@pytest.mark.parametrize("name", IMAGES)
def test_it_helps_without_network_on_a_read_only_root(name):
    done = confined(name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: {name} ")


@pytest.mark.parametrize("name", IMAGES)
def test_the_artifacts_folder_is_its_users(name):
    script = "import os; s = os.stat('/artifacts'); print(s.st_uid, os.getuid(), os.access('/artifacts', os.W_OK))"
    assert docker("run", "--rm", "--entrypoint=python", image(name), "-c", script) == "10001 10001 True"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_health_check(name):
    assert "/healthz" in " ".join(inspect(image(name))["Config"]["Healthcheck"]["Test"])


@pytest.mark.parametrize("name", IMAGES)
def test_nothing_in_it_can_install_or_compile(name):
    """The CPU images; the CUDA variants keep the C compiler that Triton needs."""
    script = (
        "import shutil, importlib.util as u; print([t for t in ('gcc', 'cc') if shutil.which(t)], u.find_spec('pip'))"
    )
    assert docker("run", "--rm", "--entrypoint=python", image(name), "-c", script) == "[] None"


@pytest.mark.parametrize("name", TORCH_IMAGES)
def test_the_base_model_is_in_it_once(name):
    script = (
        "import json, pathlib; root = pathlib.Path('/opt/namewright/bases');"
        "print(json.dumps(sorted(p.name for p in root.glob('*/*') if p.stat().st_size > 1e8)))"
    )
    assert json.loads(docker("run", "--rm", "--entrypoint=python", image(name), "-c", script)) == ["model.safetensors"]
    assert docker("run", "--rm", "--user=0", "--entrypoint=find", image(name), "/", "-xdev", "-name", "*.gguf") == ""


def test_the_large_layers_are_stored_once():
    layers = [inspect(image(name))["RootFS"]["Layers"] for name in TORCH_IMAGES]
    base = len(inspect(image("synth"))["RootFS"]["Layers"]) - 3
    shared = set(layers[0]) & set(layers[1])
    assert len(shared) >= base + 3, "torch, what loads a base, and the base model"


@pytest.mark.slow
def test_the_classic_builder_builds_the_same(engine):
    """Docker 20.10 without BuildKit. One image, because building all of them again takes minutes."""
    command = (
        "docker",
        "build",
        "--network=host",
        "--file=containers/guard.Dockerfile",
        f"--tag={PROJECT}-classic",
        ".",
    )
    done = run(*command, env=os.environ | {"DOCKER_BUILDKIT": "0"}, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    script = "from importlib.metadata import distributions as d; print(sorted(f'{x.name}=={x.version}' for x in d()))"
    packages = {
        docker("run", "--rm", "--entrypoint=python", name, "-c", script)
        for name in (image("guard"), f"{PROJECT}-classic")
    }
    docker("image", "rm", f"{PROJECT}-classic")
    assert len(packages) == 1


def test_the_images_are_as_small_as_promised():
    done = run(str(ROOT / "containers" / "sizes"), "test", "--check")
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["synth", "trainer"])
def test_a_source_edit_rebuilds_one_layer(name, settings, tmp_path):
    for path in ("packages", "containers", "compose.yaml", "compose.cpu.yaml", ".dockerignore", "LICENSE"):
        source = ROOT / path
        if source.is_dir():
            shutil.copytree(source, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__", "tests", ".*"))
        else:
            shutil.copy2(source, tmp_path / path)
    edited = tmp_path / "packages" / name / "src" / "namewright" / name / "__init__.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    done = Compose(settings)("build", name, cwd=tmp_path, NAMEWRIGHT_TAG="edited", timeout=600)
    assert done.returncode == 0, done.stderr
    before, after = (inspect(f"namewright-{name}:{tag}")["RootFS"]["Layers"] for tag in ("test", "edited"))
    docker("image", "rm", f"namewright-{name}:edited")
    assert len([layer for layer in after if layer not in before]) <= 1
