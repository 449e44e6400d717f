"""Examples from a teacher: a large model behind any OpenAI-compatible server, in place of the rules.

The teacher is asked for a request and names for it, given the bare facts of a brief, with structured outputs. Its
answers go through the same filters as the rules' names, and are kept in a cache on disk: a job that is killed goes on
where it stopped, and a second run with the same settings asks nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from namewright.shared import NamewrightError, Request, split_domain, violations
from namewright.shared.cli import log
from namewright.shared.files import write_whole
from namewright.shared.manifest import hash_json
from namewright.shared.schemas import Schema
from namewright.synth._brief import Brief, draw_brief
from namewright.synth._drafts import MIN_NAMES, Draft, make_draft, request_of
from namewright.synth._names import is_presentable
from namewright.synth._text import write_description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROMPT_VERSION = 1
PRICES = {"gpt-4o-mini": (0.15, 0.60)}
"""US dollars for a million tokens read, and written, of the models whose price is known here."""
_MOST_READ, _MOST_WRITTEN = 800, 800
"""Tokens of one question (at most 1,900 characters), and the most that the server is allowed to answer with."""
_SYSTEM = """You write training data for a model that suggests domain names.
You get the facts of a business. Write the request as its owner would, in the style and language asked for, in your own
words, without a name for the business. Then give ten brandable second-level names for it (letters a to z only, unless
hyphens or digits are allowed), best first: whole words joined, blends with a real overlap, pronounceable coinages that
say something about the business; never a single dictionary word, never a famous brand."""


class TeacherAnswer(BaseModel):
    """What the teacher has to answer with."""

    model_config = ConfigDict(extra="forbid")

    description: str
    names: list[str]


class _Kept(Schema):
    """A file of the cache: what the teacher said, what that cost (US dollars), and which model it was."""

    content: str
    cost: Annotated[float, Field(ge=0.0)]
    model: str


@dataclass(frozen=True)
class TeacherSettings:
    """Which model is asked, how, and how much it may cost.

    Attributes:
        model: The model's name on the server.
        max_cost: In US dollars, what the cached answers cost included; the job ends in good order before it would go over.
        price_in: Dollars for a million tokens that the model reads.
        price_out: Dollars for a million tokens that it writes.
        temperature: As the server understands it.
        base_url: The server.
    """

    model: str = "gpt-4o-mini"
    max_cost: float = 5.0
    price_in: float = PRICES["gpt-4o-mini"][0]
    price_out: float = PRICES["gpt-4o-mini"][1]
    temperature: float = 1.0
    base_url: str = field(default_factory=lambda: os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1")


@dataclass
class Teacher:
    """Asks the model, remembers what it said, and keeps count of what that cost."""

    settings: TeacherSettings
    cache: Path
    spent: float = 0.0
    asked: int = 0
    cached: int = 0
    unusable: int = 0
    _client: Any = field(default=None, repr=False)

    def drafts(self, seed: int) -> Iterator[Draft]:
        """Give the teacher's usable examples, in the order of the seed's briefs.

        Raises:
            NamewrightError: the server cannot be reached or refuses, or the next answer could pass the cost cap.
        """
        index = 0
        while True:
            rng = Random(f"{seed}/teacher/{index}")
            brief = draw_brief(rng)
            answer = self._answer(brief, write_description(rng, brief))
            draft = _draft_of(answer, brief) if answer else None
            if draft:
                yield draft
            else:
                self.unusable += 1
            index += 1

    def _answer(self, brief: Brief, example: str) -> TeacherAnswer | None:
        messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": _facts(brief, example)}]
        call = {
            "model": self.settings.model,
            "temperature": self.settings.temperature,
            "max_completion_tokens": _MOST_WRITTEN,
            "messages": messages,
        }
        key = hash_json({"call": call, "prompt": PROMPT_VERSION, "server": self.settings.base_url})
        path = self.cache / f"{key}.json"
        if known := _read(path):
            content, cost = known
            self.cached += 1
            self.spent += cost
            return _parse(content)
        content, cost = self._ask(call)
        self.spent += cost
        with write_whole(path) as file:
            file.write(_Kept(content=content, cost=cost, model=self.settings.model).model_dump_json())
        return _parse(content)

    def _ask(self, call: dict[str, Any]) -> tuple[str, float]:
        import openai  # noqa: PLC0415 - an extra, and half a second

        expected = self._cost(_MOST_READ, _MOST_WRITTEN)
        if self.spent + expected > self.settings.max_cost:
            msg = (
                f"the teacher has cost ${self.spent:.2f} of at most ${self.settings.max_cost:.2f}; what it said is kept in "
                f"{self.cache}: run again with a higher --teacher-max-cost to go on from here"
            )
            raise NamewrightError(msg)
        if self._client is None:
            try:
                self._client = openai.OpenAI(base_url=self.settings.base_url, max_retries=4, timeout=60.0)
            except openai.OpenAIError as error:
                msg = f"the teacher needs OPENAI_API_KEY (and OPENAI_BASE_URL for another server): {error}"
                raise NamewrightError(msg) from error
        try:
            reply = self._client.chat.completions.create(**call, response_format=_response_format())
        except openai.OpenAIError as error:
            msg = f"the teacher ({self.settings.model}) could not be asked: {error}; its answers so far are in {self.cache}"
            raise NamewrightError(msg) from error
        self.asked += 1
        usage = reply.usage
        cost = self._cost(usage.prompt_tokens, usage.completion_tokens) if usage else expected
        return reply.choices[0].message.content or "", cost

    def _cost(self, read: int, written: int) -> float:
        return (read * self.settings.price_in + written * self.settings.price_out) / 1e6

    def report(self) -> None:
        """Say what the teacher was asked, and what it cost."""
        log(
            f"teacher {self.settings.model}: {self.asked:,} asked, {self.cached:,} from the cache, "
            f"{self.unusable:,} unusable, ${self.spent:.4f} spent, the cached ones included"
        )


def fingerprint(settings: TeacherSettings) -> str:
    """Name a teacher, its server and its prompt, for the recipe."""
    parts = (settings.base_url, settings.model, settings.temperature, _MOST_WRITTEN, PROMPT_VERSION, _SYSTEM)
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16]


def _facts(brief: Brief, example: str) -> str:
    facts = {
        "business": " ".join((*brief.qualities, brief.noun)),
        "for": brief.audience,
        "place": brief.place.name if brief.place else "",
        "does": list(brief.does),
        "sells": list(brief.has),
        "tone": brief.tone,
        "style": brief.style,
        "language": brief.language,
        "must_contain": list(brief.must_contain),
        "avoid": list(brief.avoid),
        "hyphens_allowed": brief.allow_hyphens,
        "digits_allowed": brief.allow_numbers,
        "wordplay": brief.puns,
        "short": brief.short,
        "a draft of the request, to be written anew": example,
    }
    return json.dumps({key: value for key, value in facts.items() if value}, ensure_ascii=False)


def _response_format() -> dict[str, Any]:
    schema = TeacherAnswer.model_json_schema()
    return {"type": "json_schema", "json_schema": {"name": "example", "strict": True, "schema": schema}}


def _read(path: Path) -> tuple[str, float] | None:
    """Read an answer that was kept, and what it cost; None where there is none that can be read."""
    try:
        kept = _Kept.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return kept.content, kept.cost


def _parse(content: str) -> TeacherAnswer | None:
    try:
        return TeacherAnswer.model_validate_json(content)
    except ValidationError:
        return None


def _draft_of(answer: TeacherAnswer, brief: Brief) -> Draft | None:
    """Hold the teacher's names to the same bar as the rules' own; None where too few are left."""
    try:
        request: Request = request_of(brief, answer.description)
    except ValidationError:
        return None
    labels = [split_domain(name.lower().strip())[0] for name in answer.names]
    good = [label for label in dict.fromkeys(labels) if label.isascii() and label and is_presentable(label)]
    domains = tuple(
        f"{label}.{request.tlds[0]}" for label in good if not violations(request, f"{label}.{request.tlds[0]}")
    )
    if len(domains) < MIN_NAMES:
        return None
    return make_draft(request, "safe", domains, min(8, len(domains)), "teacher")
