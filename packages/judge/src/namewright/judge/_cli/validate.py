"""`judge validate`: does the judge rank real companies' names over distractors?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.judge._cli._judge_options import judge_options, make_judge
from namewright.shared.cli import JobCommand, input_file, json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=JobCommand)
@click.option("--pairs", type=input_file(), help="JSON lines: description, real, and one key for each distractor.")
@click.option("--memorability", type=input_file(), help="JSON lines: word, recognition_accuracy.")
@click.option("--limit", type=click.IntRange(1), help="Read only so many rows.")
@judge_options
@json_option
def validate(
    pairs: Path | None,
    memorability: Path | None,
    limit: int | None,
    as_json: bool,
    **judge_values: object,
) -> None:
    """Measure the judge against the world: real companies' domains, and what people remember.

    \b
    judge validate --pairs briefs.jsonl
    judge validate --memorability words.jsonl --json

    For each distractor it prints how often the real company's domain outranks it (ties count half), with a 95% interval.
    """  # noqa: D301
    from namewright.judge._evaluation.validate import validate as run
    from namewright.judge._report.text import validation_text

    if pairs is None and memorability is None:
        raise click.UsageError("say what to measure against: --pairs FILE, --memorability FILE, or both")
    judge, _ = make_judge(judge_values)
    result = run(judge, pairs, memorability, limit)
    click.echo(result.model_dump_json(exclude_none=True) if as_json else validation_text(result))
