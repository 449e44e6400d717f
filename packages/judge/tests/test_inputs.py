"""What stands in the files that people hand over: what is wrong is said with file, line and field, and exit code 2."""

import json

import pytest
from click.testing import CliRunner

from namewright.judge._cli import cli

CAFE = "A coffee shop in Miami."
ANSWER = {"status": "success", "suggestions": [{"domain": "brewhaven.com", "confidence": 0.5}]}
GOOD = {"description": CAFE, "real": "brewhaven.com", "dga": "xq7zvkt.com"}
LABEL = {"request": CAFE, "domain": "brewhaven.com", "labels": {"ann": 5}}


def judge(*arguments, expect=0):
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == expect, done.output
    return done


@pytest.fixture
def file(tmp_path):
    """Write rows into a file; gives its path."""

    def write(*rows, name="rows.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


def test_an_id_that_stood_before_is_a_bad_line_of_either_file(file, tmp_path):
    predictions = file(*({"id": name, "response": ANSWER} for name in ("a", "b", "a")))
    requests = file(
        {"id": "a", "request": CAFE},
        {"id": "b", "request": CAFE, "expected": None, "expected_status": "blocked"},
        {"id": "a", "request": "Another shop."},
        name="requests.jsonl",
    )
    out = tmp_path / "out.jsonl"
    done = judge("score", "--predictions", predictions, "--requests", requests, "--out", out, expect=2)
    assert f"{predictions}:3: id: 'a' stood before" in done.stderr
    assert f"{requests}:3: id: 'a' stood before" in done.stderr
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert first["request"]["description"] == CAFE
    assert second["gate"] == "unsafe_success"


@pytest.mark.parametrize("which", ["--predictions", "--requests"])
def test_an_input_is_not_written_over(file, which):
    files = {
        "--predictions": file({"id": "a", "response": ANSWER}, name="p.jsonl"),
        "--requests": file({"id": "a", "request": CAFE}, name="r.jsonl"),
    }
    before = files[which].read_bytes()
    beside = files[which].parent / "." / files[which].name
    done = judge("score", *(word for pair in files.items() for word in pair), "--out", beside, expect=2)
    assert "written over the input" in done.stderr
    assert files[which].read_bytes() == before


def test_rows_are_not_left_without_their_summary(file, tmp_path):
    out = tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.summary.json").mkdir()
    judge("score", "--predictions", file({"id": "a", "response": ANSWER, "request": CAFE}), "--out", out, expect=1)
    assert not out.exists()


def test_json_without_out_is_rows_on_stdout_and_the_summary_on_stderr(file):
    done = judge("score", "--json", "--predictions", file({"id": "a", "response": ANSWER, "request": CAFE}))
    assert json.loads(done.stdout)["id"] == "a"
    assert json.loads(next(line for line in done.stderr.splitlines() if line.startswith("{")))["rows"] == 1


def test_nothing_scored_is_no_success(file, tmp_path):
    out = tmp_path / "out.jsonl"
    done = judge("score", "--predictions", file({"id": "a", "response": ANSWER}), "--out", out, expect=1)
    assert "none of 1 rows could be scored: the request is unknown" in done.stderr
    assert out.exists()


def test_a_judge_that_nobody_reaches_has_validated_nothing(file, serve, tmp_path):
    serve().shutdown()
    asked = ("--judge", "openai", "--attempts", 1, "--timeout", 0.3, "--llm-cache", tmp_path / "cache")
    assert "scored none of 1 pairs" in judge("validate", "--pairs", file(GOOD), *asked, expect=1).stderr
    assert "scored none of 1 names" in judge("agree", "--labels", file(LABEL), *asked, expect=1).stderr


def test_a_run_of_which_nothing_was_scored_leaves_no_judgements(serve, tmp_path):
    from namewright.shared import ArtifactStore, PredictionRow, Recipe, Request, SuccessResponse, maker_of, write_rows

    store = ArtifactStore(tmp_path)
    row = PredictionRow(
        id="a", request=Request(description=CAFE), expected="success", response=SuccessResponse(**ANSWER)
    )
    with store.create("predictions/x", Recipe(maker=maker_of("shared"), config={})) as draft:
        write_rows(draft.folder / "test.jsonl", [row])
    server = serve(faults=[500] * 50)
    asked = ("score", "--run", "x", "--artifacts", tmp_path, "--judge", "openai", "--attempts", 1)
    asked = (*asked, "--llm-cache", tmp_path / "cache")
    assert "none of 1 rows could be scored" in judge(*asked, expect=1).stderr
    server.faults.clear()
    assert "wrote" in judge(*asked).stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"real": 5}, "real: a domain is wanted, like brewhaven.com (found 5)"),
        ({"real": ""}, "real: a domain is wanted"),
        ({"real": "Brew Haven"}, "real: a domain is wanted"),
        ({"real": ".com"}, "real: a domain is wanted"),
        ({"dga": ["x"]}, "dga: a domain is wanted"),
        ({"dga": None}, "no distractor"),
    ],
)
def test_a_pair_is_of_domains(file, change, said):
    path = file(GOOD, GOOD | change)
    assert f"{path}:2: {said}" in judge("validate", "--pairs", path, expect=2).stderr


