from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from namewright.shared import ArtifactStore, Recipe, maker_of
from namewright.shared.bases import Base
from namewright.shared.testing import make_small_dataset, make_tiny_base
from namewright.suggest.candidates import ModelSource, SamplingSettings
from namewright.suggest.models import find_model, load
from namewright.suggest.suggester import Suggester

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_base(tmp_path_factory.mktemp("bases") / "tiny")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, tiny_base: Path) -> ArtifactStore:
    """A store with a small dataset and one run: a LoRA adapter that was never trained, on the tiny base."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    store = ArtifactStore(tmp_path_factory.mktemp("store") / "artifacts")
    make_small_dataset(store, "small")
    model: Any = AutoModelForCausalLM.from_pretrained(tiny_base)
    adapted: Any = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=2, target_modules="all-linear"))
    recipe = Recipe(maker=maker_of("shared"), config={}, inputs=Base(str(tiny_base), tiny_base).hashes())
    with store.create("models/baseline", recipe) as draft:
        adapted.save_pretrained(str(draft.folder / "adapter"))
        settings = f'{{"base": "{tiny_base}", "method": "lora", "max_prompt_tokens": 256}}'
        (draft.folder / "run_config.json").write_text(settings)
    return store


@pytest.fixture(scope="session")
def source(store: ArtifactStore) -> ModelSource:
    return ModelSource(load(find_model("baseline", store)), SamplingSettings(samples=24))


@pytest.fixture
def suggester(source: ModelSource) -> Suggester:
    return Suggester(source)
