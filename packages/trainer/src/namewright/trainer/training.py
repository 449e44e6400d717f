"""One training run: from a dataset artifact to `models/<run>`."""

from __future__ import annotations

import json
import math
import os
import shutil
import zipfile
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open

from namewright.shared import (
    BadInputError,
    DatasetRow,
    NamewrightError,
    Recipe,
    library_versions,
    maker_of,
    read_rows,
)
from namewright.shared.bases import detect_hardware, load_tokenizer, locate_base
from namewright.shared.cli import log
from namewright.trainer.cards import write_card
from namewright.trainer.examples import encode_rows
from namewright.trainer.learner import adapt, make_learner, requests_at_once
from namewright.trainer.watching import ProgressBar, StepTimes, write_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from peft import PeftModel

    from namewright.shared import Artifact, ArtifactStore
    from namewright.shared.bases import Hardware
    from namewright.trainer.settings import TrainingSettings

_LIBRARIES = ("accelerate", "bitsandbytes", "peft", "tokenizers", "torch", "transformers")


def train(settings: TrainingSettings, store: ArtifactStore, *, resume: bool = False, replace: bool = False) -> Artifact:
    """Train an adapter, or hand back the one that the same recipe has already made.

    Args:
        settings: How.
        store: Where the dataset is, and where the model goes.
        resume: Go on from the last checkpoint of a run that was stopped.
        replace: Make the run again where another recipe has made it.

    Raises:
        ArtifactError: the dataset or the base is not there, or the dataset differs from its manifest.
        BadInputError: there is nothing to learn from, or the batch cannot be divided among the processes.
        NamewrightError: a loss, a gradient or the adapter is not finite, or another job makes the same run.
    """
    at_once = requests_at_once(settings)
    dataset = store.open(f"datasets/{settings.dataset}")
    base = locate_base(settings.base)
    hardware = detect_hardware()
    name = f"models/{settings.run}"
    recipe = Recipe(
        maker=maker_of("trainer"),
        config=settings.model_dump(mode="json", exclude={"run", "save_every"}),
        seed=settings.seed,
        libraries=library_versions(*_LIBRARIES),
        inputs=dataset.hashes() | base.hashes(),
        hardware=_describe(hardware),
    )
    if made := store.reusable(name, recipe, replace=replace):
        log(f"trainer: {made.folder} is up to date")
        return made

    tokenizer = load_tokenizer(base)
    encoded = {
        split: encode_rows(read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate), tokenizer, settings)
        for split in ("train", "val")
    }
    if not encoded["train"]:
        raise BadInputError(f"{dataset.file('train.jsonl')}: there is no row in it to learn from")
    log(
        f"trainer: {settings.method} on {settings.base}, {len(encoded['train']):,} requests, {hardware.device} {hardware.dtype}"
    )
    times = StepTimes()
    is_first = os.environ.get("RANK", "0") == "0"  # of several processes one writes
    with (
        store.create(name, recipe) if is_first else nullcontext() as draft,
        _checkpoints(store.root / name, recipe.key(), resume=resume, is_first=is_first) as (checkpoints, last),
    ):
        model = adapt(base, hardware, settings)
        learner = make_learner(
            model,
            encoded,
            settings,
            hardware=hardware,
            at_once=at_once,
            checkpoints=checkpoints,
            pad_id=_pad_id(tokenizer),
            callbacks=[ProgressBar(), times],
        )
        learner.train(resume_from_checkpoint=str(last) if last else None)
        _refuse_what_went_astray(learner.state.log_history, model)
        if draft is None:
            raise SystemExit(0)
        model.save_pretrained(str(draft.folder / "adapter"))
        _forget_local_paths(draft.folder / "adapter", settings)
        (draft.folder / "run_config.json").write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")
        write_metrics(learner.state.log_history, draft.folder / "metrics.jsonl")
        write_card(draft.folder / "card.md", settings, recipe, learner.state.log_history, encoded, model)
        rows = [json.dumps({"step": step, "seconds": round(s, 4)}) for step, s in sorted(times.seconds.items())]
        (draft.folder / "timings.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        draft.unhashed.append("timings.jsonl")
    made = store.open(name)
    log(f"trainer: wrote {made.folder}")
    return made


def _refuse_what_went_astray(history: list[dict[str, float]], model: PeftModel) -> None:
    for logged in history:
        for name in ("loss", "grad_norm", "eval_loss", "train_loss"):
            if not math.isfinite(logged.get(name, 0.0)):
                raise NamewrightError(
                    f"training went astray: at step {logged['step']} {name} is {logged[name]}; "
                    "try a lower --learning-rate"
                )
    for name, numbers in model.named_parameters():
        if numbers.requires_grad and not numbers.isfinite().all():
            raise NamewrightError(f"training went astray: {name} is not finite; try a lower --learning-rate")


@contextmanager
def _checkpoints(model: Path, key: str, *, resume: bool, is_first: bool) -> Iterator[tuple[Path, Path | None]]:
    """Give the folder for this recipe's checkpoints and the last one in it; the folder goes when the run is done.

    The first process holds the lock of the artifact around this: a live job's checkpoints are not another's to delete.
    """
    folder = model.with_name(f".{model.name}.checkpoints") / key[:16]
    whole = [path for path in folder.glob("checkpoint-*") if _is_whole(path)]
    last = max(whole, key=lambda checkpoint: int(checkpoint.name.split("-")[1]), default=None)
    if resume and last is None:
        log("trainer: there is no checkpoint of this run: starting from its beginning")
    elif resume:
        log(f"trainer: going on from {last}")
    elif last is not None:
        log(f"trainer: {last} is left of a run that was stopped; starting anew (--resume goes on from it)")
        if is_first:
            shutil.rmtree(folder, ignore_errors=True)
        last = None
    folder.mkdir(parents=True, exist_ok=True)
    yield folder, last if resume else None
    shutil.rmtree(folder.parent, ignore_errors=True)


def _is_whole(checkpoint: Path) -> bool:
    """Whether a checkpoint was written to its end.

    Its state is what the Trainer writes last, but files may come to the disk in another order before a machine stops:
    each one is opened as far as shows that it was not cut short. torch writes zip archives, whose list stands at the end.
    """
    try:
        json.loads((checkpoint / "trainer_state.json").read_bytes())
        with safe_open(checkpoint / "adapter_model.safetensors", "pt"):
            pass
    except (OSError, ValueError, SafetensorError):
        return False
    random = list(checkpoint.glob("rng_state*.pth"))  # one a process
    return bool(random) and all(
        zipfile.is_zipfile(path) for path in (checkpoint / "optimizer.pt", checkpoint / "scheduler.pt", *random)
    )


def _describe(hardware: Hardware) -> dict[str, str]:
    """Name what of the machine decides the bytes: sums in floating point depend on who adds up what."""
    if hardware.device == "cuda":
        return {
            "device": torch.cuda.get_device_name(),
            "dtype": hardware.dtype,
            "world": os.environ.get("WORLD_SIZE", "1"),
        }
    return {
        "device": torch.backends.cpu.get_cpu_capability(),
        "dtype": hardware.dtype,
        "threads": str(torch.get_num_threads()),
        "world": os.environ.get("WORLD_SIZE", "1"),
    }


def _pad_id(tokenizer: object) -> int:
    """Choose a token to pad with that is not EOS; padding is masked, so any other serves."""
    eos = tokenizer.eos_token_id  # type: ignore[attr-defined]
    unk = tokenizer.unk_token_id  # type: ignore[attr-defined]
    return unk if unk is not None and unk != eos else int(eos == 0)


def _forget_local_paths(adapter: Path, settings: TrainingSettings) -> None:
    """Name the base in the adapter's config as the user did, not by where it lies on this machine; drop peft's card.

    The modules are sorted: peft keeps them in a set, whose order is another one in every process.
    """
    path = adapter / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = settings.base
    config["target_modules"] = sorted(config["target_modules"])
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (adapter / "README.md").unlink(missing_ok=True)
