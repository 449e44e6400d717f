"""LLM judge against a local server that takes 200 ms a call, 32 in flight: `python benchmarks/throughput.py`."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path

from namewright.judge import NamesTask, load_rubric
from namewright.judge._llm import LLMJudge, Settings
from namewright.shared import Request

CALLS, IN_FLIGHT, DELAY = 640, 32, 0.2


def main() -> None:
    path = Path(__file__).parents[1] / "tests" / "fake_server.py"
    spec = importlib.util.spec_from_file_location("fake_server", path)
    fake = importlib.util.module_from_spec(spec)
    sys.modules["fake_server"] = fake
    spec.loader.exec_module(fake)
    os.environ["OPENAI_API_KEY"] = "none"
    tasks = [NamesTask(Request(description=f"A bakery, number {i}."), ("brewhaven.com",)) for i in range(CALLS)]
    print("| server bears | seconds | calls a second | of the limit | refused |\n|---|---|---|---|---|")
    for most in (10_000, 16):
        with fake.running(delay=DELAY, most=most) as server, tempfile.TemporaryDirectory() as folder:
            os.environ["OPENAI_BASE_URL"] = server.url
            settings = Settings(model="fake", cache=Path(folder), in_flight=IN_FLIGHT, backoff=0.1, attempts=20)
            judge = LLMJudge(settings, load_rubric())
            start = time.monotonic()
            verdicts = judge.judge(tasks)
            seconds = time.monotonic() - start
            assert all(not verdict.unscored for verdict in verdicts)
            limit = min(most, IN_FLIGHT) / DELAY
            bears = "any" if most > IN_FLIGHT else most
            print(
                f"| {bears} | {seconds:.2f} | {CALLS / seconds:.0f} | {CALLS / seconds / limit:.0%} | {server.refusals} |"
            )


if __name__ == "__main__":
    main()
