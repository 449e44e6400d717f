"""`judge canaries`: is the judge itself sound?"""

from __future__ import annotations

import click

from namewright.judge._cli._judge_options import judge_options, make_judge
from namewright.shared.cli import JobCommand, fail, json_option, print_json


@click.command(cls=JobCommand)
@judge_options
@json_option
def canaries(as_json: bool, **judge_values: object) -> None:
    """Show the judge answers whose verdict is known, and say which it gets wrong.

    They run with every evaluation as well: where one fails, the report is void. Exit code 1 where one fails here.
    """
    from namewright.judge._evaluation.canaries import run_canaries

    judge, rubric = make_judge(judge_values)
    results = run_canaries(judge, rubric)
    if as_json:
        print_json([result.model_dump(mode="json") for result in results])
    else:
        for result in results:
            mark = "pass" if result.passed else "FAIL"
            click.echo(f"{mark}  {result.name:26} expected {result.expected:28} found {result.found}")
    if failed := sum(not result.passed for result in results):
        fail(f"{failed} of {len(results)} canaries failed: this judge's numbers are void", 1)
