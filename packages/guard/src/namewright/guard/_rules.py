"""Rules of high precision: concepts that stand near each other, and the exceptions that make them harmless.

A concept is a list of words and phrases (`_data/rules.txt`); a rule names the concepts that have to stand within a few words of
each other, and the exceptions which, anywhere near, lift it. Whole words are compared, never parts of words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.guard._files import data_file

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_DEFAULT_WINDOW = 12
_EXCEPTION_REACH = 10
_SHORT = 24
"""Only in a text this short can a word be all that it asks for."""
_FORMAT = "each line is `concept NAME: words` or `rule CATEGORY NAME: concepts [~window] [! exceptions]`, or `only CATEGORY NAME: concept`, or `boilerplate: words`"


@dataclass(frozen=True, slots=True)
class Rule:
    """What has to stand together for a category, and what lifts it.

    Attributes:
        category: What the rule blocks for.
        name: What a reason calls it.
        concepts: All of them have to occur, within `window` words of each other.
        window: How many words may lie between the first and the last.
        exceptions: Concepts that lift the rule within ten words of its match.
    """

    category: str
    name: str
    concepts: tuple[str, ...]
    window: int
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Concepts by word, phrases by first word, the rules, and the places among them of those that a concept starts."""

    words: dict[str, tuple[str, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    rules: tuple[Rule, ...]
    starting: dict[str, tuple[int, ...]]
    only: tuple[Rule, ...] = ()
    boilerplate: frozenset[str] = frozenset()

    def match(self, words: Sequence[str], off: Collection[str] = ()) -> Rule | None:
        """Give the first rule that a text's words break, or None; not one of the categories that are `off`."""
        places = self._places(words)
        if not places:
            return None
        if self.only and len(words) < _SHORT:
            core = [word for word in words if word not in self.boilerplate]
            for rule in self.only:
                alone = core and all(rule.concepts[0] in self.words.get(word, ()) for word in core)
                if alone and rule.category not in off:
                    return rule
        for place in sorted({place for concept in places for place in self.starting.get(concept, ())}):
            rule = self.rules[place]
            if (
                rule.category not in off
                and all(concept in places for concept in rule.concepts)
                and _breaks(rule, places)
            ):
                return rule
        return None

    def _places(self, words: Sequence[str]) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        single, phrases = self.words, self.phrases
        for index, word in enumerate(words):
            if word in single:
                for concept in single[word]:
                    places.setdefault(concept, []).append(index)
            if word in phrases:
                for rest, concept in phrases[word]:
                    if tuple(words[index + 1 : index + 1 + len(rest)]) == rest:
                        places.setdefault(concept, []).append(index)
        return places


def _breaks(rule: Rule, places: dict[str, list[int]]) -> bool:
    first, *others = rule.concepts
    for place in places[first]:
        spots = {place}
        for concept in others:
            near = [other for other in places[concept] if other not in spots and abs(other - place) <= rule.window]
            if not near:
                break
            spots.add(min(near, key=lambda other: abs(other - place)))
        else:
            if not any(
                abs(spot - place) <= _EXCEPTION_REACH for name in rule.exceptions for spot in places.get(name, ())
            ):
                return True
    return False


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """Read the rules that ship with the package."""
    return parse_rules(data_file("rules.txt").read_text(encoding="utf-8"))


def parse_rules(text: str) -> RuleBook:  # noqa: C901 - one case a kind of line
    """Read rules.

    Raises:
        ValueError: a line that is neither a concept nor a rule, or a rule whose concept nobody defined.
    """
    words: dict[str, tuple[str, ...]] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    rules: list[Rule] = []
    only: list[Rule] = []
    boilerplate: set[str] = set()
    names: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        head, _, body = line.partition(":")
        match head.split():
            case []:
                continue
            case [comment, *_] if comment.startswith("#"):
                continue
            case ["concept", name]:
                names.add(name)
                for phrase in body.split(","):
                    first, *rest = phrase.replace("-", " ").split() or [""]
                    if rest:
                        phrases[first] = (*phrases.get(first, ()), (tuple(rest), name))
                    elif first and name not in words.get(first, ()):
                        words[first] = (*words.get(first, ()), name)
            case ["rule", category, name]:
                rules.append(_parse_rule(category, name, body))
            case ["only", category, name]:
                only.append(_parse_rule(category, name, body))
            case ["boilerplate"]:
                boilerplate.update(body.replace(",", " ").split())
            case _:
                raise ValueError(f"line {number}: {_FORMAT}")
    if unknown := {name for rule in (*rules, *only) for name in (*rule.concepts, *rule.exceptions)} - names:
        raise ValueError(f"rules name concepts that nobody defined: {sorted(unknown)}")
    return RuleBook(words, phrases, tuple(rules), _starting(rules), tuple(only), frozenset(boilerplate))


def _starting(rules: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    """Give the places of the rules that each concept starts."""
    starting: dict[str, tuple[int, ...]] = {}
    for place, rule in enumerate(rules):
        starting[rule.concepts[0]] = (*starting.get(rule.concepts[0], ()), place)
    return starting


def _parse_rule(category: str, name: str, body: str) -> Rule:
    wanted, _, exceptions = body.partition("!")
    window = next((int(part[1:]) for part in wanted.split() if part.startswith("~")), _DEFAULT_WINDOW)
    concepts = tuple(part for part in wanted.split() if not part.startswith("~"))
    return Rule(category, name, concepts, window, tuple(exceptions.split()))
