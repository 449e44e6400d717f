"""The training itself: transformers' Trainer with the loss of shared-prefix batches."""

from __future__ import annotations

import math
import os
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from peft.helpers import disable_input_dtype_casting
from torch.nn import functional
from torch.utils.data import Sampler
from transformers import PrinterCallback, Trainer, TrainingArguments
from transformers.trainer_pt_utils import get_length_grouped_indices

from namewright.shared import BadInputError
from namewright.shared.bases import load_model
from namewright.trainer.collation import collate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from peft import PeftModel
    from transformers import TrainerCallback

    from namewright.shared.bases import Base, Hardware
    from namewright.trainer.examples import Example
    from namewright.trainer.settings import TrainingSettings


class EpochOrder(Sampler[int]):
    """The order of an epoch's examples: shuffled, with neighbours of like length, by the seed and the epoch alone.

    transformers' own sampler of this kind draws from the global generator, so a run that is resumed in a later epoch
    would see its examples in another order than the run that was never stopped.
    """

    def __init__(self, lengths: list[int], batch_size: int, seed: int) -> None:
        self._lengths, self._batch_size, self._seed, self._epoch = lengths, batch_size, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes next; Trainer and accelerate call it."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self._seed * 100_003 + self._epoch)
        return iter(get_length_grouped_indices(self._lengths, self._batch_size, generator=generator))  # type: ignore[no-untyped-call]


class NameLearner(Trainer):
    """Learns to say each of a request's names, and nothing else of the sequence.

    Attributes:
        dtype: What is computed in. With bf16 the adapter's own numbers stay fp32 and are rounded for each product: peft
            would turn every activation into fp32 for them and back, which takes a fifth of a step's time on a CPU.
    """

    dtype: torch.dtype = torch.float32

    def _get_train_sampler(self, train_dataset: Any = None) -> EpochOrder:  # noqa: ANN401 - the signature is transformers'
        examples = cast("list[Example]", self.train_dataset if train_dataset is None else train_dataset)
        lengths = [len(example.prompt) + sum(map(len, example.completions)) for example in examples]
        return EpochOrder(lengths, self.args.train_batch_size * self.args.gradient_accumulation_steps, self.args.seed)

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,  # noqa: FBT001, FBT002 - the signature is transformers'
        num_items_in_batch: torch.Tensor | int | None = None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401
        """Give the mean over requests of each one's mean cross-entropy, in nats a learned token."""
        inputs = dict(inputs)
        sources, targets, weights = (inputs.pop(name) for name in ("sources", "targets", "weights"))
        mixed = self.dtype == torch.bfloat16  # fp16 would need its gradients scaled
        device = inputs["input_ids"].device.type
        with disable_input_dtype_casting(model, active=mixed), torch.autocast(device, torch.bfloat16, enabled=mixed):
            outputs = model(**inputs, use_cache=False)
        logits = outputs.logits.flatten(0, 1).index_select(0, sources)
        loss = functional.cross_entropy(logits.float(), targets, reduction="none") @ weights
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
        _keep_unpacked(model)
    adapter = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules="all-linear",
    )
    adapted: Any = get_peft_model(model, adapter, autocast_adapter_dtype=True)
    return cast("PeftModel", adapted)


def _keep_unpacked(model: torch.nn.Module) -> None:
    """Keep bitsandbytes from repacking 4-bit weights in place at the first evaluation on a CPU.

    It repacks them into another layout with rounded scales, and training goes on with those: a run that is resumed
    would see its first evaluation later, and end at other numbers than the run that was never stopped.
    """
    modules: Iterator[Any] = model.modules()
    for module in modules:
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def make_learner(
    model: PeftModel,
    examples: dict[str, list[Example]],
    settings: TrainingSettings,
    *,
    hardware: Hardware,
    at_once: int,
    checkpoints: Path,
    pad_id: int,
    callbacks: list[TrainerCallback],
) -> NameLearner:
    """Make a trainer that writes checkpoints into `checkpoints` and tells `callbacks` how it goes.

    It learns from `examples["train"]`, `at_once` of them together, and is measured on `examples["val"]`.
    """
    train, val = examples["train"], examples["val"]
    steps = planned_steps(len(train), settings)
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        seed=settings.seed,
        data_seed=settings.seed,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        per_device_train_batch_size=at_once,
        per_device_eval_batch_size=at_once,
        gradient_accumulation_steps=settings.gradient_accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=math.ceil(steps * settings.warmup_fraction),
        weight_decay=settings.weight_decay,
        max_grad_norm=1.0,
        logging_steps=1,
        logging_first_step=True,
        logging_nan_inf_filter=False,  # it would log the mean of the steps before in the place of a loss that is NaN
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
    )
    learner = NameLearner(
        model=model,
        args=arguments,
        train_dataset=cast("Any", train),
        eval_dataset=cast("Any", val) or None,
        data_collator=partial(collate, pad_id=pad_id),
        callbacks=callbacks,
    )
    learner.dtype = hardware.torch_dtype()
    learner.remove_callback(PrinterCallback)
    return learner


def requests_at_once(settings: TrainingSettings) -> int:
    """How many requests each process computes together: its part of a step's batch, in the accumulation's parts.

    Raises:
        BadInputError: the batch cannot be divided so; another one would be trained than the card says.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    at_once, rest = divmod(settings.batch_size, settings.gradient_accumulation * world)
    if rest:
        raise BadInputError(
            f"--batch-size {settings.batch_size}: not a multiple of --gradient-accumulation "
            f"{settings.gradient_accumulation} times the number of processes ({world})"
        )
    return at_once


def planned_steps(examples: int, settings: TrainingSettings) -> int:
    """How many optimiser steps a run takes."""
    return settings.max_steps or math.ceil(math.ceil(examples / settings.batch_size) * settings.epochs)
