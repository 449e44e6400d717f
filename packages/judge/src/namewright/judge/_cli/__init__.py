"""The `judge` command."""

from __future__ import annotations

import click

from namewright.judge._cli.agree import agree
from namewright.judge._cli.canaries import canaries
from namewright.judge._cli.compare import compare
from namewright.judge._cli.report import report
from namewright.judge._cli.score import score
from namewright.judge._cli.validate import validate
from namewright.shared.cli import JobGroup


@click.group(cls=JobGroup, default="score", default_if_no_args=False)
@click.version_option(package_name="namewright-judge")
def cli() -> None:
    """Judge domain name suggestions: gates, scores with intervals, comparisons, a report.

    \b
    judge score --predictions answers.jsonl --out judged.jsonl   any file of answers
    judge score --run baseline --split test                      an artifact, to an artifact
    judge compare baseline improved                              is the second one better?
    judge report improved baseline                               one HTML page, side by side

    Without --judge everything is measured offline: no key, no network, the same bytes every time.
    """  # noqa: D301 - click's mark for a paragraph that is not rewrapped


for command in (score, report, compare, canaries, validate, agree):
    cli.add_command(command)


def main() -> None:
    """Run the command line; every option is also read from NAMEWRIGHT_JUDGE_<COMMAND>_<OPTION>."""
    cli(auto_envvar_prefix="NAMEWRIGHT_JUDGE")
