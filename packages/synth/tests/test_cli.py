"""The commands as a person calls them."""

import json
import os
import subprocess
import sys

import pytest

from namewright.shared import DatasetRow, PredictionRow, Request
from namewright.synth import Plan, split_rows
from namewright.synth._guard_corpus import corpus_rows
from namewright.synth._suites import SUITES, suite_descriptions, suite_rows


def synth(*args, cwd, **env):
    command = [sys.executable, "-c", "from namewright.synth._cli import main; main()", *map(str, args)]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False, timeout=120
    )


def test_help_teaches_and_imports_nothing_heavy(tmp_path):
    done = synth("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "synth check FILE" in done.stdout
    code = "import sys, namewright.synth._cli; print('numpy' in sys.modules)"
    slim = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert slim.stdout.strip() == "False"


def test_preview_prints_rows_of_our_schema(tmp_path):
    done = synth("preview", "--n", 4, "--json", cwd=tmp_path)
    rows = [DatasetRow.model_validate_json(line) for line in done.stdout.splitlines()]
    assert len(rows) == 4
    assert list(tmp_path.iterdir()) == []


def test_check_says_what_is_wrong_on_which_line(tmp_path):
    good = synth("preview", "--n", 1, "--unsafe", 0, "--json", cwd=tmp_path).stdout.strip()
    row = json.loads(good)
    twice = json.dumps(row | {"id": "other"})
    disobeys = json.dumps(
        row | {"id": "third", "request": row["request"] | {"description": "Kites", "avoid": ["o", "a", "e", "i"]}}
    )
    single = {"description": "Roastery", "tlds": ["com"]}
    poor = json.dumps(row | {"id": "fourth", "request": single, "names": ["coffee.com", "rofe.com"]})
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{good}\n{{not json\n{twice}\n{disobeys}\n{poor}\n{{"id": 1}}\n')
    done = synth("check", path, cwd=tmp_path)
    assert done.returncode == 2
    said = done.stdout
    assert ":2: line: not JSON" in said
    assert ":3: request.description: the same request stands in line 1" in said
    assert ":4: names: " in said
    assert "avoid" in said
    assert ":5: names: coffee.com is no name to learn from" in said
    assert ":5: names: rofe.com is no name to learn from" in said
    assert ":6: " in said


def _check(tmp_path, data):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(data)
    done = synth("check", path, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == (2 if found["problems"] else 0)
    return found


@pytest.fixture(scope="module")
def good_row(tmp_path_factory):
    return synth("preview", "--n", 1, "--json", cwd=tmp_path_factory.mktemp("good")).stdout.strip().encode()


def test_check_counts_lines_as_the_reader_does(tmp_path, good_row):
    found = _check(tmp_path, b"\xef\xbb\xbf\r\n\n" + good_row + b"\n\n" + good_row + b"\n")
    assert found["rows"] == 2
    assert found["problems"][0]["line"] == 5
    assert "stands in line 3 too" in found["problems"][0]["message"]


def test_check_reads_a_pipe(tmp_path, good_row):
    code = "from namewright.synth._cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "/dev/stdin"], input=good_row + b"\n", capture_output=True, check=False
    )
    assert (done.returncode, b"1 rows, nothing wrong" in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        (b"{not json", "line", "not JSON: Expecting property name"),
        (b'{"a: b": 1, "a: b": 2}', "a: b", "this field stands twice"),
        (b'{"a\\u001b[31m: b": 1}', "id", "Field required"),
        (b"[]", "row", "Input should be a valid dictionary"),
    ],
)
def test_check_gives_the_field_apart_and_no_control_characters(tmp_path, line, field, message):
    [problem] = _check(tmp_path, line + b"\n")["problems"]
    assert problem["field"] == field
    assert problem["message"].startswith(message)
    assert "\x1b" not in problem["message"]


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_a_file_without_rows_is_a_problem(tmp_path, data):
    assert _check(tmp_path, data) == {
        "file": str(tmp_path / "rows.jsonl"),
        "rows": 0,
        "problems": [{"line": 1, "field": "file", "message": "there is no row in it"}],
    }
    done = synth("names", "--file", tmp_path / "rows.jsonl", "--out", tmp_path / "out.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no request in it" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_is_bad_usage(tmp_path):
    assert synth("check", tmp_path / "none.jsonl", cwd=tmp_path).returncode == 2


def test_the_guard_corpus_is_half_unsafe_and_labelled(tmp_path):
    out = tmp_path / "corpus.jsonl"
    assert synth("guard-corpus", "--out", out, "--n", 60, cwd=tmp_path).returncode == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 60
    assert set(rows[0]) == {"text", "label", "category", "source"}
    assert sum(row["label"] == "unsafe" for row in rows) == 30
    assert all((row["label"] == "safe") == (row["category"] == "safe") for row in rows)


def test_names_answers_any_request_and_reports_bad_lines(tmp_path):
    requests = tmp_path / "requests.jsonl"
    lines = [
        '{"description": "kite repair in Tarifa"}',
        '{"description": ""}',
        '{"id": "b", "request": {"description": "tax app", "tlds": [".io"]}}',
    ]
    requests.write_text("\n".join(lines) + "\n")
    out = tmp_path / "rules.jsonl"
    done = synth("names", "--file", requests, "--out", out, cwd=tmp_path)
    assert done.returncode == 2
    assert "requests.jsonl:2: description: the description is empty" in done.stderr
    rows = [PredictionRow.model_validate_json(line) for line in out.read_text().splitlines()]
    assert [row.id for row in rows] == ["line-1", "b"]
    assert all(suggestion.domain.endswith(".io") for suggestion in rows[1].response.suggestions)


def test_the_guard_corpus_shares_no_text_with_the_dataset_of_its_seed_and_the_suites():
    plan = Plan(seed=7)
    texts = {row.request.description for _, row in split_rows(plan.seed, plan.n, plan.unsafe)}
    corpus = list(corpus_rows(7, 1_500))
    assert len(corpus) == 1_500
    assert not [row for row in corpus if row["text"] in texts or row["text"] in suite_descriptions()]


def _names(tmp_path, *lines):
    requests, out = tmp_path / "requests.jsonl", tmp_path / "rules.jsonl"
    requests.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    done = synth("names", "--file", requests, "--out", out, cwd=tmp_path)
    return done, [PredictionRow.model_validate_json(line) for line in out.read_text().splitlines()]


KITES = {"description": "kite repair in Tarifa"}


def test_names_hands_on_what_should_happen(tmp_path):
    done, rows = _names(
        tmp_path,
        {"id": "a", "request": KITES, "expected": "blocked"},
        {"id": "b", "request": KITES, "expected_status": "success"},
        {"id": "c", "request": KITES},
    )
    assert done.returncode == 0
    assert [row.expected for row in rows] == ["blocked", "success", None]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "row: a request, or an object with `request`, is wanted (found list)"),
        ('"kites"', "row: a request, or an object with `request`, is wanted (found str)"),
        ({"id": ["x"], "request": KITES}, "id: a text or a whole number is wanted (found list)"),
        ({"id": True, "request": KITES}, "id: a text or a whole number is wanted (found bool)"),
        ({"id": 1, "request": KITES}, "id: '1' stands in line 1 too"),
        ({"id": "", "request": KITES}, "id: String should have at least 1 character"),
        ({"id": "b", "request": 3}, "row: Input should be a valid dictionary"),
    ],
)
def test_names_refuses_a_bad_line_and_keeps_the_good_ones(tmp_path, line, reason):
    done, rows = _names(tmp_path, {"id": "1", "request": KITES}, line, {"id": "z", "request": KITES})
    assert done.returncode == 2
    assert f"requests.jsonl:2: {reason}" in done.stderr
    assert [row.id for row in rows] == ["1", "z"]


