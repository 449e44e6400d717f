"""The manifest of an artifact: what made it, with what, from what, and what came out."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import platform
import subprocess
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from namewright.shared.schemas import SCHEMA_VERSION, Schema, Sha256

MANIFEST_NAME = "manifest.json"


class Maker(Schema):
    """The package that made an artifact, as it was then.

    Attributes:
        package: Its name as it is installed (`namewright-synth`).
        version: Its version.
        source_sha256: Hash of every file of its source and of `namewright-shared`'s.
        git_commit: The commit of its checkout, or what the image was built from; no part of the key.
    """

    package: str
    version: str
    source_sha256: Sha256
    git_commit: str | None = None


class Recipe(Schema):
    """All that decides an artifact's bytes. Its hash is the artifact's key.

    Attributes:
        maker: The package and its source.
        config: Every setting of the job.
        seed: Where its randomness starts.
        libraries: Versions of the libraries that have a say in the result.
        inputs: The sha256 of every input file, by its name (`datasets/v1/train.jsonl`).
        hardware: What of the machine decides the bytes (the device and its number type), where anything does.
    """

    maker: Maker
    config: dict[str, Any]
    seed: int | None = None
    libraries: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, Sha256] = Field(default_factory=dict)
    hardware: dict[str, str] = Field(default_factory=dict)

    def key(self) -> str:
        """Hash the recipe; the git commit has no say, since the source's own hash does."""
        recipe = self.model_dump(mode="json", exclude={"maker": {"git_commit"}})
        return hash_json(recipe)

    def model_inputs(self) -> dict[str, str]:
        """Give the inputs that say which model was used: its base's files, and its run's."""
        return {name: digest for name, digest in self.inputs.items() if name.startswith(("base/", "models/"))}


class OutputFile(Schema):
    """One file of an artifact.

    Attributes:
        sha256: Hash of its bytes.
        bytes: Its size.
    """

    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]


class Circumstances(Schema):
    """What differs between two runs of one recipe, and is no part of any hash.

    Attributes:
        created_at: When the job began, UTC (ISO 8601).
        seconds: How long it took.
        host: The operating system.
        cpu: The processor's model.
        python: The interpreter's version.
        peak_memory_mb: The most memory that the job has held, in MB (10^6 bytes).
    """

    created_at: str
    seconds: float
    host: str
    cpu: str
    python: str
    peak_memory_mb: float


class Manifest(Schema):
    """What `manifest.json` holds.

    Attributes:
        schema_version: The version of this schema.
        artifact: The artifact's name under the store's root (`datasets/v1`).
        key: Hash of the recipe: the same key on the same machine gives the same outputs.
        recipe: What it was made with and from.
        outputs: Every file that the artifact vouches for.
        unhashed: Files that differ from run to run (timings), which nothing may rely on.
        circumstances: When and where; no part of any hash.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    artifact: str
    key: Sha256
    recipe: Recipe
    outputs: dict[str, OutputFile]
    unhashed: tuple[str, ...] = ()
    circumstances: Circumstances


def hash_json(value: object) -> str:
    """Hash a JSON value by its canonical text (sorted keys, no blanks)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache
def maker_of(package: str) -> Maker:
    """Describe an installed package of ours, `synth` for `namewright-synth`, and hash its source with `shared`'s."""
    digest = hashlib.sha256()
    for name in sorted({package, "shared"}):
        for root in map(Path, importlib.import_module(f"namewright.{name}").__path__):
            for path in sorted(root.rglob("*")):
                if path.is_file() and path.suffix not in {".pyc", ".partial"}:
                    digest.update(f"{name}/{path.relative_to(root).as_posix()}\0".encode())
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Maker(
        package=f"namewright-{package}",
        version=metadata.version(f"namewright-{package}"),
        source_sha256=digest.hexdigest(),
        git_commit=_git_commit(),
    )


def library_versions(*names: str) -> dict[str, str]:
    """Give the installed versions of libraries, by name, for those that are installed."""
    versions = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def circumstances(created_at: str, seconds: float) -> Circumstances:
    """Say where and when this process works."""
    return Circumstances(
        created_at=created_at,
        seconds=round(seconds, 3),
        host=platform.platform(),
        cpu=_cpu_model(),
        python=platform.python_version(),
        peak_memory_mb=round(peak_memory_mb(), 1),
    )


def peak_memory_mb() -> float:
    """The most memory that this process has held so far, in MB (10^6 bytes)."""
    import resource  # noqa: PLC0415 - not on Windows, and wanted by this function alone

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if platform.system() == "Darwin" else peak * 1024 / 1e6


@lru_cache
def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


@lru_cache
def _git_commit() -> str | None:
    """The commit of the checkout that this code runs from, or what the image was built from; None without either."""
    if commit := os.environ.get("NAMEWRIGHT_GIT_COMMIT"):
        return commit
    try:
        done = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
