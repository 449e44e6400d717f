"""A small grammar: slots, alternatives, and lines with a label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

_SLOT = re.compile(r"\{(\w+)\}")
_GROUP = re.compile(r"\(([^()]*)\)")
MAX_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the grammar.

    Attributes:
        label: The category, or "safe".
        topic: What the section is called.
        kind: "g" a goal (verb phrase), "n" a noun phrase, "s" a sentence, "x" a business description.
        body: With `(a|b)` alternatives and `{slots}`.
        slots: The slots of the file that it stands in; those of the whole grammar stand behind them.
    """

    label: str
    topic: str
    kind: str
    body: str
    slots: Mapping[str, list[str]] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class Grammar:
    """Lines, and the slots that all of them may use."""

    lines: list[Line] = field(default_factory=list)
    slots: dict[str, list[str]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Add a file's lines: `[label topic]`, `slot = a|b`, `g: ...`, `n: ...`, `s: ...`, `x: ...`.

        Raises:
            ValueError: a line that is none of these.
        """
        label = topic = ""
        slots: dict[str, list[str]] = {}
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                label, _, topic = line.strip("[]").partition(" ")
            elif re.match(r"\w+ = ", line):
                name, _, values = line.partition(" = ")
                slots = {**slots, name: values.split("|")}
            elif line[:3] in {"g: ", "n: ", "s: ", "x: "}:
                self.lines.append(Line(label, topic, line[0], line[3:], slots))
            else:
                raise ValueError(f"line {number}: not a line of the grammar: {line[:60]!r}")

    def expand(self, body: str, rng: random.Random, slots: Mapping[str, list[str]] | None = None) -> str:
        """Draw one text from a line's body."""
        text, slots = body, slots or {}
        for _ in range(MAX_ROUNDS):
            before = text
            text = _SLOT.sub(lambda m: rng.choice(self._slot(m.group(1), slots)), text)
            text = _GROUP.sub(lambda m: rng.choice(m.group(1).split("|")), text)
            if text == before:
                break
        return re.sub(r"\s+([.,;?!])", r"\1", re.sub(r"[^\S\n]+", " ", text)).strip()

    def size(self, line: Line) -> int:
        """Count, roughly, how many texts a line can give."""
        total, flat = 1, line.body
        while group := _GROUP.search(flat):
            total *= max(1, sum(self._product(part, line.slots) for part in group.group(1).split("|")))
            flat = flat[: group.start()] + flat[group.end() :]
        return total * self._product(flat, line.slots)

    def _product(self, text: str, slots: Mapping[str, list[str]]) -> int:
        total = 1
        for name in _SLOT.findall(text):
            total *= len(self._slot(name, slots))
        return total

    def _slot(self, name: str, slots: Mapping[str, list[str]]) -> list[str]:
        return slots[name] if name in slots else self.slots[name]


def gerund(phrase: str) -> str:
    """Turn a verb phrase into its gerund: `make a cake` into `making a cake`."""
    verb, _, rest = phrase.partition(" ")
    if verb.endswith("ie"):
        verb = verb[:-2] + "ying"
    elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        verb = verb[:-1] + "ing"
    elif re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb) and verb not in {"open", "listen", "enter"}:
        verb = verb + verb[-1] + "ing"
    else:
        verb += "ing"
    return f"{verb} {rest}".strip()
