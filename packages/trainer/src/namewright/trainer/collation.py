"""Batches in which a request's completions share its prompt.

A request with eight names is one sequence: the prompt once, then the eight completions side by side. An attention mask
keeps each completion from seeing the others, and position ids let each follow the prompt directly, so that the loss is
the one of eight rows of one name at about a third of their tokens (shared-prefix attention; Juravsky et al. 2024,
"Hydragen", use it for inference). The prompts end at the same column, so the model has to
compute logits only from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.trainer.examples import Example


def collate(examples: Sequence[Example], *, pad_id: int) -> dict[str, torch.Tensor | int]:
    """Lay a batch of B examples out as tensors.

    With P the longest prompt, K the longest row of completions, L = P + K and N the number of learned tokens:

    Returns:
        `input_ids` and `position_ids` (B, L); `attention_mask` (B, 1, L, L), True where a query (row) sees a key;
        `sources` and `targets` (N,): the learned token `targets[i]` is predicted at the flat place `sources[i]` of the
        (B, 1 + K) last positions, of which the first is every prompt's last token; `logits_to_keep` is that 1 + K.
        `weights` (N,): each token's share of the loss. Requests weigh alike, so that a refusal of four tokens is not
        drowned out by the forty of a request with eight names.
    """
    prompt_width = max(len(example.prompt) for example in examples)
    # A completion's last token, EOS, is predicted and never read.
    completion_width = max(sum(len(completion) - 1 for completion in example.completions) for example in examples)
    width = prompt_width + completion_width
    input_ids = torch.full((len(examples), width), pad_id, dtype=torch.long)
    position_ids = torch.zeros((len(examples), width), dtype=torch.long)
    attends = torch.zeros((len(examples), width, width), dtype=torch.bool)
    sources: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    for row, example in enumerate(examples):
        start, row_source = prompt_width - len(example.prompt), row * (1 + completion_width)
        input_ids[row, start:prompt_width] = torch.tensor(example.prompt)
        position_ids[row, start:prompt_width] = torch.arange(len(example.prompt))
        attends[row, start:prompt_width, start:prompt_width] = _causal(len(example.prompt))
        column = prompt_width
        for completion in example.completions:
            length = len(completion) - 1
            end = column + length
            input_ids[row, column:end] = torch.tensor(completion[:-1], dtype=torch.long)
            position_ids[row, column:end] = torch.arange(length) + len(example.prompt)
            attends[row, column:end, start:prompt_width] = True
            attends[row, column:end, column:end] = _causal(length)
            sources += [row_source, *range(row_source + 1 + column - prompt_width, row_source + 1 + end - prompt_width)]
            targets += completion
            column = end
        learned = sum(map(len, example.completions))
        weights += [1 / (learned * len(examples))] * learned
    # A padded query that sees nothing would be a row of NaN: let each see itself.
    attends |= torch.eye(width, dtype=torch.bool)
    return {
        "input_ids": input_ids,
        "position_ids": position_ids,
        "attention_mask": attends[:, None],
        "sources": torch.tensor(sources),
        "targets": torch.tensor(targets),
        "weights": torch.tensor(weights),
        "logits_to_keep": 1 + completion_width,
    }


def _causal(length: int) -> torch.Tensor:
    return torch.ones((length, length), dtype=torch.bool).tril()
