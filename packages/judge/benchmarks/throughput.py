"""LLM judge against a local server that takes 200 ms a call, 32 in flight: `python benchmarks/throughput.py`.

The server is a process of its own, as a real one would be. Run it on an idle machine: client and server want a core each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from namewright.judge import NamesTask, load_rubric
from namewright.judge._llm import LLMJudge, Settings
from namewright.shared import Request

CALLS, IN_FLIGHT, DELAY = 640, 32, 0.2
SERVER = """
import sys
sys.path.insert(0, sys.argv[1])
from fake_server import running
with running(delay=float(sys.argv[2]), most=int(sys.argv[3])) as server:
    print(server.url, flush=True)
    sys.stdin.read()
    print(server.refusals)
"""


def main() -> None:
    os.environ["OPENAI_API_KEY"] = "none"
    tasks = [NamesTask(Request(description=f"A bakery, number {i}."), ("brewhaven.com",)) for i in range(CALLS)]
    print(
        "| server bears | seconds | CPU seconds | calls a second | of the limit | refused |\n|---|---|---|---|---|---|"
    )
    for most in (10_000, 16):
        command = [sys.executable, "-c", SERVER, str(Path(__file__).parents[1] / "tests"), str(DELAY), str(most)]
        with (
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            os.environ["OPENAI_BASE_URL"] = server.stdout.readline().strip()
            settings = Settings(model="fake", cache=Path(folder), in_flight=IN_FLIGHT, backoff=0.1, attempts=20)
            judge = LLMJudge(settings, load_rubric())
            start, used = time.monotonic(), time.process_time()
            verdicts = judge.judge(tasks)
            seconds, used = time.monotonic() - start, time.process_time() - used
            refused = server.communicate("")[0].strip()
            assert all(not verdict.unscored for verdict in verdicts)
            share = CALLS / seconds / (min(most, IN_FLIGHT) / DELAY)
            bears = "any" if most > IN_FLIGHT else most
            print(
                f"| {bears} | {seconds:.2f} | {used:.2f} | {CALLS / seconds:.0f} | {share:.0%} | {refused} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
