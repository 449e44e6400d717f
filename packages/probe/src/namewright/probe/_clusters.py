"""Failures gathered by what they have in common, so that one cause is read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from namewright.probe._case import Case
    from namewright.probe._oracles import Finding


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster: the case that stands for it, and the numbers of all its cases."""

    id: str
    case: Case
    finding: Finding
    numbers: tuple[int, ...]
    variants: tuple[str, ...]


def cluster_id(case: Case, finding: Finding) -> str:
    """Name a cluster by its oracle, mutator and signature: the same in every run."""
    return hashlib.sha256(f"{finding.oracle}\0{case.mutator}\0{finding.signature}".encode()).hexdigest()[:10]


def gather(found: Iterable[tuple[int, Case, Finding]]) -> list[Group]:
    """Gather failures, the largest cluster first; the shortest request stands for each."""
    members: dict[str, list[tuple[int, Case, Finding]]] = {}
    for number, case, finding in found:
        members.setdefault(cluster_id(case, finding), []).append((number, case, finding))
    groups = []
    for name, ones in members.items():
        _, case, finding = min(ones, key=lambda one: (len(one[1].body), one[0]))
        numbers = tuple(dict.fromkeys(number for number, _, _ in ones))
        groups.append(Group(name, case, finding, numbers, tuple(sorted({case.variant for _, case, _ in ones}))))
    return sorted(groups, key=lambda group: (-len(group.numbers), group.id))
