"""What every job's command line has in common: where a value comes from, what goes where, how a job ends."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from namewright.shared import (
    ArtifactStore,
    BadInputError,
    MissingArtifactError,
    NamewrightError,
    RejectedLine,
    Rejections,
    TamperedArtifactError,
)
from namewright.shared.cli import (
    JobCommand,
    JobGroup,
    NumberRange,
    artifacts_option,
    json_option,
    log,
    print_json,
    progress,
    refuse_same_file,
    replace_option,
    report_rejections,
    seed_option,
)


@click.group(cls=JobGroup, default="make")
def job():
    """A job."""


@job.command()
@click.option("--n", type=click.IntRange(1), default=8)
@click.option("--learning-rate", type=NumberRange(0.0), default=0.1)
@click.option("--tld", "tlds", multiple=True)
@click.option("--puns/--no-puns", default=False)
@artifacts_option
@replace_option
@seed_option
@json_option
def make(**values):
    """Make it."""
    values["store"] = str(values["store"].root)
    log("working")
    print_json(values)


@job.command("fail")
@click.argument("kind")
def fail_(kind):
    """Fail."""
    raise {
        "job": NamewrightError("models/x: it did not converge"),
        "input": BadInputError("rows.jsonl:3: tlds: unknown TLD"),
        "missing": MissingArtifactError("datasets/v9: not there"),
        "tampered": TamperedArtifactError("datasets/v1/train.jsonl: has changed"),
        "unforeseen": ZeroDivisionError("division by zero"),
    }[kind]


@pytest.fixture
def run(monkeypatch):
    def run_job(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(job, arguments, auto_envvar_prefix="NAMEWRIGHT_JOB", standalone_mode=True)

    for name in list(os.environ):
        if name.startswith("NAMEWRIGHT"):
            monkeypatch.delenv(name)
    return run_job


def values(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "job.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# where a value comes from


def test_a_flag_stands_over_the_environment_and_that_over_the_file_and_that_over_the_default(run, config):
    file = config("n: 3")
    assert values(run())["n"] == 8
    assert values(run("--config", file))["n"] == 3
    assert values(run("--config", file, NAMEWRIGHT_JOB_MAKE_N="4"))["n"] == 4
    assert values(run("--config", file, "--n", "5"))["n"] == 5
    assert values(run("--n", "5", "--config", file))["n"] == 5, "wherever the file is named"


def test_a_file_may_write_an_option_with_hyphens_or_underscores_and_lists_and_truths(run, config):
    hyphens = values(run("--config", config("learning-rate: 0.5\ntld: [com, io]\npuns: true")))
    assert (hyphens["learning_rate"], hyphens["tlds"], hyphens["puns"]) == (0.5, ["com", "io"], True)
    assert values(run("--config", config("learning_rate: 0.25")))["learning_rate"] == 0.25


def test_a_flag_takes_back_what_a_file_has_switched_on(run, config):
    assert values(run("--config", config("puns: true"), "--no-puns"))["puns"] is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour: red", "unknown option 'colour'; known are artifacts, json, learning-rate, n, puns"),
        ("- n\n- 3", "not a mapping of options"),
        ("n: [", "cannot be read"),
        ("1: 2", "unknown option '1'; known are"),
        ('""', "not a mapping of options"),
        ("[]", "not a mapping of options"),
        ("n: zero", "n: 'zero' is not a valid integer"),
        ("n: 0", "n: 0 is not in the range x>=1"),
        ("n:", "n: one value is wanted (found nothing)"),
        ("n: 2.5", "n: a whole number is wanted (found 2.5)"),
        ("n: true", "n: this is no switch (found True)"),
        ("n: {a: 1}", "n: one value is wanted (found a mapping)"),
        ("n: 3\nn: 4", "n: this option stands twice"),
        ("learning-rate: 1\nlearning_rate: 2", "learning_rate: this option stands twice"),
        ("tld: com", "tld: a list is wanted (found 'com')"),
        ("tld: [com, null]", "tld: one value is wanted (found nothing)"),
        ("learning-rate: .nan", "learning-rate: 'nan' is not a number"),
        ("puns: perhaps", "puns: 'perhaps' is not a valid boolean"),
        ("json: 2026-13-45", "json: cannot be read: month must be in 1..12"),
        ("n: " + "[" * 10_000, "cannot be read"),
        ("n: 1" + "0" * 5_000, "n: cannot be read"),
        ("n: !!python/name:os.system", "n: cannot be read"),
        ("? [a]\n: 3", "unknown option 'a sequence'"),
        ("<<: {n: 3}", "unknown option '<<'"),
        ("n: 0x" + "f" * 5_000, "n: "),
        ('artifacts: "a\\0b"', "artifacts: "),
    ],
)
def test_a_config_file_with_a_mistake_is_bad_usage(run, config, text, message):
    result = run("--config", config(text))
    assert result.exit_code == 2
    assert f"job.yaml: {message}" in result.stderr
    assert result.stdout == ""


def test_a_text_may_be_written_as_a_number_or_a_date(run, config):
    assert values(run("--config", config("artifacts: 2026-01-02\ntld: [com]")))["store"] == "2026-01-02"
    assert values(run("--config", config("artifacts: 7")))["store"] == "7"


def test_what_is_not_a_number_is_outside_of_every_range(run):
    result = run("--learning-rate", "nan")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'nan' is not a number" in result.stderr
    assert values(run("--learning-rate", "inf"))["learning_rate"] == float("inf")


def test_a_config_file_that_is_not_there_or_not_utf8_is_bad_usage(run, tmp_path):
    assert run("--config", str(tmp_path / "nowhere.yaml")).exit_code == 2
    (tmp_path / "latin.yaml").write_bytes(b"n: 3 # caf\xe9")
    result = run("--config", str(tmp_path / "latin.yaml"))
    assert result.exit_code == 2
    assert "latin.yaml: cannot be read" in result.stderr


def test_an_empty_config_file_changes_nothing(run, config):
    assert values(run("--config", config("# nothing yet")))["n"] == 8


def test_the_shared_options_have_one_variable_for_all_jobs(run):
    found = values(run(NAMEWRIGHT_ARTIFACTS="/volume", NAMEWRIGHT_SEED="7", NAMEWRIGHT_REPLACE="1"))
    assert (found["store"], found["seed"], found["replace"]) == ("/volume", 7, True)
    assert values(run("--seed", "9"))["seed"] == 9


def test_the_defaults_are_those_of_the_design(run):
    found = values(run())
    assert (found["store"], found["seed"], found["replace"]) == ("artifacts", 42, False)


def test_a_group_runs_its_first_command_when_none_is_named(run):
    assert values(run("--n", "5")) == values(run("make", "--n", "5"))


@pytest.mark.parametrize(
    "arguments", [["--seed", "-1"], ["--seed", "4294967296"], ["--colour"], ["--n", "many"], ["nowhere"]]
)
def test_bad_usage_is_exit_code_2_and_nothing_on_stdout(run, arguments):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


# what goes where


def test_data_goes_to_stdout_and_what_is_said_to_stderr(run):
    result = run()
    assert result.stderr == "working\n"
    assert json.loads(result.stdout)


def test_json_is_printed_as_it_reads(capsys):
    print_json({"name": "café"})
    assert capsys.readouterr().out == '{"name": "café"}\n'


def test_progress_is_shown_on_stderr(capsys):
    assert list(progress([1, 2], total=2, label="rows")) == [1, 2]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "rows" in captured.err


# how a job ends


@pytest.mark.parametrize(
    ("kind", "code"), [("job", 1), ("input", 2), ("missing", 3), ("tampered", 3), ("unforeseen", 1)]
)
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_is_one_line_and_an_exit_code_and_a_traceback_only_with_debug(run, kind, code, debug):
    result = run("fail", kind, *["--debug"] * debug)
    assert result.exit_code == code
    assert result.stdout == ""
    assert ("Traceback" in result.stderr) is debug
    assert result.stderr.splitlines()[-1].startswith("error: ")
    if not debug:
        assert len(result.stderr.splitlines()) == 1


def test_what_was_not_foreseen_says_how_to_see_more(run):
    assert run("fail", "unforeseen").stderr == (
        "error: ZeroDivisionError: division by zero (not foreseen; --debug shows where)\n"
    )


def test_an_artifact_with_a_changed_byte_ends_a_job_with_exit_code_3_naming_the_file(tmp_path):
    @click.command(cls=JobCommand)
    @artifacts_option
    def train(store):
        store.open("datasets/v1")

    from namewright.shared import Recipe, maker_of

    with ArtifactStore(tmp_path).create("datasets/v1", Recipe(maker=maker_of("shared"), config={})) as draft:
        (draft.folder / "train.jsonl").write_text("row\n")
    assert CliRunner().invoke(train, ["--artifacts", str(tmp_path)]).exit_code == 0
    (tmp_path / "datasets" / "v1" / "train.jsonl").write_text("rov\n")
    result = CliRunner().invoke(train, ["--artifacts", str(tmp_path)])
    assert result.exit_code == 3
    assert f"{tmp_path}/datasets/v1/train.jsonl: this file has changed" in result.stderr


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 1)])
def test_a_job_that_is_told_to_stop_runs_its_clean_up_and_says_no_traceback(name, code, tmp_path):
    mark = tmp_path / "cleaned"
    program = """
        import signal, sys, time
        from pathlib import Path
        import click
        from namewright.shared.cli import JobCommand

        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell started the tests in the background

        @click.command(cls=JobCommand)
        @click.argument("mark", type=Path)
        def work(mark):
            try:
                print("working", flush=True)
                time.sleep(60)
            finally:
                mark.touch()
        work()
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(mark)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(getattr(signal, name))
        assert process.wait(60) == code
        assert "Traceback" not in process.stderr.read()
    assert mark.exists()


