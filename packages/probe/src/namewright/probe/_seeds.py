"""Where the probe starts: labelled requests, bundled or from a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from namewright.shared import Request, dump_row, read_rows
from namewright.shared.jsonl import expected_of

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.shared import RejectedLine

Label = Literal["success", "blocked", "answered"]


@dataclass(frozen=True)
class Seed:
    """A request that is in order, and what the right answer's status is (`answered` where nobody knows).

    Attributes:
        request: Its fields, those with their default left out.
        expected: The right answer's status.
        category: Why it is unsafe (`unsafe` where its file does not say), or `safe`.
        kernel: The unsafe phrase in its plainest words, for the mutators that hide it.
    """

    request: dict[str, Any]
    expected: Label
    category: str = "safe"
    kernel: str = field(default="")

    @property
    def description(self) -> str:
        """The business, in words."""
        return str(self.request["description"])

    def with_(self, **changes: object) -> dict[str, Any]:
        """Give its request with some fields changed."""
        return {**self.request, **changes}


@lru_cache
def bundled(name: str) -> tuple[dict[str, Any], ...]:
    """Read one of the package's own files of rows (`seeds`, `contrast`, `languages`)."""
    text = files("namewright.probe").joinpath("_data", f"{name}.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def bundled_seeds() -> list[Seed]:
    """Give the bundled requests: safe ones with all kinds of constraints, and two unsafe ones of most categories."""
    return [Seed(row["request"], row["expected"], row["category"], row.get("kernel", "")) for row in bundled("seeds")]


def read_seeds(path: Path, on_bad_line: RejectedLinesTaker) -> list[Seed]:
    """Read requests, or envelopes with a `request` and perhaps an `expected` (or `expected_status`), one a line."""
    return list(read_rows(path, _seed_of, on_bad_line=on_bad_line))


def _seed_of(row: Any) -> Seed:  # noqa: ANN401 - JSON is whatever it is
    envelope = row if isinstance(row, dict) and "request" in row else {"request": row}
    request = Request.model_validate(envelope["request"])
    expected: Label = expected_of(envelope) or "answered"  # nobody knows
    plain = {key: value for key, value in json.loads(dump_row(request)).items() if key in request.model_fields_set}
    kernel = request.description if expected == "blocked" else ""
    unnamed = "unsafe" if expected == "blocked" else "safe"
    return Seed(plain, expected, str(envelope.get("category") or unnamed), kernel)


if TYPE_CHECKING:
    from collections.abc import Callable

    RejectedLinesTaker = Callable[[RejectedLine], None]
