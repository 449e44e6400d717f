"""The fingerprint of a judge: a hash over everything that decides a score.

Its own code is part of it, but only the folders that score, and of `shared` what they build on: a new colour in the
report does not make yesterday's scores incomparable.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from namewright.judge.records import JudgeCard
from namewright.shared.manifest import hash_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from namewright.judge._scoring.rubric import Rubric

_OURS = ("_scoring", "records.py")
_SHARED = ("names", "schemas.py", "constraints.py", "tlds.py", "prompts.py")


def make_card(
    *,
    kind: Literal["offline", "openai"],
    model: str,
    rubric: Rubric,
    parameters: Mapping[str, str | float | bool | None],
    folders: tuple[str, ...],
) -> JudgeCard:
    """Describe a judge, and hash the description."""
    code = _hash_code(folders)
    parts = {"kind": kind, "model": model, "rubric": rubric, "parameters": dict(parameters), "code": code}
    return JudgeCard(**parts, fingerprint=hash_json(parts)[:16])  # type: ignore[arg-type]


@lru_cache
def _hash_code(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    roots = [("judge", name) for name in (*_OURS, *folders)] + [("shared", name) for name in _SHARED]
    for package, name in roots:
        root = Path(str(files(f"namewright.{package}"))) / name
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            if path.is_file() and path.suffix not in {".pyc", ".partial"}:
                digest.update(f"{package}/{name}/{path.relative_to(root.parent).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
