"""Answers that a stopped job had already given, so that running it again asks the model only for the rest."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter, ValidationError

from namewright.shared import BadInputError, Response, dump_row

if TYPE_CHECKING:
    from types import TracebackType

    from namewright.shared import Request

_RESPONSE: TypeAdapter[Response] = TypeAdapter(Response)


class Journal:
    """A file to which each answer is appended as it comes; it goes when the job is done.

    An answer depends on the request and on what answers it alone, so it is found again by those two. What another
    model, seed or guard has answered is never taken, nor is a last line that a kill cut short.

    Args:
        path: Where it lies while the job runs.
        fingerprint: Names everything but the request that decides an answer.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path, self._fingerprint = path, fingerprint
        self._known: dict[str, tuple[Response, float]] = {}
        self._added = 0
        self.found = 0

    def __enter__(self) -> Self:
        """Read it, and open it for appending.

        Raises:
            BadInputError: there can be no such file; its folder is where the job's output goes.
        """
        try:
            self._known = _read(self._path)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise BadInputError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._file.write("\n")  # ends a line that a kill cut short
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove it when the job has come to its end; keep it where the job was stopped with an answer in it."""
        self._file.close()
        if kind is None or not (self._known or self._added):
            self._path.unlink(missing_ok=True)

    def get(self, request: Request) -> tuple[Response, float] | None:
        """Find an answer, and the seconds that it took."""
        known = self._known.get(self._key(request))
        self.found += known is not None
        return known

    def add(self, request: Request, response: Response, seconds: float) -> None:
        """Keep an answer."""
        row = {"key": self._key(request), "seconds": seconds, "response": response.model_dump(mode="json")}
        self._file.write(dump_row(row) + "\n")
        self._file.flush()
        self._added += 1

    def _key(self, request: Request) -> str:
        return hashlib.sha256(f"{self._fingerprint}\0{request.model_dump_json()}".encode()).hexdigest()


def journal_beside(output: Path) -> Path:
    """Say where the journal of a job that writes `output` lies: beside it, or beside what it links to."""
    target = Path(os.path.realpath(output))  # `resolve` raises where links lead to themselves
    return target.with_name(f".{target.name}.answers.jsonl")


def _read(path: Path) -> dict[str, tuple[Response, float]]:
    known: dict[str, tuple[Response, float]] = {}
    if not path.is_file():
        return known
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row: dict[str, Any] = json.loads(line)
            known[row["key"]] = _RESPONSE.validate_python(row["response"]), float(row["seconds"])
        except (ValueError, KeyError, TypeError, ValidationError):
            continue  # cut short by a kill
    return known
