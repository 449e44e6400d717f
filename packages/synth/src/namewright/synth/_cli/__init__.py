"""The command line: `synth` makes the dataset, its sub-commands show, check and export."""

from __future__ import annotations

import click

from namewright.shared.cli import JobGroup
from namewright.synth._cli._check import check
from namewright.synth._cli._guard_corpus import guard_corpus
from namewright.synth._cli._make import make
from namewright.synth._cli._names import names
from namewright.synth._cli._predictions import predictions
from namewright.synth._cli._preview import preview
from namewright.synth._cli._suite import suite

_HELP = """Make a dataset of business descriptions and good domain names.

\b
    synth                         1,000 examples in artifacts/datasets/v1
    synth --name v0 --n 50        a small one, for trying things out
    synth preview                 show a few examples, write nothing
    synth check FILE              what is wrong in a file of our schema, on which line
    synth suite edge-cases        hand-designed rows to measure on, with what should happen
    synth guard-corpus --out F    labelled texts for `guard train`
    synth names --file F --out P  name any requests by the same rules, without a model
    synth predictions             the dataset's own names as answers, for a report's column

Without a sub-command, `synth` is `synth make`.
"""


@click.group(cls=JobGroup, default="make", help=_HELP)
@click.version_option(package_name="namewright-synth")
def cli() -> None:
    """Group of the commands; click shows `_HELP`."""


for command in (make, preview, check, suite, guard_corpus, predictions, names):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(auto_envvar_prefix="NAMEWRIGHT_SYNTH")
