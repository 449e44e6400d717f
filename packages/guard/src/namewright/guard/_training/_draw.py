"""Draw the training corpus from the grammar: labelled, framed, deduplicated, the same for the same seed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from namewright.guard._training._grammar import Grammar, Line, gerund
from namewright.guard._training._written import BUSINESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SAFE_FILES = ("safe_contrast.txt", "safe_general.txt", "safe_neutral.txt", "safe_languages.txt")
UNSAFE_FILES = (
    "unsafe_illegal.txt",
    "unsafe_violence.txt",
    "unsafe_sexual.txt",
    "unsafe_privacy.txt",
    "unsafe_more.txt",
    "unsafe_languages.txt",
)
BUSINESS_TOPICS = {"business", "startup", "instructions"} | BUSINESS
_MIN_A_LINE = 60
_COPIES = {"g": 1.0, "n": 9.0, "s": 1.0, "x": 1.0}
_MOST = {"g": 700, "n": 3_000, "s": 500, "x": 2_600}
"""Of a line, as many texts as it can give (a noun phrase in nine frames), between these bounds."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: its category ("safe" or one of the guard's), and the topic of the grammar that it comes from."""

    text: str
    category: str
    topic: str

    @property
    def business(self) -> bool:
        """Whether it describes an ordinary business, and not something that only looks unsafe."""
        return self.topic in BUSINESS_TOPICS


def corpus(folder: Path, seed: int = 42, scale: float = 1.0, neutral: Sequence[str] = ("lamp",)) -> list[Example]:
    """Draw from the grammar; `scale` multiplies how many texts each line of it gives."""
    rng = random.Random(seed)
    grammar, frames = read_grammar(folder, neutral)
    seen: set[str] = set()
    examples = []
    for line in grammar.lines:
        most = _MOST["x" if line.topic in {"startup", "instructions", "neutral"} else line.kind]
        wanted = int(scale * min(most, max(_MIN_A_LINE, _COPIES[line.kind] * grammar.size(line))))
        for text in _draw(grammar, frames, line, wanted, rng):
            if text.lower() not in seen:
                seen.add(text.lower())
                examples.append(Example(text, line.label, line.topic))
    rng.shuffle(examples)
    return examples


def read_grammar(folder: Path, neutral: Sequence[str] = ("lamp",)) -> tuple[Grammar, dict[str, list[str]]]:
    """Read the grammar's files, and the frames by kind."""
    grammar = Grammar()
    industries = folder.joinpath("industries.txt").read_text(encoding="utf-8")
    grammar.slots["rand"] = list(neutral)
    grammar.slots["industry"] = [name for line in industries.splitlines() for name in line.split("|") if name]
    grammar.slots.update(_common_slots(folder.joinpath(SAFE_FILES[1]).read_text(encoding="utf-8")))
    for name in (*SAFE_FILES, *UNSAFE_FILES):
        grammar.read(folder.joinpath(name).read_text(encoding="utf-8"))
    frames: dict[str, list[str]] = {"g": [], "n": []}
    for line in folder.joinpath("frames.txt").read_text(encoding="utf-8").splitlines():
        if line[:3] in {"g: ", "n: "}:
            frames[line[0]].append(line[3:])
    return grammar, frames


def _common_slots(text: str) -> dict[str, list[str]]:
    """Towns and customers, which frames of every kind use."""
    found = re.findall(r"^(city|aud) = (.*)$", text, flags=re.MULTILINE)
    return {name: values.split("|") for name, values in found}


def _draw(grammar: Grammar, frames: dict[str, list[str]], line: Line, wanted: int, rng: random.Random) -> Iterator[str]:
    for _ in range(wanted):
        core = grammar.expand(line.body, rng, line.slots)
        if line.kind in frames:
            frame = rng.choice(frames[line.kind])
            text = frame.replace("{g}", core).replace("{ging}", gerund(core)).replace("{n}", core)
            text = grammar.expand(text, rng) if "{" in frame else text
        else:
            text = core
        yield dress(text, rng)


def dress(text: str, rng: random.Random) -> str:
    """Vary what carries no meaning: capitals, the final point, a lower-case text."""
    draw = rng.random()
    if draw < 0.35:  # noqa: PLR2004
        text = text[:1].upper() + text[1:]
    elif draw < 0.45:  # noqa: PLR2004
        text = text.lower()
    if rng.random() < 0.3 and not re.search(r"[.?!]$", text):  # noqa: PLR2004
        text += "."
    return text
