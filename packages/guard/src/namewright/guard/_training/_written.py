"""The sentences written by hand: `category<TAB>text` lines whose text may hold `(a|b)` alternatives and mark one `{clause}`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from namewright.guard._result import CATEGORIES, SAFE, GuardError

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

HELD_OUT_PERCENT = 15
"""Of a hundred lines, so many are never trained on: they are the development set."""
_STARTUPS = {f"startups_{field}" for field in ("consumer", "health", "industry", "software")}
BUSINESS = {"companies", "firms", "taglines", "trades"} | _STARTUPS
"""Files of lines that describe a business and do not only look unsafe."""
_GROUP = re.compile(r"\(([^()]*)\)")
_CLAUSE = re.compile(r"\{(.*)\}")


@dataclass(frozen=True, slots=True)
class Written:
    """A line written by hand.

    Attributes:
        category: "safe", or one of the guard's.
        body: The text, with its alternatives, and with the clause that decides in braces, where it is marked.
        source: The file's name without its ending: what the line is about.
    """

    category: str
    body: str
    source: str

    @property
    def held_out(self) -> bool:
        """Whether the line is kept from training; its bytes alone decide, so that new lines move no old one."""
        return falls_within(self.body, HELD_OUT_PERCENT)

    @property
    def marked(self) -> bool:
        """Whether the clause that decides is marked."""
        return "{" in self.body

    @property
    def parts(self) -> list[list[str]]:
        """The fixed pieces and the alternatives, in their order."""
        return [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(_GROUP.split(self.body))]

    def variants(self, most: int, rng: random.Random) -> list[str]:
        """Give up to so many different expansions of the alternatives."""
        return [_CLAUSE.sub(r"\1", text) for text in self._expanded(most, rng)]

    def clauses(self, most: int, rng: random.Random) -> list[str]:
        """Give up to so many expansions of the clause that is marked; none where none is."""
        marked = [_CLAUSE.search(text) for text in self._expanded(most, rng)] if self.marked else []
        return list(dict.fromkeys(found.group(1) for found in marked if found))

    def _expanded(self, most: int, rng: random.Random) -> list[str]:
        parts = self.parts
        if prod(map(len, parts)) <= 4 * most:
            every = list(dict.fromkeys(map(_tidy, product(*parts))))
            return every if len(every) <= most else rng.sample(every, most)
        drawn = (_tidy([rng.choice(part) for part in parts]) for _ in range(2 * most))
        return list(dict.fromkeys(drawn))[:most]


def falls_within(text: str, percent: int) -> bool:
    """Say whether a text is one of so many in a hundred, by its hash: the same wherever it stands."""
    return hashlib.sha256(text.encode()).digest()[0] * 100 < percent * 256


def read_written(folder: Path) -> list[Written]:
    """Read every `.tsv` file of a folder, in the order of their names.

    Raises:
        GuardError: a line is no example, or the folder has none.
    """
    lines = [line for path in sorted(folder.glob("*.tsv")) for line in _read_file(path)]
    if not lines:
        raise GuardError(f"{folder}: there are no written examples (*.tsv) here")
    return list(dict.fromkeys(lines))


def _read_file(path: Path) -> Iterator[Written]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        category, tab, body = line.partition("\t")
        if not tab or category not in {SAFE, *CATEGORIES} or not body.strip():
            raise GuardError(f"{path}:{number}: category<TAB>text is wanted, not {line[:60]!r}")
        if any(mark in _GROUP.sub("", body) for mark in "()|"):
            raise GuardError(f"{path}:{number}: alternatives are (a|b), without nesting: {line[:60]!r}")
        if re.sub(r"[^{}]", "", body) not in {"", "{}"}:
            raise GuardError(f"{path}:{number}: one {{clause}} at most may be marked: {line[:60]!r}")
        yield Written(category, body.strip(), path.stem)


def _tidy(pieces: list[str] | tuple[str, ...]) -> str:
    return re.sub(r"\s+([.,;?!])", r"\1", re.sub(r"\s{2,}", " ", "".join(pieces))).strip()
