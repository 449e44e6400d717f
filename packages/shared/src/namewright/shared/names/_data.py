"""The hand-made word lists beside this package's code."""

from __future__ import annotations

from importlib.resources import files


def read_lines(name: str) -> list[str]:
    """Read a list's lines, without its comments (`#`) and blank lines."""
    text = files("namewright.shared.names").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
