"""Names for a request: drafted in many shapes, filtered, ranked by how good a name each is, chosen to be diverse."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.shared import violations
from namewright.shared.names import name_quality, stem
from namewright.synth._names._shapes import SHAPES, Draft, join, pun

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from namewright.shared import Request
    from namewright.synth._names._parts import Parts

DRAFTS = 40
"""How many are drafted for a request; more cost time and change little."""
_LOOKED_AT = 4
"""How many more of them than are wanted, by fit and shape, are looked at closely: it costs more than drafting them."""
_MIN_QUALITY = 0.75
_MIN_PRESENTABLE = 0.5
_MAX_LENGTH = 16
_SHORT = 9
_SHAPE_BONUS = {"blend": 0.05, "pun": -0.05, "pair": -0.03, "affix": -0.04, "compound": 0.0, "asked": 0.05}
_REPEATED_WORD, _REPEATED_SHAPE = 0.18, 0.06
"""What a name loses for each of its words that one already chosen has, and for each name of its shape beyond a few."""


def make_names(rng: Random, parts: Parts, request: Request, *, wanted: int) -> tuple[str, ...]:
    """Make at most so many names for a request out of the words for it, the best first."""
    drafts: dict[str, Draft] = {}
    for draft in _drafts(rng, parts, request):
        if draft.label not in drafts and _is_allowed(draft.label, parts, request):
            drafts[draft.label] = draft
    likely = sorted(drafts.values(), key=lambda draft: -_promise(draft, parts))[: wanted + _LOOKED_AT]
    worth = [
        (_promise(draft, parts) + 0.5 * _quality(bare(draft.label)), draft)
        for draft in likely
        if _is_good(draft, parts)
    ]
    return tuple(draft.label for draft in _diverse(worth, wanted))


def _drafts(rng: Random, parts: Parts, request: Request) -> list[Draft]:
    shapes: dict[Callable[..., Draft | None], float] = dict(SHAPES)
    if parts.wants_puns:
        shapes[pun] = 6.0
    drawn = rng.choices(tuple(shapes), tuple(shapes.values()), k=DRAFTS)
    drafts = [draft for shape in drawn if (draft := shape(rng, parts)) is not None]
    if request.must_contain:
        drafts = _around(rng, request.must_contain, drafts)
    return [_dressed(rng, draft, request) for draft in drafts]


def _around(rng: Random, texts: tuple[str, ...], drafts: list[Draft]) -> list[Draft]:
    """Build names around what the client wants to see in them."""
    text = "".join(texts)
    found = []
    for draft in drafts:
        if all(part in draft.label for part in texts):
            found.append(draft)
            continue
        word = rng.choice([word for word in draft.words if word not in text] or ["works"])
        label = join(text, word) if rng.random() < 0.5 else join(word, text)  # noqa: PLR2004
        found.append(Draft(label, "asked", (text, word), draft.fit))
    return found


def _dressed(rng: Random, draft: Draft, request: Request) -> Draft:
    """Now and then use the hyphen or the digit that the client allows."""
    if request.allow_hyphens and len(draft.words) == 2 and rng.random() < 0.22:  # noqa: PLR2004
        first, second = draft.words
        label = (
            draft.label.replace(first, f"{first}-", 1).replace(second, f"-{second}")
            if draft.shape == "pair"
            else f"{first}-{second}"
        )
        if draft.shape in {"compound", "pair", "asked"} and len(label) <= _MAX_LENGTH:
            return Draft(label, draft.shape, draft.words, draft.fit)
    if request.allow_numbers and draft.shape == "compound" and rng.random() < 0.08:  # noqa: PLR2004
        return Draft(
            f"{draft.label}{rng.choice((1, 2, 3, 4, 5, 7, 8, 9, 11, 24, 42, 99))}", draft.shape, draft.words, draft.fit
        )
    return draft


def _is_allowed(label: str, parts: Parts, request: Request) -> bool:
    limit = request.max_length
    if not (parts.short and request.must_contain):
        limit = min(limit, _SHORT if parts.short else _MAX_LENGTH)
    return len(label) <= limit and not violations(request, f"{label}.{request.tlds[0]}")


def _is_good(draft: Draft, parts: Parts) -> bool:
    """Hold a draft to the bar: English one, which a pun and other languages' spelling cannot reach, or the lower one."""
    lower = draft.shape == "pun" or not parts.is_english
    return _quality(bare(draft.label)) >= (_MIN_PRESENTABLE if lower else _MIN_QUALITY)


def bare(label: str) -> str:
    """Give a label without the hyphens and digits that a client allowed."""
    return label if label.isalpha() else label.replace("-", "").rstrip("0123456789")


def is_presentable(label: str) -> bool:
    """Say whether a name could be shown to a client: it can be said, nothing unwanted is in it, nobody else has it.

    `name_quality` falls to less than half for a single common word, and to a tenth for a hazard or a famous brand, so
    that one threshold refuses them all.
    """
    return _quality(bare(label)) >= _MIN_PRESENTABLE


@lru_cache(maxsize=150_000)
def _quality(label: str) -> float:
    return name_quality.__wrapped__(label)  # one cache is enough, and this one is larger


def _promise(draft: Draft, parts: Parts) -> float:
    """Say what a draft promises before its sound is looked at: fit, shape, alliteration, rhyme, length."""
    promise = 0.4 * draft.fit + _SHAPE_BONUS[draft.shape]
    if parts.wants_puns and draft.shape == "pun":
        promise += 0.35
    if draft.shape in {"compound", "pair"}:
        first, second = draft.words
        promise += 0.05 * (first[0] == second[0]) + 0.03 * (first[-2:] == second[-2:])
    return promise - 0.012 * max(0, len(draft.label) - 11) - 0.03 * (not draft.label.isalpha())


def _diverse(worth: list[tuple[float, Draft]], wanted: int) -> list[Draft]:
    """Choose by maximal marginal relevance (Carbonell and Goldstein, 1998): the best, then the best unlike those chosen."""
    left = sorted(
        ((value, draft.label, draft, frozenset(map(stem, draft.words))) for value, draft in worth), reverse=True
    )
    chosen: list[Draft] = []
    shapes: Counter[str] = Counter()
    while left and len(chosen) < wanted:
        best = max(range(len(left)), key=left.__getitem__)
        _, _, draft, words = left.pop(best)
        chosen.append(draft)
        shapes[draft.shape] += 1
        crowded = draft.shape if shapes[draft.shape] > (3 if draft.shape == "compound" else 0) else None
        for place, (value, label, other, its_words) in enumerate(left):
            loss = _REPEATED_WORD * len(words & its_words) + _REPEATED_SHAPE * (other.shape == crowded)
            if loss:
                left[place] = (value - loss, label, other, its_words)
    return chosen
