"""The command line of `probe`."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from namewright.probe._mutators import MUTATORS
from namewright.shared import BadInputError, NamewrightError, Recipe, Rejections
from namewright.shared.cli import (
    JobCommand,
    JobGroup,
    NumberRange,
    artifacts_option,
    input_file,
    json_option,
    log,
    print_json,
    replace_option,
    report_rejections,
    seed_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from namewright.probe._targets import Target
    from namewright.probe.records import Clusters
    from namewright.shared import ArtifactStore

_SECONDS = NumberRange(0, 86_400, min_open=True, complaint="is no number of seconds")


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say which suggester to ask; both commands have these."""
    options = [
        click.option("--against", metavar="URL", help="A suggester's address: http://localhost:8000."),
        click.option("--model", metavar="RUN", help="A model to ask through the `suggest` command."),
        click.option(
            "--command",
            default="suggest",
            show_default=True,
            help="The command that --model is put to; any that takes --model, --artifacts, --file and --out will do.",
        ),
        click.option(
            "--timeout",
            type=_SECONDS,
            default=60.0,
            show_default=True,
            help="Seconds an answer may take.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            default=2,
            show_default=True,
            help="Requests under way at once, with --against.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(cls=JobGroup, default="run")
@click.version_option(package_name="namewright-probe")
def cli() -> None:
    """Hunt the edge cases of a suggester: odd requests go in, and rules alone say what is wrong with the answers.

    \b
    probe run --against http://localhost:8000
    probe run --model baseline --budget 100 --mutators unicode,obfuscation
    probe replay artifacts/probes/baseline/regressions.jsonl --model baseline
    """  # noqa: D301 - click wants the character \b itself


@cli.command(cls=JobCommand)
@target_options
@click.option(
    "--requests", "path", type=input_file(), help="Start from these requests (one a line) in place of the bundled ones."
)
@click.option(
    "--mutators", default="all", show_default=True, help=f"Some of: {', '.join(MUTATORS)}; with commas between."
)
@click.option("--budget", type=click.IntRange(1), default=200, show_default=True, help="How many cases to ask.")
@click.option(
    "--minimise",
    type=click.IntRange(0),
    default=200,
    show_default=True,
    help="How many requests more may go into making failing ones smaller.",
)
@click.option("--run", "name", help="Name of the result.  [default: the model's, or the address's]")
@seed_option
@artifacts_option
@replace_option
@json_option
def run(
    *,
    path: Path | None,
    mutators: str,
    budget: int,
    minimise: int,
    name: str | None,
    seed: int,
    store: ArtifactStore,
    replace: bool,
    as_json: bool,
    **target: Any,  # noqa: ANN401 - the options of target_options
) -> None:
    """Ask odd requests, write what fails to probes/RUN: failures.jsonl, clusters.json, regressions.jsonl.

    Exit code 0 means that the probe has done its work, whatever it has found.
    """
    from namewright.probe import _probe, _seeds, _write
    from namewright.shared import library_versions, maker_of

    _refuse_both_and_neither(target)
    chosen = _chosen(mutators)
    name = name or _name_of(target)
    rejections = Rejections()
    seeds = _seeds.read_seeds(path, rejections) if path else _seeds.bundled_seeds()
    if not seeds:
        raise BadInputError(f"{path}: no request in it can be read")
    cases = _probe.make_cases(seeds, chosen, budget, seed)
    if not cases:
        raise BadInputError(f"--mutators {mutators} make no case of these requests: there is nothing to ask")
    recipe = Recipe(
        maker=maker_of("probe"),
        config={
            **{key: target[key] for key in ("against", "model", "command", "timeout")},
            "mutators": chosen,
            "budget": budget,
            "minimise": minimise,
            # A server, or a command, may be another tomorrow: what was found today is never reused.
            "asked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        seed=seed,
        libraries=library_versions("namewright-guard", "namewright-suggest"),
        inputs=_inputs(store, target["model"], path),
    )
    if (store.root / "probes" / name).exists() and not replace:
        raise BadInputError(f"{store.root / 'probes' / name}: there already; give another --run, or --replace")
    suggester = _reach(target, store)
    with store.create(f"probes/{name}", recipe) as draft:
        _probe.check_alive(suggester)
        clusters = _write.write(_probe.run(suggester, cases, minimise=minimise), draft.folder)
    _show(clusters, store.root / "probes" / name, as_json=as_json)
    report_rejections(rejections, store.root / "probes" / f"{name}.requests", read=len(seeds))


@cli.command(cls=JobCommand)
@click.argument("file", type=input_file())
@target_options
@artifacts_option
@json_option
def replay(*, file: Path, store: ArtifactStore, as_json: bool, **target: Any) -> None:  # noqa: ANN401
    """Ask the requests of a regressions.jsonl again; exit code 1 unless all of them are answered rightly.

    Each line says how one fares: it still fails, fails otherwise, cannot be judged (its unmutated request is answered
    wrongly), or is fixed.
    """
    from namewright.probe import _probe, _write
    from namewright.probe.records import Regression
    from namewright.shared import read_rows

    rows = list(read_rows(file, Regression.model_validate))
    if not rows:
        raise BadInputError(f"{file}: there is no regression in it")
    asked = [_write.read_back(row) for row in rows]
    suggester = _reach(target, store)
    _probe.check_alive(suggester)
    replies = _probe.ask(suggester, [case for case, _ in asked])
    states = [_probe.replayed(*one, *reply) for one, reply in zip(asked, replies, strict=True)]
    for row, (state, detail) in zip(rows, states, strict=True):
        if as_json:
            named = {"cluster": row.cluster, "oracle": row.oracle, "mutator": row.mutator}
            print_json({**named, "fails": state != "fixed", "state": state, "detail": detail})
        else:
            click.echo(f"{state:16}  {row.cluster}  {row.mutator}: {detail or row.detail}")
    counts = Counter(state for state, _ in states)
    if counts["fixed"] < len(states):
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if state != "fixed")
        raise NamewrightError(f"{len(states) - counts['fixed']} of {len(states)} regressions are not fixed: {told}")
    log(f"none of {len(states)} regressions fails any more")


def main() -> None:
    """Run the command line; `NAMEWRIGHT_PROBE_RUN_BUDGET=50` is `--budget 50`."""
    cli(auto_envvar_prefix="NAMEWRIGHT_PROBE")


def _chosen(mutators: str) -> list[str]:
    names = list(MUTATORS) if mutators == "all" else [name.strip() for name in mutators.split(",")]
    if unknown := [name for name in names if name not in MUTATORS]:
        raise BadInputError(f"--mutators: there is no {unknown[0]!r}; there are {', '.join(MUTATORS)}")
    return names


def _name_of(target: dict[str, Any]) -> str:
    text = target["model"] if not target["against"] else target["against"].partition("://")[2]
    return "-".join("".join(c if c.isalnum() or c in "._-" else " " for c in text or "").split())


def _inputs(store: ArtifactStore, model: str | None, path: Path | None) -> dict[str, str]:
    from namewright.shared.files import sha256_of

    inputs = {f"requests/{path.name}": sha256_of(path)} if path else {}
    if model and (store.root / "models" / model).is_dir():
        inputs |= store.open(f"models/{model}").hashes()
    return inputs


def _reach(target: dict[str, Any], store: ArtifactStore) -> Target:
    """Reach the suggester that the options name."""
    from namewright.probe._targets import CommandTarget, HttpTarget

    _refuse_both_and_neither(target)
    if target["against"]:
        return HttpTarget(target["against"], target["timeout"], target["workers"])
    try:
        program, *rest = shlex.split(target["command"])
    except ValueError as error:  # a quotation without its end, or nothing at all
        raise BadInputError(f"--command: {target['command']!r} is no command: {error}") from error
    beside = Path(sys.executable).parent / program  # the same environment's, before any other on the path
    found = str(beside) if beside.is_file() else shutil.which(program)
    if found is None:
        raise BadInputError(f"--command: there is no program {program!r}; install namewright-suggest, or use --against")
    return CommandTarget([found, *rest, "--model", target["model"], "--artifacts", str(store.root)], target["timeout"])


def _refuse_both_and_neither(target: dict[str, Any]) -> None:
    if bool(target["against"]) == bool(target["model"]):
        raise click.UsageError("say whom to ask: --against URL or --model RUN")


def _show(clusters: Clusters, folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(clusters.model_dump(mode="json"))
    else:
        click.echo(f"{clusters.failed} of {clusters.asked} cases failed, in {len(clusters.clusters)} clusters")
        for name, tally in clusters.mutators.items():
            unjudged = f", {tally.unjudged} unjudged: their plain form fails already" if tally.unjudged else ""
            click.echo(f"  {name:<12} {tally.failed:>4} of {tally.asked}{unjudged}")
        for cluster in clusters.clusters[:20]:
            click.echo(f"{cluster.count:>4} x {cluster.mutator}/{cluster.oracle}: {cluster.signature}  [{cluster.id}]")
    log(f"wrote {folder}")
