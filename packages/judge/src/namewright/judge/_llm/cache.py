"""Replies that have been paid for: one line a call, appended as soon as it is there.

A job that is killed loses what was in flight and nothing else; run again, it asks only for the rest. The key holds the
judge's fingerprint and the messages, so another model, prompt, rubric or code never meets an old reply.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from namewright.judge._llm.reply import Verdict
from namewright.shared import BadInputError
from namewright.shared.files import telling_of
from namewright.shared.manifest import hash_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_VERDICTS = TypeAdapter(list[Verdict])


class ReplyCache:
    """The replies to one judge, in one file of JSON lines."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.path = folder / f"{fingerprint}.jsonl"
        self._fingerprint = fingerprint
        self._known = self._read()

    def key(self, messages: Sequence[dict[str, str]]) -> str:
        """Hash what is asked, and of whom."""
        return hash_json([self._fingerprint, list(messages)])

    def get(self, key: str) -> list[Verdict] | None:
        """Give the reply to a call that has been made before."""
        return self._known.get(key)

    def put(self, key: str, verdicts: list[Verdict]) -> None:
        """Keep a reply; it is in the file when this returns."""
        self._known[key] = verdicts
        line = json.dumps({"key": key, "verdicts": _VERDICTS.dump_python(verdicts, mode="json")}) + "\n"
        with telling_of(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                # A kill in the middle of a write leaves a line without its end: it must not swallow the next one.
                size = os.fstat(descriptor).st_size
                cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                os.write(descriptor, (("\n" if cut else "") + line).encode())
            finally:
                os.close(descriptor)

    def _read(self) -> dict[str, list[Verdict]]:
        known: dict[str, list[Verdict]] = {}
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return known
        except OSError as error:
            msg = f"{self.path}: cannot be read: {error.strerror or error}; give --llm-cache another folder"
            raise BadInputError(msg) from error
        for raw in lines:
            try:
                row = json.loads(raw)
                known[row["key"]] = _VERDICTS.validate_python(row["verdicts"])
            except (ValueError, KeyError, TypeError, ValidationError):
                continue  # a line that a kill cut off: its call is made again
        return known
