"""The Compose files mean the same to Compose 2 and to Compose 1.29.2, and say what they promise."""

from __future__ import annotations

import json
import sys

import pytest
import yaml

from .engine import PROJECT, ROOT, Compose, image, inspect, run

JOBS = ("synth", "trainer", "suggest", "judge", "probe")
WITH_GPU = ("trainer", "model", "suggest", "predictions", "api")
FILES = {"gpu": "compose.yaml:compose.override.yaml", "cpu": "compose.yaml:compose.cpu.yaml"}


def raw(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session", params=list(FILES))
def variant(request):
    return request.param


@pytest.fixture(scope="session")
def config(engine, variant):
    """The merged configuration, as Compose 2 understands it."""
    done = Compose({}, files=FILES[variant])("--profile", "jobs", "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


@pytest.fixture(scope="session")
def compose_one(engine, tmp_path_factory):
    """Compose 1.29.2 in an environment of its own; its PyYAML needs an older Cython to build."""
    folder = tmp_path_factory.mktemp("compose-1.29.2")
    assert run(sys.executable, "-m", "venv", "--without-pip", str(folder)).returncode == 0
    pip = (sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet")
    for arguments in (
        ("cython<3", "wheel", "setuptools<60"),
        ("--no-build-isolation", "pyyaml==5.4.1"),
        ("docker-compose==1.29.2", "docker<7", "requests<2.32", "urllib3<2"),
    ):
        done = run(*pip, *arguments)
        assert done.returncode == 0, done.stderr
    return str(folder / "bin" / "docker-compose")


@pytest.mark.parametrize("name", ["compose.yaml", "compose.override.yaml", "compose.cpu.yaml"])
def test_there_is_no_version_and_no_name(name):
    assert not {"version", "name", "include"} & set(raw(name))


@pytest.mark.slow
def test_compose_1_29_2_reads_the_same_services(compose_one, config, variant):
    done = Compose({}, files=FILES[variant], command=(compose_one,))("--profile", "jobs", "config")
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert set(services) == set(config)
    for name, service in services.items():
        assert service["image"] == config[name]["image"]
        assert set(service.get("depends_on", ())) == set(config[name].get("depends_on", ()))
        assert bool(service.get("deploy")) == bool(config[name].get("deploy"))


@pytest.mark.slow
def test_compose_1_29_2_runs_a_job(compose_one, images, settings):
    compose = Compose(settings, project=f"{PROJECT}-1", command=(compose_one,))
    done = compose("run", "--rm", "-T", "synth", "preview", "--n", "3", "--json")
    compose.ok("--profile", "jobs", "down", "--volumes", "--timeout", "5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"expected"') == 3


def test_a_gpu_is_reserved_where_torch_runs_and_there_is_one(config, variant):
    reserved = {
        name
        for name, service in config.items()
        for device in service.get("deploy", {}).get("resources", {}).get("reservations", {}).get("devices", ())
        if "gpu" in device["capabilities"]
    }
    assert reserved == (set(WITH_GPU) if variant == "gpu" else set())
    torch = {name: config[name]["build"]["args"]["TORCH"] for name in WITH_GPU}
    assert set(torch.values()) == {"cuda" if variant == "gpu" else "cpu"}


def test_the_gpu_file_is_read_by_default(engine):
    done = Compose({}, files=None)("config", "--format", "json")
    assert "deploy" in json.loads(done.stdout)["services"]["model"]


def test_jobs_wait_until_somebody_asks_for_them(config):
    assert {name for name in config if config[name].get("profiles")} >= set(JOBS)
    assert not config["guard"].get("profiles")
    assert not config["api"].get("profiles")


def test_what_comes_after_waits_for_success(config):
    conditions = {
        (name, needed): how["condition"]
        for name in config
        for needed, how in config[name].get("depends_on", {}).items()
    }
    assert conditions.pop(("probe", "api")) == "service_healthy"
    assert set(conditions.values()) == {"service_completed_successfully"}
    chain = ["dataset", "model", "predictions", "scores", "judge", "pipeline"]
    assert set(zip(chain[1:], chain, strict=False)) <= set(conditions)


def test_nobody_has_privileges_or_a_writable_root(config):
    for name, service in config.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["mem_limit"]) > 0, name
        assert service.get("cap_add", []) == (["CHOWN", "DAC_OVERRIDE"] if name == "pipeline" else []), name


def test_artifacts_travel_in_one_volume(config):
    for name, service in config.items():
        sources = {volume["target"]: volume["source"] for volume in service.get("volumes", ())}
        assert sources.get("/artifacts") == (None if name == "guard" else "artifacts"), name


@pytest.mark.parametrize("name", ["trainer", "suggest"])
def test_what_torch_compiles_is_kept_where_it_can_be_loaded(config, images, name):
    """A tmpfs is mounted noexec, so the libraries that Triton compiles cannot be loaded from /tmp."""
    assert {"source": "hub", "target": "/cache"}.items() <= {
        key: value
        for volume in config[name]["volumes"]
        if volume["target"] == "/cache"
        for key, value in volume.items()
    }.items()
    environment = dict(entry.split("=", 1) for entry in inspect(image(name))["Config"]["Env"])
    environment |= config[name]["environment"]
    for cache in ("TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR", "HF_HOME"):
        assert environment[cache].startswith("/cache/"), cache


def test_a_key_is_a_secret_and_never_in_the_environment(config):
    asking = {name for name, service in config.items() if "openai_api_key" in str(service.get("secrets"))}
    assert {"synth", "suggest", "api", "judge"} <= asking
    for name, service in config.items():
        assert "OPENAI_API_KEY" not in (service.get("environment") or {}), name


def test_a_key_reaches_a_job_as_a_file(compose, tmp_path):
    (tmp_path / "openai.key").write_text("key-of-this-test\n", encoding="utf-8")
    script = (
        "import os; from namewright.shared.secret_files import read_secret_files as read; "
        "print('OPENAI_API_KEY' in os.environ); read(); print(os.environ['OPENAI_API_KEY'])"
    )
    command = ("run", "--rm", "-T", "--no-deps", "--entrypoint", "python", "judge", "-c", script)
    done = compose(*command, OPENAI_API_KEY_FILE=str(tmp_path / "openai.key"))
    assert done.stdout.split() == ["False", "key-of-this-test"], done.stderr
