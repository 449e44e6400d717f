"""The command line: `guard check`, and what else the guard does for people."""

from __future__ import annotations

import click

from namewright.guard._cli.check import check
from namewright.guard._cli.evaluate import evaluate_command
from namewright.guard._cli.serve import serve
from namewright.guard._cli.train import train
from namewright.shared.cli import JobGroup


@click.group(cls=JobGroup, default="check", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="namewright-guard", prog_name="guard")
def cli() -> None:
    """Is this request, or this domain name, safe?

    \b
      guard check "guns for kids"
      guard check --domain expertsexchange.com
      guard check --file requests.jsonl --out decisions.jsonl
    """  # noqa: D301 - \b is the character that keeps click from joining lines


for command in (check, evaluate_command, serve, train):
    cli.add_command(command)


def main() -> None:
    """Run the command line; options are also read from `NAMEWRIGHT_GUARD_*`."""
    cli(auto_envvar_prefix="NAMEWRIGHT_GUARD")
