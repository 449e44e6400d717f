"""The training itself: transformers' Trainer with the loss of shared-prefix batches."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from torch.nn import functional
from transformers import PrinterCallback, Trainer, TrainingArguments

from namewright.shared.bases import load_model
from namewright.trainer.collation import collate

if TYPE_CHECKING:
    from pathlib import Path

    from peft import PeftModel
    from transformers import TrainerCallback

    from namewright.shared.bases import Base, Hardware
    from namewright.trainer.examples import Example
    from namewright.trainer.settings import TrainingSettings


class NameLearner(Trainer):
    """Learns to say each of a request's names, and nothing else of the sequence."""

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,  # noqa: FBT001, FBT002 - the signature is transformers'
        num_items_in_batch: torch.Tensor | int | None = None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401
        """Give the mean cross-entropy, in nats a learned token."""
        inputs = dict(inputs)
        sources, targets = inputs.pop("sources"), inputs.pop("targets")
        outputs = model(**inputs, use_cache=False)
        logits = outputs.logits.flatten(0, 1).index_select(0, sources)
        loss = functional.cross_entropy(logits.float(), targets)
        return (loss, outputs) if return_outputs else loss


def adapt(base: Base, hardware: Hardware, settings: TrainingSettings) -> PeftModel:
    """Load a base and put a fresh LoRA adapter on every linear layer of it (Hu et al. 2021; Dettmers et al. 2023).

    The adapter is kept in fp32 whatever the base is in: in bf16 its small updates are lost, and a run that is resumed
    would go on from other numbers than it stopped at.
    """
    torch.manual_seed(settings.seed)
    four_bit = settings.method == "qlora"
    model: Any = load_model(base, hardware, four_bit=four_bit)
    if four_bit:
        model = prepare_model_for_kbit_training(  # type: ignore[no-untyped-call]
            model, use_gradient_checkpointing=hardware.device == "cuda"
        )
    adapter = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules="all-linear",
    )
    adapted: Any = get_peft_model(model, adapter, autocast_adapter_dtype=True)
    return cast("PeftModel", adapted)


def make_learner(
    model: PeftModel,
    train: list[Example],
    val: list[Example],
    settings: TrainingSettings,
    *,
    hardware: Hardware,
    checkpoints: Path,
    pad_id: int,
    callbacks: list[TrainerCallback],
) -> NameLearner:
    """Make a trainer that writes checkpoints into `checkpoints` and tells `callbacks` how it goes."""
    steps = planned_steps(len(train), settings)
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        seed=settings.seed,
        data_seed=settings.seed,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        per_device_train_batch_size=max(1, settings.batch_size // settings.gradient_accumulation),
        per_device_eval_batch_size=max(1, settings.batch_size // settings.gradient_accumulation),
        gradient_accumulation_steps=settings.gradient_accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(steps * settings.warmup_fraction),
        weight_decay=settings.weight_decay,
        max_grad_norm=1.0,
        logging_steps=1,
        logging_first_step=True,
        save_steps=settings.save_every,
        save_total_limit=2,
        eval_strategy="epoch" if val else "no",
        prediction_loss_only=True,
        label_names=["targets"],
        remove_unused_columns=False,
        report_to=[],
        use_cpu=hardware.device == "cpu",
        dataloader_pin_memory=hardware.device == "cuda",
        disable_tqdm=True,
        train_sampling_strategy="group_by_length",
    )
    learner = NameLearner(
        model=model,
        args=arguments,
        train_dataset=_items(train),
        eval_dataset=_items(val) if val else None,
        data_collator=partial(_collate_items, pad_id=pad_id),
        callbacks=callbacks,
    )
    learner.remove_callback(PrinterCallback)
    return learner


def planned_steps(examples: int, settings: TrainingSettings) -> int:
    """How many optimiser steps a run takes on one device."""
    return settings.max_steps or math.ceil(math.ceil(examples / settings.batch_size) * settings.epochs)


def _items(examples: list[Example]) -> list[dict[str, Any]]:
    """Lay examples out for Trainer, which groups them by the length of `input_ids`."""
    return [{"input_ids": example.prompt + sum(example.completions, ()), "example": example} for example in examples]


def _collate_items(items: list[dict[str, Any]], *, pad_id: int) -> dict[str, torch.Tensor | int]:
    return collate([item["example"] for item in items], pad_id=pad_id)
