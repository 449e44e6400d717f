"""What a run tells while it goes: a progress bar on stderr, and a row of metrics a step."""
# ruff: noqa: ARG002, ANN401, D102 - the signatures are those of transformers' TrainerCallback

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

from tqdm import tqdm
from transformers import TrainerCallback

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import TrainerControl, TrainerState, TrainingArguments


class ProgressBar(TrainerCallback):
    """Shows steps, loss and validation loss on stderr."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._shown: dict[str, str] = {}

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if state.is_world_process_zero:
            self._bar = tqdm(
                total=state.max_steps,
                initial=state.global_step,
                desc="train",
                unit="step",
                file=sys.stderr,
                dynamic_ncols=True,
                mininterval=1.0,
            )

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if self._bar is not None:
            self._bar.update(state.global_step - self._bar.n)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        if self._bar is not None and logs:
            self._shown |= {name: f"{logs[name]:.3f}" for name in ("loss", "eval_loss") if name in logs}
            self._bar.set_postfix(self._shown, refresh=False)

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if self._bar is not None:
            self._bar.close()


class StepTimes(TrainerCallback):
    """Notes how long each step took, in seconds, apart from the metrics: times differ from run to run."""

    def __init__(self) -> None:
        self.seconds: dict[int, float] = {}
        self._started = 0.0

    def on_step_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self._started = time.perf_counter()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self.seconds[state.global_step] = time.perf_counter() - self._started


def write_metrics(history: list[dict[str, float]], path: Path) -> None:
    """Write what was logged, a row a step: loss in nats a token, gradient norm, learning rate; no times."""
    kept = ("step", "epoch", "loss", "grad_norm", "learning_rate", "eval_loss")
    with path.open("w", encoding="utf-8") as file:
        for logged in history:
            row = {name: logged[name] for name in kept if name in logged}
            if "loss" in row or "eval_loss" in row:
                file.write(json.dumps(row, allow_nan=False) + "\n")
