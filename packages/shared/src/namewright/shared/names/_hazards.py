"""Unwanted words in a label, above all those that nobody wrote: they arise where two words meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from namewright.shared.names._data import read_lines
from namewright.shared.names._segment import segment


@dataclass(frozen=True)
class _Hazards:
    anywhere: tuple[str, ...]
    alone: frozenset[str]
    read_as: dict[str, str]


@lru_cache(maxsize=1)
def _hazards() -> _Hazards:
    lines = read_lines("hazards.txt")
    read_as = dict(line[1:].split(" ", 1) for line in lines if line.startswith("="))
    words = {line for line in lines if line[0] not in "=~"}
    alone = {line[1:] for line in lines if line.startswith("~")}
    return _Hazards(tuple(sorted(words)), frozenset(words | alone), read_as)


@lru_cache(maxsize=65_536)
def joint_hazards(label: str) -> tuple[str, ...]:
    """Name the unwanted words in a label: across a joint (`penisland`), or as one of its own words.

    A word inside another word is innocent (`cockpit`, `scunthorpe`, `analytics`), unless it is one of the few that
    read as two (`therapistfinder`). Empty where there is nothing to fear.
    """
    words = segment(label)
    known = _hazards()
    found = [word for word in words if word in known.alone]
    found += [known.read_as[word] for word in words if word in known.read_as]
    text = "".join(words)
    joints = set(accumulate(len(word) for word in words[:-1]))
    for hazard in known.anywhere:
        at = text.find(hazard)
        while at >= 0:
            if joints & set(range(at + 1, at + len(hazard))):
                found.append(hazard)
                break
            at = text.find(hazard, at + 1)
    return tuple(dict.fromkeys(found))
