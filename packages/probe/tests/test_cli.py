"""The command line: what it writes, what it says, and how it ends."""

import json
import shlex
import subprocess
import sys

import pytest
from click.testing import CliRunner

from namewright.probe import Clusters, Failure, Regression
from namewright.probe._cli import cli
from namewright.shared import ArtifactStore, read_rows


@pytest.fixture
def probe(tmp_path, monkeypatch):
    monkeypatch.setenv("NAMEWRIGHT_ARTIFACTS", str(tmp_path / "artifacts"))

    def run(*arguments):
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], auto_envvar_prefix="NAMEWRIGHT_PROBE")

    return run


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "artifacts")


def test_a_run_writes_failures_clusters_and_regressions_as_an_artifact(probe, serve, store):
    url = serve("crashes_on_emoji")
    result = probe("run", "--against", url, "--mutators", "unicode,casing", "--budget", 30, "--run", "first")
    assert result.exit_code == 0, result.output
    artifact = store.open("probes/first")
    assert sorted(artifact.manifest.outputs) == ["clusters.json", "failures.jsonl", "regressions.jsonl"]
    failures = list(read_rows(artifact.file("failures.jsonl"), Failure.model_validate))
    clusters = Clusters.model_validate_json(artifact.file("clusters.json").read_bytes())
    [regression] = read_rows(artifact.file("regressions.jsonl"), Regression.model_validate)
    [cluster] = clusters.clusters
    assert (cluster.oracle, cluster.mutator, cluster.variants) == ("crash", "unicode", ("emoji",))
    assert {failure.cluster for failure in failures} == {cluster.id} == {regression.cluster}
    assert cluster.failures == tuple(failure.id for failure in failures)
    assert cluster.count == len(failures) == clusters.failed > 1
    assert (clusters.asked, clusters.mutators["casing"].failed) == (30, 0)
    assert {failure.code for failure in failures} == {500}
    assert len(json.loads(regression.request)["description"]) < 5
    assert f"{cluster.count} of 30 cases failed, in 1 clusters" in result.stdout


def test_what_could_not_be_judged_is_said(probe, serve):
    result = probe("run", "--against", serve("blocks_everything"), "--mutators", "plain,constraints", "--budget", 8)
    assert "  constraints     0 of 4, 4 unjudged: their plain form fails already" in result.stdout


