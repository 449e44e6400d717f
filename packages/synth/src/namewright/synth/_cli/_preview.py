"""`synth preview`: show a few examples."""

from __future__ import annotations

import click

from namewright.shared.cli import JobCommand, json_option, print_json, seed_option
from namewright.synth._cli._make import unsafe_option


@click.command(cls=JobCommand)
@click.option("--n", type=click.IntRange(1, 1_000), default=10, show_default=True, help="How many examples.")
@seed_option
@unsafe_option
@json_option
def preview(n: int, seed: int, unsafe: float, as_json: bool) -> None:
    """Show what the dataset of a seed would begin with, and write nothing.

    \b
    Examples:
        synth preview
        synth preview --n 20 --seed 7 --json | head
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.synth._rows import split_rows

    for _, row in split_rows(seed, n, unsafe):
        if as_json:
            print_json(row.model_dump(mode="json"))
            continue
        click.echo(click.style(f"{row.category}", bold=True) + f"  {row.request.description}")
        click.echo(f"    {'  '.join(row.names) or 'BLOCKED'}\n")
