"""From a request to the token ids that a model reads, the same in training and in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from namewright.shared.prompts import render_messages

if TYPE_CHECKING:
    from namewright.shared.schemas import Request


def prompt_ids(request: Request, tokenizer: Any, *, max_tokens: int) -> list[int]:  # noqa: ANN401 - transformers is an extra
    """Encode a request as a prompt that ends where the completion begins.

    Args:
        request: What is asked for.
        tokenizer: A transformers tokenizer. Its chat template is used, or a plain one where it has none.
        max_tokens: A longer prompt loses tokens from its middle; the frame and the wishes at its end stay.
    """
    messages = render_messages(request)
    if tokenizer.chat_template:
        text = tokenizer.apply_chat_template(_fitting(messages, tokenizer), tokenize=False, add_generation_prompt=True)
    else:
        text = f"{messages[0]['content']}\n{messages[1]['content']}\nDomain: "
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
    return [{"role": "user", "content": "\n".join(message["content"] for message in messages)}]
