"""The data files that ship with the package."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "_data"


def data_file(name: str) -> Path:
    """Give the path of a data file; importlib.resources would cost a fifth of the cold start."""
    return _FOLDER / name
