"""The command line keeps the contract of the other jobs."""

import json
import socket

import pytest
from click.testing import CliRunner

from namewright.guard._cli import cli


def run(*arguments, **kwargs):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], **kwargs)


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_text_is_judged():
    done = run("check", "guns for kids", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["category"] == "weapons_minors"


def test_check_is_the_default_and_may_fail_on_a_block():
    assert run("guns for kids").stdout.startswith("blocked")
    assert run("check", "guns for kids", "--fail-if-blocked").exit_code == 1


def test_stdin_and_domains():
    assert run("check", "-", input="coffee shop\n").stdout.startswith("safe")
    assert run("check", "--domain", "penisland.net").stdout.startswith("blocked")


def test_a_file_is_judged_row_by_row(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": 7, "text": "guns for kids"}\n{"id": "b", "description": "coffee shop"}\n'
        '{"id": null, "request": {"description": "fake passports"}}\n',
        encoding="utf-8",
    )
    assert run("check", "--file", source, "--out", out).exit_code == 0
    decisions = rows(out.read_text())
    assert [(row["id"], row["blocked"]) for row in decisions] == [(7, True), ("b", False), (None, True)]
    assert set(decisions[0]) == {"id", "blocked", "category", "score", "reason"}


def test_bad_lines_are_kept_and_the_good_ones_worked_on(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(
        b'{"id": 1, "text": "coffee"}\n{"id": 2}\nnot json\n\xff\n{"id": 3, "text": 5}\n{"id": 4, "text": "tea"}\n'
    )
    done = run("check", "--file", source, "--out", out)
    assert done.exit_code == 2
    assert "in.jsonl:2: text" in done.stderr
    assert [row["id"] for row in rows(out.read_text())] == [1, 4]
    assert len(rows(out.with_name("out.jsonl.rejected.jsonl").read_text())) == 4


@pytest.mark.parametrize(
    "arguments", [[], ["check", "x", "--file", "nothere.jsonl"], ["check", "x", "--out", "y.jsonl"]]
)
def test_wrong_usage_is_exit_code_2(arguments):
    assert run(*arguments).exit_code == 2


def test_the_requests_are_not_written_over(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "coffee"}\n', encoding="utf-8")
    assert run("check", "--file", source, "--out", source).exit_code == 2
    assert source.read_text() == '{"text": "coffee"}\n'


def test_a_blocked_line_can_fail_a_build(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "coffee"}\n{"text": "guns for kids"}\n', encoding="utf-8")
    assert run("check", "--file", source).exit_code == 0
    assert run("check", "--file", source, "--fail-if-blocked").exit_code == 1
    assert run("check", "coffee", "--fail-if-blocked").exit_code == 0


def test_a_policy_can_be_tried_and_a_wrong_one_is_named(tmp_path):
    source, policy = tmp_path / "in.jsonl", tmp_path / "policy.yaml"
    source.write_text('{"text": "coffee", "label": "safe"}\n', encoding="utf-8")
    policy.write_text("deny: {illegal: [coffee]}\n", encoding="utf-8")
    assert run("check", "coffee shop", "--policy", policy).stdout.startswith("blocked  illegal")
    policy.write_text("thresholds: {adlt: 0.5}\n", encoding="utf-8")
    for command in (["check", "coffee"], ["eval", "--file", source], ["serve"]):
        done = run(*command, "--policy", policy)
        assert done.exit_code == 2, done.output
        assert "policy.yaml: thresholds.adlt: no such category" in done.stderr


def test_a_port_that_is_taken_is_said():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", port)
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}: nobody can listen there" in done.stderr
    assert "listening on" not in done.stderr


@pytest.mark.parametrize("label", ['["unsafe"]', "7", "null"])
def test_a_wrong_label_is_named(tmp_path, label):
    source = tmp_path / "labelled.jsonl"
    source.write_text(f'{{"text": "tea", "label": {label}}}\n', encoding="utf-8")
    done = run("eval", "--file", source)
    assert done.exit_code == 2
    assert "labelled.jsonl:1: label: safe or unsafe is wanted" in done.stderr


def test_eval_prints_rates_with_intervals(tmp_path):
    source = tmp_path / "labelled.jsonl"
    source.write_text(
        '{"text": "fake passports", "label": "unsafe", "source": "s", "source_category": "c"}\n{"text": "tea", "label": "safe"}\n',
        encoding="utf-8",
    )
    done = run("eval", "--file", source, "--json")
    groups = json.loads(done.stdout)["groups"]
    assert groups["unsafe (recall)"]["estimate"] == 1
    assert groups["safe (false blocks)"]["estimate"] == 0
    assert 0 < groups["unsafe (recall): s/c"]["low"] < 1
    assert "taken for" in run("eval", "--file", source).stdout