def test_names_calls_a_request_without_id_by_its_line(tmp_path):
    done, rows = _names(
        tmp_path, "", KITES, "[]", {"id": None, "request": KITES}, {"id": "line-6", "request": KITES}, KITES
    )
    assert [row.id for row in rows] == ["line-2", "line-4", "line-6"]
    assert "requests.jsonl:6: id: 'line-6' stands in line 5 too" in done.stderr


def test_names_gives_no_answer_where_it_finds_no_name_and_refuses_nothing(tmp_path):
    done, [row] = _names(tmp_path, KITES | {"avoid": list("aeiou")})
    assert done.returncode == 0
    assert row.response == ""


def test_names_does_not_write_over_its_requests(tmp_path):
    requests = tmp_path / "requests.jsonl"
    requests.write_text(json.dumps(KITES) + "\n")
    done = synth("names", "--file", requests, "--out", requests, cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(requests.read_text()) == KITES


@pytest.mark.parametrize("option", ["--unsafe", "--teacher-max-cost", "--teacher-price-in"])
def test_what_is_not_a_number_is_refused(tmp_path, option):
    done = synth("make", option, "nan", "--artifacts", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "'nan' is not a number" in done.stderr


def test_preview_shows_an_unsafe_request_too(tmp_path):
    assert "BLOCKED" in synth("preview", cwd=tmp_path).stdout


def test_a_teacher_of_unknown_price_needs_one(tmp_path):
    command = ("make", "--teacher", "openai", "--teacher-model", "other", "--n", 10, "--artifacts", tmp_path)
    done = synth(*command, "--teacher-price-in", 1, cwd=tmp_path, OPENAI_API_KEY="")
    assert done.returncode == 2
    assert "--teacher-price-in and --teacher-price-out" in done.stderr
    done = synth(*command, "--teacher-price-in", 1, "--teacher-price-out", 0, cwd=tmp_path, OPENAI_API_KEY="")
    assert (done.returncode, "teacher needs" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_is_written_with_what_should_happen(tmp_path, name):
    done = synth("suite", name, cwd=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(suite_rows(name)) >= 40
    assert all(Request.model_validate(row["request"]) and row["why"] and row["expected"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_suites_repeat_no_request():
    assert len(set(suite_descriptions())) == len(suite_descriptions())


def test_the_teacher_without_its_library_or_key_says_so(tmp_path):
    done = synth(
        "--name",
        "taught",
        "--n",
        10,
        "--teacher",
        "openai",
        cwd=tmp_path,
        OPENAI_API_KEY="",
        NAMEWRIGHT_ARTIFACTS=str(tmp_path),
    )
    assert done.returncode == 1
    assert "teacher" in done.stderr
    assert not (tmp_path / "datasets" / "taught").exists()
