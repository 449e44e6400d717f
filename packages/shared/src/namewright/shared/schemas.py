"""What travels between the jobs: requests, responses, dataset rows, predictions, preferences, calibrations.

Frozen pydantic models that know no other keys. `docs/DATA_SCHEMA.md` is generated from them, and the golden
files in this package's tests hold one example of every kind of row.
"""

from __future__ import annotations

import unicodedata
from itertools import permutations
from string import ascii_lowercase, digits
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from namewright.shared.tlds import normalise_tld

SCHEMA_VERSION: Literal[1] = 1
BLOCKED_MESSAGE: Literal["Request contains inappropriate content"] = "Request contains inappropriate content"
MAX_DESCRIPTION_CHARACTERS = 4_000
MAX_LABEL_CHARACTERS = 63
"""RFC 1035, 2.3.4: the most octets in one label of a domain name."""

UnsafeCategory = Literal[
    "adult",
    "hate_violence",
    "illegal",
    "weapons_minors",
    "doxxing",
    "child_exploitation",
    "prompt_injection",
]
Category = Literal[
    "safe",
    "adult",
    "hate_violence",
    "illegal",
    "weapons_minors",
    "doxxing",
    "child_exploitation",
    "prompt_injection",
]
UNSAFE_CATEGORIES: tuple[UnsafeCategory, ...] = get_args(UnsafeCategory)
Outcome = Literal["success", "blocked"]


def _is_whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = f"character {error.start + 1} is half of one (a lone surrogate)"
        raise ValueError(msg) from error
    return text


Text = Annotated[str, AfterValidator(_is_whole)]
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN_PATTERN = rf"^{_LABEL}(?:\.{_LABEL})+$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
Domain = Annotated[str, StringConstraints(pattern=DOMAIN_PATTERN, max_length=253)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256_PATTERN)]
Probability = Annotated[float, Field(ge=0.0, le=1.0, strict=True)]


