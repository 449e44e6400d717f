"""A batch that shares prompts has the loss of a batch that repeats them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional
from transformers import AutoModelForCausalLM

from namewright.trainer.collation import collate
from namewright.trainer.examples import Example

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = st.integers(3, 4000)
COMPLETION = st.lists(TOKEN, min_size=1, max_size=5).map(lambda ids: (*ids, 2))
EXAMPLES = st.lists(
    st.builds(
        Example,
        prompt=st.lists(TOKEN, min_size=1, max_size=9).map(tuple),
        completions=st.lists(COMPLETION, min_size=1, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def model(tiny_base: Path) -> torch.nn.Module:
    return AutoModelForCausalLM.from_pretrained(tiny_base, dtype=torch.float32).eval()


@settings(max_examples=25, deadline=None)
@given(examples=EXAMPLES)
def test_each_token_is_predicted_as_if_its_completion_stood_alone(model: torch.nn.Module, examples: list[Example]):
    batch = collate(examples, pad_id=0)
    sources, targets, weights = (batch.pop(name) for name in ("sources", "targets", "weights"))
    assert float(weights.sum()) == pytest.approx(1.0, abs=1e-5)
    with torch.no_grad():
        logits = model(**batch, use_cache=False).logits.flatten(0, 1)[sources]
        shared = functional.cross_entropy(logits, targets, reduction="none")
        alone = []
        for example in examples:
            for completion in example.completions:
                ids = torch.tensor([[*example.prompt, *completion]])
                whole = model(input_ids=ids, use_cache=False).logits[0, len(example.prompt) - 1 : -1]
                alone.append(functional.cross_entropy(whole, torch.tensor(completion), reduction="none"))
    torch.testing.assert_close(shared, torch.cat(alone), rtol=1e-4, atol=1e-4)


def test_padding_changes_nothing(model: torch.nn.Module):
    example = Example(prompt=(5, 6, 7), completions=((8, 9, 2),))
    longer = Example(prompt=tuple(range(10, 30)), completions=((40, 41, 42, 43, 2), (44, 2)))
    with torch.no_grad():
        losses = []
        for examples in ([example], [example, longer]):
            batch = collate(examples, pad_id=0)
            sources, targets, _ = (batch.pop(name) for name in ("sources", "targets", "weights"))
            logits = model(**batch, use_cache=False).logits.flatten(0, 1)[sources]
            losses.append(functional.cross_entropy(logits, targets, reduction="none")[:3])
    torch.testing.assert_close(*losses, rtol=1e-4, atol=1e-4)


def test_a_refusal_weighs_as_much_as_a_request_with_many_names():
    many = Example(prompt=(5, 6), completions=((8, 9, 10, 2),) * 8)
    refusal = Example(prompt=(5, 7), completions=((11, 2),))
    weights = collate([many, refusal], pad_id=0)["weights"]
    assert float(weights[:32].sum()) == pytest.approx(0.5)
    assert float(weights[32:].sum()) == pytest.approx(0.5)
