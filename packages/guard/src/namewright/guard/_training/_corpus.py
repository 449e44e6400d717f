"""The texts that the classifier is trained on: the written lines, the grammar's, and their variations."""

from __future__ import annotations

import gzip
import lzma
import math
import random
import string
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from namewright.guard._result import CATEGORIES, SAFE, GuardError
from namewright.guard._training._draw import Example, corpus, dress
from namewright.guard._training._vary import Labelled, Varier
from namewright.guard._training._written import falls_within
from namewright.shared.jsonl import read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from namewright.guard._training._space import Space
    from namewright.guard._training._written import Written

GRAMMAR_SCALE = 0.2
"""How much of the grammar is drawn: with twice or half of it the held-out lines were told apart less well."""
HIDDEN = "hidden"
"""A file of long briefs with one unsafe clause that is not marked. As a whole such briefs look harmless, so that of the unsafe ones only
the clause is learnt, or the sentence that tells most."""
VARIANTS = 3
"""Expansions of a written line, at most; a line without alternatives is repeated in other dress."""
STRINGS, NONSENSE = 24_000, 20_000
"""Strings of business descriptions, and of harmless words, at scale 1."""
FRAGMENTS = 5_000
"""Pieces cut out of business descriptions, at scale 1: parts of a text are judged for themselves, so that they have to be learnt."""
DESCRIPTIONS = ("descriptions.txt.gz", "startups.txt.gz")
DESCRIPTIONS_HELD_OUT = 15
"""Of a hundred of the descriptions, so many are kept for the thresholds."""
HINTS = 16
"""So many numbers, the largest principal components of what the teacher made of a text, go with it."""
LETTERS = string.digits + string.ascii_letters + "-"
HINT_STEP = 0.1
"""One letter of a hint is so many standard deviations from the next; the middle one, "v", is 0."""


def training_texts(
    folder: Path, written: Sequence[Written], space: Space, *, scale: float, seed: int
) -> list[Labelled]:
    """Draw the corpus and vary it, the same for the same folder, scale and seed."""
    rng = random.Random(seed)
    own_lines = [line for line in written if not line.held_out]
    by_hand = [line for line in own_lines if not hides(line)]
    few = max(1, round(VARIANTS * min(1.0, scale)))
    own = [
        Example(dress(text, rng), line.category, line.source) for line in by_hand for text in line.variants(few, rng)
    ]
    sample = corpus(folder / "grammar", seed, scale=0.1 * min(1.0, scale))
    varier = Varier(sample + own, space, rng)
    drawn = corpus(folder / "grammar", seed, scale=GRAMMAR_SCALE * scale, neutral=varier.harmless[:20_000])
    descriptions, _ = read_descriptions(folder)
    business = [x.text for x in [*drawn, *own] if x.category == SAFE and x.business] + descriptions
    texts: list[Labelled] = []
    for example in [*drawn, *own * 2]:
        texts += _varied(example, varier, business, rng)
    for _ in range(int(STRINGS * GRAMMAR_SCALE * scale)):
        together = " ".join(rng.choice(business) for _ in range(rng.choice([2, 2, 3, 4])))
        texts.append((varier.safe(together), SAFE))
    texts += [(varier.nonsense(), SAFE) for _ in range(int(NONSENSE * GRAMMAR_SCALE * scale))]
    texts += [(_fragment(rng.choice(business), rng), SAFE) for _ in range(int(FRAGMENTS * GRAMMAR_SCALE * scale))]
    for line in filter(hides, own_lines):
        for clause in line.clauses(few, rng) or map(varier.most_telling, line.variants(few, rng)):
            texts += [(clause, line.category), (varier.unsafe(clause), line.category)]
    return texts + [(varied, SAFE) for text in descriptions for varied in (text, varier.safe(text))]


def hides(line: Written) -> bool:
    """Say whether a line is an unsafe clause in a long brief."""
    return line.category != SAFE and (line.source == HIDDEN or line.marked)


