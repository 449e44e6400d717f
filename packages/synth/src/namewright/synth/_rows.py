"""The stream of examples: drafts, without the repeated ones, each in its split."""

from __future__ import annotations

import hashlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from itertools import chain, count
from multiprocessing import get_context
from typing import TYPE_CHECKING, Literal

import numpy as np

from namewright.shared import DatasetRow, NamewrightError, split_domain
from namewright.synth._dedupe import HashSet64, Seen
from namewright.synth._drafts import MIN_NAMES, Draft, Stream, draw, row_id

if TYPE_CHECKING:
    from collections.abc import Iterator

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")
_PATTERN: tuple[Split, ...] = ("train", "train", "val", "train", "test", "train", "train", "train", "train", "train")
"""Of every ten examples (safe or unsafe), eight are to learn from, one to choose by, one to measure on."""
_BLOCK = 64
_PATIENCE = 20_000
_NEIGHBOURS_UP_TO = 200_000
"""Larger datasets do without the keys of single changed words, which would double the memory."""


def split_rows(
    seed: int,
    n: int,
    unsafe: float,
    *,
    workers: int = 1,
    reserved: tuple[str, ...] = (),
    teacher: Iterator[Draft] | None = None,
) -> Iterator[tuple[Split, DatasetRow]]:
    """Make `n` examples, each with its split, the same ones whatever the number of workers.

    A group of examples has one member, since what is nearly the same is left out; so a split by position is a split by
    group, and needs no memory.

    Args:
        seed: Where randomness starts.
        n: How many.
        unsafe: Share of the requests that have to be refused.
        workers: Processes that make drafts.
        reserved: Descriptions of the evaluation suites; nothing near them is made.
        teacher: Where the safe examples come from, in place of the rules.
    """
    labels = HashSet64(min(8 * n, 1 << 23))
    taken: Counter[str] = Counter()
    for draft in accepted_drafts(seed, n, unsafe, workers=workers, reserved=reserved, teacher=teacher):
        row = _row(draft, labels)
        split = _split_of(taken[row.expected])
        taken[row.expected] += 1
        yield split, row


def _split_of(place: int) -> Split:
    """Give the split of a safe, or an unsafe, example by its place; the pattern moves, lest one category always meet it."""
    return _PATTERN[(place + place // len(_PATTERN)) % len(_PATTERN)]


def accepted_drafts(
    seed: int | str,
    n: int,
    unsafe: float,
    *,
    workers: int = 1,
    reserved: tuple[str, ...] = (),
    teacher: Iterator[Draft] | None = None,
) -> Iterator[Draft]:
    """Make `n` drafts, safe and unsafe ones in turn, none nearly like another."""
    share = Fraction(str(unsafe))  # as it was written: in floats, 100 times 0.29 is less than 29
    seen = Seen(n)
    seen.add_texts(reserved)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else None
    try:
        streams: dict[Stream, Iterator[Draft]] = {
            "safe": _accepted(teacher or _drafts(seed, "safe", pool, workers), seen, n),
            "unsafe": _accepted(_drafts(seed, "unsafe", pool, workers), seen, n),
        }
        for position in range(n):
            stream: Stream = "unsafe" if int((position + 1) * share) > int(position * share) else "safe"
            yield next(streams[stream])
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


def _drafts(seed: int | str, stream: Stream, pool: ProcessPoolExecutor | None, workers: int) -> Iterator[Draft]:
    block = partial(_block, seed, stream)
    blocks: Iterator[list[Draft]] = map(block, count()) if pool is None else _ahead(pool, block, 3 * workers)
    return chain.from_iterable(blocks)


def _block(seed: int | str, stream: Stream, number: int) -> list[Draft]:
    drafts = (draw(seed, stream, index) for index in range(number * _BLOCK, (number + 1) * _BLOCK))
    return [draft for draft in drafts if draft is not None]


def _ahead(pool: ProcessPoolExecutor, block: partial[list[Draft]], depth: int) -> Iterator[list[Draft]]:
    """Keep a few blocks in the making, and give them out in order."""
    waiting = [pool.submit(block, number) for number in range(depth)]
    for number in count(depth):
        ready = waiting.pop(0)
        waiting.append(pool.submit(block, number))
        yield ready.result()


def _accepted(drafts: Iterator[Draft], seen: Seen, n: int) -> Iterator[Draft]:
    """Pass on the drafts that are nothing like the ones before."""
    refused = 0
    for draft in drafts:
        keys = np.append(draft.bands, np.uint64(int(draft.group.removeprefix("group-"), 16)))
        if n <= _NEIGHBOURS_UP_TO:
            keys = np.append(keys, draft.neighbours)
        if seen.has(keys):
            refused += 1
            if refused > _PATIENCE:
                msg = f"{refused:,} drafts in a row were nearly the same as earlier ones: {n:,} examples are too many"
                raise NamewrightError(msg)
            continue
        refused = 0
        seen.add(keys)
        yield draft


def _row(draft: Draft, labels: HashSet64) -> DatasetRow:
    names = _unused(draft, labels)
    return DatasetRow(
        id=row_id(draft.request),
        group=draft.group,
        request=draft.request,
        expected="success" if draft.category == "safe" else "blocked",
        category=draft.category,
        names=names,
    )


def _unused(draft: Draft, labels: HashSet64) -> tuple[str, ...]:
    """Take the best names that no earlier example has; those that one has only where there are not enough."""
    if not draft.domains:
        return ()
    keys = np.array([_key(split_domain(domain)[0]) for domain in draft.domains], dtype=np.uint64)
    used = labels.holds(keys)
    fresh = [domain for domain, taken in zip(draft.domains, used, strict=True) if not taken]
    stale = [domain for domain, taken in zip(draft.domains, used, strict=True) if taken]
    chosen = (fresh + stale[: max(0, MIN_NAMES - len(fresh))])[: draft.wanted]
    labels.add(np.array([_key(split_domain(domain)[0]) for domain in chosen], dtype=np.uint64))
    return tuple(domain for domain in draft.domains if domain in chosen)


def _key(label: str) -> int:
    return int.from_bytes(hashlib.blake2b(label.encode(), digest_size=8).digest())