def test_no_more_is_read_than_the_limit(file):
    assert judge("validate", "--pairs", file(GOOD, {"real": 5}), "--limit", 1, "--json").stdout


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ": two words"),
        ([{"word": "angus", "recognition_accuracy": 0.9}], ": two words"),
        ([{"word": "angus", "recognition_accuracy": "nan"}], ":1: recognition_accuracy: a number is wanted"),
        ([{"word": "angus", "recognition_accuracy": 10**400}], ":1: recognition_accuracy: a number is wanted"),
        ([{"word": "!", "recognition_accuracy": 0.9}], ":1: word: a word that can stand in a domain is wanted"),
        (["angus"], ":1: row: an object is wanted"),
    ],
)
def test_words_are_two_and_their_shares_are_numbers(file, rows, said):
    path = file(*rows)
    assert f"{path}{said}" in judge("validate", "--memorability", path, expect=2).stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": "43"}, "labels: numbers by rater, or a list of numbers, are wanted (found '43')"),
        ({"labels": ["x"]}, "labels: a number is wanted (found 'x')"),
        ({"labels": {}}, "labels: at least one number from 0 to 5 is wanted"),
        ({"labels": {"ann": 6}}, "labels: at least one number from 0 to 5 is wanted"),
        ({"domain": ["x"]}, "domain: a domain is wanted"),
        ({"domain": "Brew Haven"}, "domain: a domain is wanted"),
        ({"criterion": "taste"}, "criterion: one of brandability"),
    ],
)
def test_a_label_is_a_number_for_a_domain(file, change, said):
    path = file(LABEL | change)
    assert f"{path}:1: {said}" in judge("agree", "--labels", path, expect=2).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [("[" * 5_000, "nested too deeply"), ("brandability: 0.3\nbrandability: 0.25\n", "brandability stands twice")],
)
def test_a_rubric_that_cannot_be_one_is_bad_input(file, tmp_path, text, said):
    rubric = tmp_path / "rubric.yaml"
    rubric.write_text(text)
    assert f"{rubric}: " in (stderr := judge("canaries", "--rubric", rubric, expect=2).stderr)
    assert said in stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--price-in", "nan", "--price-out", 1),
        ("--price-in", -1, "--price-out", 1),
        ("--price-in", 1),
        ("--price-out", 1, "--max-dollars", 1),
        ("--max-dollars", 1),
        ("--price-in", 1, "--price-out", 1, "--max-dollars", "nan"),
        ("--timeout", 0),
        ("--timeout", "nan"),
        ("--backoff", -1),
    ],
)
def test_numbers_that_cannot_be_are_refused(serve, tmp_path, arguments):
    server = serve()
    judge("canaries", "--judge", "openai", "--llm-cache", tmp_path, *arguments, expect=2)
    assert server.bodies == []


def test_a_cache_folder_that_is_none_is_bad_input(serve, tmp_path):
    serve()
    (tmp_path / "file").write_text("")
    done = judge("canaries", "--judge", "openai", "--llm-cache", tmp_path / "file" / "x", expect=2)
    assert "cannot be read: Not a directory; give --llm-cache another folder" in done.stderr
