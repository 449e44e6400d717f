"""The options that say which judge is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from namewright.shared.cli import input_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from namewright.judge._scoring.judges import Judge
    from namewright.judge._scoring.rubric import Rubric

Command = TypeVar("Command", bound="Callable[..., Any]")


def judge_options(command: Command) -> Command:
    """Add `--judge` and `--rubric`."""
    options = [
        click.option(
            "--judge",
            "kind",
            type=click.Choice(["offline", "openai"]),
            default="offline",
            show_default=True,
            envvar="NAMEWRIGHT_JUDGE",
            help="Measured offline, or by a language model behind an OpenAI-compatible server.",
        ),
        click.option(
            "--rubric",
            "rubric_file",
            type=input_file(),
            help="YAML file with the criteria's weights; the built-in one is the README's table.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def make_judge(kind: str, rubric_file: Path | None) -> tuple[Judge, Rubric]:
    """Make the judge that the options ask for."""
    from namewright.judge._offline import OfflineJudge  # noqa: PLC0415 - numpy, which --help need not load
    from namewright.judge._scoring.rubric import DEFAULT_RUBRIC, load_rubric  # noqa: PLC0415

    rubric = load_rubric(rubric_file or DEFAULT_RUBRIC)
    if kind == "offline":
        return OfflineJudge(rubric), rubric
    raise click.UsageError("the LLM judge is not built yet")
