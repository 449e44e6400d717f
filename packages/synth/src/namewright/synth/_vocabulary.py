"""What a request may say besides the kind: qualities, audiences, places, tones, people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from namewright.shared.files import read_lines
from namewright.synth._kinds import read_table


@dataclass(frozen=True)
class Place:
    """A town, its country's code, and the words that belong to it in a name."""

    name: str
    country: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Everything that is not a kind of business; each table maps a phrase to words that a name may take from it."""

    qualities: dict[str, tuple[str, ...]]
    technical_qualities: dict[str, tuple[str, ...]]
    audiences: dict[str, tuple[str, ...]]
    tones: dict[str, tuple[str, ...]]
    details: tuple[str, ...]
    places: tuple[Place, ...]
    people: tuple[str, ...]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Read the vocabulary."""
    table = read_table("vocabulary.toml")
    words = {
        part: {phrase: tuple(text.split()) for phrase, text in table[part].items()}
        for part in ("qualities", "technical_qualities", "audiences", "tones")
    }
    details = tuple(detail.strip() for detail in table["details"]["list"].split(";"))
    places = tuple(_place(line) for line in read_lines("namewright.synth", "places.txt"))
    return Vocabulary(
        **words, details=details, places=places, people=tuple(read_lines("namewright.synth", "people.txt"))
    )


def _place(line: str) -> Place:
    name, country, words = line.split("|")
    return Place(name, country, tuple(words.split()))
