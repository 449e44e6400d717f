"""Adherence and diversity: what an answer has as a whole, computed.

Broken constraints never come here (they are a gate). What is left of adherence is how much of what was wished for is
there: the number of names, and the order in which TLDs are liked.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from namewright.shared import split_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.shared import Request

DELIVERED_SHARE = 0.30
PREFERRED_TLD_SHARE = 0.10


def adherence(request: Request, domains: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """Score how far an answer that breaks no constraint gives what was asked for; 0 to 5, with reasons.

    60% for obeying every constraint, 30% for the share of the asked names that came, 10% for names under the TLDs
    that stand first in the request (the mean of 1, 1/2, 1/3, ... by the TLD's place, against the best one).
    """
    delivered = min(1.0, len(domains) / request.count)
    places = [request.tlds.index(tld) if (tld := split_domain(domain)[1]) in request.tlds else 99 for domain in domains]
    preferred = sum(1 / (1 + place) for place in places) / len(places) if places else 0.0
    score = 5 * (
        1 - DELIVERED_SHARE - PREFERRED_TLD_SHARE + DELIVERED_SHARE * delivered + PREFERRED_TLD_SHARE * preferred
    )
    reasons = () if delivered == 1.0 else (f"{len(domains)} of {request.count} names",)
    return round(score, 4), reasons


def diversity(domains: Sequence[str]) -> float:
    """Score how far the names of an answer differ; 0 to 5. One name alone has nothing to differ from, and gets 5.

    The mean distance of a name to its nearest neighbour, where the distance of two labels is 1 minus the Jaccard
    similarity of their character trigrams (Broder 1997 shingles); the same label under another TLD has distance 0.
    A mean nearest distance of 0.9 and more counts as full marks: even unrelated names share a trigram now and then.
    """
    if len(domains) < 2:  # noqa: PLR2004 - a pair
        return 5.0
    grams = [_trigrams(split_domain(domain)[0]) for domain in domains]
    nearest = [1.0] * len(grams)
    for i, j in combinations(range(len(grams)), 2):
        distance = 1 - len(grams[i] & grams[j]) / len(grams[i] | grams[j])
        nearest[i], nearest[j] = min(nearest[i], distance), min(nearest[j], distance)
    return round(5 * min(1.0, sum(nearest) / len(nearest) / 0.9), 4)


def _trigrams(label: str) -> set[str]:
    text = f"^{label.replace('-', '')}$"
    return {text[i : i + 3] for i in range(max(1, len(text) - 2))}
