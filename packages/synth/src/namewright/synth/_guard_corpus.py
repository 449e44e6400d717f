"""The same texts for another pupil: labelled, without names, for training the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.synth._make import Plan
from namewright.synth._rows import accepted_drafts
from namewright.synth._suites import suite_descriptions

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSAFE = 0.5


def corpus_rows(seed: int, n: int) -> Iterator[dict[str, str]]:
    """Give `n` labelled texts, none nearly twice: half safe (with contrasts that only look unsafe), half unsafe.

    They are drawn apart from any dataset's, and are near none of the suites' nor of the dataset that `synth` makes of
    the same seed by default: a guard that was trained on them can be measured on those.
    """
    plan, suites = Plan(seed=seed), suite_descriptions()
    dataset = accepted_drafts(plan.seed, plan.n, plan.unsafe, reserved=suites)
    reserved = (*suites, *(draft.request.description for draft in dataset))
    for draft in accepted_drafts(f"guard/{seed}", n, _UNSAFE, reserved=reserved):
        yield {
            "text": draft.request.description,
            "label": "safe" if draft.category == "safe" else "unsafe",
            "category": draft.category,
            "source": draft.source,
        }
