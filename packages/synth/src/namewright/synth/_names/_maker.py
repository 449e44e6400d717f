"""Names for a brief: drafted in many shapes, filtered, ranked by how good a name each is, chosen to be diverse."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.shared.names import joint_hazards, name_quality, name_traits, near_famous_brand, stem
from namewright.synth._names._parts import parts_of
from namewright.synth._names._shapes import SHAPES, Draft, join, pun

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from namewright.shared import Request
    from namewright.synth._brief import Brief

DRAFTS = 44
"""How many are drafted for a request; more cost time and change little."""
_MIN_QUALITY = 0.70
_MAX_LENGTH = 16
_SHORT = 9
_SHAPE_BONUS = {"blend": 0.05, "pun": -0.05, "pair": -0.02, "affix": -0.02, "compound": 0.0, "asked": 0.05}
_DIVERSITY = 0.35
"""Weight of unlikeness against worth in maximal marginal relevance (Carbonell and Goldstein, 1998)."""


def make_names(rng: Random, brief: Brief, request: Request, *, reserve: int = 6) -> tuple[str, ...]:
    """Make names for a brief, the best first: five to eight, and a few in reserve for those already given away."""
    wanted = rng.randint(5, 8) + reserve
    drafts: dict[str, Draft] = {}
    for draft in _drafts(rng, brief, request):
        if draft.label not in drafts and _passes(draft.label, brief, request):
            drafts[draft.label] = draft
    worth = {draft: _worth(draft, brief) for draft in drafts.values()}
    return tuple(draft.label for draft in _diverse(worth, wanted))


def _drafts(rng: Random, brief: Brief, request: Request) -> list[Draft]:
    parts = parts_of(brief)
    shapes: dict[Callable[..., Draft | None], float] = dict(SHAPES)
    if brief.puns:
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
        label = f"{first}-and-{second}" if draft.shape == "pair" else f"{first}-{second}"
        if draft.shape in {"compound", "pair", "asked"} and len(label) <= _MAX_LENGTH:
            return Draft(label, draft.shape, draft.words, draft.fit)
    if request.allow_numbers and draft.shape == "compound" and rng.random() < 0.08:  # noqa: PLR2004
        return Draft(f"{draft.label}{rng.choice((1, 2, 3, 4, 5, 7, 8, 9, 11, 24, 42, 99))}", draft.shape, draft.words, draft.fit)
    return draft


def _passes(label: str, brief: Brief, request: Request) -> bool:
    limit = min(request.max_length, _SHORT if brief.short else _MAX_LENGTH)
    if brief.short and request.must_contain:
        limit = request.max_length
    return (
        len(label) <= limit
        and all(text in label for text in request.must_contain)
        and not any(text in label for text in request.avoid)
        and is_presentable(label)
    )


@lru_cache(maxsize=400_000)
def is_presentable(label: str) -> bool:
    """Say whether a name could be shown to a client: good enough, nothing unwanted in it, nobody else's."""
    bare = label.replace("-", "").rstrip("0123456789")
    traits_pass = _quality(bare) >= _MIN_QUALITY
    return traits_pass and not joint_hazards(bare) and not near_famous_brand(bare) and not name_traits(bare).is_common_word


@lru_cache(maxsize=400_000)
def _quality(label: str) -> float:
    return name_quality(label)


def _worth(draft: Draft, brief: Brief) -> float:
    bare = draft.label.replace("-", "").rstrip("0123456789")
    worth = 0.5 * _quality(bare) + 0.4 * draft.fit + _SHAPE_BONUS[draft.shape]
    if brief.puns and draft.shape == "pun":
        worth += 0.35
    words = draft.words
    if len(words) == 2 and words[0][0] == words[1][0]:  # noqa: PLR2004
        worth += 0.05
    if len(words) == 2 and words[0][-2:] == words[1][-2:]:  # noqa: PLR2004
        worth += 0.03
    return worth - 0.01 * max(0, len(bare) - 11) - 0.03 * (draft.label != bare)


def _diverse(worth: dict[Draft, float], wanted: int) -> list[Draft]:
    """Choose by maximal marginal relevance: the best, then each time the best that is unlike those chosen."""
    chosen: list[Draft] = []
    left = sorted(worth, key=lambda draft: (-worth[draft], draft.label))
    used: dict[str, int] = {}
    shapes: dict[str, int] = {}
    while left and len(chosen) < wanted:
        best = max(left, key=lambda draft: worth[draft] - _DIVERSITY * _likeness(draft, used, shapes))
        left.remove(best)
        chosen.append(best)
        shapes[best.shape] = shapes.get(best.shape, 0) + 1
        for word in best.words:
            used[stem(word)] = used.get(stem(word), 0) + 1
    return chosen


def _likeness(draft: Draft, used: dict[str, int], shapes: dict[str, int]) -> float:
    repeated = sum(used.get(stem(word), 0) for word in draft.words)
    many = max(0, shapes.get(draft.shape, 0) - (3 if draft.shape == "compound" else 0))
    return 0.5 * repeated + 0.2 * many
