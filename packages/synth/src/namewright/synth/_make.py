"""The job: a dataset on disk, with its card, behind its gate."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.shared import Recipe, dump_row, library_versions, maker_of
from namewright.shared.cli import progress
from namewright.shared.files import write_whole
from namewright.synth._card import write_card
from namewright.synth._gate import check_splits
from namewright.synth._rows import SPLITS, split_rows
from namewright.synth._suites import suite_descriptions
from namewright.synth._teacher import Teacher, TeacherSettings, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.shared import Artifact, ArtifactStore


@dataclass(frozen=True)
class Plan:
    """What decides a dataset's bytes."""

    name: str = "v1"
    n: int = 1_000
    seed: int = 42
    unsafe: float = 0.12
    teacher: TeacherSettings | None = None


def make_dataset(store: ArtifactStore, plan: Plan, *, workers: int = 1, replace: bool = False) -> tuple[Artifact, bool]:
    """Make a dataset, or take the one that the same recipe has made; says which.

    Raises:
        NamewrightError: two splits share a group or nearly a request, or it cannot be written.
        BadInputError: another recipe has made a dataset of that name, and `replace` is false.
    """
    name = f"datasets/{plan.name}"
    recipe = _recipe(plan)
    if made := store.reusable(name, recipe, replace=replace):
        return made, True
    teacher = Teacher(plan.teacher, store.root / "teacher-cache") if plan.teacher else None
    with store.create(name, recipe) as draft:
        _write_splits(draft.folder, plan, workers, teacher)
        check_splits(draft.folder)
        write_card(draft.folder, plan)
    if teacher:
        teacher.report()
    return store.open(name), False


def _recipe(plan: Plan) -> Recipe:
    config: dict[str, object] = {"name": plan.name, "n": plan.n, "unsafe": plan.unsafe}
    if plan.teacher:
        config["teacher"] = {"model": plan.teacher.model, "fingerprint": fingerprint(plan.teacher)}
    return Recipe(
        maker=maker_of("synth"),
        config=config,
        seed=plan.seed,
        libraries=library_versions("numpy", "wordninja", "pydantic"),
    )


def _write_splits(folder: Path, plan: Plan, workers: int, teacher: Teacher | None) -> None:
    rows = split_rows(
        plan.seed,
        plan.n,
        plan.unsafe,
        workers=workers,
        reserved=suite_descriptions(),
        teacher=teacher.drafts(plan.seed) if teacher else None,
    )
    with ExitStack() as stack:
        files = {split: stack.enter_context(write_whole(folder / f"{split}.jsonl")) for split in SPLITS}
        for split, row in progress(rows, total=plan.n, label=f"datasets/{plan.name}"):
            files[split].write(dump_row(row) + "\n")
