"""What came back from a suggester."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one request.

    Attributes:
        kind: `answered` with some text, `refused` as bad input, `failed` (a crash, an unforeseen status), `timeout`.
        text: The answer's JSON text, or what was said instead.
        code: The HTTP status or the exit code, where there is one.
        note: What is wrong with the way that it came, apart from what it says: a breach of the contract.
    """

    kind: Literal["answered", "refused", "failed", "timeout"]
    text: str
    code: int | None = None
    note: str = ""


class Target(Protocol):
    """A suggester."""

    def ask(self, bodies: Sequence[str]) -> list[Reply]:
        """Put requests (JSON texts, one line each) to it; gives one reply for each, in their order.

        Raises:
            NamewrightError: nothing at all can be asked of it.
        """
        ...
