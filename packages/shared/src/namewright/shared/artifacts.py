"""The artifact store: one folder a run, written beside and then renamed, and checked before it is used."""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from namewright.shared.errors import (
    ArtifactError,
    BadInputError,
    MissingArtifactError,
    NamewrightError,
    TamperedArtifactError,
)
from namewright.shared.files import sha256_of, telling_of, write_whole
from namewright.shared.jsonl import explain
from namewright.shared.manifest import MANIFEST_NAME, Manifest, OutputFile, Recipe, circumstances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PARTS = {"judgements": 3}
"""How many parts a kind's names have, two for all others: none may lie in another, which `--replace` would delete."""


@dataclass(frozen=True)
class Artifact:
    """An artifact that is there: its folder and its manifest."""

    name: str
    folder: Path
    manifest: Manifest

    def file(self, name: str) -> Path:
        """Give the path of one of its files.

        Raises:
            MissingArtifactError: the artifact has no such file.
        """
        if name not in self.manifest.outputs:
            have = ", ".join(sorted(self.manifest.outputs))
            msg = f"{self.folder}: this artifact has no {name} (it has {have})"
            raise MissingArtifactError(msg)
        return self.folder / name

    def hashes(self) -> dict[str, str]:
        """Give the sha256 of each file by its full name, as another recipe's `inputs` want it."""
        return {f"{self.name}/{name}": output.sha256 for name, output in sorted(self.manifest.outputs.items())}


