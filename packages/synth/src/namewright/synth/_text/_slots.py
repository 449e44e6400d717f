"""What the blanks of a sentence are filled with."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.synth._kinds import read_table
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from namewright.synth._brief import Brief


_SPOKEN_AN = re.compile(r"(?:HR|HVAC|SEO|MR|XR|NFT|LMS|ML\b|API|AI|IVF|R&D)")
_NO_AN = re.compile(r"(?:one|once|user|uni|use|UI\b|euro)", re.IGNORECASE)


@lru_cache(maxsize=1)
def phrases() -> dict[str, dict[str, list[str]]]:
    """Read the sentences."""
    return read_table("phrases.toml")


@lru_cache(maxsize=4096)
def blanks(sentence: str) -> tuple[str, ...]:
    """Name the blanks of a sentence."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


class Slots:
    """What is left to say of a brief. What a sentence has said is not said again, save for what the business is."""

    def __init__(self, rng: Random, brief: Brief) -> None:
        self._rng = rng
        self._does = list(brief.does)
        self._has = list(brief.has)
        self._once = _once(brief)
        self._always = _always(rng, brief)

    def fill(self, sentences: Sequence[str]) -> str:
        """Pick a sentence for which everything is known and fill its blanks; empty where there is none."""
        found = self._always | self._once
        for number, does in enumerate(self._does, start=1):
            found |= {f"d{number}": does, f"D{number}": upper(does), f"ds{number}": third_person(does)}
        for number, has in enumerate(self._has, start=1):
            found |= {f"h{number}": has, f"H{number}": upper(has)}
        fitting = [sentence for sentence in sentences if all(name in found for name in blanks(sentence))]
        if not fitting:
            return ""
        sentence = self._rng.choice(fitting)
        self._forget(blanks(sentence))
        return sentence.format_map(found)

    def _forget(self, names: Sequence[str]) -> None:
        said = {(name.lower()[0], int(name[-1])) for name in names if name[-1].isdigit() and name[0] in "dDhH"}
        self._does = [does for number, does in enumerate(self._does, start=1) if ("d", number) not in said]
        self._has = [has for number, has in enumerate(self._has, start=1) if ("h", number) not in said]
        for name in names:
            for form in (name, name.lower(), upper(name)):
                self._once.pop(form, None)


def _always(rng: Random, brief: Brief) -> dict[str, str]:
    qualified = " ".join((*brief.qualities, brief.noun))
    found = {
        "noun": brief.noun,
        "nouns": _plural(brief.noun),
        "a_noun": with_article(brief.noun),
        "qnoun": qualified,
        "a_qnoun": with_article(qualified),
        "A_qnoun": upper(with_article(qualified)),
        "Qnoun": upper(qualified),
        "Noun": upper(brief.noun),
        "years": str(rng.choice((2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 18, 20, 23, 25, 30))),
        "person": rng.choice(vocabulary().people),
    }
    return found | {name: rng.choice(options) for name, options in phrases()["words"].items()}


def _once(brief: Brief) -> dict[str, str]:
    found: dict[str, str] = {}
    if brief.qualities:
        found |= {"q1": brief.qualities[0], "Q1": upper(brief.qualities[0])}
    if brief.audience:
        found |= {"aud": brief.audience, "Aud": upper(brief.audience)}
    if brief.place:
        found["place"] = brief.place.name
    if brief.tone and brief.says_tone:
        found["tone"] = brief.tone
    return found


def with_article(noun: str) -> str:
    """Put `a` or `an` before a noun."""
    spoken = _SPOKEN_AN.match(noun) or (noun[0].lower() in "aeiou" and not _NO_AN.match(noun))
    return f"{'an' if spoken else 'a'} {noun}"


def upper(text: str) -> str:
    """Write the first letter large."""
    return text[:1].upper() + text[1:]


def third_person(phrase: str) -> str:
    """Turn `bake bread` into `bakes bread`, and both verbs of `buy and sell vinyl`."""
    words = phrase.split(" ")
    words[0] = _inflect(words[0])
    if len(words) > 2 and words[1] == "and":  # noqa: PLR2004 - verb, and, verb
        words[2] = _inflect(words[2])
    return " ".join(words)


def _inflect(verb: str) -> str:
    if verb in {"have", "do", "go"}:
        return {"have": "has", "do": "does", "go": "goes"}[verb]
    if re.search(r"(?:s|x|z|ch|sh)$", verb):
        return verb + "es"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + "s"


def _plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|ch|sh)$", noun) else "s")
