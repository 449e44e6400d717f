"""A training run: what it leaves, when it is reused, what it refuses, and that it can be killed."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from click.testing import CliRunner
from peft import PeftModel
from safetensors.torch import load_file, save_file

from namewright.shared import ArtifactStore, Recipe, Request, maker_of
from namewright.shared.bases import BUNDLED, Base, Hardware, load_model, load_tokenizer, locate_base
from namewright.shared.testing import make_small_dataset
from namewright.shared.tokens import prompt_ids
from namewright.trainer._cli import cli
from namewright.trainer.training import _checkpoints
from namewright.trainer.watching import ProgressBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from transformers import TrainingArguments


def train(store: ArtifactStore, *options: str) -> object:
    return CliRunner().invoke(cli, ["train", "--artifacts", str(store.root), "--dataset", "small", *options])


def test_the_bundled_base_learns_in_a_few_steps_and_its_adapter_loads_back(store: ArtifactStore):
    done = train(store, "--max-steps", "4", "--batch-size", "4")
    assert done.exit_code == 0, done.output
    run = store.open("models/baseline")
    steps = [json.loads(line) for line in run.file("metrics.jsonl").read_text().splitlines()]
    losses = [step["loss"] for step in steps if "loss" in step]
    assert len(losses) == 4
    assert losses[-1] < losses[0]

    base = locate_base(BUNDLED)
    tokenizer = load_tokenizer(base)
    prompt = torch.tensor([prompt_ids(Request(description="bakery in Porto"), tokenizer, max_tokens=256)])
    model = load_model(base, Hardware("cpu", "float32"))
    with torch.inference_mode():
        before = model(prompt).logits
        after = PeftModel.from_pretrained(model, run.folder / "adapter")(prompt).logits
    assert not torch.allclose(before, after)
    card = run.file("card.md").read_text()
    assert "base_model: bundled" in card
    assert run.manifest.key in card


def test_a_second_run_is_reused_and_a_changed_one_refused(store: ArtifactStore, tiny_base: Path):
    options = ("--base", str(tiny_base), "--max-steps", "2")
    assert train(store, *options).exit_code == 0
    written = store.open("models/baseline").manifest
    again = train(store, *options)
    assert again.exit_code == 0
    assert "up to date" in again.stderr
    assert "wrote" not in again.stderr
    assert store.open("models/baseline").manifest == written

    changed = train(store, *options, "--learning-rate", "0.1")
    assert changed.exit_code == 2
    assert "learning_rate was 0.0005, is 0.1" in changed.stderr
    assert train(store, *options, "--learning-rate", "0.1", "--replace").exit_code == 0


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(store: ArtifactStore, tiny_base: Path):
    def hashes(run: str, *options: str) -> dict[str, str]:
        done = train(store, "--base", str(tiny_base), "--max-steps", "3", "--run", run, *options)
        assert done.exit_code == 0, done.output
        outputs = store.open(f"models/{run}").manifest.outputs
        return {
            name: output.sha256
            for name, output in outputs.items()
            if name in {"adapter/adapter_model.safetensors", "metrics.jsonl"}
        }

    first = hashes("first")
    assert len(first) == 2
    assert hashes("second") == first
    assert hashes("third", "--seed", "43") != first


def test_one_changed_byte_of_the_dataset_is_refused_by_name(store: ArtifactStore, tiny_base: Path):
    path = store.root / "datasets/small/train.jsonl"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    done = train(store, "--base", str(tiny_base))
    assert done.exit_code == 3
    assert "train.jsonl" in done.stderr
    assert not (store.root / "models/baseline").exists()


@pytest.mark.parametrize(
    ("options", "exit_code", "says"),
    [
        (("--dataset", "nowhere"), 3, "datasets/nowhere"),
        (("--base", "./nowhere"), 2, "./nowhere"),
        (("--rank", "0"), 2, "rank"),
        (("--epochs", "many"), 2, "epochs"),
        (("--run", "../up"), 2, "run"),
        (("--batch-size", "8", "--gradient-accumulation", "3"), 2, "--gradient-accumulation"),
    ],
)
def test_bad_input_is_named(store: ArtifactStore, options: tuple[str, ...], exit_code: int, says: str):
    done = train(store, *options)
    assert done.exit_code == exit_code
    assert says in done.stderr
    assert not (store.root / "models").exists() or not list((store.root / "models").glob("[!.]*"))


def test_a_batch_that_the_processes_cannot_share_is_refused(store: ArtifactStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    done = train(store, "--batch-size", "8")
    assert done.exit_code == 2
    assert "number of processes (3)" in done.stderr


def test_an_empty_dataset_is_refused_and_leaves_nothing(store: ArtifactStore, tiny_base: Path):
    with store.create("datasets/small", Recipe(maker=maker_of("shared"), config={})) as draft:
        for split in ("train", "val", "test"):
            (draft.folder / f"{split}.jsonl").touch()
    done = train(store, "--base", str(tiny_base))
    assert done.exit_code == 2
    assert "train.jsonl" in done.stderr
    assert not (store.root / "models").exists()


def test_numbers_that_are_none_are_not_published(store: ArtifactStore, tiny_base: Path, tmp_path: Path):
    base = tmp_path / "astray"
    shutil.copytree(tiny_base, base)
    weights = load_file(base / "model.safetensors")
    weights["model.norm.weight"][0] = math.nan
    save_file(weights, base / "model.safetensors", metadata={"format": "pt"})
    done = train(store, "--base", str(base), "--max-steps", "2")
    assert done.exit_code == 1
    assert "went astray: at step 1 loss is nan" in done.stderr
    assert not list((store.root / "models").glob("[!.]*"))


def test_a_run_in_progress_keeps_its_checkpoints_when_it_is_started_again(store: ArtifactStore, tiny_base: Path):
    options = ("--base", str(tiny_base), "--max-steps", "3", "--save-every", "1")
    again: list[tuple[object, bool]] = []

    class StartAgain(ProgressBar):
        def on_save(self, *_: object, **__: object) -> None:
            if not again:
                done = train(store, *options)
                again.append((done, bool(list((store.root / "models").glob(".baseline.checkpoints/*/checkpoint-1")))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("namewright.trainer.training.ProgressBar", StartAgain)
        first = train(store, *options)
    assert first.exit_code == 0, first.output
    ((second, kept),) = again
    assert second.exit_code == 1
    assert "another job is making it right now" in second.stderr
    assert kept


@pytest.mark.parametrize(
    "file", ["optimizer.pt", "scheduler.pt", "rng_state.pth", "adapter_model.safetensors", "trainer_state.json"]
)
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_a_checkpoint_with_a_file_that_is_gone_or_cut_short_is_not_gone_on_from(
    checkpoint: Path, tmp_path: Path, file: str, harm: Callable[[Path], object]
):
    folder = tmp_path / ".run.checkpoints" / "key"
    for step in ("checkpoint-1", "checkpoint-2"):
        shutil.copytree(checkpoint, folder / step)
    with _checkpoints(tmp_path / "run", "key", resume=True, is_first=True) as (_, last):
        assert last == folder / "checkpoint-2"
    for step in ("checkpoint-1", "checkpoint-2"):
        shutil.copytree(checkpoint, folder / step)
    harm(folder / "checkpoint-2" / file)
    with _checkpoints(tmp_path / "run", "key", resume=True, is_first=True) as (_, last):
        assert last == folder / "checkpoint-1"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path) -> Path:
    """A checkpoint as the Trainer writes it."""
    store, kept = ArtifactStore(tmp_path_factory.mktemp("store")), tmp_path_factory.mktemp("kept") / "checkpoint"
    make_small_dataset(store, "small")

    class Keep(ProgressBar):
        def on_save(self, args: TrainingArguments, *_: object, **__: object) -> None:
            shutil.copytree(Path(args.output_dir, "checkpoint-1"), kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("namewright.trainer.training.ProgressBar", Keep)
        done = train(store, "--base", str(tiny_base), "--max-steps", "1", "--save-every", "1")
    assert done.exit_code == 0, done.output
    return kept


def test_without_a_hub_the_error_says_what_to_do(store: ArtifactStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    done = train(store, "--base", "TinyLlama/TinyLlama-1.1B-Chat-v1.0")
    assert done.exit_code == 3
    assert "--base bundled" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("method", [(), ("--qlora",)], ids=["lora", "qlora"])
def test_a_run_killed_in_the_middle_and_resumed_ends_at_the_same_bytes(
    store: ArtifactStore,
    tiny_base: Path,
    method: tuple[str, ...],
):
    options = (
        "--base",
        str(tiny_base),
        "--epochs",
        "20",
        "--batch-size",
        "4",
        "--save-every",
        "10",
        "--dropout",
        "0.1",
        *method,
    )
    command = [sys.executable, "-c", "from namewright.trainer._cli import main; main()", "train"]
    command += ["--artifacts", str(store.root), "--dataset", "small", "--run", "killed", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoints = store.root / "models/.killed.checkpoints"
    deadline = time.monotonic() + 120
    while not list(checkpoints.glob("*/checkpoint-20")):  # the one before it is whole; this one may never be
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (store.root / "models/killed").exists()
    cut_off = next(checkpoints.glob("*/checkpoint-10")).with_name("checkpoint-30")
    cut_off.mkdir(exist_ok=True)
    (cut_off / "trainer_state.json").write_text('{"epoch": 3.')

    resumed = train(store, "--run", "killed", *options, "--resume")
    assert resumed.exit_code == 0, resumed.output
    assert "going on from" in resumed.stderr
    assert cut_off.name not in resumed.stderr
    assert train(store, "--run", "whole", *options).exit_code == 0
    adapters = [store.root / "models" / run / "adapter/adapter_model.safetensors" for run in ("killed", "whole")]
    assert adapters[0].read_bytes() == adapters[1].read_bytes()
    metrics = [(store.root / "models" / run / "metrics.jsonl").read_text() for run in ("killed", "whole")]
    assert metrics[0] == metrics[1]
    assert not checkpoints.exists()


def test_qlora_trains_in_four_bits_on_this_machine(store: ArtifactStore):
    done = train(
        store, "--qlora", "--base", "bundled", "--max-steps", "2", "--batch-size", "2", "--names-per-request", "2"
    )
    assert done.exit_code == 0, done.output
    run = store.open("models/qlora")
    assert json.loads(run.file("run_config.json").read_text())["method"] == "qlora"
    model = load_model(locate_base(BUNDLED), Hardware("cpu", "float32"), four_bit=True)
    projection = model.model.layers[0].self_attn.q_proj
    assert type(projection).__name__ == "Linear4bit"
    adapted = PeftModel.from_pretrained(model, run.folder / "adapter")
    assert adapted.peft_config["default"].r == 32


def test_help_teaches_and_imports_no_torch():
    code = "import sys; from namewright.trainer._cli import main\ntry: main()\nexcept SystemExit: pass\nassert 'torch' not in sys.modules"
    for options in (["--help"], ["train", "--help"], ["calibrate", "--help"]):
        done = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=True)
        assert "--" in done.stdout


def test_a_base_may_be_a_folder(tiny_base: Path):
    assert locate_base(str(tiny_base)) == Base(str(tiny_base), tiny_base)
