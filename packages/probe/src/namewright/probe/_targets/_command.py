"""A suggester behind the contract of the `suggest` command: a file of requests in, prediction rows out."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from namewright.probe._targets._reply import Reply
from namewright.shared import BadInputError, MissingArtifactError, NamewrightError, read_rows
from namewright.shared.cli import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from namewright.shared import RejectedLine

_BAD_INPUT, _NO_ARTIFACT = 2, 3
_ID = re.compile(r"probe-([0-9]{1,9})")


@dataclass
class CommandTarget:
    """Runs a command of the form `COMMAND --file IN --out OUT` on a batch of requests.

    A batch that ends without all its answers is halved until the request that broke it stands alone. Rows that are none
    of the contract's are a note on the reply to that request, or on the batch's last one where all were answered.

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
            done, replies, nonsense = self._run(bodies, Path(folder))
        missing = [number for number in range(len(bodies)) if number not in replies]
        if missing == [0] and len(bodies) == 1:
            return [replace(done, kind="failed", note=nonsense[0]) if nonsense else done]
        if nonsense and not missing:
            replies[len(bodies) - 1] = replace(replies[len(bodies) - 1], note=nonsense[0])
        halves = (missing[: len(missing) // 2], missing[len(missing) // 2 :]) if not replies else (missing,)
        for half in halves:
            replies.update(zip(half, self.ask([bodies[number] for number in half]), strict=True))
        return [replies[number] for number in range(len(bodies))]

    def _run(self, bodies: Sequence[str], folder: Path) -> tuple[Reply, dict[int, Reply], list[str]]:
        """Start the command once; gives how it ended, the replies by their place in the batch, and what is no reply."""
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
            return Reply("timeout", f"no answer within {error.timeout:g} s"), {}, []
        except OSError as error:
            raise NamewrightError(f"{self.command[0]}: cannot be started: {error.strerror}") from error
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == _NO_ARTIFACT:
            raise MissingArtifactError(
                said.splitlines()[-1].removeprefix("error: ") if said else "the model is missing"
            )
        ended = Reply("refused" if done.returncode == _BAD_INPUT else "failed", said[-2_000:], done.returncode)
        return ended, *_replies(out, len(bodies))


def _replies(out: Path, count: int) -> tuple[dict[int, Reply], list[str]]:
    """Read what a command left: replies by their place in a batch of `count`, and what is wrong with any other row."""
    nonsense: list[str] = []

    def rows(path: Path, parse: Callable[[Any], tuple[int, Reply]]) -> Iterator[tuple[int, Reply]]:
        if not path.exists():
            return
        try:
            for number, reply in read_rows(path, parse, on_bad_line=lambda bad: nonsense.append(_without_folder(bad))):
                if 0 <= number < count:
                    yield number, reply
                else:
                    nonsense.append(f"{path.name}: a row for a request that nobody asked")
        except BadInputError as error:  # no file, or none that can be read
            nonsense.append(str(error).replace(f"{path.parent}/", ""))

    replies: dict[int, Reply] = {}
    last = -1
    for number, reply in rows(out, _prediction):
        note = reply.note or ("" if number > last else f"row probe-{number} does not stand in the input's order")
        last = max(number, last)
        replies[number] = replace(reply, note=note)
    replies.update(rows(out.with_name(f"{out.name}.rejected.jsonl"), _rejection))
    return replies, nonsense


def _without_folder(bad: RejectedLine) -> str:
    """Say what is wrong with a line; the folder is a temporary one and no matter of the finding's."""
    return f"{Path(bad.file).name}:{bad.line}: {bad.reason}"


def _prediction(row: Any) -> tuple[int, Reply]:  # noqa: ANN401 - JSON is whatever it is
    found = _ID.fullmatch(str(row["id"])) if isinstance(row, dict) and "id" in row else None
    if found is None:
        raise ValueError("not a prediction row with the id that was asked")
    if "response" not in row:
        return int(found[1]), Reply("failed", json.dumps(row), note=f"row {found[0]} has no response")
    return int(found[1]), Reply("answered", json.dumps(row["response"], ensure_ascii=False))


def _rejection(row: Any) -> tuple[int, Reply]:  # noqa: ANN401 - JSON is whatever it is
    """Read a rejected line: it says its place, or, where it was read well and no name could be found, its id."""
    if not isinstance(row, dict) or not isinstance(row.get("reason"), str) or type(row.get("line")) is not int:
        raise ValueError("not a rejected line with its line and the reason")
    by_id = re.match(rf"{_ID.pattern}: ", row["reason"])
    return int(by_id[1]) if by_id else row["line"] - 1, Reply("refused", row["reason"])