class Schema(BaseModel):
    """What every model here is: frozen, and a stranger to keys that it does not name and to numbers without end."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Request(Schema):
    """What somebody asks for: a business, and what its domain name may look like.

    Attributes:
        description: The business in the client's words, 1 to 4,000 characters.
        tlds: Top-level domains, the best liked first; `.COM` and `com` are the same.
        allow_hyphens: Whether a name may hold hyphens.
        allow_numbers: Whether a name may hold digits.
        prefer_puns: Whether the client would like wordplay.
        count: How many names at the most.
        max_length: The most characters in the second-level label (`example` in `example.com`).
        must_contain: Texts that the label has to hold, each in full; kept lower case and without blanks.
        avoid: Texts that the label must not hold.
        tone: How it should sound (`playful`), or empty.
        language: BCP 47 tag of the client's language.
    """

    description: Text
    tlds: tuple[str, ...] = ("com",)
    allow_hyphens: bool = False
    allow_numbers: bool = False
    prefer_puns: bool = False
    count: Annotated[int, Field(ge=1, le=50)] = 8
    max_length: Annotated[int, Field(ge=1, le=MAX_LABEL_CHARACTERS)] = MAX_LABEL_CHARACTERS
    must_contain: Annotated[tuple[str, ...], Field(max_length=4)] = ()
    avoid: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    tone: Annotated[Text, Field(max_length=100)] = ""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")] = "en"

    @field_validator("description")
    @classmethod
    def _description_says_something(cls, text: str) -> str:
        if not any(unicodedata.category(c)[0] in "LNS" for c in text[:MAX_DESCRIPTION_CHARACTERS]):
            msg = "the description is empty: it has no letter, no digit and no symbol"
            raise ValueError(msg)
        if len(text) > MAX_DESCRIPTION_CHARACTERS:
            msg = f"the description has {len(text):,} characters; at most {MAX_DESCRIPTION_CHARACTERS:,} are read"
            raise ValueError(msg)
        return text

    @field_validator("tlds", mode="before")
    @classmethod
    def _tlds_are_known(cls, value: object) -> object:
        if isinstance(value, str):
            value = (value,)
        if not isinstance(value, list | tuple) or not all(isinstance(tld, str) for tld in value):
            return value
        tlds = tuple(dict.fromkeys(normalise_tld(tld) for tld in value))
        if not tlds:
            msg = "name at least one TLD"
            raise ValueError(msg)
        return tlds

    @field_validator("must_contain", "avoid", mode="before")
    @classmethod
    def _texts_are_as_in_a_label(cls, value: object) -> object:
        if isinstance(value, str):
            value = (value,)
        if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
            return value
        return tuple(dict.fromkeys("".join(text.lower().split()) for text in value if text.strip()))

    @model_validator(mode="after")
    def _some_name_satisfies_it(self) -> Self:
        for text in self.must_contain:
            if not all(("a" <= c <= "z") or c.isdecimal() or c == "-" for c in text) or not text.isascii():
                msg = f"must_contain: {text!r} cannot stand in a domain name (letters a to z, digits, hyphens)"
                raise ValueError(msg)
            if any(c.isdecimal() for c in text) and not self.allow_numbers:
                msg = f"must_contain: {text!r} holds a digit, and allow_numbers is false"
                raise ValueError(msg)
            if "-" in text and not self.allow_hyphens:
                msg = f"must_contain: {text!r} holds a hyphen, and allow_hyphens is false"
                raise ValueError(msg)
            for unwanted in self.avoid:
                if unwanted in text:
                    msg = f"must_contain: {text!r} holds {unwanted!r}, which avoid rules out"
                    raise ValueError(msg)
        letters = ascii_lowercase + (digits if self.allow_numbers else "")
        if set(letters) <= set(self.avoid):
            msg = "avoid: it rules out every letter, so no name is left"
            raise ValueError(msg)
        shortest = _shortest_joined(self.must_contain)
        if shortest > self.max_length:
            msg = f"must_contain needs {shortest} characters, and max_length allows {self.max_length}"
            raise ValueError(msg)
        return self


def _shortest_joined(texts: tuple[str, ...]) -> int:
    """How long the shortest label is that holds each of a few texts (all orders are tried)."""

    def joined(order: tuple[str, ...]) -> int:
        whole = ""
        for text in order:
            if text in whole:
                continue
            overlap = next(n for n in range(min(len(whole), len(text)), -1, -1) if whole.endswith(text[:n]))
            whole += text[overlap:]
        return len(whole) + whole.startswith("-") + whole.endswith("-")

    return min((joined(order) for order in permutations(texts)), default=0)


class Suggestion(Schema):
    """One suggested name.

    Attributes:
        domain: The whole domain, lower case, as it would be registered.
        confidence: The calibrated probability that it is a good one, 0 to 1.
    """

    domain: Domain
    confidence: Probability


class SuccessResponse(Schema):
    """The answer to a safe request.

    Attributes:
        status: Tells the two answers apart.
        suggestions: The likeliest first, none twice; there may be fewer than were asked for.
    """

    model_config = ConfigDict(json_schema_extra={"required": ["status", "suggestions"]})

    status: Literal["success"] = "success"
    suggestions: Annotated[tuple[Suggestion, ...], Field(min_length=1)]

    @field_validator("suggestions")
    @classmethod
    def _no_domain_twice(cls, suggestions: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
        domains = [suggestion.domain for suggestion in suggestions]
        if len(set(domains)) < len(domains):
            twice = next(domain for domain in domains if domains.count(domain) > 1)
            msg = f"{twice} is suggested twice"
            raise ValueError(msg)
        return suggestions


class BlockedResponse(Schema):
    """The answer to an unsafe request.

    Attributes:
        status: Tells the two answers apart.
        message: There is one, so that a refusal teaches an attacker nothing.
        suggestions: Always empty.
    """

    model_config = ConfigDict(json_schema_extra={"required": ["status", "message", "suggestions"]})

    status: Literal["blocked"] = "blocked"
    message: Literal["Request contains inappropriate content"] = BLOCKED_MESSAGE
    suggestions: Annotated[tuple[Suggestion, ...], Field(max_length=0)] = ()


def _has_every_key(value: object) -> object:
    if (
        isinstance(value, dict)
        and value.get("status") == "blocked"
        and (missing := [key for key in BlockedResponse.model_fields if key not in value])
    ):
        msg = f"{missing[0]}: this field is missing"
        raise ValueError(msg)
    return value


Response = Annotated[
    SuccessResponse | BlockedResponse,
    Field(discriminator="status"),
    BeforeValidator(_has_every_key),
]
"""An answer as it stands in a file or comes over the wire: every key is written out."""


class DatasetRow(Schema):
    """One example to learn from, or to be measured on.

    Attributes:
        schema_version: The version of this schema.
        id: Stable name of the row, unique in its dataset.
        group: Rows of one group never stand on two sides of a split.
        request: What is asked for.
        expected: What the right answer's status is.
        category: Why an unsafe request is one, or `safe`.
        names: Good domains for the request, best first; empty where it has to be blocked.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: Annotated[str, Field(min_length=1, max_length=200)]
    group: Annotated[str, Field(min_length=1, max_length=200)]
    request: Request
    expected: Outcome
    category: Category
    names: tuple[Domain, ...] = ()

    @model_validator(mode="after")
    def _names_belong_to_safe_rows(self) -> Self:
        if (self.expected == "success") != (self.category == "safe"):
            msg = f"expected is {self.expected!r} and category is {self.category!r}: they contradict each other"
            raise ValueError(msg)
        if (self.expected == "success") != bool(self.names):
            msg = f"expected is {self.expected!r}, and the row has {len(self.names)} names"
            raise ValueError(msg)
        return self


