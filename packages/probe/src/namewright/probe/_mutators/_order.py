"""In which order a mutator tries its tricks on the seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

A = TypeVar("A")
B = TypeVar("B")


def crossed(tricks: Iterable[A], seeds: Sequence[B], rng: random.Random) -> Iterator[tuple[A, B]]:
    """Pair every trick with every seed: each trick once before any comes twice, on seeds in random order."""
    orders = [(trick, rng.sample(list(seeds), len(seeds))) for trick in tricks]
    for turn in range(len(seeds)):
        for trick, order in orders:
            yield trick, order[turn]
