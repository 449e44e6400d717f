"""The command line as other jobs and people call it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from namewright.judge._cli import cli
from namewright.shared import ArtifactStore, PredictionRow, Recipe, Request, SuccessResponse, maker_of, write_rows
from namewright.shared.schemas import Suggestion

SHARED = Path(__file__).parents[4] / "shared" / "data"
TEXTS = ["A coffee shop in Miami.", "A veterinarian who visits homes.", "Solar panels for farms."]


def judge(*arguments, expect=0):
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == expect, done.output
    return done


def rows(names):
    answer = SuccessResponse(suggestions=tuple(Suggestion(domain=d, confidence=0.5) for d in names))
    return [PredictionRow(id=str(i), request=Request(description=t), expected="success", response=answer)
            for i, t in enumerate(TEXTS)]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    found = ArtifactStore(tmp_path / "artifacts")
    for run, names in {"baseline": ["xqzkt.com", "bvcxz.com"], "improved": ["brewhaven.com", "pawvisit.com"]}.items():
        with found.create(f"predictions/{run}", Recipe(maker=maker_of("shared"), config={"run": run})) as draft:
            write_rows(draft.folder / "test.jsonl", rows(names))
    return found


def test_the_same_predictions_judged_twice_are_identical_to_the_byte(tmp_path):
    predictions = tmp_path / "p.jsonl"
    write_rows(predictions, rows(["brewhaven.com"]))
    for name in ("a", "b"):
        judge("score", "--predictions", predictions, "--out", tmp_path / name)
    for end in ("", ".summary.json"):
        assert (tmp_path / f"a{end}").read_bytes() == (tmp_path / f"b{end}").read_bytes()


def test_good_rows_survive_bad_lines(tmp_path):
    predictions, out = tmp_path / "p.jsonl", tmp_path / "out.jsonl"
    write_rows(predictions, rows(["brewhaven.com"]))
    with predictions.open("ab") as file:
        file.write(b'{"id": "x"}\n{"id": "y", "response": "\xff"}\nnot json\n')
    done = judge("score", "--predictions", predictions, "--out", out, expect=2)
    assert len(out.read_text().splitlines()) == 3
    assert f"{predictions}:4: response: this field is missing" in done.stderr
    assert len(out.with_name("out.jsonl.rejected.jsonl").read_text().splitlines()) == 3


def test_the_notebooks_come_out_at_zero_with_no_blocked_pass(tmp_path):
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not here")
    done = judge("score", "--predictions", SHARED / "notebook_predictions.jsonl", "--requests",
                 SHARED / "notebook_val.jsonl", "--out", tmp_path / "o.jsonl", "--json")  # fmt: skip
    summary = json.loads(done.stdout)
    assert summary["composite"]["estimate"] == 0.0
    # 15 unsafe requests in their slice of blocked ones and one among their 20 others, each asked in two runs
    assert (summary["safety"]["unsafe_passes"], summary["safety"]["unsafe"]) == (0, 32)


def test_a_run_is_judged_reused_compared_and_reported(store):
    at = ("--artifacts", store.root)
    for run in ("baseline", "improved"):
        assert "wrote" in judge("score", "--run", run, "--split", "test", *at).stderr
    assert "reused" in judge("score", "--run", "baseline", "--split", "test", *at).stderr
    assert store.open("judgements/baseline/test").file("rows.jsonl").is_file()
    comparison = json.loads(judge("compare", "baseline", "improved", "--json", *at).stdout)
    assert comparison["differences"]["composite"]["difference"]["estimate"] > 1
    judge("report", "improved", "baseline", *at)
    assert {p.suffix for p in (store.root / "reports").glob("improved.*")} == {".html", ".json", ".md"}


def test_another_rubric_is_another_judge_and_is_not_compared(store, tmp_path):
    at = ("--artifacts", store.root)
    rubric = tmp_path / "rubric.yaml"
    rubric.write_text("{brandability: 0.3, memorability: 0.2, adherence: 0.2, quality: 0.2, diversity: 0.1}")
    judge("score", "--run", "baseline", *at)
    judge("score", "--run", "improved", "--rubric", rubric, *at)
    assert "two different judges: rubric" in judge("compare", "baseline", "improved", *at, expect=2).stderr
    judge("compare", "baseline", "improved", "--rejudge", *at)


def test_a_changed_byte_is_exit_code_3(store):
    path = store.root / "predictions" / "baseline" / "test.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Miami", b"Tampa"))
    assert "test.jsonl" in judge("score", "--run", "baseline", "--artifacts", store.root, expect=3).stderr
    judge("score", "--run", "nobody", "--artifacts", store.root, expect=3)


def test_agreement_and_validation_read_what_the_help_says(tmp_path):
    labels, pairs = tmp_path / "l.jsonl", tmp_path / "p.jsonl"
    write_rows(labels, [{"request": TEXTS[0], "domain": d, "labels": {"ann": a, "bob": b}}
                        for d, a, b in [("brewhaven.com", 5, 4), ("xqzvkt.com", 0, 1), ("coffeebean.com", 3, 3)]])  # fmt: skip
    found = json.loads(judge("agree", "--labels", labels, "--json").stdout)
    assert (found["names"], found["raters"]) == (3, 2)
    assert found["spearman"] > 0.4
    write_rows(pairs, [{"description": TEXTS[0], "real": "brewhaven.com", "dga": "xq7zvkt.com"}])
    assert json.loads(judge("validate", "--pairs", pairs, "--json").stdout)["accuracy"]["dga"]["estimate"] == 1.0


def test_the_canaries_pass():
    assert "FAIL" not in judge("canaries").stdout
