"""The model card of a run, in the Hugging Face format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.shared import Recipe
    from namewright.trainer.examples import Example
    from namewright.trainer.settings import TrainingSettings


def write_card(
    path: Path,
    settings: TrainingSettings,
    recipe: Recipe,
    history: list[dict[str, float]],
    encoded: dict[str, list[Example]],
    model: Any,  # noqa: ANN401 - a PEFT model, which this module need not import
) -> None:
    """Write `card.md`: what the adapter is, what it was trained on and how, and how well it learned."""
    losses = [row["loss"] for row in history if "loss" in row]
    validation = [row["eval_loss"] for row in history if "eval_loss" in row]
    trainable, total = model.get_nb_trainable_parameters()
    names = {split: sum(len(example.completions) for example in examples) for split, examples in encoded.items()}
    libraries = ", ".join(f"{name} {version}" for name, version in recipe.libraries.items())
    hardware = ", ".join(f"{name} {value}" for name, value in recipe.hardware.items())
    tail = losses[-10:]
    path.write_text(
        f"""---
library_name: peft
base_model: {settings.base}
pipeline_tag: text-generation
license: apache-2.0
tags: [{settings.method}, domain-names]
---

# {settings.run}

A {"4-bit QLoRA (NF4, double quantisation)" if settings.method == "qlora" else "LoRA"} adapter that answers a business
description with one brandable domain name, or with `BLOCKED`. The JSON around the names is not the model's:
`namewright.suggest` samples it several times under constraints, ranks what it says and writes the reply.

| | |
|---|---|
| base | `{settings.base}` |
| adapter | rank {settings.rank}, alpha {settings.alpha}, dropout {settings.dropout}, all linear layers |
| trained parameters | {trainable:,} of {total:,} |
| dataset | `datasets/{settings.dataset}`: {len(encoded["train"]):,} requests, {names["train"]:,} completions |
| validation | {len(encoded["val"]):,} requests, {names["val"]:,} completions |
| epochs | {settings.epochs:g}{f", at most {settings.max_steps} steps" if settings.max_steps else ""} |
| batch | {settings.batch_size} requests with all their names |
| learning rate | {settings.learning_rate:g}, cosine, {settings.warmup_fraction:.0%} warm-up |
| seed | {settings.seed} |
| training loss, first and mean of the last {len(tail)} steps | {losses[0]:.3f} and {sum(tail) / len(tail):.3f} nats a token |
| validation loss | {f"{validation[-1]:.3f} nats a token" if validation else "not measured"} |
| hardware | {hardware} |
| libraries | {libraries} |
| recipe | `{recipe.key()}` |

## Use

    suggest --model {settings.run} "organic coffee shop for parents in Miami"

## Limits

It has learned names from synthetic data, in English first. It does not know which domains are taken. It is not a
guard: put `namewright-guard` before it and after it, as `suggest` does.
""",
        encoding="utf-8",
    )
