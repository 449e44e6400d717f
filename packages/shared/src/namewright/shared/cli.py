"""What every job's command line has in common.

Flags stand over environment variables (`NAMEWRIGHT_*`), those over `--config FILE` (YAML), those over defaults.
Data goes to stdout, progress and logs to stderr. Exit codes: see `namewright.shared.errors`.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click_default_group import DefaultGroup

from namewright.shared.artifacts import ArtifactStore
from namewright.shared.config_files import read_config
from namewright.shared.errors import NamewrightError
from namewright.shared.secret_files import read_secret_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from namewright.shared.jsonl import Rejections


class JobCommand(click.Command):
    """A command that turns our errors into one clear line and an exit code, and has `--config` and `--debug`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature
        super().__init__(*args, **kwargs)
        self.params += [
            click.Option(
                ["--config"],
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                is_eager=True,
                expose_value=False,
                callback=_read_config,
                help="YAML file with values for these options; flags and environment variables stand over it.",
            ),
            click.Option(["--debug"], is_flag=True, expose_value=False, callback=_set_debug, help="Show tracebacks."),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options, each from the environment too under the name that it has on the command line."""
        for param in self.params:
            if isinstance(param, click.Option) and param.envvar is None and ctx.auto_envvar_prefix:
                name = max(param.opts, key=len).lstrip("-").replace("-", "_")
                param.envvar = f"{ctx.auto_envvar_prefix}_{name.upper()}"
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command, and say what went wrong as a person would."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _stop)
        try:
            read_secret_files()
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a traceback never reaches the user, unless they want it
            if ctx.meta.get("namewright.debug"):
                log(traceback.format_exc().rstrip())
            if isinstance(error, NamewrightError):
                fail(str(error), error.exit_code)
            fail(f"{type(error).__name__}: {error} (not foreseen; --debug shows where)", 1)


class NumberRange(click.FloatRange):
    """A range of numbers; click's own lets "nan" pass, which is neither below nor above any bound.

    Args:
        args: The least and the greatest number, as click takes them.
        finite: Whether infinity is refused too.
        complaint: What is said of such a value.
        kwargs: What else click takes.
    """

    def __init__(self, *args: Any, finite: bool = False, complaint: str = "is not a number", **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **kwargs)
        self._fits, self._complaint = (math.isfinite if finite else lambda number: not math.isnan(number)), complaint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's own signature
        """Read the number."""
        number = super().convert(value, param, ctx)
        if not self._fits(number):
            self.fail(f"{value!r} {self._complaint}.", param, ctx)
        return number


class JobGroup(DefaultGroup):
    """A group of commands with one that runs when none is named: `synth --n 50` is `synth make --n 50`."""

    command_class = JobCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own signature
        kwargs.setdefault("default_if_no_args", True)
        super().__init__(*args, **kwargs)


def fail(message: str, exit_code: int) -> NoReturn:
    """End the process: the message on stderr, the exit code for whoever called."""
    click.echo(f"error: {message}", err=True)
    raise click.exceptions.Exit(exit_code)


def log(message: str) -> None:
    """Say something to the person who watches; on stderr, since stdout is for data."""
    click.echo(message, err=True)


def refuse_same_file(output: Path | None, *inputs: Path | None) -> None:
    """Keep a job from writing its output over one of its inputs.

    Raises:
        click.UsageError: they are the same file, whatever their names.
    """
    if output is None or not os.path.isfile(output):  # noqa: PTH113 - Path's own raises where the name is too long
        return
    for path in inputs:
        if path is not None and path.exists() and output.samefile(path):
            raise click.UsageError(f"{output}: the output would be written over the input {path}; give another file")


def report_rejections(rejections: Rejections, output: Path | None, *, read: int) -> None:
    """Tell of the lines that could not be read, and end with exit code 2 where there were any.

    Called when the good rows are safely written: a long file survives its bad lines, and its caller still learns
    that the input has to be mended.
    """
    kept = rejections.write_beside(output) if output else None
    if not rejections.lines:
        return
    for rejected in rejections.lines[:5]:
        log(f"error: {rejected}")
    if len(rejections.lines) > 5:  # noqa: PLR2004 - enough to see what is wrong
        log(f"error: ... and {len(rejections.lines) - 5:,} more lines")
    beside = f"; the bad ones are kept in {kept}" if kept else ""
    fail(f"{len(rejections.lines):,} bad lines, {read:,} good ones were worked on{beside}", 2)


def serve_http(app: Any, host: str, port: int, announcement: str) -> None:  # noqa: ANN401 - an ASGI application
    """Serve an application until it is told to stop, and say where, once that is sure.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        announcement: What to say, with `{}` where the address goes.
    """
    import socket  # noqa: PLC0415 - only services need them

    try:
        import uvicorn  # noqa: PLC0415
    except ImportError:
        fail("serving needs uvicorn, which the package's extra `serve` brings", 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        fail(f"{host}:{port}: nobody can listen there: {error.strerror or error}", 2)
    shown = f"[{host}]" if ":" in host else host
    log(announcement.format(f"http://{shown}:{listening.getsockname()[1]}"))
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listening])


def progress(items: Iterable[Any], *, total: int | None = None, label: str) -> Iterable[Any]:
    """Show a progress bar on stderr while somebody goes through the items."""
    from tqdm import tqdm  # noqa: PLC0415 - 30 ms that `--help` need not pay

    return tqdm(items, total=total, desc=label, file=sys.stderr, mininterval=0.5, dynamic_ncols=True)


def print_json(value: Any) -> None:  # noqa: ANN401 - JSON is whatever it is
    """Print a JSON value on one line of stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))


artifacts_option = click.option(
    "--artifacts",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("artifacts"),
    show_default=True,
    envvar="NAMEWRIGHT_ARTIFACTS",
    callback=lambda _ctx, _param, value: ArtifactStore(value),
    help="Folder under which all artifacts live.",
)
replace_option = click.option(
    "--replace",
    is_flag=True,
    envvar="NAMEWRIGHT_REPLACE",
    help="Make the artifact again where another recipe has made one of this name.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=42,
    show_default=True,
    envvar="NAMEWRIGHT_SEED",
    help="Where randomness starts.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
input_file = partial(click.Path, exists=True, dir_okay=False, path_type=Path)
output_file = partial(click.Path, dir_okay=False, path_type=Path)


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def _set_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    ctx.meta["namewright.debug"] = value


def _read_config(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    if path is not None:
        ctx.default_map = read_config(path, ctx)
