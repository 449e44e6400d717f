"""From a dataset's rows to token ids: one prompt, and the completions that the model should learn to say to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.shared.prompts import BLOCKED_COMPLETION
from namewright.shared.tokens import completion_ids, prompt_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transformers import PreTrainedTokenizerBase

    from namewright.shared.schemas import DatasetRow
    from namewright.trainer.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt and its right completions, as token ids; every completion ends in EOS."""

    prompt: tuple[int, ...]
    completions: tuple[tuple[int, ...], ...]


def encode_rows(
    rows: Iterable[DatasetRow],
    tokenizer: PreTrainedTokenizerBase,
    settings: TrainingSettings,
) -> list[Example]:
    """Encode rows. A safe request is answered by each of its names alone, an unsafe one by `BLOCKED`."""
    return [
        Example(
            prompt=tuple(prompt_ids(row.request, tokenizer, max_tokens=settings.max_prompt_tokens)),
            completions=tuple(
                tuple(completion_ids(name, tokenizer))
                for name in (row.names[: settings.names_per_request] or (BLOCKED_COMPLETION,))
            ),
        )
        for row in rows
    ]
