"""Options in a YAML file (`--config`): each mistake is told by the file and the option."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNREADABLE = (OSError, ValueError, RecursionError, yaml.YAMLError)


def read_config(path: Path, ctx: click.Context) -> dict[str, Any]:
    """Read values for a command's options, by the parameters' names.

    Raises:
        click.UsageError: the file cannot be read, or an option is unknown, stands twice or cannot have that value.
    """
    options = {
        name.removeprefix("--"): param
        for param in ctx.command.params
        for name in param.opts
        if param.name not in {"config", "debug"} and name.startswith("--")
    }
    found: dict[str, Any] = {}
    for key, value in _pairs(path, ctx):
        option = options.get(key.replace("_", "-"))
        if option is None or option.name is None:
            raise click.UsageError(f"{path}: unknown option {key!r}; known are {', '.join(sorted(options))}", ctx)
        if option.name in found:
            raise click.UsageError(f"{path}: {key}: this option stands twice", ctx)
        try:
            found[option.name] = _texts(option, value)
            option.type_cast_value(ctx, found[option.name])
        except click.BadParameter as error:
            raise click.UsageError(f"{path}: {key}: {error.message}", ctx) from error
        except (ValueError, OverflowError) as error:
            raise click.UsageError(f"{path}: {key}: {error}", ctx) from error
    return found


def _pairs(path: Path, ctx: click.Context) -> Iterator[tuple[str, Any]]:
    """Give each key as it is written with its value, keys that stand twice twice."""
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except _UNREADABLE as error:
        raise click.UsageError(f"{path}: cannot be read: {' '.join(str(error).split())}", ctx) from error
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise click.UsageError(f"{path}: not a mapping of options", ctx)
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else f"a {key_node.id}"
        try:
            value = loader.construct_object(value_node, deep=True)
        except _UNREADABLE as error:
            raise click.UsageError(f"{path}: {key}: cannot be read: {' '.join(str(error).split())}", ctx) from error
        yield key, value


def _texts(option: click.Parameter, value: object) -> str | list[str]:
    """Give a value as a flag on the command line would say it: click takes other kinds of values apart, or cuts them."""
    if not option.multiple and option.nargs == 1:
        return _text(option, value)
    if not isinstance(value, list):
        raise ValueError(f"a list is wanted (found {_kind(value)})")  # noqa: TRY004 - the file's fault
    return [_text(option, item) for item in value]


def _text(option: click.Parameter, value: object) -> str:
    if isinstance(value, bool) and not (isinstance(option, click.Option) and option.is_flag):
        raise ValueError(f"this is no switch (found {value})")
    if isinstance(value, float) and isinstance(option.type, click.types.IntParamType):
        raise ValueError(f"a whole number is wanted (found {value})")  # noqa: TRY004
    if not isinstance(value, str | int | float | date):
        raise ValueError(f"one value is wanted (found {_kind(value)})")  # noqa: TRY004
    return str(value)


def _kind(value: object) -> str:
    kinds = {type(None): "nothing", dict: "a mapping", list: "a list"}
    return kinds.get(type(value), repr(value))
