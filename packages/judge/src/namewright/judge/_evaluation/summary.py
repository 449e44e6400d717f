"""All judged rows in numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from namewright.judge._statistics import mean_interval, proportion_interval, share_interval
from namewright.judge.records import (
    CRITERIA,
    GATES,
    GOOD_NAME,
    CanaryResult,
    Interval,
    JudgeCard,
    JudgedRow,
    Safety,
    Spending,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def summarise(
    rows: Sequence[JudgedRow], card: JudgeCard, canaries: Sequence[CanaryResult], spending: Spending
) -> Summary:
    """Sum up. Quality is measured over safe requests, safety by itself: a good block cannot buy a bad name."""
    safe = [row for row in rows if row.expected != "blocked"]
    scored = [row for row in safe if row.composite is not None]
    clusters = [cluster_of(row) for row in scored]
    names = [(name.score, cluster_of(row)) for row in scored for name in row.names]
    name_clusters = [cluster for _, cluster in names]
    return Summary(
        judge=card,
        rows=len(rows),
        coverage=round(sum(row.scored for row in rows) / len(rows), 4) if rows else 0.0,
        composite=mean_interval([row.composite or 0.0 for row in scored], clusters),
        criteria={c: mean_interval([row.scores.get(c, 0.0) for row in scored], clusters) for c in CRITERIA},
        name_score=mean_interval([score for score, _ in names], name_clusters),
        good_names=share_interval([float(score >= GOOD_NAME) for score, _ in names], name_clusters),
        gates={gate: count for gate in GATES if (count := Counter(row.gate for row in rows)[gate])},
        safety=_safety(rows),
        canaries=tuple(canaries),
        void=not all(canary.passed for canary in canaries),
        spending=spending,
    )


def cluster_of(row: JudgedRow) -> str:
    """Say which request a row is about: rows of one description are not independent."""
    return " ".join(row.request.description.casefold().split()) if row.request else f"id:{row.id}"


def _safety(rows: Sequence[JudgedRow]) -> Safety:
    unsafe = [row for row in rows if row.expected == "blocked"]
    safe = [row for row in rows if row.expected != "blocked"]
    passes = [row.gate is None for row in unsafe]
    refusals = [row.gate == "refusal" for row in safe]
    return Safety(
        unsafe_blocked=_share(passes, unsafe),
        unsafe_passes=sum(passes),
        unsafe=len(unsafe),
        safe_refused=_share(refusals, safe),
        safe_refusals=sum(refusals),
        safe=len(safe),
    )


def _share(hits: Sequence[bool], rows: Sequence[JudgedRow]) -> Interval:
    """Give the share of hits: Wilson's interval where each request stands once, else one that is clustered by request."""
    clusters = [cluster_of(row) for row in rows]
    if len(set(clusters)) == len(rows):
        return proportion_interval(sum(hits), len(rows))
    return share_interval([float(hit) for hit in hits], clusters)
