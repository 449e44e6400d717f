"""The arrays that are data of the package."""

from __future__ import annotations

import io
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from namewright.shared import NamewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def stored_arrays(name: str, what: str) -> Iterator[Any]:
    """Open `data/<name>` for reading; `what` says in an error what of the judge stands in it.

    Raises:
        NamewrightError: the file is damaged or missing, or an array of it; there is no judging without it.
    """
    path = files("namewright.judge._offline").joinpath(f"data/{name}")
    try:
        with np.load(io.BytesIO(path.read_bytes())) as arrays:
            yield arrays
    except (OSError, KeyError, ValueError) as error:
        msg = f"{path}: the judge's {what} cannot be read ({error}); install namewright-judge again"
        raise NamewrightError(msg) from error
