"""Loading a run's model: its base, its adapter, and the tokenizer that guides its decoding."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from namewright.shared import BadInputError, Request, TamperedArtifactError
from namewright.shared.bases import detect_hardware, load_model, load_tokenizer, locate_base

if TYPE_CHECKING:
    from namewright.shared import Artifact, ArtifactStore
    from namewright.shared.bases import Base
    from namewright.suggest.sampling import Sampler

BASE_PREFIX = "base:"
"""`base:bundled` is a base model without an adapter, shown a few examples: the column to beat."""

FEW_SHOTS = (
    (Request(description="Solar panel installer for family homes in Arizona"), "brightroof.com"),
    (Request(description="We repair vintage watches and clocks by post", tlds=("co", "com")), "tickmend.co"),
    (Request(description="meal kits for people who hate cooking. Tone: playful."), "lazyladle.com"),
    (Request(description="An app that helps students share lecture notes", tlds=("io",)), "notehive.io"),
)


@dataclass(frozen=True)
class LoadedModel:
    """A model that is ready to say names.

    Attributes:
        name: The run's name, or `base:NAME`.
        sampler: Draws completions from it.
        tokenizer: Its tokenizer.
        shots: Requests with their answers that stand in every prompt.
        max_prompt_tokens: Longer prompts lose tokens from their middle, as they did in training.
    """

    name: str
    sampler: Sampler
    tokenizer: Any
    shots: tuple[tuple[Request, str], ...]
    max_prompt_tokens: int


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that is here and not loaded.

    Attributes:
        name: The run's name, or `base:NAME`.
        base: Its base.
        run: Its run; None for a bare base.
        settings: The run's settings.
        hashes: The sha256 of every file that decides what it says.
    """

    name: str
    base: Base
    run: Artifact | None
    settings: dict[str, Any]
    hashes: dict[str, str]


def find_model(name: str, store: ArtifactStore) -> FoundModel:
    """Find a run by its name, or a bare base as `base:NAME`, without loading it.

    Raises:
        ArtifactError: the run is not there, or a file of it differs from its manifest, or one of its base from what
            it was trained on.
    """
    if name.startswith(BASE_PREFIX):
        base = locate_base(name.removeprefix(BASE_PREFIX))
        return FoundModel(name, base, None, {}, base.hashes())
    run = store.open(f"models/{name}")
    settings = json.loads(run.file("run_config.json").read_text(encoding="utf-8"))
    base = locate_base(settings["base"])
    hashes = base.hashes()
    if changed := differing(hashes, run.manifest.recipe.model_inputs()):
        raise TamperedArtifactError(
            f"{base.folder / changed[0].removeprefix('base/')}: this is not the file that {run.folder} was trained on; "
            "bring that base back, or train again with --replace"
        )
    return FoundModel(name, base, run, settings, hashes | run.hashes())


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Give the names of the files that have another hash in one than in the other, or stand in one alone."""
    return sorted({file for file, _ in one.items() ^ other.items()})


def load(found: FoundModel) -> LoadedModel:
    """Load a model, its adapter merged into its base where the base is not in 4 bits.

    Raises:
        BadInputError: the adapter does not fit its base.
    """
    import llguidance.hf  # noqa: PLC0415 - torch and what needs it load when a model is wanted

    from namewright.suggest.sampling import Sampler  # noqa: PLC0415

    hardware = detect_hardware()
    tokenizer: Any = load_tokenizer(found.base)
    four_bit = found.settings.get("method") == "qlora"
    model: Any = load_model(found.base, hardware, four_bit=four_bit)
    if found.run is not None:
        from peft import PeftModel  # noqa: PLC0415

        adapter = found.run.folder / "adapter"
        try:
            model = PeftModel.from_pretrained(model, adapter)
        except RuntimeError as error:
            raise BadInputError(f"{adapter} does not fit the base {found.base.name}: {error}") from error
        if not four_bit:
            model = model.merge_and_unload()  # one matrix product instead of three
    model.eval()
    guide = llguidance.hf.from_tokenizer(tokenizer, n_vocab=model.config.vocab_size)
    return LoadedModel(
        name=found.name,
        sampler=Sampler(model, tokenizer, guide),
        tokenizer=tokenizer,
        shots=() if found.run else FEW_SHOTS,
        max_prompt_tokens=found.settings.get("max_prompt_tokens", 1024),
    )
