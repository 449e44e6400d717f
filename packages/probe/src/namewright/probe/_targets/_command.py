"""A suggester behind the contract of the `suggest` command: a file of requests in, prediction rows out."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from namewright.probe._targets._reply import Reply
from namewright.shared import MissingArtifactError, NamewrightError, read_rows
from namewright.shared.cli import log

if TYPE_CHECKING:
    from collections.abc import Sequence

_BAD_INPUT, _NO_ARTIFACT = 2, 3


@dataclass
class CommandTarget:
    """Runs a command of the form `COMMAND --file IN --out OUT` on a batch of requests.

    A batch that ends without all its answers is halved until the request that broke it stands alone.

    Attributes:
        command: The command, up to and without `--file`.
        timeout: How many seconds one answer may take.
        startup: How many seconds more the command may take to start (it loads a model).
        launches_left: How often it may still be started: halving a broken batch is not free.
    """

    command: Sequence[str]
    timeout: float = 60.0
    startup: float = 300.0
    launches_left: int = 64

    def ask(self, bodies: Sequence[str]) -> list[Reply]:
        """Put a batch of requests to the command."""
        if not bodies:
            return []
        if self.launches_left <= 0:
            return [Reply("failed", "not asked again: the command has failed too often")] * len(bodies)
        self.launches_left -= 1
        with tempfile.TemporaryDirectory(prefix="probe-") as folder:
            done, replies = self._run(bodies, Path(folder))
        missing = [number for number in range(len(bodies)) if number not in replies]
        if missing == [0] and len(bodies) == 1:
            return [done]
        halves = (missing[: len(missing) // 2], missing[len(missing) // 2 :]) if not replies else (missing,)
        for half in halves:
            replies.update(zip(half, self.ask([bodies[number] for number in half]), strict=True))
        return [replies[number] for number in range(len(bodies))]

    def _run(self, bodies: Sequence[str], folder: Path) -> tuple[Reply, dict[int, Reply]]:
        """Start the command once; gives how it ended, and the replies that it left by their place in the batch."""
        requests, out = folder / "requests.jsonl", folder / "predictions.jsonl"
        lines = (f'{{"id": "probe-{number}", "request": {body}}}\n' for number, body in enumerate(bodies))
        requests.write_text("".join(lines), encoding="utf-8")
        log(f"asking {len(bodies):,} requests of `{' '.join(self.command)}`")
        try:
            done = subprocess.run(
                [*self.command, "--file", str(requests), "--out", str(out)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self.startup + self.timeout * len(bodies),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return Reply("timeout", f"no answer within {error.timeout:g} s"), {}
        except OSError as error:
            raise NamewrightError(f"{self.command[0]}: cannot be started: {error.strerror}") from error
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == _NO_ARTIFACT:
            raise MissingArtifactError(
                said.splitlines()[-1].removeprefix("error: ") if said else "the model is missing"
            )
        ended = Reply("refused" if done.returncode == _BAD_INPUT else "failed", said[-2_000:], done.returncode)
        return ended, _replies(out)


def _replies(out: Path) -> dict[int, Reply]:
    answered = _answered(out) if out.exists() else {}
    rejected = out.with_name(f"{out.name}.rejected.jsonl")
    refused = read_rows(rejected, _rejection) if rejected.exists() else []
    return {**answered, **dict(refused)}


def _rejection(row: Any) -> tuple[int, Reply]:  # noqa: ANN401 - JSON is whatever it is
    """Read a rejected line: it says its place, or, where it was read well and no name could be found, its id."""
    by_id = re.match(r"probe-(\d+): ", row["reason"])
    return int(by_id[1]) if by_id else row["line"] - 1, Reply("refused", str(row["reason"]))


def _answered(out: Path) -> dict[int, Reply]:
    replies: dict[int, Reply] = {}
    last = -1
    for row in read_rows(out, _prediction, on_bad_line=lambda rejected: log(f"error: {rejected}")):
        number = int(row["id"].removeprefix("probe-"))
        note = "" if number > last else f"row {row['id']} does not stand in the input's order"
        last = max(number, last)
        replies[number] = Reply("answered", json.dumps(row["response"], ensure_ascii=False), note=note)
    return replies


def _prediction(row: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is whatever it is
    if not isinstance(row, dict) or not str(row.get("id", "")).startswith("probe-") or "response" not in row:
        raise ValueError("not a prediction row with the id that was asked")
    return row
