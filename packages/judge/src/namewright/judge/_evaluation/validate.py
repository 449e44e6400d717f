"""Does the judge rank what real companies chose over what nobody chose, and remember what people remember?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import Field

from namewright.judge._evaluation.inputs import domain_of, number_of, object_of
from namewright.judge._scoring.judges import Judge, NamesTask, NamesVerdict
from namewright.judge._statistics import share_interval, spearman
from namewright.judge.records import Interval  # noqa: TC001 - pydantic reads it
from namewright.shared import BadInputError, NamewrightError, Request, read_rows
from namewright.shared.jsonl import FieldError
from namewright.shared.schemas import MAX_LABEL_CHARACTERS, Schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NOT_A_DISTRACTOR = frozenset({"id", "description", "industry", "real"})
_ANY_COMPANY = Request(description="A company.", tlds=("com",))


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
        BadInputError: a file cannot be read, or a row misses a field, or says in it what cannot be.
        NamewrightError: the judge scored nothing, or not all words.
    """
    result: dict[str, Any] = {"judge": judge.card.fingerprint}
    rows = list(islice(read_rows(pairs, _parse_pair), limit)) if pairs else []
    known = list(islice(read_rows(words, _parse_word), limit)) if words else []
    if pairs and not rows:
        msg = f"{pairs}: there is no pair in it"
        raise BadInputError(msg)
    if words and len({share for _, share in known}) < 2:  # noqa: PLR2004 - ranks of what never varies say nothing
        msg = f"{words}: two words that were recognised differently often are the fewest whose ranks can be compared"
        raise BadInputError(msg)
    tasks = [NamesTask(Request(description=description), tuple(domains.values())) for description, domains in rows]
    tasks += [NamesTask(_ANY_COMPANY, (f"{word}.com",)) for word, _ in known]
    verdicts = judge.judge(tasks)  # in one call, so that what it will cost is said of all
    if rows:
        result |= _accuracies(rows, verdicts[: len(rows)])
    if known:
        result |= {"memorability": _correlation(known, verdicts[len(rows) :]), "words": len(known)}
    return Validation(**result)


def _correlation(known: Sequence[tuple[str, float]], verdicts: Sequence[NamesVerdict]) -> float:
    if unscored := next((verdict.unscored for verdict in verdicts if verdict.unscored), ""):
        msg = f"the judge left words unscored, so their ranks cannot be compared: {unscored}"
        raise NamewrightError(msg)
    scores = [verdict.names[0].memorability for verdict in verdicts]
    if len(set(scores)) == 1:
        raise NamewrightError("the judge gives every word the same memorability, so there are no ranks to compare")
    return round(spearman(scores, [share for _, share in known]), 4)


def _accuracies(
    rows: Sequence[tuple[str, dict[str, str]]], verdicts: Sequence[NamesVerdict]
) -> dict[str, dict[str, Interval]]:
    if all(verdict.unscored for verdict in verdicts):
        msg = f"the judge scored none of {len(rows)} pairs: {verdicts[0].unscored}"
        raise NamewrightError(msg)
    wins: dict[str, dict[str, tuple[list[float], list[str]]]] = {"accuracy": {}, "by_score": {}}
    for (description, domains), verdict in zip(rows, verdicts, strict=True):
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
    return {part: {kind: share_interval(*pair) for kind, pair in kinds.items()} for part, kinds in wins.items()}


def _parse_pair(row: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - JSON is whatever it is
    keys = [key for key in object_of(row) if key not in _NOT_A_DISTRACTOR and row[key] is not None]
    domains = {key: domain_of(row, key) for key in ("real", *keys)}
    if len(domains) < 2:  # noqa: PLR2004 - a pair
        raise ValueError("no distractor: a row needs one key beside id, description, industry and real")
    return Request(description=row["description"]).description, domains


def _parse_word(row: Any) -> tuple[str, float]:  # noqa: ANN401 - JSON is whatever it is
    word = "".join(c for c in str(object_of(row)["word"]).lower() if c.isalnum())
    if not (word.isascii() and 0 < len(word) <= MAX_LABEL_CHARACTERS):
        raise FieldError("word", f"a word that can stand in a domain is wanted (found {row['word']!r})")
    return word, number_of(row["recognition_accuracy"], "recognition_accuracy")
