"""Puts a brief in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from namewright.synth._text._local import write_local
from namewright.synth._text._noise import add_typos, lower_some
from namewright.synth._text._slots import Slots, phrases, upper
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from namewright.synth._brief import Brief

_TYPOS = {"chat": 0.45, "founder": 0.08, "terse": 0.04, "keywords": 0.06, "list": 0.04}
"""How many of the requests in a style have a typing error or two."""


_UNSAID = 0.05
"""Share of the pitches that leave what the business is to be guessed, as real ones do."""


def write_description(rng: Random, brief: Brief) -> str:
    """Write the text of a request."""
    text = _WRITERS[brief.style](rng, brief, Slots(rng, brief))
    if rng.random() < _TYPOS.get(brief.style, 0.0):
        text = add_typos(rng, text)
    return re.sub(" {2,}", " ", text).strip()


def _terse(rng: Random, brief: Brief, found: Slots) -> str:
    shapes = phrases()["terse"]["shape"]
    said = [shape for shape in shapes if (brief.place and "{place}" in shape) or (brief.audience and "{aud}" in shape)]
    text = found.fill(said or shapes)
    if brief.tone and brief.says_tone:
        text += f" Tone: {brief.tone}."
    wishes = (["Avoid hyphens"] if brief.no_hyphens and not brief.allow_hyphens else []) + (
        ["Prefer short names"] if brief.short else []
    )
    wishes += ["Include subtle wordplay"] if brief.puns else []
    if wishes:
        text += f" Constraints: {'; '.join(wishes)}."
    if rng.random() < 0.3:  # noqa: PLR2004
        text += f" Extra details: {', '.join(rng.sample(vocabulary().details, rng.choice((2, 3, 4))))}."
    elif rng.random() < 0.3 and brief.has:  # noqa: PLR2004
        text += f" {rng.choice(('Offers', 'Sells', 'Known for', 'Includes'))}: {', '.join(brief.has)}."
    return lower_some(rng, text, 0.75)


def _keywords(rng: Random, _brief: Brief, found: Slots) -> str:
    text = found.fill(phrases()["keywords"]["shape"])
    return lower_some(rng, text, 0.6)


def _headline(rng: Random, brief: Brief, found: Slots) -> str:
    text = _saying_what(rng, brief, found.fill(phrases()[f"headline_{brief.kind.voice}"]["shape"]))
    return _with_wishes(rng, brief, found, text, 0.4)


def _pitch(rng: Random, brief: Brief, found: Slots) -> str:
    table = phrases()[f"pitch_{brief.kind.voice}"]
    sentences = [found.fill(table["open"])]
    for _ in range(rng.choice((0, 1, 1, 2))):
        more = found.fill(table["more"])
        if more and more not in sentences:
            sentences.append(more)
    text = _saying_what(rng, brief, " ".join(sentences))
    if rng.random() < 0.5:  # noqa: PLR2004
        text = _anonymous(rng, text)
    return _with_wishes(rng, brief, found, text, 0.25)


def _saying_what(rng: Random, brief: Brief, text: str) -> str:
    """Put before a text what the business is, where the text forgot to say it."""
    if brief.noun in text or upper(brief.noun) in text or rng.random() < _UNSAID:
        return text
    noun = " ".join((*brief.qualities[:1], brief.noun)) if rng.random() < 0.5 else brief.noun  # noqa: PLR2004
    return rng.choice(
        (f"{upper(noun)}. {text}", f"{upper(noun)}. {text}", f"{text} ({noun})", f"{upper(noun)}: {text}")
    )


def _anonymous(rng: Random, text: str) -> str:
    """Write a text without the place that a company's name was taken from."""
    name = rng.choice(("our startup", "our company", "the company", "our team"))
    text = text.replace("Meet [COMPANY], ", f"{upper(name)} is ").replace("[COMPANY]", name)
    return re.sub(r"(?:^|(?<=[.!?] ))[a-z]", lambda match: match[0].upper(), text)


def _founder(rng: Random, brief: Brief, found: Slots) -> str:
    table = phrases()["founder"]
    sentences = [found.fill(table["open"])]
    does = "does" if brief.kind.voice == "we" else "helps"
    sections = rng.sample([does, "has", "aud"], rng.choice((1, 2, 2, 3)))
    sentences += [found.fill(table[section]) for section in sections]
    if rng.random() < 0.5:  # noqa: PLR2004
        sentences.append(rng.choice(table["close"]))
    return _with_wishes(rng, brief, found, " ".join(filter(None, sentences)), 0.8)


def _paragraphs(rng: Random, brief: Brief, found: Slots) -> str:
    table, letters = phrases()["founder"], phrases()["paragraph"]
    does = table["does" if brief.kind.voice == "we" else "helps"]
    first = " ".join(filter(None, (found.fill(table["open"]), found.fill(letters["story"]))))
    second = " ".join(filter(None, (found.fill(does), found.fill(table["has"]), found.fill(table["aud"]))))
    third = _with_wishes(rng, brief, found, " ".join(rng.sample(letters["taste"], rng.choice((1, 2)))), 1.0)
    return "\n\n".join(filter(None, (first, second, third) if rng.random() < 0.7 else (f"{first} {second}", third)))  # noqa: PLR2004


def _chat(rng: Random, brief: Brief, found: Slots) -> str:
    table = phrases()["chat"]
    parts = [found.fill(table["open"])]
    parts += [found.fill(table["more"]) for _ in range(rng.choice((1, 2, 3)))]
    parts += ["short pls"] if brief.short else []
    parts += ["puns ok!!"] if brief.puns else []
    return lower_some(rng, rng.choice((", ", ". ", " - ", "\n")).join(dict.fromkeys(filter(None, parts))), 0.8)


def _list(rng: Random, brief: Brief, found: Slots) -> str:
    table = phrases()["list"]
    lines: dict[str, str] = {}
    for _ in range(rng.choice((3, 4, 5, 6))):
        line = found.fill(table["lines"])
        lines.setdefault(line.partition(":")[2] or line, line)
    bullets = [line for line in lines.values() if line]
    bullets += ["Short name"] if brief.short else []
    bullets += ["Wordplay welcome"] if brief.puns else []
    mark = rng.choice(("- ", "* ", "• ", ""))
    return "\n".join([found.fill(table["head"]), *(mark + bullet for bullet in bullets)])


def _local(rng: Random, brief: Brief, _found: Slots) -> str:
    return write_local(rng, brief)


def _with_wishes(rng: Random, brief: Brief, found: Slots, text: str, chance: float) -> str:
    table = phrases()["founder"]
    wishes = []
    if rng.random() < chance:
        wishes.append(found.fill(table["wish"]))
    if brief.short:
        wishes.append(rng.choice(table["short"]))
    if brief.puns and rng.random() < 0.7:  # noqa: PLR2004
        wishes.append(rng.choice(table["puns"]))
    return " ".join(filter(None, (text, *wishes)))


_WRITERS: dict[str, Callable[[Random, Brief, Slots], str]] = {
    "terse": _terse,
    "keywords": _keywords,
    "headline": _headline,
    "pitch": _pitch,
    "founder": _founder,
    "paragraphs": _paragraphs,
    "list": _list,
    "chat": _chat,
    "local": _local,
}
