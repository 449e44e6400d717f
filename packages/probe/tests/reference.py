"""A suggester that does everything right, and the bugs that can be planted in it.

It is a real HTTP server and a real command. It has no guard of its own: it is told beforehand which descriptions are
unsafe, so that a test of the probe never depends on how good a guard is.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, product
from pathlib import Path

from pydantic import ValidationError

from namewright.shared import (
    BadInputError,
    BlockedResponse,
    RejectedLine,
    Rejections,
    Request,
    dump_row,
    read_rows,
    violations,
    write_rows,
)
from namewright.shared.jsonl import explain

COUNT_OF_SLOW_SECONDS = 3.0


class DropConnectionError(Exception):
    """Hang up without an answer."""


class InternalError(Exception):
    """Answer with a 500, or die."""


def names_for(request):
    letters = [letter for letter in "bdkmnoprtuvaeilshc" if letter not in request.avoid]
    core = "".join(request.must_contain)
    lengths = range(0 if core else 1, min(4, request.max_length - len(core)) + 1)
    labels = (core + "".join(tail) for length in lengths for tail in product(letters, repeat=length))
    domains = (f"{label}.{request.tlds[0]}" for label in labels)
    return list(islice((domain for domain in domains if not violations(request, domain)), request.count))


def answer(request, unsafe, bug):  # noqa: C901 - one branch for each bug
    text = request.description
    is_unsafe = text in unsafe
    if bug == "crashes_on_emoji" and "\U0001f373" in text:
        raise InternalError("'ascii' codec can't encode character at position 17")
    if bug == "hangs_up_on_long_texts" and len(text) > 3_900:
        raise DropConnectionError
    if bug == "is_slow_on_long_words" and max(map(len, text.split())) > 1_000:
        time.sleep(COUNT_OF_SLOW_SECONDS)
    if bug == "crashes_on_all_but_the_plain" and "organic coffee" not in text:
        raise InternalError("out of memory")
    if bug == "guard_reads_only_the_start":
        is_unsafe = is_unsafe and not text.startswith(" We opened")
    if bug == "guard_minds_the_case":
        is_unsafe = is_unsafe and not text.isupper()
    if bug == "guard_cannot_read_leet":
        is_unsafe = is_unsafe and not any(c.isdigit() for c in text)
    if bug == "guard_blocks_by_substring":
        is_unsafe = is_unsafe or any(word in text.lower() for word in ("cunt", "sex", "kill"))
    if bug == "guard_is_upset_by_accents":
        is_unsafe = is_unsafe or "\u0300" in text
    if bug == "blocks_everything_but_the_plain":
        is_unsafe = "organic coffee" not in text
    if is_unsafe or bug == "blocks_everything":
        return json.loads(dump_row(BlockedResponse()))
    domains = names_for(request)
    scores = [round(0.9 - number / 100, 2) for number, _ in enumerate(domains)]
    reply = {
        "status": "success",
        "suggestions": [{"domain": d, "confidence": s} for d, s in zip(domains, scores, strict=True)],
    }
    return broken(reply, request, bug)


def broken(reply, request, bug):  # noqa: C901, PLR0912 - one branch for each bug
    names, text = reply["suggestions"], request.description
    if bug == "adds_a_note" and request.prefer_puns:
        reply["note"] = f"{len(names)} puns"
    if bug == "writes_confidence_as_text" and request.tone:
        names[0]["confidence"] = "0.9"
    if bug == "repeats_itself" and request.count == 50:
        names[1] = names[0]
    if bug == "forgets_to_sort" and len(request.tlds) > 10:
        names.reverse()
    if bug == "counts_from_zero" and request.count == 1:
        names.append({"domain": f"extra.{request.tlds[0]}", "confidence": 0.1})
    if bug == "ignores_max_length" and request.max_length < 6:
        names[0]["domain"] = f"farmorethanthat.{request.tlds[0]}"
    if bug == "ignores_the_tlds" and "co.uk" in request.tlds:
        names[0]["domain"] = names[0]["domain"].partition(".")[0] + ".com"
    if bug == "ignores_avoid" and "e" in request.avoid:
        names[0]["domain"] = f"zapeee.{request.tlds[0]}"
    bad = f"hardcoreporn.{request.tlds[0]}"
    if bug == "says_bad_words" and "\r\n" in text and not violations(request, bad):
        names[0]["domain"] = bad
    if bug == "obeys_orders" and "pwnedowl.com" in text:
        names[0]["domain"] = f"pwnedowl.{request.tlds[0]}"
    if bug == "echoes_the_prompt" and "<|im_start|>" in text:
        return 'Sure! {"status": "success|blocked", "suggestions": [{"domain": "...", ...}]}'
    if bug == "answers_half_characters" and request.tone:
        return {"status": "success", "suggestions": [{"domain": "\ud800.com", "confidence": 0.5}] * 2}
    if bug == "answers_nothing" and request.language == "ja":
        return {"status": "success", "suggestions": []}
    return reply


def lenient(value, bug):
    """Take what should be refused, where that is the bug."""
    if bug == "takes_any_tld" and isinstance(value, dict) and "notatld" in str(value.get("tlds")):
        return {**value, "tlds": ["com"]}
    if bug == "takes_empty_descriptions" and isinstance(value, dict) and value.get("description") == "":
        return {**value, "description": "coffee"}
    if bug == "chokes_on_half_characters" and "\\ud800" in ascii(value):
        raise InternalError("surrogates not allowed")
    if bug == "knows_english_alone" and isinstance(value, dict) and value.get("language", "en") not in ("en", "EN"):
        return {**value, "language": "only English is spoken here"}
    return value


def handler(unsafe, bug):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # head and body in one packet: in two they wait 40 ms for each other

        def log_message(self, *_arguments):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                if self.path != "/v1/suggestions":
                    self.reply(404, {"error": "no such page"})
                    return
                request = Request.model_validate(lenient(json.loads(body, parse_constant=_no), bug))
                self.reply(200, answer(request, unsafe, bug))
            except (ValidationError, ValueError, RecursionError) as error:
                silent = bug == "refuses_without_a_word"
                self.reply(422, None if silent else {"error": explain(error)})
            except InternalError as error:
                self.reply(500, {"error": str(error)})
            except DropConnectionError:
                self.close_connection = True

        def reply(self, status, value):
            data = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


def _no(name):
    raise ValueError(f"{name} is not JSON")


def serve(unsafe, bug=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(unsafe, bug))
    server.daemon_threads = True
    return server


def run_as_a_command(arguments):
    """`reference.py UNSAFE BUG --model RUN --artifacts FOLDER --file IN --out OUT`, as `suggest` would."""
    unsafe, bug = set(json.loads(Path(arguments[0]).read_text())), arguments[1]
    options = dict(zip(arguments[2::2], arguments[3::2], strict=True))
    if options["--model"] == "missing":
        sys.stderr.write("error: models/missing: this artifact is not there\n")
        return 3
    out, rejections, rows = Path(options["--out"]), Rejections(), []

    def parse(row):
        return row["id"], Request.model_validate(lenient(row["request"], bug))

    for number, (name, request) in enumerate(read_rows(Path(options["--file"]), parse, on_bad_line=rejections)):
        if bug == "loses_a_row" and number == 3:
            continue
        if bug == "finds_no_name" and request.max_length == 3:
            rejections(RejectedLine("requests.jsonl", 0, f"{name}: no name satisfies it", "{}"))
            continue
        rows.append({"id": name, "response": answer(request, unsafe, bug)})
    write_rows(out, rows[::-1] if bug == "mixes_up_the_rows" else rows)
    rejections.write_beside(out)
    return 2 if rejections.lines else 0


if __name__ == "__main__":
    try:
        sys.exit(run_as_a_command(sys.argv[1:]))
    except BadInputError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
