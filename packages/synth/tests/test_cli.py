"""The commands as a person calls them."""

import json
import os
import subprocess
import sys

import pytest

from namewright.shared import DatasetRow, PredictionRow, Request
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
    assert ":2: not JSON" in said
    assert ":3: request.description: the same request stands in line 1" in said
    assert ":4: names: " in said
    assert "avoid" in said
    assert ":5: names: coffee.com is no name to learn from" in said
    assert ":5: names: rofe.com is no name to learn from" in said
    assert ":6: " in said


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
