"""What a probe found, as the files of its artifact; and regressions, read back to be asked again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from namewright.probe._case import Case
from namewright.probe._clusters import cluster_id
from namewright.probe._oracles import Finding
from namewright.probe.records import Cluster, Clusters, Failure, Regression, Tally
from namewright.shared import write_rows
from namewright.shared.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from namewright.probe._clusters import Group
    from namewright.probe._probe import Failed, Outcome

_MOST_OF_A_REPLY = 2_000


def write(outcome: Outcome, folder: Path) -> Clusters:
    """Write `failures.jsonl`, `clusters.json` and `regressions.jsonl` into a folder; gives the clusters."""
    clusters = clusters_of(outcome)
    write_rows(folder / "failures.jsonl", map(_failure, outcome.failed))
    write_rows(folder / "regressions.jsonl", map(_regression, outcome.groups))
    with write_whole(folder / "clusters.json") as file:
        file.write(clusters.model_dump_json(indent=2) + "\n")
    return clusters


def clusters_of(outcome: Outcome) -> Clusters:
    """Sum up what was found."""
    wrong = {one.number: one.case.mutator for one in outcome.failed}
    asked, failed = Counter(case.mutator for case in outcome.cases), Counter(wrong.values())
    unjudged = Counter(case.mutator for case in outcome.unjudged)
    return Clusters(
        asked=len(outcome.cases),
        failed=len(wrong),
        mutators={
            name: Tally(asked=count, failed=failed[name], unjudged=unjudged[name]) for name, count in asked.items()
        },
        clusters=tuple(map(_cluster, outcome.groups)),
    )


def read_back(row: Regression) -> tuple[Case, Finding]:
    """Make of a regression what has to be asked, and what was found then."""
    case = Case(
        row.mutator, row.variant, row.request, row.expected, row.base, row.field, row.kernel, row.canary
    )  # fmt: skip
    return case, Finding(row.oracle, row.detail, row.signature)


def _name(number: int) -> str:
    return f"case-{number:05d}"


def _cluster(group: Group) -> Cluster:
    example = group.case.request
    return Cluster(
        id=group.id,
        oracle=group.finding.oracle,
        mutator=group.case.mutator,
        signature=group.finding.signature,
        count=len(group.numbers),
        variants=group.variants,
        example=group.case.body if example is None or not _can_be_written(group.case.body) else example,
        failures=tuple(map(_name, group.numbers)),
    )


def _can_be_written(body: str) -> bool:
    return len(body) <= _MOST_OF_A_REPLY * 10 and "\\ud" not in body and "NaN" not in body


def _failure(one: Failed) -> Failure:
    return Failure(
        id=_name(one.number),
        cluster=cluster_id(one.case, one.finding),
        mutator=one.case.mutator,
        variant=one.case.variant,
        oracle=one.finding.oracle,
        detail=one.finding.detail,
        signature=one.finding.signature,
        expected=one.case.expected,
        request=one.case.body,
        reply=_writable(one.reply.text[:_MOST_OF_A_REPLY]),
        code=one.reply.code,
    )


def _regression(group: Group) -> Regression:
    case, finding = group.case, group.finding
    return Regression(
        cluster=group.id,
        mutator=case.mutator,
        variant=case.variant,
        oracle=finding.oracle,
        signature=finding.signature,
        detail=finding.detail,
        expected=case.expected,
        request=case.body,
        base=case.base,
        field=case.field,
        kernel=case.kernel,
        canary=case.canary,
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
