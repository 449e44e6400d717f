"""How many names a second are learned: shared prompts beside TRL's SFTTrainer, on the bundled base, in one run.

    python packages/trainer/benchmarks/shared_prefix.py --dataset artifacts/datasets/v1/train.jsonl

TRL learns a request's names as rows of prompt and completion, with its loss on the completion. Both train the same
LoRA adapter (rank 32, all linear layers) with the same requests a step, in the same number type, on the same threads.
Needs `pip install trl datasets` beside the trainer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback
from trl import SFTConfig, SFTTrainer

from namewright.shared import DatasetRow, read_rows
from namewright.shared.bases import detect_hardware, load_model, load_tokenizer, locate_base
from namewright.trainer.examples import Example, encode_rows
from namewright.trainer.learner import adapt, make_learner, requests_at_once
from namewright.trainer.settings import TrainingSettings


class Clock(TrainerCallback):
    """Notes when each step ends."""

    def __init__(self) -> None:
        self.ends = [time.process_time()]

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.ends.append(time.process_time())

    def seconds(self) -> float:
        """Median processor seconds a step, without the first two."""
        return statistics.median(b - a for a, b in zip(self.ends[2:], self.ends[3:], strict=False))


def ours(examples: list[Example], settings: TrainingSettings, pad_id: int) -> float:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        learner = make_learner(
            adapt(locate_base("bundled"), detect_hardware(), settings),
            {"train": examples, "val": []},
            settings,
            hardware=detect_hardware(),
            at_once=requests_at_once(settings),
            checkpoints=Path(folder),
            pad_id=pad_id,
            callbacks=[clock],
        )
        learner.train()
    return clock.seconds()


def trl(examples: list[Example], settings: TrainingSettings, tokenizer: Any) -> float:
    hardware = detect_hardware()
    rows = [
        {"input_ids": [*e.prompt, *c], "completion_mask": [0] * len(e.prompt) + [1] * len(c)}
        for e in examples
        for c in e.completions
    ]
    names = len(rows) / len(examples)
    clock = Clock()
    tokenizer.pad_token = tokenizer.unk_token
    with tempfile.TemporaryDirectory() as folder:
        config = SFTConfig(
            output_dir=folder,
            max_steps=settings.max_steps,
            per_device_train_batch_size=round(settings.batch_size * names),
            learning_rate=settings.learning_rate,
            use_cpu=hardware.device == "cpu",
            bf16=False,
            gradient_checkpointing=False,
            report_to=[],
            save_strategy="no",
            logging_steps=100,
            completion_only_loss=True,
            packing=False,
        )
        trainer = SFTTrainer(
            model=load_model(locate_base("bundled"), hardware),
            args=config,
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            peft_config=LoraConfig(task_type="CAUSAL_LM", r=32, lora_alpha=64, target_modules="all-linear"),
            callbacks=[clock],
        )
        trainer.train()
    return clock.seconds()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--batch-size", type=int, default=4)
    options = parser.parse_args()
    settings = TrainingSettings(run="benchmark", max_steps=options.steps, batch_size=options.batch_size)
    tokenizer = load_tokenizer(locate_base("bundled"))
    rows = [row for row in read_rows(options.dataset, DatasetRow.model_validate) if row.names][:64]
    examples = encode_rows(rows, tokenizer, settings)
    names = sum(len(e.completions) for e in examples) / len(examples) * settings.batch_size
    measured = {
        "Namewright, shared prompts": partial(ours, examples, settings, 0),
        "TRL SFTTrainer, a row a name": partial(trl, examples, settings, tokenizer),
    }
    seconds = {name: run() for name, run in measured.items()}
    base = seconds["TRL SFTTrainer, a row a name"]
    print(f"{torch.get_num_threads()} threads, {detect_hardware().dtype}, {settings.batch_size} requests a step\n")
    print("| | processor seconds a step (median) | names a second | ratio |\n|---|---:|---:|---:|")
    for name, value in seconds.items():
        print(f"| {name} | {value:.2f} | {names / value:.1f} | {base / value:.1f} |")


if __name__ == "__main__":
    main()
