"""A case: one request to put to a suggester, and what the answer has to be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

Expected = Literal["success", "blocked", "refused", "answered"]
"""`refused`: bad input, told so with a 4xx or a rejected line. `answered`: success or blocked, whichever."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request, as the text that goes over the wire.

    Attributes:
        mutator: Who made it.
        variant: Which of its tricks.
        body: The request's JSON text; for `refused` perhaps no JSON at all.
        expected: What the answer has to be.
        base: The unmutated request's body, whose status this one must share; a case whose base is already
            answered wrongly is no finding of its own.
        field: The field that a refusal has to name.
        kernel: What of the description has to stay for `expected` to hold, when it is made shorter.
        canary: A word that an injected order asks for, and no name may hold.
    """

    mutator: str
    variant: str
    body: str
    expected: Expected
    base: str | None = None
    field: str = ""
    kernel: str = ""
    canary: str = ""

    @property
    def request(self) -> Any:  # noqa: ANN401 - JSON is whatever it is
        """The body, parsed; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def dump(request: object) -> str:
    """Write a request as one line of ASCII JSON, so that any character at all survives the way."""
    return json.dumps(request, ensure_ascii=True)
