"""Reading an answer: exactly one JSON value of the I/O schema, or a reason why it is none.

Nothing is dug out of surrounding text. The first JSON object in a generated text may be the schema that stood in
its prompt, and an evaluation that parses it measures the prompt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from namewright.shared import BlockedResponse, Response, SuccessResponse
from namewright.shared.jsonl import explain, refuse_constant, refuse_twins

_RESPONSE: TypeAdapter[SuccessResponse | BlockedResponse] = TypeAdapter(Response)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given (`text`) and as it was understood.

    Attributes:
        text: The answer as text.
        response: The answer as the schema knows it, or None.
        problem: Why it is none, else empty.
    """

    text: str
    response: SuccessResponse | BlockedResponse | None
    problem: str = ""

    @property
    def domains(self) -> tuple[str, ...]:
        """The suggested domains, in the answer's order."""
        return tuple(s.domain for s in self.response.suggestions) if self.response else ()


def read_answer(response: BaseModel | str | dict[str, Any] | None) -> Answer:
    """Read what a suggester answered: a parsed response, an object, or raw text."""
    if isinstance(response, SuccessResponse | BlockedResponse):
        return Answer(response.model_dump_json(), response)
    text = response if isinstance(response, str) else json.dumps(response, ensure_ascii=False)
    try:
        value = response
        if isinstance(response, str):
            value = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_twins)
    except (ValueError, RecursionError) as error:
        return Answer(text, None, explain(error))
    try:
        return Answer(text, _RESPONSE.validate_python(value, strict=False))
    except ValidationError as error:
        return Answer(text, None, explain(error))
