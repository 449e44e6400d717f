"""What can go wrong while suggesting; see `namewright.shared.errors` for the exit codes."""

from __future__ import annotations

from namewright.shared import NamewrightError


class NoNameError(NamewrightError):
    """The model found no name that the request allows and the guard lets pass."""
