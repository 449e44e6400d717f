"""One training run: from a dataset artifact to `models/<run>`."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from namewright.shared import DatasetRow, NamewrightError, Recipe, library_versions, maker_of, read_rows
from namewright.shared.bases import detect_hardware, load_tokenizer, locate_base
from namewright.shared.cli import log
from namewright.trainer.cards import write_card
from namewright.trainer.examples import encode_rows
from namewright.trainer.learner import adapt, make_learner
from namewright.trainer.watching import ProgressBar, StepTimes, write_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
        NamewrightError: the loss is not a number any more.
    """
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
    log(
        f"trainer: {settings.method} on {settings.base}, {len(encoded['train']):,} requests, {hardware.device} {hardware.dtype}"
    )
    times = StepTimes()
    with _checkpoints(store.root / name, recipe.key(), resume=resume) as (checkpoints, last):
        model = adapt(base, hardware, settings)
        learner = make_learner(
            model,
            encoded["train"],
            encoded["val"],
            settings,
            hardware=hardware,
            checkpoints=checkpoints,
            pad_id=_pad_id(tokenizer),
            callbacks=[ProgressBar(), times],
        )
        result = learner.train(resume_from_checkpoint=str(last) if last else None)
        if not torch.isfinite(torch.tensor(result.training_loss)):
            raise NamewrightError(
                f"training went astray: the loss is {result.training_loss}; try a lower --learning-rate"
            )
        if not learner.is_world_process_zero():
            raise SystemExit(0)
        with store.create(name, recipe) as draft:
            model.save_pretrained(str(draft.folder / "adapter"))
            _forget_local_paths(draft.folder / "adapter", settings)
            (draft.folder / "run_config.json").write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")
            write_metrics(learner.state.log_history, draft.folder / "metrics.jsonl")
            write_card(draft.folder / "card.md", settings, recipe, learner.state.log_history, encoded, model)
            rows = [json.dumps({"step": step, "seconds": round(s, 4)}) for step, s in sorted(times.seconds.items())]
            (draft.folder / "timings.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
            draft.unhashed.append("timings.jsonl")
    return store.open(name)


@contextmanager
def _checkpoints(model: Path, key: str, *, resume: bool) -> Iterator[tuple[Path, Path | None]]:
    """Give the folder for this recipe's checkpoints and the last one in it; the folder goes when the run is done."""
    folder = model.with_name(f".{model.name}.checkpoints") / key[:16]
    whole = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json") if _is_whole(path)]
    last = max(whole, key=lambda checkpoint: int(checkpoint.name.split("-")[1]), default=None)
    if resume and last is None:
        log("trainer: there is no checkpoint of this run: starting from its beginning")
    elif resume:
        log(f"trainer: going on from {last}")
    elif last is not None:
        log(f"trainer: {last} is left of a run that was stopped; starting anew (--resume goes on from it)")
        shutil.rmtree(folder, ignore_errors=True)
        last = None
    folder.mkdir(parents=True, exist_ok=True)
    yield folder, last if resume else None
    shutil.rmtree(folder.parent, ignore_errors=True)


def _is_whole(state: Path) -> bool:
    """Whether a checkpoint was written to its end: its state is what the Trainer writes last, and not in one stroke."""
    try:
        json.loads(state.read_bytes())
    except ValueError:
        return False
    return True


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
