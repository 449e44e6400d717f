"""The command line and the service, as a user meets them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from pydantic import TypeAdapter

from namewright.shared import ArtifactStore, Calibration, PredictionRow, Recipe, Request, Response, maker_of, read_rows
from namewright.suggest._cli import cli
from namewright.suggest.candidates import Candidate
from namewright.suggest.suggester import Suggester

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESPONSE: TypeAdapter = TypeAdapter(Response)


def suggest(store: ArtifactStore, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--artifacts", str(store.root)])


def test_one_description_is_answered_in_the_schema(store: ArtifactStore):
    done = suggest(store, "organic coffee shop in Miami", "--tld", ".IO", "--count", "3")
    assert done.exit_code == 0, done.output
    response = RESPONSE.validate_json(done.stdout)
    assert all(suggestion.domain.endswith(".io") for suggestion in response.suggestions)
    assert set(json.loads(done.stdout)) == {"status", "suggestions"}


def test_an_unsafe_description_is_answered_with_the_one_message(store: ArtifactStore):
    done = suggest(store, "guns for kids")
    assert json.loads(done.stdout) == {
        "status": "blocked",
        "message": "Request contains inappropriate content",
        "suggestions": [],
    }


def test_a_file_is_answered_in_its_order_and_its_bad_lines_are_kept_aside(store: ArtifactStore, tmp_path: Path):
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_bytes(
        b'{"description": "bakery in Porto"}\n'
        b'{"description": ""}\n'
        b"not json\n"
        b'{"id": "mine", "request": {"description": "dog walker", "tlds": [".co"]}, "slice": "ignored"}\n'
        b'{"description": "caf\xff"}\n'
        b'{"description": "x", "tlds": ["nosuchtld"]}\n',
    )
    done = suggest(store, "--file", str(requests), "--out", str(out))
    assert done.exit_code == 2
    rows = list(read_rows(out, PredictionRow.model_validate))
    assert [row.id for row in rows] == ["1", "mine"]
    for place, field in ((2, "description"), (3, "not JSON"), (5, "not UTF-8"), (6, "nosuchtld")):
        assert re.search(rf"requests\.jsonl:{place}: .*{field}", done.stderr)
    kept = [json.loads(line) for line in (tmp_path / "out.jsonl.rejected.jsonl").read_text().splitlines()]
    assert [row["line"] for row in kept] == [2, 3, 5, 6]
    assert "4 bad lines, 2 good ones" in done.stderr


class OneName:
    """Says one name, but for `nothing`."""

    def rounds(self, request: Request, _seed: int) -> Iterator[list[Candidate]]:
        yield [] if request.description == "nothing" else [Candidate("brewhaven.com", -1.0, 0.5)]


def test_a_row_is_told_by_its_line_and_no_id_stands_twice(
    store: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("namewright.suggest._cli._load", lambda *_: Suggester(OneName()))
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_text(
        "not json\n\n"
        '{"description": "bakery in Porto"}\n'
        '{"id": "3", "request": {"description": "dog walker"}}\n'
        '{"description": "nothing"}\n'
        '{"id": "last", "request": {"description": "yoga studio"}}\n',
    )
    done = suggest(store, "--file", str(requests), "--out", str(out))
    assert done.exit_code == 2
    assert "requests.jsonl:1: not JSON" in done.stderr
    assert "requests.jsonl:4: id: '3' stands in line 3 already" in done.stderr
    assert "requests.jsonl:5: 5: no name was found" in done.stderr
    assert [row.id for row in read_rows(out, PredictionRow.model_validate)] == ["3", "last"]
    assert "3 bad lines, 2 good ones" in done.stderr


def test_a_file_of_bad_lines_alone_is_kept_aside_too(store: ArtifactStore, tmp_path: Path):
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_text("not json\n")
    done = suggest(store, "--file", str(requests), "--out", str(out))
    assert done.exit_code == 2
    assert json.loads((tmp_path / "out.jsonl.rejected.jsonl").read_text())["line"] == 1
    assert not out.exists()


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("namewright.suggest._cli._load", lambda *_: pytest.fail("the model was loaded"))


@pytest.mark.usefixtures("no_model")
def test_answers_are_not_written_over_their_requests(store: ArtifactStore, tmp_path: Path):
    requests = tmp_path / "requests.jsonl"
    requests.write_text('{"description": "bakery in Porto"}\n')
    done = suggest(store, "--file", str(requests), "--out", str(requests))
    assert done.exit_code == 2
    assert requests.read_text() == '{"description": "bakery in Porto"}\n'


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize("name", ["a file/out.jsonl", "x" * 250])
def test_an_output_that_cannot_be_written_is_told_before_the_model_is_loaded(
    store: ArtifactStore, tmp_path: Path, name: str
):
    requests = tmp_path / "a file"
    requests.write_text('{"description": "bakery in Porto"}\n')
    done = suggest(store, "--file", str(requests), "--out", str(tmp_path / name))
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    assert "not foreseen" not in done.stderr


@pytest.mark.usefixtures("no_model")
def test_a_split_that_the_dataset_has_not_is_told_before_the_model_is_loaded(store: ArtifactStore):
    done = suggest(store, "batch", "--dataset", "small", "--run", "nosuch", "--split", "nosuch")
    assert done.exit_code == 3
    assert "no nosuch.jsonl" in done.stderr


def test_no_journal_lies_beside_what_is_no_file(store: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []

    class Looks(OneName):
        def rounds(self, request: Request, seed: int) -> Iterator[list[Candidate]]:
            seen.extend(sorted(path.name for path in tmp_path.iterdir()))
            return super().rounds(request, seed)

    monkeypatch.setattr("namewright.suggest._cli._load", lambda *_: Suggester(Looks()))
    requests = tmp_path / "requests.jsonl"
    requests.write_text('{"description": "organic coffee shop"}\n')
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    done = suggest(store, "--file", str(requests), "--out", str(pipe))
    assert done.exit_code == 0, done.output
    assert b"brewhaven.com" in os.read(reader, 10_000)
    os.close(reader)
    assert seen == ["pipe", "requests.jsonl"]


def test_every_option_stands_in_the_environment_under_its_own_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NAMEWRIGHT_SUGGEST_ANSWER_TLD", ".io .nosuchtld")
    done = CliRunner().invoke(cli, ["bakery"], auto_envvar_prefix="NAMEWRIGHT_SUGGEST")
    assert done.exit_code == 2
    assert "nosuchtld" in done.stderr
    context = cli.make_context("suggest", ["answer", "bakery"], auto_envvar_prefix="NAMEWRIGHT_SUGGEST")
    for job, command in cli.commands.items():
        command.make_context(job, [], parent=context, resilient_parsing=True)
        for option in command.params:
            names = [name.removeprefix("--").replace("-", "_") for name in option.opts if name.startswith("--")]
            assert option.name in names or option.envvar or not names
    context.close()


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("",), 2, "description"),
        (("x" * 100_000,), 2, "100,000 characters"),
        (("bakery", "--tld", "nosuchtld"), 2, "nosuchtld"),
        (("bakery", "--must-contain", "a1"), 2, "allow_numbers"),
        (("--file", "nowhere.jsonl"), 2, "nowhere.jsonl"),
        (("bakery", "--model", "nowhere"), 3, "models/nowhere"),
        (("bakery", "--calibration", "nowhere"), 3, "calibrations/nowhere"),
        (("bakery", "--file", __file__), 2, "--file"),
        ((), 2, "--file"),
    ],
)
def test_bad_input_is_named(store: ArtifactStore, arguments: tuple[str, ...], exit_code: int, says: str):
    done = suggest(store, "answer", *arguments)
    assert done.exit_code == exit_code
    assert says in done.stderr
    assert done.stdout == ""


@contextmanager
def touched(path: Path):
    """Add a byte to a file, until the block ends."""
    before = path.read_bytes()
    try:
        path.write_bytes(before + b" ")
        yield
    finally:
        path.write_bytes(before)


def test_an_adapter_that_was_touched_is_refused_by_name(store: ArtifactStore):
    with touched(store.root / "models/baseline/adapter/adapter_config.json"):
        done = suggest(store, "bakery")
    assert done.exit_code == 3
    assert "adapter_config.json" in done.stderr


@pytest.mark.parametrize("file", ["model.safetensors", "chat_template.jinja"])
def test_an_adapter_is_not_put_on_a_base_that_it_was_not_trained_on(store: ArtifactStore, tiny_base: Path, file: str):
    path = tiny_base / file
    with touched(path):
        done = suggest(store, "bakery")
    assert done.exit_code == 3
    assert str(path) in done.stderr


def test_a_batch_is_written_once_and_its_confidences_can_be_calibrated(store: ArtifactStore):
    options = ("batch", "--dataset", "small", "--run", "baseline-raw", "--calibration", "none")
    assert suggest(store, *options).exit_code == 0
    raw = store.open("predictions/baseline-raw")
    assert set(raw.manifest.outputs) == {"val.jsonl", "test.jsonl"}
    assert raw.manifest.unhashed == ("timings.jsonl",)
    again = suggest(store, *options)
    assert "up to date" in again.stderr
    changed = suggest(store, *options, "--samples", "8")
    assert changed.exit_code == 2
    assert "samples was 24, is 8" in changed.stderr

    fitted = Calibration(
        slope=0.5,
        intercept=-1.0,
        names=99,
        positives=9,
        threshold=3.5,
        judge="j",
        brier_before=0.3,
        brier_after=0.2,
    )
    for run, model in (("baseline", raw.manifest.recipe.inputs), ("other", {"base/config.json": "0" * 64})):
        recipe = Recipe(maker=maker_of("shared"), config={}, inputs=model)
        with store.create(f"calibrations/{run}", recipe) as draft:
            (draft.folder / "calibration.json").write_text(fitted.model_dump_json())
    for command in (("calibrated",), ("bakery in Porto",)):
        refused = suggest(store, *command, "--calibration", "other")
        assert refused.exit_code == 2
        assert "fitted on another model" in refused.stderr
    assert suggest(store, "calibrated").exit_code == 0
    calibrated = store.open("predictions/baseline")
    for split in ("val", "test"):
        before, after = (
            list(read_rows(artifact.file(f"{split}.jsonl"), PredictionRow.model_validate))
            for artifact in (raw, calibrated)
        )
        assert [row.id for row in before] == [row.id for row in after]
        for one, other in zip(before, after, strict=True):
            domains = [[s.domain for s in row.response.suggestions] for row in (one, other)]  # type: ignore[union-attr]
            assert domains[0] == domains[1]
    assert (
        suggest(store, "calibrated", "--from", "baseline", "--run", "twice", "--calibration", "baseline").exit_code == 2
    )


def test_two_batches_of_one_seed_are_the_same_bytes(store: ArtifactStore):
    for run, splits in (("one", ("--split", "test")), ("two", ("--split", "test", "--split", "test"))):
        options = ("--dataset", "small", *splits, "--run", run, "--calibration", "none")
        assert suggest(store, "batch", *options).exit_code == 0
    hashes = [store.open(f"predictions/{run}").manifest.outputs["test.jsonl"].sha256 for run in ("one", "two")]
    assert hashes[0] == hashes[1]
    assert store.open("predictions/one").manifest.key == store.open("predictions/two").manifest.key


@pytest.mark.parametrize("way", ["file", "batch"])
def test_a_job_that_was_stopped_asks_the_model_for_the_rest_alone(
    way: str, store: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dataset = store.open("datasets/small").file("test.jsonl")
    rows = len(dataset.read_text(encoding="utf-8").splitlines())
    assert rows > 1

    def job(name: str, *options: str) -> Result:
        if way == "file":
            return suggest(store, "--file", str(dataset), "--out", str(tmp_path / name), *options)
        batch = ("batch", "--dataset", "small", "--split", "test", "--calibration", "none", "--run", name)
        return suggest(store, *batch, *options)

    def written(name: str) -> bytes:
        path = tmp_path / name if way == "file" else store.open(f"predictions/{name}").file("test.jsonl")
        return path.read_bytes()

    asked: list[str] = []
    suggest_once = Suggester.suggest

    def counted(self: Suggester, request: Request) -> object:
        if len(asked) == stop_after:
            raise KeyboardInterrupt
        asked.append(request.description)
        return suggest_once(self, request)

    monkeypatch.setattr(Suggester, "suggest", counted)
    stop_after = -1
    assert job("whole").exit_code == 0
    asked.clear()

    stop_after = 1
    assert job("stopped").exit_code != 0
    (journal,) = (tmp_path if way == "file" else store.root / "predictions").glob(".*.answers.jsonl")
    journal.write_text(journal.read_text(encoding="utf-8") + '{"key": "cut sh', encoding="utf-8")
    asked.clear()
    stop_after = -1
    assert job("stopped").exit_code == 0
    assert len(asked) == rows - 1
    assert written("stopped") == written("whole")
    assert not journal.exists()

    asked.clear()
    stop_after = 1
    job("other")
    asked.clear()
    stop_after = -1
    assert job("other", "--seed", "7").exit_code == 0
    assert len(asked) == rows, "another seed's answers are not taken"


def test_a_bare_base_answers_with_examples_in_its_prompt(store: ArtifactStore, tiny_base: Path):
    done = suggest(store, "bakery in Porto", "--model", f"base:{tiny_base}", "--count", "2")
    assert done.exit_code == 0, done.output
    assert RESPONSE.validate_json(done.stdout).status == "success"


def test_help_teaches_and_imports_no_torch():
    code = "import sys; from namewright.suggest._cli import main\ntry: main()\nexcept SystemExit: pass\nassert 'torch' not in sys.modules"
    for options in (["--help"], ["answer", "--help"], ["batch", "--help"], ["serve", "--help"]):
        done = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=True)
        assert "--" in done.stdout


@pytest.fixture
def server(store: ArtifactStore):
    command = [sys.executable, "-c", "from namewright.suggest._cli import main; main()", "serve", "--port", "18391"]
    environment = os.environ | {"NAMEWRIGHT_ARTIFACTS": str(store.root)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = "http://127.0.0.1:18391"
    deadline = time.monotonic() + 120
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
                assert json.load(answer) == {"status": "ok", "model": "baseline"}
                break
        except urllib.error.URLError:
            time.sleep(0.2)
    yield url, process
    process.kill()
    process.wait()


def post(url: str, body: bytes) -> tuple[int, dict]:
    request = urllib.request.Request(f"{url}/v1/suggestions", data=body, headers={"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_service_answers_refuses_and_stops_in_time(server: tuple[str, subprocess.Popen]):
    url, process = server
    status, body = post(url, b'{"description": "bakery in Porto", "count": 3}')
    assert status == 200
    assert RESPONSE.validate_python(body).status == "success"
    assert post(url, b'{"description": "guns for kids"}')[1]["status"] == "blocked"

    status, body = post(url, b'{"description": "", "tlds": ["nosuchtld"]}')
    assert status == 422
    assert {error["field"] for error in body["errors"]} == {"description", "tlds"}
    assert post(url, b"not json")[0] == 422
    assert post(url, b'{"description": "caf\xff"}')[0] == 422
    assert post(url, b"[" * 5000)[0] == 422
    assert post(url, b'{"description": "' + b"x" * 100_000 + b'"}')[0] == 413
    assert post(url, b'{"description": "bakery", "more": 1}')[1]["errors"][0]["field"] == "more"
    assert post(url, b'{"description": "bakery", "description": "x"}')[1]["errors"][0]["field"] == "description"
    assert post(url, b'{"description": "bakery", "count": NaN}')[1]["errors"][0]["field"] == "body"

    process.send_signal(signal.SIGTERM)
    process.wait(timeout=10)