def test_json_on_stdout_is_what_clusters_json_holds(probe, serve, store):
    result = probe("--against", serve("takes_any_tld"), "--mutators", "invalid", "--run", "x", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(store.open("probes/x").file("clusters.json").read_text())


def test_a_regression_fails_until_its_bug_is_mended_and_the_exit_code_says_so(probe, serve, store):
    broken = serve("guard_cannot_read_leet")
    probe("run", "--against", broken, "--mutators", "obfuscation", "--budget", 24, "--minimise", 0, "--run", "x")
    file = store.open("probes/x").file("regressions.jsonl")
    still = probe("replay", file, "--against", broken)
    assert still.exit_code == 1
    assert all(line.startswith("still fails") for line in still.stdout.splitlines())
    assert f"error: {len(still.stdout.splitlines())} of" in still.stderr
    worse = probe("replay", file, "--against", serve("crashes_on_all_but_the_plain"))
    assert worse.exit_code == 1
    assert all(line.startswith("fails otherwise") for line in worse.stdout.splitlines())
    assert "crash: 500" in worse.stdout
    mended = probe("replay", file, "--against", serve())
    assert mended.exit_code == 0, mended.output
    assert mended.stdout.startswith("fixed")


def test_what_cannot_be_judged_is_not_fixed(probe, serve, store):
    broken = serve("guard_is_upset_by_accents")
    probe("run", "--against", broken, "--mutators", "unicode", "--budget", 24, "--run", "x")
    file = store.open("probes/x").file("regressions.jsonl")
    result = probe("replay", file, "--against", serve("blocks_everything_but_the_plain"))
    assert result.exit_code == 1, result.output
    assert "cannot be judged  " in result.stdout
    assert "its unmutated request is answered wrongly: blocked" in result.stdout


def test_no_regression_at_all_is_nothing_fixed(probe, serve, tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    result = probe("replay", tmp_path / "none.jsonl", "--against", serve())
    assert result.exit_code == 2
    assert "there is no regression in it" in result.stderr


def test_nothing_to_ask_is_said(probe, serve, store, tmp_path):
    (tmp_path / "safe.jsonl").write_text('{"description": "tea room"}\n')
    asked = ("--against", serve(), "--requests", tmp_path / "safe.jsonl", "--mutators", "obfuscation", "--run", "x")
    result = probe("run", *asked)
    assert result.exit_code == 2
    assert "there is nothing to ask" in result.stderr
    assert not (store.root / "probes" / "x").exists()


def test_a_replay_can_be_read_by_a_program(probe, serve, store):
    url = serve("takes_any_tld")
    probe("run", "--against", url, "--mutators", "invalid", "--run", "x")
    result = probe("replay", store.open("probes/x").file("regressions.jsonl"), "--against", url, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["fails"] is True


@pytest.mark.parametrize(
    ("bug", "mutator"),
    [
        ("chokes_on_half_characters", "invalid"),
        ("hangs_up_on_long_texts", "length"),
        ("echoes_the_prompt", "injection"),
        ("refuses_without_a_word", "invalid"),
        ("adds_a_note", "constraints"),
        ("answers_half_characters", "constraints"),
    ],
)
def test_whatever_fails_can_be_written_and_replayed(bug, mutator, probe, serve, store):
    url = serve(bug)
    result = probe("run", "--against", url, "--mutators", mutator, "--budget", 40, "--run", "x")
    assert result.exit_code == 0, result.output
    replayed = probe("replay", store.open("probes/x").file("regressions.jsonl"), "--against", url, "--json")
    lines = [json.loads(line) for line in replayed.stdout.splitlines()]
    assert lines
    assert all(line["fails"] for line in lines)


def test_the_same_seed_finds_the_same_to_the_byte(probe, serve, store):
    url = serve("guard_blocks_by_substring")
    for name in ("one", "two"):
        probe("run", "--against", url, "--budget", 60, "--run", name, "--workers", 4)
    assert store.open("probes/one").manifest.outputs == store.open("probes/two").manifest.outputs


def test_a_model_is_asked_through_the_command(probe, command, store, tmp_path):
    words = shlex.join(command("forgets_to_sort")[:4])
    result = probe("run", "--model", "baseline", "--command", words, "--mutators", "constraints", "--budget", 20)
    assert result.exit_code == 0, result.output
    clusters = Clusters.model_validate_json(store.open("probes/baseline").file("clusters.json").read_bytes())
    assert [cluster.oracle for cluster in clusters.clusters] == ["order"]
    assert clusters.clusters[0].variants == ("forty_tlds",)


def test_a_model_that_is_not_there_is_exit_code_3_with_the_commands_own_words(probe, command):
    result = probe("run", "--model", "missing", "--command", shlex.join(command()[:4]))
    assert result.exit_code == 3
    assert "error: models/missing: this artifact is not there" in result.stderr


def test_a_model_that_was_tampered_with_is_exit_code_3(probe, command, store):
    from namewright.shared import Recipe, maker_of

    with store.create("models/mine", Recipe(maker=maker_of("probe"), config={})) as draft:
        (draft.folder / "adapter.safetensors").write_text("weights")
    (store.root / "models" / "mine" / "adapter.safetensors").write_text("weightz")
    result = probe("run", "--model", "mine", "--command", shlex.join(command()[:4]))
    assert result.exit_code == 3
    assert "adapter.safetensors: this file has changed" in result.stderr


def test_requests_of_a_file_are_probed_and_its_bad_lines_told_at_the_end(probe, serve, store, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"description": "tea room"}\n{"description": ""}\n')
    result = probe("run", "--against", serve(), "--requests", path, "--mutators", "casing", "--run", "x")
    assert result.exit_code == 2
    assert f"{path}:2: description: the description is empty" in result.stderr
    artifact = store.open("probes/x")
    assert list(artifact.manifest.recipe.inputs) == ["requests/mine.jsonl"]
    assert json.loads(artifact.file("clusters.json").read_text())["failed"] == 0


def test_a_file_without_one_good_request_is_bad_input(probe, serve, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("nonsense\n")
    result = probe("run", "--against", serve(), "--requests", path)
    assert result.exit_code == 2
    assert "no request in it can be read" in result.stderr


def test_a_name_that_is_taken_is_refused_unless_it_may_be_replaced(probe, serve):
    url = serve()
    arguments = ["run", "--against", url, "--mutators", "plain", "--budget", 2, "--run", "x"]
    assert probe(*arguments).exit_code == 0
    refused = probe(*arguments)
    assert refused.exit_code == 2
    assert "probes/x: there already; give another --run, or --replace" in refused.stderr
    assert probe(*arguments, "--replace").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "say whom to ask"),
        (["--against", "http://localhost:1", "--model", "x"], 2, "say whom to ask"),
        (["--against", "localhost:8000"], 2, "is no address"),
        (["--against", "ftp://example.com"], 2, "is no address"),
        (["--against", "http://127.0.0.1:9"], 1, "nobody answers there"),
        (
            ["--against", "http://127.0.0.1:9", "--mutators", "magic"],
            2,
            "there is no 'magic'; there are plain, invalid",
        ),
        (["--against", "http://127.0.0.1:9", "--budget", "0"], 2, "0 is not in the range"),
        (["--model", "x", "--command", "no-such-program"], 2, "there is no program 'no-such-program'"),
        (["--model", "x", "--command", '"'], 2, "is no command: No closing quotation"),
        (["--model", "x", "--command", ""], 2, "is no command"),
        (["--against", "http://127.0.0.1:9", "--timeout", "nan"], 2, "'nan' is no number of seconds"),
        (["--against", "http://127.0.0.1:9", "--timeout", "inf"], 2, "is not in the range"),
        (["--model", "x", "--command", "false"], 1, "the suggester does not answer a plain request"),
    ],
)
def test_what_cannot_work_is_said_at_once_and_leaves_nothing(probe, store, arguments, code, message):
    result = probe("run", *arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert not (store.root / "probes").exists() or not [
        p for p in (store.root / "probes").iterdir() if p.suffix != ".lock"
    ]


def test_another_server_at_the_address_is_said_as_one(probe, serve):
    result = probe("run", "--against", serve() + "/other")
    assert result.exit_code == 1
    assert "the server there has no /v1/suggestions (404)" in result.stderr


def test_a_file_that_holds_no_regressions_is_bad_input(probe, serve, tmp_path):
    path = tmp_path / "regressions.jsonl"
    path.write_text('{"oracle": "crash"}\n')
    result = probe("replay", path, "--against", serve())
    assert result.exit_code == 2
    assert f"{path}:1: cluster: Field required" in result.stderr


def test_help_is_fast_and_needs_no_network_library():
    code = (
        "import sys; from namewright.probe._cli import cli; print([m for m in sys.modules if m in ('httpx', 'torch')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    shown = CliRunner().invoke(cli, ["--help"])
    assert "probe run --against http://localhost:8000" in shown.output
