"""Does the judge rank what real companies chose over what nobody chose, and remember what people remember?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from namewright.judge._scoring.judges import Judge, NamesTask
from namewright.judge._statistics import mean_interval, spearman
from namewright.judge.records import Interval  # noqa: TC001 - pydantic reads it
from namewright.shared import BadInputError, NamewrightError, Request, read_rows
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from pathlib import Path

_NOT_A_DISTRACTOR = frozenset({"id", "description", "industry", "real"})


class Validation(Schema):
    """What `judge validate` measured.

    Attributes:
        judge: Fingerprint of the judge.
        accuracy: For each distractor, how often the real company's domain outranks it by brandability, the criterion
            that asks whether a name is one for this business; a tie counts half.
        by_score: The same by the name's own score, in which memorability and quality have a say whatever the business.
        memorability: Spearman's correlation of the memorability score with how often people recognised a word.
        words: How many words that rests on.
    """

    judge: str
    accuracy: dict[str, Interval] = Field(default_factory=dict)
    by_score: dict[str, Interval] = Field(default_factory=dict)
    memorability: float | None = None
    words: int | None = None


def validate(judge: Judge, pairs: Path | None, words: Path | None, limit: int | None = None) -> Validation:
    """Measure a judge against real companies and against people's memory.

    Raises:
        BadInputError: a file cannot be read, or a row misses a field.
    """
    result: dict[str, Any] = {"judge": judge.card.fingerprint}
    if pairs is not None:
        rows = list(read_rows(pairs, _parse_pair))[:limit]
        result |= _accuracies(judge, rows)
    if words is not None:
        known = list(read_rows(words, _parse_word))[:limit]
        neutral = Request(description="A company.", tlds=("com",))
        verdict = judge.judge([NamesTask(neutral, (f"{word}.com",)) for word, _ in known])
        scores = [v.names[0].memorability for v in verdict if not v.unscored]
        if len(scores) < len(known):
            raise NamewrightError("the judge left words unscored, so their ranks cannot be compared")
        result |= {"memorability": round(spearman(scores, [share for _, share in known]), 4), "words": len(known)}
    return Validation(**result)


def _accuracies(judge: Judge, rows: list[tuple[str, dict[str, str]]]) -> dict[str, dict[str, Interval]]:
    if not rows:
        raise BadInputError("there is no pair to validate with")
    tasks = [NamesTask(Request(description=description), tuple(domains.values())) for description, domains in rows]
    wins: dict[str, dict[str, tuple[list[float], list[str]]]] = {"accuracy": {}, "by_score": {}}
    for (description, domains), verdict in zip(rows, judge.judge(tasks), strict=True):
        if verdict.unscored:
            continue
        scores = dict(zip(domains, verdict.names, strict=True))
        real = scores.pop("real")
        for kind, other in scores.items():
            for part, a, b in (
                ("accuracy", real.brandability, other.brandability),
                ("by_score", real.score, other.score),
            ):
                values, clusters = wins[part].setdefault(kind, ([], []))
                values.append((a > b) + 0.5 * (a == b))
                clusters.append(description)
    return {part: {kind: mean_interval(*pair) for kind, pair in kinds.items()} for part, kinds in wins.items()}


def _parse_pair(row: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - JSON is whatever it is
    domains = {"real": row["real"]}
    domains |= {key: value for key, value in row.items() if key not in _NOT_A_DISTRACTOR and isinstance(value, str)}
    if len(domains) < 2:  # noqa: PLR2004 - a pair
        raise ValueError("no distractor: a row needs one key beside id, description, industry and real")
    return Request(description=row["description"]).description, domains


def _parse_word(row: Any) -> tuple[str, float]:  # noqa: ANN401 - JSON is whatever it is
    return "".join(c for c in str(row["word"]).lower() if c.isalnum()), float(row["recognition_accuracy"])
