"""The teacher, asked over real HTTP: a small server speaks the OpenAI protocol."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from namewright.shared import ArtifactStore, BadInputError, DatasetRow, NamewrightError, read_rows
from namewright.synth import Plan, make_dataset
from namewright.synth._teacher import TeacherSettings

NAMES = [
    "brewhaven",
    "mugandmeadow",
    "coffee",
    "g00gle",
    "kettleharbor",
    "quietkettle",
    "penisland",
    "tealantern",
    "dawnsaucer",
]


class _Server(BaseHTTPRequestHandler):
    asked = 0
    broken = False

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked += 1
        facts = json.loads(body["messages"][1]["content"])
        assert body["max_completion_tokens"] == 800
        assert body["response_format"]["json_schema"]["strict"]
        said = {
            "description": f"Request {type(self).asked}: {facts['business']}, described anew {hash(str(facts))}",
            "names": NAMES,
        }
        content = "no JSON" if type(self).asked % 4 == 0 else json.dumps(said)
        reply = {
            "id": "x", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": 700, "completion_tokens": 200, "total_tokens": 900},
        }  # fmt: skip
        data = json.dumps(reply).encode()
        self.send_response(400 if self.broken else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Keep the test's output quiet."""


@pytest.fixture
def server(monkeypatch):
    handler = type("Handler", (_Server,), {"asked": 0})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{running.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield handler
    running.shutdown()
    running.server_close()
    thread.join()


def _plan(**settings):
    return Plan(name="taught", n=20, seed=1, teacher=TeacherSettings(**settings))


def test_the_teacher_s_names_go_through_the_same_filters(server, tmp_path):
    artifact, _ = make_dataset(ArtifactStore(tmp_path), _plan())
    rows = [
        row
        for split in ("train", "val", "test")
        for row in read_rows(artifact.file(f"{split}.jsonl"), DatasetRow.model_validate)
    ]
    labels = {domain.split(".")[0] for row in rows for domain in row.names}
    assert len(rows) == 20
    assert labels
    assert labels <= {"brewhaven", "mugandmeadow", "kettleharbor", "quietkettle", "tealantern", "dawnsaucer"}


def test_a_second_run_asks_nothing(server, tmp_path):
    first, _ = make_dataset(ArtifactStore(tmp_path), _plan())
    asked = server.asked
    again, reused = make_dataset(ArtifactStore(tmp_path), _plan(), replace=True)
    assert reused
    (first.folder / "train.jsonl").unlink()
    made, _ = make_dataset(ArtifactStore(tmp_path), _plan(), replace=True)
    assert server.asked == asked
    assert made.hashes() == again.hashes()


def test_the_cost_cap_ends_the_job_and_a_higher_one_goes_on(server, tmp_path):
    with pytest.raises(NamewrightError, match=r"--teacher-max-cost"):
        make_dataset(ArtifactStore(tmp_path), _plan(max_cost=0.002))
    asked = server.asked
    assert asked > 0
    make_dataset(ArtifactStore(tmp_path), _plan(max_cost=1.0))
    cached = len(list((tmp_path / "teacher-cache").iterdir()))
    assert server.asked == cached > asked


def test_what_an_earlier_run_has_spent_counts(server, tmp_path):
    for _ in range(3):
        with pytest.raises(NamewrightError, match=r"has cost \$0\.00 of at most"):
            make_dataset(ArtifactStore(tmp_path), _plan(max_cost=0.002))
    assert 0 < server.asked * (700 * 0.15 + 200 * 0.60) / 1e6 <= 0.002


def test_another_server_is_another_teacher(server, tmp_path, monkeypatch):
    make_dataset(ArtifactStore(tmp_path), _plan())
    asked = server.asked
    monkeypatch.setenv("OPENAI_BASE_URL", TeacherSettings().base_url.replace("127.0.0.1", "localhost"))
    with pytest.raises(BadInputError, match="config: teacher was"):
        make_dataset(ArtifactStore(tmp_path), _plan())
    make_dataset(ArtifactStore(tmp_path), _plan(), replace=True)
    assert server.asked > asked


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "{}",
        '{"content": null, "cost": 1, "model": "m"}',
        '{"content": "x", "cost": NaN, "model": "m"}',
        "\xff",
    ],
)
def test_an_answer_that_cannot_be_read_again_is_asked_for_again(server, tmp_path, kept):
    artifact, _ = make_dataset(ArtifactStore(tmp_path), _plan())
    asked = server.asked
    next((tmp_path / "teacher-cache").iterdir()).write_text(kept, encoding="latin-1")
    (artifact.folder / "train.jsonl").unlink()
    make_dataset(ArtifactStore(tmp_path), _plan(), replace=True)
    assert server.asked >= asked + 1


def test_a_server_that_refuses_is_an_error_with_a_reason(server, tmp_path):
    server.broken = True
    with pytest.raises(NamewrightError, match=r"could not be asked"):
        make_dataset(ArtifactStore(tmp_path), _plan())
    assert not (tmp_path / "datasets" / "taught").exists()