@dataclass
class Draft:
    """An artifact in the making: write files into `folder`; name in `unhashed` those that nothing may rely on."""

    folder: Path
    unhashed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ArtifactStore:
    """The folder under which all artifacts live (`$NAMEWRIGHT_ARTIFACTS`, by default `artifacts`)."""

    root: Path

    def open(self, name: str) -> Artifact:
        """Open an artifact (`datasets/v1`) after checking every file against its manifest.

        Raises:
            MissingArtifactError: it is not there, or has no manifest.
            TamperedArtifactError: a file is missing or differs; the message names it.
        """
        artifact = self._peek(name)
        for file, expected in sorted(artifact.manifest.outputs.items()):
            path = artifact.folder / file
            if not path.is_file():
                msg = f"{path}: this file is gone, and {MANIFEST_NAME} names it; make {name} again with --replace"
                raise TamperedArtifactError(msg)
            found = sha256_of(path)
            if found != expected.sha256:
                msg = (
                    f"{path}: this file has changed since it was made: its sha256 is {found[:12]}..., and "
                    f"{MANIFEST_NAME} says {expected.sha256[:12]}...; restore it, or make {name} again with --replace"
                )
                raise TamperedArtifactError(msg)
        return artifact

    def reusable(self, name: str, recipe: Recipe, *, replace: bool) -> Artifact | None:
        """Give the artifact that a recipe has already made, or None where it has to be made.

        Raises:
            BadInputError: another recipe made the artifact of that name, and `replace` is false; or it is none of ours.
        """
        if not self._folder(name).exists():
            return None
        if replace:
            self._refuse_what_is_not_ours(name)
        try:
            artifact = self.open(name)
        except ArtifactError:
            if replace:
                return None
            raise
        if artifact.manifest.key == recipe.key():
            return artifact
        if replace:
            return None
        msg = (
            f"{artifact.folder}: made before, in another way ({_difference(artifact.manifest.recipe, recipe)}); "
            "give another name, or --replace to make it again"
        )
        raise BadInputError(msg)

    @contextmanager
    def create(self, name: str, recipe: Recipe) -> Iterator[Draft]:
        """Make an artifact: what the block writes appears under its name, whole, when the block has ended well.

        Raises:
            NamewrightError: it cannot be written (a full disk, no permission); nothing is left behind.
            BadInputError: something that is no artifact stands under its name.
        """
        started, created_at = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
        target = self._folder(name)
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
        try:
            with telling_of(target), _sole_maker(target):
                self._refuse_what_is_not_ours(name)
                partial.mkdir()
                draft = Draft(partial)
                yield draft
                manifest = Manifest(
                    artifact=name,
                    key=recipe.key(),
                    recipe=recipe,
                    outputs=_outputs(partial, draft.unhashed),
                    unhashed=tuple(sorted(draft.unhashed)),
                    circumstances=circumstances(created_at, time.monotonic() - started),
                )
                with write_whole(partial / MANIFEST_NAME) as file:
                    file.write(manifest.model_dump_json(indent=2, exclude_none=True) + "\n")
                _swap(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _folder(self, name: str) -> Path:
        parts = name.split("/")
        if len(parts) != _PARTS.get(parts[0], 2) or not all(map(_PART.fullmatch, parts)):
            msg = (
                f"{name!r} cannot be the name of an artifact: after its kind stand letters, digits, dots, hyphens and "
                "underscores, at most 100, a letter or digit first"
            )
            raise BadInputError(msg)
        return self.root / name

    def _refuse_what_is_not_ours(self, name: str) -> None:
        folder = self._folder(name)
        if not folder.exists():
            return
        try:
            Manifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
        except (OSError, ValueError) as error:
            msg = f"{folder}: this was made by something else (it has no {MANIFEST_NAME} of ours), and is not replaced; move it away, or give another name"
            raise BadInputError(msg) from error

    def _peek(self, name: str) -> Artifact:
        folder = self._folder(name)
        path = folder / MANIFEST_NAME
        if not path.is_file():
            there = "has no manifest" if folder.exists() else "is not there"
            msg = f"{folder}: this artifact {there}; {_how_to_make(name)}"
            raise MissingArtifactError(msg)
        try:
            manifest = Manifest.model_validate_json(path.read_bytes())
        except (ValidationError, ValueError) as error:
            msg = f"{path}: not a manifest of ours: {explain(error)}"
            raise TamperedArtifactError(msg) from error
        if manifest.key != manifest.recipe.key():
            msg = f"{path}: this manifest has changed since it was made (its key is not its recipe's); make {name} again with --replace"
            raise TamperedArtifactError(msg)
        return Artifact(name, folder, manifest)


def _outputs(folder: Path, unhashed: list[str]) -> dict[str, OutputFile]:
    outputs = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in unhashed:
            outputs[name] = OutputFile(sha256=sha256_of(path), bytes=path.stat().st_size)
    return outputs


def _swap(partial: Path, target: Path) -> None:
    """Put a finished folder in its place; the one that stood there goes only when the new one is in."""
    old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
    if target.exists():
        target.rename(old)
    try:
        partial.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _sole_maker(target: Path) -> Iterator[None]:
    """Keep a second job from making the same artifact at the same time, and clear what a killed one left behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{target}: another job is making it right now"
            raise NamewrightError(msg) from error
        _clear_what_a_killed_job_left(target)
        yield


def _clear_what_a_killed_job_left(target: Path) -> None:
    left_behind = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.(partial|old)")
    for path in sorted(target.parent.iterdir()):
        found = left_behind.fullmatch(path.name)
        if found and found[1] == "old" and not target.exists():
            path.rename(target)  # killed in the middle of the swap, so this one still counts
        elif found:
            shutil.rmtree(path, ignore_errors=True)


def _difference(before: Recipe, after: Recipe) -> str:
    """Say what differs between two recipes, in a few words."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    found: list[str] = []
    for part in ("config", "inputs", "libraries", "hardware"):
        changed = sorted(k for k in old[part].keys() | new[part].keys() if old[part].get(k) != new[part].get(k))
        found += [f"{part}: {key} was {old[part].get(key)!r}, is {new[part].get(key)!r}" for key in changed[:3]]
    if before.seed != after.seed:
        found.append(f"seed was {before.seed}, is {after.seed}")
    if before.maker.source_sha256 != after.maker.source_sha256:
        found.append(f"the source of {after.maker.package} has changed")
    return "; ".join(found) or "its recipe's format has changed"


def _how_to_make(name: str) -> str:
    kind = name.partition("/")[0]
    makers = {
        "datasets": "make it with `synth --name NAME`",
        "models": "make it with `trainer --run NAME`",
        "predictions": "make it with `suggest batch --model RUN`",
        "judgements": "make it with `judge score`",
        "calibrations": "make it with `trainer calibrate`",
        "probes": "make it with `probe run`",
    }
    return makers.get(kind, "make it first")
