"""The options that say which judge is asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from namewright.shared import BadInputError
from namewright.shared.cli import NumberRange, input_file, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from namewright.judge._scoring.judges import Judge
    from namewright.judge._scoring.rubric import Rubric

# One thread a product: sums come out in one order, and a small matrix is no faster on two. OpenBLAS reads this when numpy
# is first imported, so it stands before any command imports it; texts are encoded on several threads all the same.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

Command = TypeVar("Command", bound="Callable[..., Any]")

_SECONDS = NumberRange(0, min_open=True, finite=True, complaint="is no finite number")
_DOLLARS = NumberRange(0, finite=True, complaint="is no finite number")
_OPTIONS = (
    click.option(
        "--judge",
        "kind",
        type=click.Choice(["offline", "openai"]),
        default="offline",
        show_default=True,
        envvar="NAMEWRIGHT_JUDGE",
        help="Measured offline, or by a language model behind an OpenAI-compatible server (OPENAI_BASE_URL).",
    ),
    click.option(
        "--rubric", type=input_file(), help="YAML file with the criteria's weights, instead of the built-in ones."
    ),
    click.option(
        "--llm-model", default="gpt-4o-mini", show_default=True, help="The judging model's name at the server."
    ),
    click.option("--llm-seed", default=42, show_default=True, help="Shuffles the names, and is handed to the server."),
    click.option("--logprobs/--no-logprobs", default=True, help="Weigh scores by the probabilities of their digits."),
    click.option(
        "--in-flight", type=click.IntRange(1, 512), default=16, show_default=True, help="Most calls at a time."
    ),
    click.option(
        "--timeout",
        type=_SECONDS,
        default=60.0,
        show_default=True,
        help="Seconds until a call has failed, all of it.",
    ),
    click.option("--attempts", type=click.IntRange(1, 20), default=5, show_default=True, help="Tries for one call."),
    click.option(
        "--backoff",
        type=_SECONDS,
        default=1.0,
        show_default=True,
        help="Seconds before the second try; doubles.",
    ),
    click.option("--price-in", type=_DOLLARS, help="Dollars for a million prompt tokens; goes with --price-out."),
    click.option("--price-out", type=_DOLLARS, help="Dollars for a million completion tokens; goes with --price-in."),
    click.option(
        "--max-dollars", type=_DOLLARS, help="Hard cap: nothing is asked that could pass it (needs the prices)."
    ),
    click.option(
        "--llm-cache",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of replies already paid for; by default namewright/judge in the user's cache folder.",
    ),
)


def judge_options(command: Command) -> Command:
    """Add `--judge`, `--rubric` and the options of the LLM judge; the command takes them as keywords."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make_judge(values: Mapping[str, Any]) -> tuple[Judge, Rubric]:
    """Make the judge that the options ask for, from the values of all of `judge_options`."""
    from namewright.judge._scoring.rubric import DEFAULT_RUBRIC, load_rubric

    weights = load_rubric(values["rubric"] or DEFAULT_RUBRIC)
    if values["kind"] == "offline":
        from namewright.judge._offline import OfflineJudge

        return OfflineJudge(weights), weights
    llm = {name: value for name, value in values.items() if name not in {"kind", "rubric"}}
    return _llm_judge(weights, **llm), weights


def _llm_judge(
    weights: Rubric,
    *,
    llm_model: str,
    llm_seed: int,
    logprobs: bool,
    in_flight: int,
    timeout: float,
    attempts: int,
    backoff: float,
    price_in: float | None,
    price_out: float | None,
    max_dollars: float | None,
    llm_cache: Path | None,
) -> Judge:
    try:
        from namewright.judge._llm import LLMJudge, Prices, Settings
    except ModuleNotFoundError as error:
        raise BadInputError("the LLM judge needs its extra: pip install 'namewright-judge[llm]'") from error
    if (price_in is None) != (price_out is None):
        raise click.UsageError("--price-in and --price-out go together: a call is paid for both ways")
    if max_dollars is not None and not (price_in or price_out):
        raise click.UsageError("--max-dollars needs --price-in and --price-out to count with")
    settings = Settings(
        model=llm_model,
        cache=llm_cache or _cache_folder(),
        seed=llm_seed,
        logprobs=logprobs,
        in_flight=in_flight,
        attempts=attempts,
        timeout=timeout,
        backoff=backoff,
        prices=Prices(price_in or 0.0, price_out or 0.0, max_dollars),
    )
    return LLMJudge(settings, weights, announce=log)


def _cache_folder() -> Path:
    """Follow the XDG base directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "namewright" / "judge"
