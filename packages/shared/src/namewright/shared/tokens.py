"""From a request to the token ids that a model reads, the same in training and in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.shared.prompts import render_messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.shared.schemas import Request


def prompt_ids(
    request: Request,
    tokenizer: Any,  # noqa: ANN401 - transformers is an extra
    *,
    max_tokens: int,
    shots: Sequence[tuple[Request, str]] = (),
) -> list[int]:
    """Encode a request as a prompt that ends where the completion begins.

    Args:
        request: What is asked for.
        tokenizer: A transformers tokenizer. Its chat template is used, or a plain one where it has none.
        max_tokens: A longer prompt loses tokens from its middle; the frame and the wishes at its end stay.
        shots: Requests with their answers, to stand before it as turns of one conversation.
    """
    messages = render_messages(request)
    for shot, answer in reversed(shots):
        turns = [render_messages(shot)[-1], {"role": "assistant", "content": answer}]
        messages[1:1] = turns
    if tokenizer.chat_template:
        text = tokenizer.apply_chat_template(_fitting(messages, tokenizer), tokenize=False, add_generation_prompt=True)
    else:
        text = "\n".join(message["content"] for message in messages) + "\n"
    ids: list[int] = tokenizer(text, add_special_tokens=not tokenizer.chat_template)["input_ids"]
    if len(ids) <= max_tokens:
        return ids
    head = max_tokens * 2 // 3
    return ids[:head] + ids[head - max_tokens :]


def completion_ids(text: str, tokenizer: Any) -> list[int]:  # noqa: ANN401 - transformers is an extra
    """Encode a completion, with the EOS token that ends it."""
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return [*ids, tokenizer.eos_token_id]


def _fitting(messages: list[dict[str, str]], tokenizer: Any) -> list[dict[str, str]]:  # noqa: ANN401
    """Join the system message to the user's for chat templates that know no system role."""
    if "system" in tokenizer.chat_template:
        return messages
    system, first, *rest = messages
    return [{"role": "user", "content": f"{system['content']}\n{first['content']}"}, *rest]
