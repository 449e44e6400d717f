"""A server that speaks OpenAI's chat protocol over real HTTP, with faults on order."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeServer(ThreadingHTTPServer):
    """Scores by length, so that equal questions have equal answers; `faults` are served first, one a call."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, faults=(), delay=0.0, most=10_000, *, logprobs=False, usage=(500, 100)):
        super().__init__(("127.0.0.1", 0), Handler)
        self.faults, self.delay, self.most, self.logprobs, self.usage = list(faults), delay, most, logprobs, usage
        self.lock = threading.Lock()
        self.bodies, self.times, self.refusals = [], [], 0
        self.in_flight = self.peak = self.completed = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request, client_address):
        """A client that was killed is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: with Nagle's algorithm the second waits 40 ms for the first one's ACK.
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with server.lock:
            server.bodies.append(body)
            server.times.append(time.monotonic())
            server.in_flight += 1
            server.peak = max(server.peak, server.in_flight)
            busy = server.in_flight > server.most
            fault = server.faults.pop(0) if server.faults else None
        try:
            if busy:
                server.refusals += 1
                return self.reply(429, {"error": {"message": "busy"}}, {"retry-after": "0.05"})
            time.sleep(server.delay)
            return self.serve(body, fault)
        finally:
            with server.lock:
                server.in_flight -= 1

    def serve(self, body, fault):
        if isinstance(fault, tuple):
            return self.reply(fault[0], {"error": {"message": "told to fail"}}, fault[1])
        if isinstance(fault, int):
            return self.reply(fault, {"error": {"message": "told to fail"}}, {})
        if fault == "drop":
            self.close_connection = True
            return self.connection.close()
        if fault == "slow":
            time.sleep(3)
        if fault == "drip":
            return self.drip()
        if fault == "shapeless":
            return self.reply(200, {"choices": [{"index": 0}]}, {})
        text = answer(body)
        refusal = "I cannot judge this" if fault == "refusal" else None
        text = {"truncated": text[:-9], "fenced": f"```json\n{text}\n```", "schema": '{"scores": []}',
                "prose": "These are nice names!", "six": text.replace('"quality": 4', '"quality": 6')}.get(fault, text)  # fmt: skip
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": text, "refusal": refusal},
        }
        if self.server.logprobs:
            choice["logprobs"] = {"content": tokens(text), "refusal": None}
        if fault == "old logprobs":
            choice["logprobs"] = {"content": [{"token": "{", "logprob": None}], "tokens": ["{"]}
        if isinstance(fault, float):  # is the log probability of every token
            choice["logprobs"] = {
                "content": [{"token": c, "top_logprobs": [{"token": c, "logprob": fault}]} for c in text]
            }
        with self.server.lock:
            self.server.completed += 1
        prompt, completion = self.server.usage or (0, 0)
        usage = self.server.usage and {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
        return self.reply(200, {"id": "x", "object": "chat.completion", "created": 0, "model": body["model"],
                                "choices": [choice], "usage": usage}, {})  # fmt: skip

    def drip(self):
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b" ")
            time.sleep(0.05)

    def reply(self, status, value, headers):
        raw = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", "content-length": str(len(raw)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(raw)


def names_of(body):
    data = body["messages"][1]["content"]
    return json.loads(data.split("<<<DATA\n")[1].split("\nDATA>>>")[0])["names"]


def answer(body):
    scored = {
        str(n["index"]): {"reason": "by its length", "brandability": 3,
                          "memorability": max(0, min(5, 14 - len(n["name"].partition(".")[0]))), "quality": 4}
        for n in names_of(body)
    }  # fmt: skip
    return json.dumps(scored)


def tokens(text):
    """Every character a token; a digit 3 is as likely a 4."""
    alternatives = {"3": [("3", -0.693), ("4", -0.693)]}
    return [
        {"token": c, "logprob": 0.0, "bytes": None,
         "top_logprobs": [{"token": t, "logprob": p, "bytes": None} for t, p in alternatives.get(c, [(c, 0.0)])]}
        for c in text
    ]  # fmt: skip


@contextmanager
def running(**options):
    server = FakeServer(**options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
