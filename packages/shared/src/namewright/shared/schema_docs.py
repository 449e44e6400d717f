"""Write `docs/DATA_SCHEMA.md` from the models: `python -m namewright.shared.schema_docs >docs/DATA_SCHEMA.md`.

Meanings come from the docstrings' `Attributes`, types and limits from the models' JSON schema.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from namewright.shared._schema_examples import SECTIONS
from namewright.shared.schemas import DOMAIN_PATTERN, SHA256_PATTERN

if TYPE_CHECKING:
    from pydantic import BaseModel

_HEAD = """\
# Data schema

What travels between the jobs, field by field. This page is generated from the models in
`namewright.shared` by `python -m namewright.shared.schema_docs`, and a test keeps it up to date.

Every file of rows is JSON lines: UTF-8, one object a line, no field twice, no NaN. Every object knows the
fields below and no others, and no field is null: one without a value is left out. A field without a default
is required.
"""
_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
}
_PATTERNS = {
    DOMAIN_PATTERN: "letters, digits and inner hyphens, in labels with dots between",
    SHA256_PATTERN: "64 hexadecimal digits",
}


def render() -> str:
    """Write the whole page, in Markdown."""
    return "\n".join([_HEAD, *(_section(*section) for section in SECTIONS)])


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Read what each field means from the `Attributes` of a model's docstring."""
    _, _, attributes = (inspect.getdoc(model) or "").partition("Attributes:\n")
    entries = re.split(r"\n(?=\w+: )", dedent(attributes.split("\n\n")[0]).strip())
    pairs = (" ".join(entry.split()).split(": ", 1) for entry in entries if entry)
    return {name: meaning for name, meaning in pairs}  # noqa: C416 - mypy cannot see that a list is a pair


def _section(where: str, example: BaseModel, parts: tuple[type[BaseModel], ...]) -> str:
    model = type(example)
    shown = json.dumps(example.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=2)
    return "\n".join(
        [
            f"## {model.__name__}\n",
            f"{_summary(model)}\n",
            f"{where}\n",
            _table(model),
            *(f"### {part.__name__}\n\n{_summary(part)}\n\n{_table(part)}" for part in parts),
            f"```json\n{shown}\n```\n",
        ]
    )


def _summary(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _table(model: type[BaseModel]) -> str:
    schema = model.model_json_schema()
    means = meanings(model)
    wanted = schema.get("required", [])
    rows = [
        f"| `{name}` | {_type(field)} | {_limits(field)} | {_default(field, required=name in wanted)} | {means[name]} |"
        for name, field in schema["properties"].items()
    ]
    return "\n".join(["| field | type | limits | default | meaning |", "|---|---|---|---|---|", *rows, ""])


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in field or "enum" in field:
        return f"always `{json.dumps(field['const'])}`" if "const" in field else _either(field["enum"])
    if options := field.get("anyOf") or field.get("oneOf"):
        return " or ".join(dict.fromkeys(_type(option) for option in options if option.get("type") != "null"))
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if isinstance(field.get("additionalProperties"), dict):
        return f"object of {_type(field['additionalProperties'])}"
    return str(field.get("type", "any JSON"))


def _either(values: list[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _limits(field: dict[str, Any]) -> str:
    own = [text.format(_number(field[limit])) for limit, text in _LIMITS.items() if limit in field]
    if pattern := field.get("pattern"):
        own.append(_PATTERNS.get(pattern, f"`{pattern}`"))
    inner = field.get("items") or field.get("additionalProperties")
    each = _limits(inner) if isinstance(inner, dict) and "$ref" not in inner else ""
    return ", ".join(own + ([f"each {each}"] if each else [])).replace("|", "\\|")


def _number(value: object) -> object:
    return f"{value:,g}" if isinstance(value, float) else value


def _default(field: dict[str, Any], *, required: bool) -> str:
    if required:
        return "required"
    default = field.get("default", {})  # what a factory makes is not in the schema, and ours make empty objects
    return "left out" if default is None else f"`{json.dumps(default)}`"


if __name__ == "__main__":
    sys.stdout.write(render())
