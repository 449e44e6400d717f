"""The same texts for another pupil: labelled, without names, for training the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.synth._rows import accepted_drafts

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSAFE = 0.5


def corpus_rows(seed: int, n: int) -> Iterator[dict[str, str]]:
    """Give `n` labelled texts, none nearly twice: half safe (with contrasts that only look unsafe), half unsafe."""
    for draft in accepted_drafts(seed, n, _UNSAFE):
        yield {
            "text": draft.request.description,
            "label": "safe" if draft.category == "safe" else "unsafe",
            "category": draft.category,
            "source": draft.source,
        }