# bad lines of an input


def lines(count):
    return Rejections([RejectedLine("rows.jsonl", number, "tlds: unknown TLD", "{}") for number in range(1, count + 1)])


@click.command(cls=JobCommand)
@click.argument("bad", type=int)
@click.option("--out", type=click.Path(path_type=Path))
def batch(bad, out):
    report_rejections(lines(bad), out, read=100)


def test_bad_lines_are_told_kept_and_counted_and_end_the_job_with_exit_code_2(tmp_path):
    out = tmp_path / "predictions.jsonl"
    result = CliRunner().invoke(batch, ["7", "--out", str(out)])
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert said[:2] == ["error: rows.jsonl:1: tlds: unknown TLD", "error: rows.jsonl:2: tlds: unknown TLD"]
    assert said[5:] == [
        "error: ... and 2 more lines",
        f"error: 7 bad lines, 100 good ones were worked on; the bad ones are kept in {out}.rejected.jsonl",
    ]
    assert len(Path(f"{out}.rejected.jsonl").read_text().splitlines()) == 7


def test_bad_lines_of_a_job_that_writes_to_stdout_are_told_too():
    result = CliRunner().invoke(batch, ["1"])
    assert result.exit_code == 2
    assert "rows.jsonl:1" in result.stderr


def test_without_bad_lines_a_job_ends_well_and_those_of_an_earlier_run_are_gone(tmp_path):
    out = tmp_path / "predictions.jsonl"
    CliRunner().invoke(batch, ["1", "--out", str(out)])
    assert CliRunner().invoke(batch, ["0", "--out", str(out)]).exit_code == 0
    assert list(tmp_path.iterdir()) == []


