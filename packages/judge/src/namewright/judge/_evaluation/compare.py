"""Two runs on the same requests: the paired difference, with its interval and p value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from namewright.judge._evaluation.summary import cluster_of
from namewright.judge._statistics import holm, mean_interval, paired_interval, permutation_p
from namewright.judge.records import CRITERIA, Interval, JudgedRow
from namewright.shared import BadInputError
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from namewright.judge._evaluation.evaluate import Evaluation

_LEVEL = 0.05


class Difference(Schema):
    """How a number changed from one run to another, over the requests that both answered.

    Attributes:
        before: The first run's mean.
        after: The second run's mean.
        difference: `after - before`, with a paired BCa interval clustered by request.
        p: Two-sided permutation p value.
        p_holm: The same, corrected for the number of criteria (Holm); the composite, asked by itself, keeps its own.
    """

    before: float
    after: float
    difference: Interval
    p: float
    p_holm: float


class Comparison(Schema):
    """Two runs compared, by one judge.

    Attributes:
        judge: The fingerprint that both share.
        pairs: How many safe requests were scored in both.
        left_out: How many rows were scored in one run alone, or in none.
        verdict: What the composite says of the second run: better or worse where its interval leaves out 0 and p is
            under .05. Five requests or fewer cannot show a difference: flipping their signs has too few outcomes.
        differences: The composite and each criterion.
    """

    judge: str
    pairs: int
    left_out: int
    verdict: Literal["better", "worse", "no difference shown", "void"]
    differences: dict[str, Difference]


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Compare two evaluations row by row.

    Raises:
        BadInputError: two judges scored them, or they have no row in common.
    """
    first, second = before.summary.judge, after.summary.judge
    if first.fingerprint != second.fingerprint:
        msg = (
            f"two different judges: {_differing(first.model_dump(), second.model_dump())} (fingerprints "
            f"{first.fingerprint} and {second.fingerprint}); judge one of them again, or use --rejudge"
        )
        raise BadInputError(msg)
    key = _key_of(before, after)
    pairs = _pairs(before, after, key)
    if not pairs:
        raise BadInputError("these two have no scored safe request in common: were they asked the same requests?")
    values = {"composite": [(a.composite or 0.0, b.composite or 0.0) for a, b in pairs]}
    values |= {name: [(a.scores.get(name, 0.0), b.scores.get(name, 0.0)) for a, b in pairs] for name in CRITERIA}
    clusters = [cluster_of(a) for a, _ in pairs]
    p_values = {name: permutation_p(_by_request(couples, clusters)) for name, couples in values.items()}
    corrected = holm({name: p for name, p in p_values.items() if name != "composite"})
    corrected["composite"] = p_values["composite"]
    differences = {name: _difference(v, clusters, p_values[name], corrected[name]) for name, v in values.items()}
    rows = {key(row) for row in (*before.rows, *after.rows) if row.expected != "blocked"}
    return Comparison(
        judge=first.fingerprint,
        pairs=len(pairs),
        left_out=len(rows) - len(pairs),
        verdict="void" if before.summary.void or after.summary.void else _verdict(differences["composite"]),
        differences=differences,
    )


def _pairs(
    before: Evaluation, after: Evaluation, key: Callable[[JudgedRow], Hashable]
) -> list[tuple[JudgedRow, JudgedRow]]:
    known = {key(row): row for row in before.rows if row.expected != "blocked" and row.composite is not None}
    return [
        (known[key(row)], row)
        for row in after.rows
        if key(row) in known and row.expected != "blocked" and row.composite is not None
    ]


def _key_of(before: Evaluation, after: Evaluation) -> Callable[[JudgedRow], Hashable]:
    """Tell rows apart by id and request, and by run where a file holds several: of two runs only the names differ."""
    several = any(len({row.run for row in evaluation.rows}) > 1 for evaluation in (before, after))
    return lambda row: (row.run if several else None, row.id, cluster_of(row))


def _difference(couples: list[tuple[float, float]], clusters: list[str], p: float, p_holm: float) -> Difference:
    a, b = [x for x, _ in couples], [y for _, y in couples]
    return Difference(
        before=mean_interval(a, clusters).estimate or 0.0,
        after=mean_interval(b, clusters).estimate or 0.0,
        difference=paired_interval(a, b, clusters),
        p=round(p, 6),
        p_holm=round(p_holm, 6),
    )


def _by_request(couples: list[tuple[float, float]], clusters: list[str]) -> list[float]:
    """Sum differences within a request: signs are flipped for whole requests."""
    sums: dict[str, float] = {}
    for (a, b), cluster in zip(couples, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + b - a
    return [round(sums[cluster], 9) for cluster in sorted(sums)]


def _verdict(composite: Difference) -> Literal["better", "worse", "no difference shown"]:
    low, high = composite.difference.low, composite.difference.high
    if low is None or high is None or low <= 0 <= high or composite.p >= _LEVEL:
        return "no difference shown"
    return "better" if low > 0 else "worse"


def _differing(first: dict[str, object], second: dict[str, object]) -> str:
    names = [key for key in first if first[key] != second[key] and key != "fingerprint"]
    return ", ".join(
        f"{name} {first[name]!r} and {second[name]!r}" if name != "code" else "their code" for name in names
    )
