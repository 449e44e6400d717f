"""`guard train`: make the classifier's weights again."""

from __future__ import annotations

from pathlib import Path

import click

from namewright.guard._result import GuardError
from namewright.shared.cli import JobCommand, fail, input_file, log, output_file, seed_option


@click.command(cls=JobCommand)
@click.option("--out", type=output_file(), required=True, help="Where the weights go (.npz); a card is written beside.")
@click.option(
    "--corpus",
    "corpora",
    type=input_file(),
    multiple=True,
    help="More examples: JSON lines with text, label, category, source. Repeatable.",
)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the grammar, the written lines and the word vectors; by default the checkout's `training`.",
)
@click.option(
    "--scale", type=click.FloatRange(0.01, 20), default=1.0, show_default=True, help="Size of the own corpus."
)
@seed_option
def train(out: Path, corpora: tuple[Path, ...], data: Path | None, scale: float, seed: int) -> None:
    """Train the classifier on the package's own synthetic corpus, and on yours.

    \b
      guard train --out weights.npz
      guard train --out weights.npz --corpus artifacts/guard-corpus/train.jsonl
    """  # noqa: D301 - \b is the character that keeps click from joining lines
    try:
        from namewright.guard._training._run import CHECKOUT_DATA, train_weights
    except ImportError as error:
        fail(f"training needs the extra: pip install 'namewright-guard[train]' ({error.name} is missing)", 1)
    try:
        card = train_weights(out, data=data or CHECKOUT_DATA, corpora=corpora, scale=scale, seed=seed, say=log)
    except GuardError as error:
        fail(str(error), 2)
    log(f"{out}: {out.stat().st_size:,} bytes, trained on {card['examples']:,} texts")
