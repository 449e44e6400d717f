"""The settings of a training run; all of them stand in its `run_config.json` and decide its key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from namewright.shared.schemas import SCHEMA_VERSION, Schema

BASELINE_BASE = "bundled"
QLORA_BASE = "mistralai/Mistral-7B-Instruct-v0.3"

RunName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class TrainingSettings(Schema):
    """How an adapter is trained.

    Attributes:
        schema_version: The version of this schema.
        run: Name of the run.
        base: `bundled`, a folder or a hub id.
        dataset: Name of the dataset artifact (`v1` is `datasets/v1`).
        method: `lora` trains beside the base's own weights; `qlora` beside the base in 4-bit NF4.
        seed: Decides the adapter's first weights and the order of the batches.
        epochs: How often every example is seen.
        max_steps: End after this many optimiser steps; 0 means after the epochs.
        batch_size: Requests an optimiser step, over all accumulation.
        gradient_accumulation: In how many parts a step's batch is computed, to fit into memory.
        learning_rate: Highest learning rate, after the warm-up; it falls to 0 by a cosine.
        warmup_fraction: Part of the steps in which the learning rate rises from 0.
        weight_decay: AdamW's decoupled weight decay.
        rank: LoRA's rank r.
        alpha: LoRA's scale numerator: updates count alpha / r.
        dropout: Dropout on the adapter's input.
        max_prompt_tokens: Longer prompts lose tokens from the middle of the description.
        names_per_request: At most this many of a row's names are learned, the best first.
        save_every: Optimiser steps between two checkpoints, from which `--resume` goes on.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    run: RunName
    base: str = BASELINE_BASE
    dataset: str = "v1"
    method: Literal["lora", "qlora"] = "lora"
    seed: int = 42
    epochs: Annotated[float, Field(gt=0, le=100)] = 1.0
    max_steps: Annotated[int, Field(ge=0)] = 0
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 8
    gradient_accumulation: Annotated[int, Field(ge=1, le=512)] = 1
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 5e-4
    warmup_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    rank: Annotated[int, Field(ge=1, le=1024)] = 32
    alpha: Annotated[int, Field(ge=1, le=4096)] = 64
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    max_prompt_tokens: Annotated[int, Field(ge=32, le=8192)] = 256
    names_per_request: Annotated[int, Field(ge=1, le=50)] = 8
    save_every: Annotated[int, Field(ge=1)] = 50
