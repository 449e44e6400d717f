"""How a request is put to a model, in training and in use alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from namewright.shared.schemas import Request

BLOCKED_COMPLETION = "BLOCKED"
"""What a model says, in place of a name, to a request that it should not serve."""

SYSTEM_MESSAGE = "Suggest one brandable domain name."
MAX_PROMPT_DESCRIPTION_CHARACTERS = 1_200
"""A model reads this much of a description; the guard and the judge read all of it."""


_BRACKETS = str.maketrans("<>[]", "()()")
"""Control tokens (`<|im_end|>`, `</s>`, `[INST]`) are written in these; a description must not be able to write one."""


def render_messages(request: Request) -> list[dict[str, str]]:
    """Put a request as chat messages. The answer is one domain, or `BLOCKED`."""
    return [{"role": "system", "content": SYSTEM_MESSAGE}, {"role": "user", "content": render_request(request)}]


def render_request(request: Request) -> str:
    """Put a request as text: the description, then a line on what the name may look like."""
    description = " ".join(request.description.split())
    if len(description) > MAX_PROMPT_DESCRIPTION_CHARACTERS:
        description = description[:MAX_PROMPT_DESCRIPTION_CHARACTERS].rsplit(" ", 1)[0] + " ..."
    wishes = [" ".join(f".{tld}" for tld in request.tlds)]
    wishes += ["hyphens"] if request.allow_hyphens else []
    wishes += ["numbers"] if request.allow_numbers else []
    wishes += ["puns"] if request.prefer_puns else []
    wishes += [request.tone] if request.tone else []
    wishes += [f"with {text}" for text in request.must_contain]
    wishes += [f"without {text}" for text in request.avoid[:8]]
    return f"{description}\n{', '.join(wishes)}".translate(_BRACKETS)