class PredictionRow(Schema):
    """What a suggester answered to one request.

    Attributes:
        id: The id of the row that was asked.
        request: What was asked.
        expected: What the right answer's status is, where it is known (left out of the JSON otherwise).
        response: The answer: parsed, or raw text, so that a judge may say what is wrong with it.
    """

    id: Annotated[str, Field(min_length=1, max_length=200)]
    request: Request
    expected: Outcome | None = None
    response: Annotated[Response | str | dict[str, Any], Field(union_mode="left_to_right")]


class PreferenceRow(Schema):
    """Two names for one request: what preference training reads.

    Attributes:
        schema_version: The version of this schema.
        id: Stable name of the row, unique in its file.
        request: What was asked for.
        chosen: The better name.
        rejected: The other name.
        margin: How much better the judge's score of it was, above 0 and at most 5.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: Annotated[str, Field(min_length=1, max_length=200)]
    request: Request
    chosen: Domain
    rejected: Domain
    margin: Annotated[float, Field(gt=0.0)]

    @model_validator(mode="after")
    def _the_names_differ(self) -> Self:
        if self.chosen == self.rejected:
            msg = f"rejected: {self.rejected} is the chosen name too"
            raise ValueError(msg)
        return self


class Calibration(Schema):
    """How a raw confidence p becomes a probability: sigmoid(slope * logit(p) + intercept), after Platt (1999).

    Attributes:
        schema_version: The version of this schema.
        slope: Multiplies the log odds; above 0, so that the order of the suggestions stays.
        intercept: Added to the log odds.
        names: How many judged names it was fitted on.
        positives: How many of them were good ones.
        threshold: The judge's per-name score, 0 to 5, from which a name is a good one.
        judge: Fingerprint of the judge that scored them.
        brier_before: Mean squared error of the raw confidence on those names.
        brier_after: The same after calibration (leave-one-request-out).
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    slope: Annotated[float, Field(gt=0.0)]
    intercept: float
    names: Annotated[int, Field(ge=1)]
    positives: Annotated[int, Field(ge=0)]
    threshold: Annotated[float, Field(ge=0.0, le=5.0)]
    judge: Annotated[str, Field(min_length=1)]
    brier_before: Probability
    brier_after: Probability

    @model_validator(mode="after")
    def _positives_are_names(self) -> Self:
        if self.positives > self.names:
            msg = f"positives: {self.positives} of {self.names} names cannot be good ones"
            raise ValueError(msg)
        return self