# one file for two


@click.command(cls=JobCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path))
def copy(file, out):
    refuse_same_file(out, None, file)
    out.write_text("done")


@pytest.mark.parametrize("out", ["rows.jsonl", "./rows.jsonl", "link.jsonl", "hard.jsonl"])
def test_an_output_that_is_the_input_under_any_name_is_refused_and_nothing_touched(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "rows.jsonl"
    file.write_text("precious")
    (tmp_path / "link.jsonl").symlink_to(file)
    (tmp_path / "hard.jsonl").hardlink_to(file)
    result = CliRunner().invoke(copy, ["rows.jsonl", "--out", out])
    assert result.exit_code == 2
    assert "would be written over the input rows.jsonl" in result.stderr
    assert file.read_text() == "precious"


def test_another_output_is_taken_and_so_is_a_device_that_is_both(tmp_path):
    (tmp_path / "rows.jsonl").write_text("precious")
    result = CliRunner().invoke(copy, [str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 0
    assert CliRunner().invoke(copy, ["/dev/null", "--out", "/dev/null"]).exit_code == 0


def test_an_option_stands_in_the_environment_under_its_own_name_and_its_parameter_s(monkeypatch):
    for name in ("TLD", "TLDS"):
        monkeypatch.setenv(f"NAMEWRIGHT_JOB_MAKE_{name}", "io ai")
        result = CliRunner().invoke(job, ["make"], auto_envvar_prefix="NAMEWRIGHT_JOB")
        assert json.loads(result.stdout)["tlds"] == ["io", "ai"]
        monkeypatch.delenv(f"NAMEWRIGHT_JOB_MAKE_{name}")
