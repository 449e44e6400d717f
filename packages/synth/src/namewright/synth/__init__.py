"""Makes a synthetic dataset of business descriptions, brandable domain names and unsafe requests."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from namewright.synth._check import Problem, check_file
    from namewright.synth._make import Plan, make_dataset
    from namewright.synth._names._from_text import answer
    from namewright.synth._rows import split_rows
    from namewright.synth._suites import suite_rows

__all__ = ["Plan", "Problem", "answer", "check_file", "make_dataset", "split_rows", "suite_rows"]

_HOMES = {
    "Plan": "_make",
    "Problem": "_check",
    "answer": "_names._from_text",
    "check_file": "_check",
    "make_dataset": "_make",
    "split_rows": "_rows",
    "suite_rows": "_suites",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Import what is asked for when it is (PEP 562), so that `synth --help` waits for none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
