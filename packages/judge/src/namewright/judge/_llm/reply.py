"""Reading an LLM's reply: held to the schema, weighed by the probabilities of the digits where they are known."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, ValidationError

from namewright.judge.records import NAME_CRITERIA, NameCriterion
from namewright.shared.jsonl import explain
from namewright.shared.schemas import Schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openai.types.chat import ChatCompletion

_Whole = Annotated[int, Field(ge=0, le=5, strict=True)]


class UnusableReplyError(Exception):
    """A reply that says nothing about the names: refused, cut off, not of the schema. Worth asking again."""


class ScoredName(Schema):
    """One entry of a reply."""

    index: Annotated[int, Field(strict=True, ge=0)]
    reason: str
    brandability: _Whole
    memorability: _Whole
    quality: _Whole


class Reply(Schema):
    """A whole reply."""

    names: tuple[ScoredName, ...]


class Verdict(Schema):
    """What a reply comes to for one name: scores, possibly between whole numbers, and the reason given."""

    scores: dict[NameCriterion, float]
    reason: str


_REPLY = TypeAdapter(Reply)
_DIGIT = re.compile(r"\"(brandability|memorability|quality)\"\s*:\s*([0-5])")


def read_reply(completion: ChatCompletion, count: int) -> list[Verdict]:
    """Give a verdict for each of `count` names, in the order of their indices.

    Raises:
        UnusableReplyError: the model refused, the reply was cut off, or it is not exactly what the schema wants.
    """
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
    if sorted(name.index for name in reply.names) != list(range(count)):
        msg = f"the reply scores {[name.index for name in reply.names]}, and there are {count} names"
        raise UnusableReplyError(msg)
    expected = _expected_scores(choice.message.content or "", _tokens(completion))
    verdicts: dict[int, Verdict] = {}
    for place, name in enumerate(reply.names):
        whole: dict[NameCriterion, float] = {criterion: float(getattr(name, criterion)) for criterion in NAME_CRITERIA}
        weighed = expected[place] if len(expected) == count else {}
        verdicts[name.index] = Verdict(scores=whole | weighed, reason=" ".join(name.reason.split())[:160])
    return [verdicts[index] for index in range(count)]


def _unfenced(text: str) -> str:
    """Take a Markdown fence off. Unlike a suggester, whose JSON is our code's, a judge behind any server may add one."""
    found = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    return found.group(1) if found else text


def _tokens(completion: ChatCompletion) -> list[tuple[str, list[tuple[str, float]]]]:
    logprobs = completion.choices[0].logprobs
    if logprobs is None or not logprobs.content:
        return []
    return [(token.token, [(top.token, top.logprob) for top in token.top_logprobs]) for token in logprobs.content]


def _expected_scores(
    text: str, tokens: Sequence[tuple[str, list[tuple[str, float]]]]
) -> list[dict[NameCriterion, float]]:
    """Give each score as the mean over its digit's alternatives, weighed by their probabilities.

    As G-Eval does (Liu et al. 2023), which takes ties out of whole-number scores. Nothing where the server gives no
    log probabilities, or its tokens do not add up to the text.
    """
    if "".join(token for token, _ in tokens) != text:
        return []
    entries: list[dict[NameCriterion, float]] = []
    for criterion, at in _digits(text):
        if not entries or criterion in entries[-1]:
            entries.append({})
        if (value := _mean_digit(tokens, at)) is not None:
            entries[-1][criterion] = value
    return entries


def _digits(text: str) -> Iterator[tuple[NameCriterion, int]]:
    for found in _DIGIT.finditer(text):
        criterion: NameCriterion = found.group(1)  # type: ignore[assignment] # the pattern's own words
        yield criterion, found.start(2)


def _mean_digit(tokens: Sequence[tuple[str, list[tuple[str, float]]]], at: int) -> float | None:
    start = 0
    for token, alternatives in tokens:
        if start <= at < start + len(token):
            weights: dict[int, float] = {}
            for other, logprob in alternatives:
                if other.strip() in {"0", "1", "2", "3", "4", "5"}:
                    weights[int(other)] = weights.get(int(other), 0.0) + math.exp(logprob)
            if token.strip() not in {"0", "1", "2", "3", "4", "5"} or not weights:
                return None
            return round(sum(digit * weight for digit, weight in weights.items()) / sum(weights.values()), 4)
        start += len(token)
    return None
