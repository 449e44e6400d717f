"""`synth guard-corpus`: labelled texts for the guard."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - click calls the command with it

import click

from namewright.shared.cli import JobCommand, log, output_file, seed_option


@click.command("guard-corpus", cls=JobCommand)
@click.option("--out", type=output_file(), required=True, help="The file to write (JSON lines).")
@click.option(
    "--n", type=click.IntRange(10), default=6_000, show_default=True, help="How many texts, half of them safe."
)
@seed_option
def guard_corpus(out: Path, n: int, seed: int) -> None:
    """Write safe and unsafe texts to train the guard on: {"text", "label", "category", "source"} a line.

    \b
    Examples:
        synth guard-corpus --out guard_corpus.jsonl
        guard train --corpus guard_corpus.jsonl
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    from namewright.shared import write_rows
    from namewright.synth._guard_corpus import corpus_rows

    written = write_rows(out, corpus_rows(seed, n))
    log(f"wrote {written:,} texts to {out}")
