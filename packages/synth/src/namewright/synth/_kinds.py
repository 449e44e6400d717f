"""The kinds of business that the dataset knows, and the words that each is thought of with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class LocalKind:
    """A kind of business in another language: what it is called, and `core`, `near` and `heads` of its names."""

    noun: str
    core: tuple[str, ...]
    near: tuple[str, ...]
    heads: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of business.

    Attributes:
        name: What it is called; unique.
        also: Other things that it is called.
        sector: The file that it stands in.
        voice: `we` where its `does` is said of itself ("we bake"), `help` where it is said of its clients.
        core: Words that say what it is, in a name.
        near: Words that it is thought of with: metaphors, materials, moods.
        heads: Words that can end its names (`brewhouse`, `receiptpilot`).
        puns: Whole names that play on words.
        does: What it does, each a verb phrase in the infinitive.
        has: What it sells.
        who: Whom it is for.
        tlds: Top-level domains that suit it.
        local: What it is in other languages, by language.
    """

    name: str
    also: tuple[str, ...]
    sector: str
    voice: str
    core: tuple[str, ...]
    near: tuple[str, ...]
    heads: tuple[str, ...]
    puns: tuple[str, ...]
    does: tuple[str, ...]
    has: tuple[str, ...]
    who: tuple[str, ...]
    tlds: tuple[str, ...]
    local: dict[str, LocalKind]

    @property
    def nouns(self) -> tuple[str, ...]:
        """Everything that it is called."""
        return (self.name, *self.also)


@lru_cache(maxsize=1)
def all_kinds() -> tuple[Kind, ...]:
    """Read every kind, in a fixed order."""
    folder = files("namewright.synth").joinpath("data", "kinds")
    kinds: list[Kind] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        sector = table.pop("sector")
        kinds += [_parse(name, entry, sector, file.name.removesuffix(".toml")) for name, entry in table.items()]
    return tuple(kinds)


@lru_cache(maxsize=1)
def _local_table() -> dict[str, Any]:
    return read_table("local.toml")


@lru_cache(maxsize=1)
def _local_kinds() -> dict[str, dict[str, LocalKind]]:
    return {
        kind: {language: _local(language, entry) for language, entry in entries.items()}
        for kind, entries in _local_table()["kinds"].items()
    }


def _local(language: str, entry: str) -> LocalKind:
    noun, _, words = entry.partition(":")
    common = _local_table()[language]
    return LocalKind(noun.strip(), tuple(words.split()), tuple(common["near"].split()), tuple(common["heads"].split()))


def _parse(name: str, entry: Mapping[str, str], sector: Mapping[str, str], sector_name: str) -> Kind:
    words = tuple(entry["near"].split())
    return Kind(
        name=name,
        also=_items(entry.get("also", ""), ","),
        sector=sector_name,
        voice=entry.get("voice", sector["voice"]),
        core=tuple(entry["core"].split()),
        near=words + tuple(word for word in sector["near"].split() if word not in words),
        heads=tuple(entry.get("heads", sector["heads"]).split()),
        puns=tuple(pun.lower().partition("-")[0] for pun in entry.get("puns", "").split()),
        does=_items(entry["does"], ";"),
        has=tuple(item.removeprefix("a ").removeprefix("an ") for item in _items(entry["has"], ",")),
        who=_items(entry.get("who", sector["who"]), ","),
        tlds=tuple(entry.get("tlds", sector["tlds"]).split()),
        local=_local_kinds().get(name, {}),
    )


def _items(text: str, separator: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(separator) if item.strip())


def read_table(name: str) -> dict[str, Any]:
    """Read one of the package's TOML tables."""
    return tomllib.loads(files("namewright.synth").joinpath("data", name).read_text(encoding="utf-8"))
