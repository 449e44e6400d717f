"""`judge agree`: does the judge agree with people?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from namewright.judge._cli._judge_options import judge_options, make_judge
from namewright.shared.cli import JobCommand, input_file, json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=JobCommand)
@click.option(
    "--labels", type=input_file(), required=True, help="JSON lines: request, domain, labels (0 to 5 by rater)."
)
@judge_options
@json_option
def agree(labels: Path, as_json: bool, **judge_values: object) -> None:
    """Measure agreement with people's labels: weighted kappa, Krippendorff's alpha, Spearman.

    A line is {"request": {...} or a description, "domain": "brewhaven.com", "labels": {"ann": 4, "bob": 3}}, or
    "label": 4 where there is one rater. An optional "criterion" names which of the judge's scores is meant
    (brandability, memorability, quality; else the name's own score).
    """
    from namewright.judge._evaluation.agree import agree as run
    from namewright.judge._report.text import agreement_text

    judge, _ = make_judge(judge_values)
    result = run(judge, labels)
    click.echo(result.model_dump_json() if as_json else agreement_text(result))
