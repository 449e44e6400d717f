"""Reading an LLM's reply: held to the schema, weighed by the probabilities of the digits where they are known."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from namewright.judge.records import NAME_CRITERIA, NameCriterion, Score
from namewright.shared.jsonl import explain
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Whole = Annotated[int, Field(ge=0, le=5, strict=True)]


class UnusableReplyError(Exception):
    """A reply that says nothing about the names: refused, cut off, not of the schema. Worth asking again."""


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        return None


T = TypeVar("T")
_Optional = Annotated[T | None, WrapValidator(_or_none)]
"""What a server may leave out or write in a form of its own, without its reply being the worse for it."""


class _Top(BaseModel):
    token: str
    logprob: float


class _Token(BaseModel):
    token: str
    top_logprobs: tuple[_Top, ...] = ()


class _Logprobs(BaseModel):
    content: tuple[_Token, ...] | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Optional[_Logprobs] = None


class Usage(BaseModel):
    """What the server says that a call took."""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class Completion(BaseModel):
    """A chat completion (OpenAI's API reference, "The chat completion object"), as far as a judge reads it.

    The SDK's own model of it costs a third of a call's processor time here, most of all with log probabilities.
    """

    choices: tuple[_Choice, ...]
    usage: _Optional[Usage] = None


class ScoredName(Schema):
    """One entry of a reply."""

    reason: str
    brandability: _Whole
    memorability: _Whole
    quality: _Whole


class Verdict(Schema):
    """What a reply comes to for one name: scores, possibly between whole numbers, and the reason given."""

    scores: dict[NameCriterion, Score]
    reason: str


_REPLY = TypeAdapter(dict[str, ScoredName])
_COMPLETION = TypeAdapter(Completion)
_SCORES = frozenset("012345")
_DIGIT = re.compile(r"\"(brandability|memorability|quality)\"\s*:\s*([0-5])")


def read_completion(body: str) -> Completion:
    """Read the body of a response.

    Raises:
        UnusableReplyError: it is no chat completion.
    """
    try:
        return _COMPLETION.validate_json(body)
    except ValidationError as error:
        msg = f"the server's answer is no chat completion: {explain(error)[:160]}"
        raise UnusableReplyError(msg) from error


def read_reply(completion: Completion, count: int) -> list[Verdict]:
    """Give a verdict for each of `count` names, in the order of their indices.

    Raises:
        UnusableReplyError: the model refused, the reply was cut off, or it is not exactly what the schema wants.
    """
    try:
        return _read_reply(completion, count)
    except UnusableReplyError:
        raise
    except Exception as error:  # a reply is a stranger's: whatever is wrong with one, the others are judged
        msg = f"the reply cannot be read: {type(error).__name__}"
        raise UnusableReplyError(msg) from error


def _read_reply(completion: Completion, count: int) -> list[Verdict]:
    if not completion.choices:
        raise UnusableReplyError("the reply has no choice")
    choice = completion.choices[0]
    if choice.message.refusal:
        msg = f"the model refused: {choice.message.refusal[:80]}"
        raise UnusableReplyError(msg)
    text = _unfenced(choice.message.content or "")
    if choice.finish_reason == "length":
        raise UnusableReplyError("the reply was cut off")
    try:
        reply = _REPLY.validate_python(json.loads(text))
    except ValidationError as error:
        msg = f"the reply breaks the schema: {explain(error)[:200]}"
        raise UnusableReplyError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"the reply is not JSON: {explain(error)[:120]}"
        raise UnusableReplyError(msg) from error
    if set(reply) != {str(index) for index in range(count)}:
        msg = f"the reply scores {sorted(reply)[:20]}, and there are {count} names"
        raise UnusableReplyError(msg)
    expected = _expected_scores(choice.message.content or "", _tokens(completion))
    verdicts: dict[int, Verdict] = {}
    for place, (index, name) in enumerate(reply.items()):
        whole: dict[NameCriterion, float] = {criterion: float(getattr(name, criterion)) for criterion in NAME_CRITERIA}
        weighed = expected[place] if len(expected) == count else {}
        verdicts[int(index)] = Verdict(scores=whole | weighed, reason=" ".join(name.reason.split())[:160])
    return [verdicts[index] for index in range(count)]


def _unfenced(text: str) -> str:
    """Take a Markdown fence off. Unlike a suggester, whose JSON is our code's, a judge behind any server may add one."""
    found = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    return found.group(1) if found else text


def _tokens(completion: Completion) -> tuple[_Token, ...]:
    logprobs = completion.choices[0].logprobs
    return (logprobs.content if logprobs else None) or ()


def _expected_scores(text: str, tokens: Sequence[_Token]) -> list[dict[NameCriterion, float]]:
    """Give each score as the mean over its digit's alternatives, weighed by their probabilities.

    As G-Eval does (Liu et al. 2023), which takes ties out of whole-number scores. Nothing where the server gives no
    log probabilities, or its tokens do not add up to the text.
    """
    if "".join(token.token for token in tokens) != text:
        return []
    ends = list(accumulate(len(token.token) for token in tokens))
    entries: list[dict[NameCriterion, float]] = []
    for criterion, at in _digits(text):
        if not entries or criterion in entries[-1]:
            entries.append({})
        if (value := _mean_digit(tokens[bisect_right(ends, at)])) is not None:
            entries[-1][criterion] = value
    return entries


def _digits(text: str) -> Iterator[tuple[NameCriterion, int]]:
    for found in _DIGIT.finditer(text):
        criterion: NameCriterion = found.group(1)  # type: ignore[assignment] # the pattern's own words
        yield criterion, found.start(2)


def _mean_digit(token: _Token) -> float | None:
    weights: dict[int, float] = {}
    for top in token.top_logprobs:
        if top.token.strip() in _SCORES and math.isfinite(top.logprob) and top.logprob <= 0:
            weights[int(top.token)] = weights.get(int(top.token), 0.0) + math.exp(top.logprob)
    total = sum(weights.values())
    if token.token.strip() not in _SCORES or not total:
        return None
    return round(sum(digit * weight for digit, weight in weights.items()) / total, 4)
