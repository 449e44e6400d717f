"""Servers and commands that misbehave: one of them is a finding, and never the end of the probe."""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from namewright.probe._case import Case, dump
from namewright.probe._probe import ask, run
from namewright.probe._targets import CommandTarget, HttpTarget

ANSWER = b'{"status": "success", "suggestions": [{"domain": "kopi.com", "confidence": 0.9}]}'
ODD, PLAIN = (Case("plain", name, dump({"description": f"a tea room, {name}"}), "success") for name in ("odd", "plain"))


@pytest.fixture
def server():
    """Start a server that treats the odd request as it is told; gives it."""
    servers = []

    def start(treat):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_arguments):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                self.server.asked += 1
                if b"odd" in body:
                    treat(self)
                else:
                    self.reply(200)

            def reply(self, status, **headers):
                self.send_response(status)
                for name, value in {"content-length": str(len(ANSWER)), **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(ANSWER)

        made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        made.daemon_threads, made.asked = True, 0
        made.url = f"http://127.0.0.1:{made.server_address[1]}"
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(made)
        return made

    yield start
    for one in servers:
        one.shutdown()
        one.server_close()


def kinds(target):
    return [reply.kind for reply, _ in ask(target, [ODD, PLAIN])]


def test_a_server_that_a_request_kills_is_a_crash_of_all_that_it_owes(server):
    def die(handler):
        handler.server.shutdown()
        handler.server.socket.close()
        handler.close_connection = True

    late = Case("plain", "late", dump({"description": "a tea room, late"}), "success")
    outcome = run(HttpTarget(server(die).url, workers=1), [PLAIN, ODD, late], minimise=0)
    assert [(one.case.variant, one.finding.oracle) for one in outcome.failed] == [("odd", "crash"), ("late", "crash")]
    assert "nobody answers there" in outcome.failed[1].reply.text


def test_a_connection_is_tried_once_more(server, monkeypatch):
    gone = server(lambda handler: handler.reply(200))
    gone.shutdown()
    gone.server_close()
    back = []

    async def come_back(_seconds):  # in the time that the target waits
        if not back:
            back.append(ThreadingHTTPServer(gone.server_address, gone.RequestHandlerClass))
            back[0].asked = 0
            threading.Thread(target=back[0].serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    monkeypatch.setattr("namewright.probe._targets._http.asyncio.sleep", come_back)
    assert kinds(HttpTarget(gone.url)) == ["answered", "answered"]
    back[0].shutdown()
    back[0].server_close()


def test_one_404_is_a_crash_of_one(server):
    target = HttpTarget(server(lambda handler: handler.reply(404)).url)
    outcome = run(target, [ODD, PLAIN], minimise=0)
    assert [(one.case.variant, one.finding.oracle) for one in outcome.failed] == [("odd", "crash")]


def test_a_server_that_is_busy_is_asked_again_when_it_says(server):
    def busy_at_first(handler):
        handler.reply(429 if handler.server.asked < 3 else 200, retry_after="0.05")

    made = server(busy_at_first)
    assert kinds(HttpTarget(made.url, workers=1)) == ["answered", "answered"]


def test_a_server_that_stays_busy_did_not_answer_and_did_not_crash(server):
    made = server(lambda handler: handler.reply(429, retry_after="0.01"))
    [one] = run(HttpTarget(made.url), [ODD, PLAIN], minimise=0).failed
    assert (one.case.variant, one.finding.oracle, one.reply.code) == ("odd", "timeout", 429)
    assert made.asked == 6


def test_the_time_for_an_answer_is_for_all_of_it(server):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("content-length", str(len(ANSWER)))
        handler.end_headers()
        for byte in ANSWER:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.1)

    started = time.monotonic()
    assert kinds(HttpTarget(server(drip).url, timeout=0.5)) == ["timeout", "answered"]
    assert time.monotonic() - started < 5


@pytest.fixture
def command(tmp_path):
    """Give a command that answers rightly, then does to its rows and rejected lines as the code says."""

    def write(code):
        script = tmp_path / "command.py"
        script.write_text(
            "import json, sys\n"
            "asked = [json.loads(line) for line in open(sys.argv[2])]\n"
            f"answer = json.loads({ANSWER.decode()!r})\n"
            "rows = [{'id': row['id'], 'response': answer} for row in asked]\n"
            "lines, rejected = [json.dumps(row) for row in rows], []\n"
            "odd = [number for number, row in enumerate(asked) if 'odd' in str(row)]\n"
            f"{code}\n"
            "open(sys.argv[4], 'w').writelines(line + '\\n' for line in lines)\n"
            "open(sys.argv[4] + '.rejected.jsonl', 'w').writelines(line + '\\n' for line in rejected)\n"
        )
        return CommandTarget([sys.executable, str(script)])

    return write


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("for n in odd: lines[n] = 'Sure! Here is a name'", "not JSON"),
        ("for n in odd: lines[n] = '[1]'", "not a prediction row"),
        ("for n in odd: lines[n] = json.dumps({**rows[n], 'id': 'probe-x'})", "not a prediction row"),
        ("for n in odd: lines[n] = json.dumps({**rows[n], 'id': 'probe-999'})", "a request that nobody asked"),
        ("for n in odd: lines[n] = json.dumps({'id': rows[n]['id']})", "has no response"),
        (
            "for n in odd: lines[n] = lines[n].replace('kopi', chr(92) + 'ud800')",
            "half of a character",
        ),
        ("for n in odd: lines[n] = ''; rejected = ['{\"line\": 1}']", "not a rejected line"),
        ("for n in odd: lines[n] = ''; rejected = ['{\"line\": 99, \"reason\": \"no\"}']", "a request that nobody asked"),
        ("for n in odd: import os; os.mkdir(sys.argv[4]); sys.exit(0)", "cannot be read"),
    ],
)  # fmt: skip
def test_a_command_that_answers_nonsense_breaks_its_contract(command, code, said):
    outcome = run(command(code), [PLAIN, ODD], minimise=0)
    assert [(one.case.variant, one.finding.oracle) for one in outcome.failed] == [("odd", "contract")]
    assert said in outcome.failed[0].finding.detail


def test_nonsense_beside_all_the_answers_is_told_too(command):
    outcome = run(command("lines.append('bye')"), [PLAIN, ODD], minimise=0)
    assert [(one.case.variant, one.finding.oracle) for one in outcome.failed] == [("odd", "contract")]
    assert json.loads(outcome.failed[0].reply.text)["status"] == "success"
