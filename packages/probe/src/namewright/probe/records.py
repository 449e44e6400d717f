"""What a probe writes: failures, clusters, and regressions that can be replayed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from namewright.shared.schemas import SCHEMA_VERSION, Schema

Oracle = Literal[
    "crash",
    "timeout",
    "contract",
    "schema",
    "duplicate",
    "order",
    "count",
    "constraint",
    "unsafe_name",
    "obeyed_injection",
    "missed_block",
    "wrong_block",
    "changed_status",
    "accepted_bad_input",
    "refused_good_input",
    "unclear_refusal",
]


class Failure(Schema):
    """One answer that is wrong.

    Attributes:
        schema_version: The version of this schema.
        id: Name of the case, unique in its run.
        cluster: The cluster that it belongs to.
        mutator: What made the request.
        variant: By which trick.
        oracle: What found it.
        detail: What is wrong with the answer.
        signature: The detail with its numbers and quoted values taken out: what the cluster has in common.
        expected: What the answer's status should have been.
        request: The request's body as it was sent, JSON text.
        reply: What came back, at most 2,000 characters of it.
        code: The HTTP status or exit code, where there is one.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    id: str
    cluster: str
    mutator: str
    variant: str
    oracle: Oracle
    detail: str
    signature: str
    expected: Literal["success", "blocked", "refused", "answered"]
    request: str
    reply: str
    code: int | None = None


class Regression(Schema):
    """One minimal request of a cluster, with all that it takes to ask again and to tell whether it still fails.

    Attributes:
        schema_version: The version of this schema.
        cluster: The cluster that it stands for.
        mutator: What made the request.
        variant: By which trick.
        oracle: What found it.
        signature: What was wrong, without numbers and values.
        detail: What was wrong, in full.
        expected: What the answer's status has to be.
        request: The request's body, JSON text.
        base: The body whose status it has to share, where there is one.
        field: The field that a refusal has to name, or empty.
        kernel: What of the description must stay for `expected` to hold.
        canary: A word that no name may hold, or empty.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    cluster: str
    mutator: str
    variant: str
    oracle: Oracle
    signature: str
    detail: str
    expected: Literal["success", "blocked", "refused", "answered"]
    request: str
    base: str | None = None
    field: str = ""
    kernel: str = ""
    canary: str = ""


class Cluster(Schema):
    """Failures with one cause, as far as can be told from outside.

    Attributes:
        id: Hash of what they have in common; the same in every run.
        oracle: What found them.
        mutator: What made their requests.
        signature: What is wrong, without numbers and values.
        count: How many they are.
        variants: The tricks that led to them.
        example: The smallest request that was found, parsed; its text where it is no JSON.
        failures: Their ids.
    """

    id: str
    oracle: Oracle
    mutator: str
    signature: str
    count: int = Field(ge=1)
    variants: tuple[str, ...]
    example: Any
    failures: tuple[str, ...]


class Tally(Schema):
    """How a mutator fared.

    Attributes:
        asked: How many of its cases were asked.
        failed: How many of them were answered wrongly.
        unjudged: How many have a status that says nothing, since the unmutated request is answered wrongly already.
    """

    asked: int
    failed: int
    unjudged: int


class Clusters(Schema):
    """What `clusters.json` holds.

    Attributes:
        schema_version: The version of this schema.
        asked: How many cases were asked.
        failed: How many of them were answered wrongly.
        mutators: The same for each mutator.
        clusters: The clusters, the largest first.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    asked: int
    failed: int
    mutators: dict[str, Tally]
    clusters: tuple[Cluster, ...]
