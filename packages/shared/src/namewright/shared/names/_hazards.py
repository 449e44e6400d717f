"""Unwanted words in a label, above all those that nobody wrote: they arise where two words meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from namewright.shared.files import read_lines
from namewright.shared.names._segment import segment


@dataclass(frozen=True)
class _Hazards:
    anywhere: tuple[str, ...]
    alone: frozenset[str]
    read_as: dict[str, str]


@lru_cache(maxsize=1)
def _hazards() -> _Hazards:
    lines = read_lines("namewright.shared.names", "hazards.txt")
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
    joints = list(accumulate(len(word) for word in words[:-1]))
    if joints:
        for hazard in [hazard for hazard in known.anywhere if hazard in text]:
            if any(
                text.find(hazard, max(0, joint - len(hazard) + 1), joint + len(hazard) - 1) >= 0 for joint in joints
            ):
                found.append(hazard)
    return tuple(dict.fromkeys(found))
