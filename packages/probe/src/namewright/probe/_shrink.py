"""Making a failing request smaller while it still fails: delta debugging (Zeller and Hildebrandt, 2002, ddmin)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from namewright.shared import Request

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


def shrink(request: dict[str, Any], kernel: str) -> Generator[list[dict[str, Any]], int | None, None]:
    """Search for a smaller request, a round at a time.

    It yields candidates, and wants to be sent the number of the first that still fails, or None. The caller keeps the
    last one that did, and may stop at any round.

    Args:
        request: A failing request.
        kernel: What the description has to keep; all of it where that is the whole description.
    """
    while True:
        fields = [name for name in request if name != "description"]
        candidates = _valid([{k: v for k, v in request.items() if k != name} for name in fields])
        fails = (yield candidates) if candidates else None
        if fails is None:
            break
        request = candidates[fails]
    pieces = _pieces(str(request["description"]))
    parts = 2
    while len(pieces) > 1:
        size = -(-len(pieces) // parts)
        texts = ["".join(pieces[:at] + pieces[at + size :]) for at in range(0, len(pieces), size)]
        whole = str(request["description"])
        kept = [text for text in dict.fromkeys(map(str.strip, texts)) if kernel in text and len(text) < len(whole)]
        candidates = _valid([{**request, "description": text} for text in kept])
        fails = (yield candidates) if candidates else None
        if fails is not None:
            request = candidates[fails]
            pieces = _pieces(str(request["description"]))
            parts = max(parts - 1, 2)
        elif size == 1:
            break
        else:
            parts = min(parts * 2, len(pieces))


def _pieces(text: str) -> list[str]:
    """Cut a text into words with the blanks before them, or into characters where it is one word."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])] if len(words) > 1 else list(text)


def _valid(candidates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [candidate for candidate in candidates if _is_request(candidate)]


def _is_request(candidate: dict[str, Any]) -> bool:
    try:
        Request.model_validate(candidate)
    except ValidationError:
        return False
    return True
