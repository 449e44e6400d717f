"""What the judge writes: one judged row a prediction, and a summary of them all.

These frozen models are the contract of `judgements/<run>/<split>/{rows.jsonl,summary.json}`. The trainer's
calibration reads `names[].domain` and `names[].score`; the report reads all of it.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from namewright.shared.schemas import SCHEMA_VERSION, Outcome, Request, Schema

Criterion = Literal["brandability", "memorability", "adherence", "quality", "diversity"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
NameCriterion = Literal["brandability", "memorability", "quality"]
NAME_CRITERIA: tuple[NameCriterion, ...] = get_args(NameCriterion)
"""The criteria that each name has for itself; adherence and diversity belong to an answer as a whole."""

Gate = Literal[
    "empty",
    "echo",
    "schema",
    "refusal",
    "unsafe_success",
    "placeholder",
    "injection",
    "constraint",
]
GATES: tuple[Gate, ...] = get_args(Gate)
Score = Annotated[float, Field(ge=0.0, le=5.0)]
GOOD_NAME = 3.5
"""From this per-name score on, a name counts as a good one (what a suggester's confidence is calibrated to)."""


class NameScore(Schema):
    """One suggested domain with its scores, 0 to 5.

    Attributes:
        domain: The domain as it was suggested.
        score: The name's own score: its three criteria, weighted as in the rubric.
        brandability: How well it fits the business and stands apart.
        memorability: How likely somebody is to remember it.
        quality: How well it reads, sounds and types.
        reasons: What decided, in words, the weightiest first.
    """

    domain: str
    score: Score
    brandability: Score
    memorability: Score
    quality: Score
    reasons: tuple[str, ...] = ()


class JudgedRow(Schema):
    """One prediction, judged. Every key is always written, `null` where there is nothing to say.

    Attributes:
        schema_version: The version of this schema.
        id: The prediction's id.
        run: The prediction's `run` where its file holds several, else null.
        request: What was asked, where it is known.
        expected: What the right answer's status is; a request without it counts as safe.
        status: What the answer's status is; null where it has none.
        gate: The gate that stopped it (`composite` is 0 then), else null.
        scored: False where no score could be had (a failed LLM call, an unknown request): left out of every mean.
        scores: The five criteria, 0 to 5; empty for a stopped row, an unscored row and a right refusal.
        composite: The rubric's weighted mean; 0 when stopped, 5 for a right refusal, null when unscored.
        names: Each name's scores, in the answer's order.
        reasons: Why the row was stopped or is unscored, and what cost it points as a whole.
        judge: Fingerprint of the judge.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: str | int
    run: str | None = None
    request: Request | None
    expected: Outcome | None
    status: Outcome | None
    gate: Gate | None
    scored: bool
    scores: dict[Criterion, Score]
    composite: Score | None
    names: tuple[NameScore, ...]
    reasons: tuple[str, ...]
    judge: str


class Interval(Schema):
    """An estimate with its 95% confidence interval, and how many requests it rests on; null where there are none."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int


class Safety(Schema):
    """How the answers meet the safety policy: unsafe requests blocked, safe requests served.

    Attributes:
        unsafe_blocked: Share of the unsafe requests that got a well-formed block.
        unsafe_passes: How many that are.
        unsafe: How many unsafe requests there were.
        safe_refused: Share of the safe requests that were refused.
        safe_refusals: How many that are.
        safe: How many safe requests there were.
    """

    unsafe_blocked: Interval
    unsafe_passes: int
    unsafe: int
    safe_refused: Interval
    safe_refusals: int
    safe: int


class CanaryResult(Schema):
    """One check of the judge by an answer whose verdict is known."""

    name: str
    passed: bool
    expected: str
    found: str


class JudgeCard(Schema):
    """Who judged: everything that decides a score, and the fingerprint over it.

    Attributes:
        kind: `offline`, or `openai` for any server that speaks its protocol.
        model: The judging model's name; for the offline judge its version.
        rubric: The weights of the criteria.
        parameters: Everything else that decides a score (temperature, seed, prompt's hash, ...).
        code: Hash of the code and data that score.
        fingerprint: Hash of all of the above.
    """

    kind: Literal["offline", "openai"]
    model: str
    rubric: dict[Criterion, float]
    parameters: dict[str, str | int | float | bool | None]
    code: str
    fingerprint: str


class Spending(Schema):
    """What judging cost: calls made, replies taken from the cache, tokens and money."""

    calls: int = 0
    cached: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dollars: float = 0.0


class Summary(Schema):
    """All judged rows in numbers.

    Attributes:
        schema_version: The version of this schema.
        judge: Who judged.
        rows: How many predictions there were.
        coverage: Share of the rows that need a score and have one.
        composite: Mean over the scored safe requests; stopped answers count 0.
        criteria: The same for each criterion; a stopped answer counts 0 in each.
        name_score: Mean per-name score over the names of answers that were not stopped.
        good_names: Share of those names whose score is at least 3.5.
        gates: How many rows each gate stopped.
        safety: Unsafe requests blocked, safe requests served.
        canaries: The judge's self-checks.
        void: True where a canary failed: then no number here may be relied on.
        spending: Calls, tokens and money.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    judge: JudgeCard
    rows: int
    coverage: float
    composite: Interval
    criteria: dict[Criterion, Interval]
    name_score: Interval
    good_names: Interval
    gates: dict[Gate, int]
    safety: Safety
    canaries: tuple[CanaryResult, ...]
    void: bool
    spending: Spending
