"""The dataset's card: what it is, how it was made, what it measures, what it lacks."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from namewright.shared.files import write_whole
from namewright.synth._kinds import all_kinds
from namewright.synth._pictures import bar_chart
from namewright.synth._rows import SPLITS
from namewright.synth._statistics import Statistics, diversity, gather
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.synth._make import Plan

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TLDS_SHOWN = 16


def write_card(folder: Path, plan: Plan) -> None:
    """Write card.md and its pictures beside the splits."""
    found = gather(folder, seed=plan.seed)
    _draw(folder, found)
    template = files("namewright.synth").joinpath("data", "card.md").read_text(encoding="utf-8")
    words = vocabulary()
    text = template.format(
        name=plan.name,
        size=next((size for limit, size in _SIZES if found.rows < limit), "1M<n<10M"),
        rows=found.rows,
        names=found.names,
        teacher=f"; the safe ones by a teacher, {plan.teacher.model}" if plan.teacher else "",
        version=version("namewright-synth"),
        seed=plan.seed,
        category_table=_category_table(found),
        languages=_listed(found.languages),
        constraints=_listed(found.constraints),
        kinds=len(all_kinds()),
        qualities=len(words.qualities | words.technical_qualities),
        audiences=len(words.audiences.keys() | {who for kind in all_kinds() for who in kind.who}),
        places=len(words.places),
        tones=len(words.tones),
        unsafe=plan.unsafe,
        measures="\n".join(f"| {name} | {value} |" for name, value in _measures(found).items()),
    )
    with write_whole(folder / "card.md") as file:
        file.write(text)


def _measures(found: Statistics) -> dict[str, str]:
    named = found.names or 1
    return {
        "distinct second-level names": f"{found.distinct_labels / named:.2%} of {found.names:,}",
        "mean `name_quality` of the names": f"{found.quality / named:.3f}",
        "names of one, two, three words": ", ".join(f"{found.words[n] / named:.0%}" for n in (1, 2, 3)),
        "median length of a label": str(_median(found.label_lengths)),
        **{name: str(value) for name, value in diversity(found.sample).items()},
    }


def _draw(folder: Path, found: Statistics) -> None:
    lengths = {str(length): found.label_lengths[length] for length in sorted(found.label_lengths)}
    bar_chart(folder / "label-lengths.svg", "Names by characters in the label", lengths)
    bar_chart(folder / "tlds.svg", "Names by top-level domain", dict(found.tlds.most_common(_TLDS_SHOWN)))
    requests = {f"{step}-{step + 9} words": found.request_lengths[step] for step in sorted(found.request_lengths)}
    bar_chart(folder / "request-lengths.svg", "Requests by length", requests)
    total = sum(found.categories.values(), Counter())
    bar_chart(folder / "categories.svg", "Requests by category", dict(sorted(total.items(), key=lambda item: -item[1])))


def _category_table(found: Statistics) -> str:
    categories = sorted({category for counter in found.categories.values() for category in counter})
    lines = ["| category | " + " | ".join(SPLITS) + " |", "|---|" + "---:|" * len(SPLITS)]
    lines += [
        f"| {category} | " + " | ".join(f"{found.categories[split][category]:,}" for split in SPLITS) + " |"
        for category in categories
    ]
    return "\n".join(lines)


def _listed(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counter.most_common())


def _median(counter: Counter[int]) -> int:
    half, seen = counter.total() / 2, 0
    for value in sorted(counter):
        seen += counter[value]
        if seen >= half:
            return value
    return 0