def read_descriptions(folder: Path) -> tuple[list[str], list[str]]:
    """Read the descriptions of businesses, all of them harmless: those to train on, and those held out."""
    kept: tuple[list[str], list[str]] = [], []
    for name in DESCRIPTIONS:
        for text in gzip.decompress((folder / name).read_bytes()).decode().splitlines():
            kept[falls_within(text, DESCRIPTIONS_HELD_OUT)].append(text)
    return kept


class Said(NamedTuple):
    """What the teacher said of a text: a logit, and the hint, one letter of `LETTERS` a number."""

    logit: float
    hint: str
    text: str


def read_taught(path: Path, scale: float = 1.0) -> tuple[list[str], list[float], np.ndarray]:
    """Read the texts that the teacher judged, or a share of them, how unsafe it found each, from 0 to 1, and the hints, (texts, `HINTS`).

    Raises:
        GuardError: the file is missing, or has a line that is not logit, hint and text.
    """
    said = read_said(path, scale)
    letters = np.frombuffer("".join(row.hint for row in said).encode(), np.uint8).reshape(len(said), HINTS)
    values = np.full(256, np.nan, np.float32)
    values[list(LETTERS.encode())] = (np.arange(len(LETTERS)) - len(LETTERS) // 2) * HINT_STEP
    return [row.text for row in said], [1.0 / (1.0 + math.exp(-row.logit)) for row in said], values[letters]


def read_said(path: Path, scale: float = 1.0) -> list[Said]:
    """Read what the teacher said, or a share of it.

    Raises:
        GuardError: the file is missing, or has a line that is not logit, hint and text.
    """
    if not path.is_file():
        raise GuardError(f"{path}: there is nothing that a teacher said here; training/teach.py makes it")
    lines = lzma.decompress(path.read_bytes()).decode().split("\n")
    said, letters = [], frozenset(LETTERS)
    step = max(1, round(1 / min(1.0, scale)))
    for number in range(0, len(lines), step):
        try:
            logit, hint, text = lines[number].split("\t", 2)
            if len(hint) != HINTS or not letters.issuperset(hint):
                raise ValueError(hint)  # noqa: TRY301 - one complaint for the line
            said.append(Said(float(logit), hint, text))
        except ValueError as error:
            raise GuardError(
                f"{path}:{number + 1}: logit<TAB>{HINTS} letters<TAB>text is wanted, not {lines[number][:60]!r}"
            ) from error
    return said


def _fragment(text: str, rng: random.Random) -> str:
    words = text.split()
    size = rng.randint(6, 16)
    start = rng.randrange(max(1, len(words) - size + 1))
    return " ".join(words[start : start + size])


def _varied(example: Example, varier: Varier, business: Sequence[str], rng: random.Random) -> list[Labelled]:
    texts = [(example.text, example.category)]
    if example.category == SAFE and example.business:
        texts.append((varier.safe(example.text), SAFE))
    elif example.category != SAFE:
        texts.append((varier.unsafe(example.text), example.category))
        if rng.random() < 0.1:  # noqa: PLR2004
            texts.append((" ".join(rng.sample([example.text, rng.choice(business)], 2)), example.category))
    return texts


def read_corpus(path: Path) -> list[Labelled]:
    """Read further examples: JSON lines with `text`, `label` (safe or unsafe), and `category` where it is unsafe.

    Raises:
        BadInputError: the file cannot be read, or a line is no such example.
    """
    return list(read_rows(path, _parse_example))


def _parse_example(value: Any) -> Labelled:  # noqa: ANN401 - JSON is whatever it is
    if not isinstance(value, dict):
        raise ValueError("a JSON object with text, label and category is wanted")  # noqa: TRY004 - what read_rows reports
    text, label = value["text"], value["label"]
    category = SAFE if label == SAFE else value.get("category")
    if not isinstance(text, str):
        raise ValueError(f"text: a string is wanted, not {text!r}")  # noqa: TRY004
    if label not in (SAFE, "unsafe"):
        raise ValueError(f"label: safe or unsafe is wanted, not {label!r}")
    if category not in (SAFE, *CATEGORIES) or (category == SAFE) != (label == SAFE):
        raise ValueError(f"category: one of {', '.join(CATEGORIES)} is wanted, not {category!r}")
    return text, str(category)
