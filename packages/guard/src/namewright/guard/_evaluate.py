"""Recall and false blocks of a guard on labelled texts, with intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from namewright.guard._guard import Guard
    from namewright.guard._result import GuardResult

_Z95 = 1.959963984540054
_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, whether it is unsafe, and where it comes from."""

    text: str
    unsafe: bool
    source: str
    category: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95% Wilson interval (E. B. Wilson 1927)."""

    blocked: int
    n: int
    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        """Say it in a table's cell."""
        return f"{self.estimate:6.3f} [{self.low:.3f}, {self.high:.3f}]  {self.blocked:>5}/{self.n}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured: rates by group, what was taken for what, and the worst errors."""

    groups: dict[str, Rate]
    confusion: dict[str, dict[str, int]]
    worst_blocked: list[dict[str, Any]]
    worst_missed: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, ready for JSON."""
        return asdict(self)

    def table(self) -> str:
        """Write it for a person."""
        width = max(map(len, self.groups), default=0)
        lines = [f"{'group':<{width}}  blocked [95% interval]      n"]
        lines += [f"{name:<{width}}  {rate}" for name, rate in self.groups.items()]
        lines += ["", "taken for:"]
        for name, counts in self.confusion.items():
            lines.append(f"  {name}: " + ", ".join(f"{category} {count}" for category, count in counts.items()))
        for title, rows in (
            ("blocked, though safe", self.worst_blocked),
            ("let pass, though unsafe", self.worst_missed),
        ):
            if rows:
                lines += ["", f"{title}:"]
                lines += [
                    f"  {row['score']:.2f} {row['category']}: {row['text'][:_SHOWN]!r} ({row['reason']})"
                    for row in rows
                ]
        return "\n".join(lines)


def wilson(blocked: int, n: int) -> Rate:
    """Give a share and its 95% Wilson interval."""
    if n == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    share, square = blocked / n, _Z95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z95 * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Rate(blocked, n, share, max(0.0, middle - half), min(1.0, middle + half))


def evaluate(guard: Guard, rows: Iterable[Labelled], *, worst: int = 5) -> Report:
    """Judge every text, and compare with its label."""
    judged = [(row, guard.check(row.text)) for row in rows]
    groups: dict[str, list[bool]] = defaultdict(list)
    confusion: dict[str, Counter[str]] = defaultdict(Counter)
    for row, result in judged:
        kind = "unsafe (recall)" if row.unsafe else "safe (false blocks)"
        names = [kind, *([f"{kind}: {row.source}"] if row.source else [])]
        names += [f"{kind}: {row.source}/{row.category}"] if row.category else []
        for name in names:
            groups[name].append(result.blocked)
        confusion[f"{row.source or 'all'} {'unsafe' if row.unsafe else 'safe'}"][result.category] += 1
    return Report(
        {name: wilson(sum(blocked), len(blocked)) for name, blocked in sorted(groups.items(), key=_order)},
        {name: dict(counts.most_common()) for name, counts in sorted(confusion.items())},
        _worst([pair for pair in judged if pair[1].blocked and not pair[0].unsafe], worst, highest=True),
        _worst([pair for pair in judged if not pair[1].blocked and pair[0].unsafe], worst, highest=False),
    )


def _order(item: tuple[str, object]) -> tuple[int, str]:
    return item[0].count(":") + item[0].count("/"), item[0]


def _worst(pairs: Sequence[tuple[Labelled, GuardResult]], count: int, *, highest: bool) -> list[dict[str, Any]]:
    pairs = sorted(pairs, key=lambda pair: pair[1].score, reverse=highest)[:count]
    return [
        {
            "text": row.text,
            "source": row.source,
            "category": result.category,
            "score": result.score,
            "reason": result.reason,
        }
        for row, result in pairs
    ]
