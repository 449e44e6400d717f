"""Small real parts for the tests of packages that need a base model or a dataset: no mocks, and seconds instead of minutes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from namewright.shared.bases import BUNDLED, load_tokenizer, locate_base
from namewright.shared.jsonl import write_rows
from namewright.shared.manifest import Recipe, maker_of
from namewright.shared.schemas import DatasetRow, Request

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.shared.artifacts import Artifact, ArtifactStore

_TRADES = {
    "coffee shop": ("brewhaven", "roastlane", "beanloft", "mugandmoss"),
    "dog walker": ("pawpath", "tailtrot", "leashloop", "barkmile"),
    "bakery": ("crumbcraft", "ovenglow", "loaflane", "flourfolk"),
    "yoga studio": ("breathnest", "flowfield", "lotusloft", "calmkind"),
}
_PLACES = ("Miami", "Leeds", "Utrecht", "Austin", "Porto")


def make_tiny_base(folder: Path) -> Path:
    """Save a Llama of two layers with random weights and the bundled base's tokenizer: a base of 6 MB.

    It says nothing sensible, and it says it in milliseconds; what holds for its answers (constraints, schemas, seeds)
    holds by construction for every model.
    """
    import torch  # noqa: PLC0415
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415

    tokenizer = load_tokenizer(locate_base(BUNDLED))
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,  # NF4 packs a row in blocks of 64
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        tie_word_embeddings=True,
    )
    model: Any = LlamaForCausalLM(config)
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_small_dataset(store: ArtifactStore, name: str, *, rows: int = 20) -> Artifact:
    """Write `datasets/<name>`: a few trades in a few places, and every tenth request one to be blocked."""
    combinations = itertools.cycle(itertools.product(_TRADES, _PLACES))
    made = []
    for number, (trade, place) in zip(range(rows), combinations, strict=False):
        identity = f"small-{number:04}"
        if number % 10 == 9:  # noqa: PLR2004
            request = Request(description=f"guns for kids, shop number {number}")
            made.append(
                DatasetRow(id=identity, group=identity, request=request, expected="blocked", category="weapons_minors"),
            )
        else:
            request = Request(description=f"{trade} number {number} in {place}", tlds=("com", "co"))
            names = tuple(f"{label}.com" for label in _TRADES[trade])
            made.append(
                DatasetRow(
                    id=identity, group=identity, request=request, expected="success", category="safe", names=names
                ),
            )
    tenth = max(1, rows // 10)
    recipe = Recipe(maker=maker_of("shared"), config={"rows": rows})
    with store.create(f"datasets/{name}", recipe) as draft:
        write_rows(draft.folder / "train.jsonl", made[: -2 * tenth])
        write_rows(draft.folder / "val.jsonl", made[-2 * tenth : -tenth])
        write_rows(draft.folder / "test.jsonl", made[-tenth:])
    return store.open(f"datasets/{name}")
