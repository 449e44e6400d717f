"""Evaluation suites beside the training splits: designed by hand, versioned, with what should happen to each row."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from namewright.shared import Category, Request
from namewright.shared.schemas import Outcome, Schema

SUITES = ("edge-cases", "red-team")


class SuiteRow(Schema):
    """One row of a suite; `suggest --file` reads it as it stands.

    Attributes:
        id: `suite/version/name`.
        suite: The suite it belongs to.
        version: The suite's version; a row never changes within one.
        request: What is asked for.
        expected: What the right answer's status is.
        category: Why it has to be refused, or `safe`.
        why: What the row is there to show.
    """

    id: str
    suite: Literal["edge-cases", "red-team"]
    version: int
    request: Request
    expected: Outcome
    category: Category
    why: str


@lru_cache
def suite_rows(name: str) -> tuple[SuiteRow, ...]:
    """Read a suite; `name` is one of `SUITES`."""
    text = files("namewright.synth").joinpath("data", "suites", f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(_row(name, table["version"], entry) for entry in table["rows"])


def suite_descriptions() -> tuple[str, ...]:
    """Give every suite's descriptions, which no training set may come near."""
    return tuple(row.request.description for name in SUITES for row in suite_rows(name))


def _row(name: str, version: int, entry: dict[str, Any]) -> SuiteRow:
    request = dict(entry["request"])
    request["description"] = entry.get("repeat", "") * entry.get("times", 0) + request["description"]
    request["description"] = request["description"].strip() or request["description"]
    category = entry.get("category", "safe")
    return SuiteRow(
        id=f"{name}/{version}/{entry['id']}",
        suite=name,  # type: ignore[arg-type]  # pydantic checks it
        version=version,
        request=Request.model_validate(request),
        expected=entry.get("expected", "success" if category == "safe" else "blocked"),
        category=category,
        why=entry["why"],
    )
