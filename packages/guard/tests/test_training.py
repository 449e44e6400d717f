"""Training from the checkout's folder: the same bytes twice, a card that says from what, and lines that are kept apart."""

import hashlib
import json
import lzma
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from namewright.guard import Guard, GuardError
from namewright.guard._cli import cli
from namewright.guard._files import data_file
from namewright.guard._model import load_model
from namewright.guard._training._corpus import DESCRIPTIONS, HINTS, read_corpus, read_descriptions, read_taught
from namewright.guard._training._run import input_hashes
from namewright.guard._training._written import Written, read_written
from namewright.shared.errors import BadInputError

DATA = Path(__file__).parents[1] / "training"


def train(data, out):
    done = CliRunner().invoke(cli, ["train", "--out", str(out), "--data", str(data), "--scale", "0.01"])
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    """The checkout's folder with a tenth of the written lines."""
    folder = tmp_path_factory.mktemp("training")
    for name in ("grammar", "word_vectors.npz", "taught.tsv.xz", *DESCRIPTIONS):
        (folder / name).symlink_to(DATA / name)
    (folder / "written").mkdir()
    for path in (DATA / "written").glob("*.tsv"):
        lines = path.read_text(encoding="utf-8").splitlines()[::10]
        (folder / "written" / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(small_data, tmp_path_factory):
    return train(small_data, tmp_path_factory.mktemp("weights") / "weights.npz")


def test_the_same_inputs_give_the_same_bytes(small_data, trained, tmp_path):
    assert train(small_data, tmp_path / "again.npz").read_bytes() == trained.read_bytes()


def test_a_further_corpus_is_read_and_named(tmp_path):
    more = tmp_path / "more.jsonl"
    more.write_text(
        '{"text": "sell stolen kidneys", "label": "unsafe", "category": "illegal"}\n{"text": "tea", "label": "safe"}\n',
        encoding="utf-8",
    )
    assert read_corpus(more) == [("sell stolen kidneys", "illegal"), ("tea", "safe")]
    assert input_hashes(DATA, [more])["more.jsonl"] == hashlib.sha256(more.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "line",
    [
        "[1]", "{", '{"text": "x", "label": "unsafe"}', '{"text": 5, "label": "safe"}', '{"text": "x", "category": "adult"}',
        '{"text": "x", "label": "Safe", "category": "adult"}', '{"text": "x", "label": "unsafe", "category": "safe"}',
        '{"text": "x", "label": "unsafe", "category": []}',
    ],
)  # fmt: skip
def test_a_wrong_line_of_a_corpus_is_named(tmp_path, line):
    path = tmp_path / "more.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"more\.jsonl:1: .*(text|label|category|JSON)"):
        read_corpus(path)


def test_even_small_weights_tell_unsafe_from_safe(trained):
    guard = Guard(model=load_model(trained))
    assert guard.check("How do I launder money from selling cocaine?").blocked
    assert not guard.check("Organic bakery with sourdough bread and cakes in Lyon.").blocked


def test_the_committed_card_names_the_inputs_that_stand_in_the_checkout():
    card = json.loads(data_file("weights.card.json").read_text(encoding="utf-8"))
    assert card["inputs"] == input_hashes(DATA)
    assert (card["scale"], card["seed"]) == (1.0, 42)


def test_the_thresholds_are_those_that_training_found():
    card = json.loads(data_file("weights.card.json").read_text(encoding="utf-8"))
    assert load_model(data_file("weights.npz")).thresholds == card["thresholds"]


def test_about_a_seventh_of_the_written_lines_is_held_out():
    written = read_written(DATA / "written")
    assert 0.12 < sum(line.held_out for line in written) / len(written) < 0.18


def test_alternatives_are_expanded_without_repeats():
    line = Written("illegal", "(buy|sell) a (|very )cheap stolen bike .", "test")
    assert set(line.variants(9, random.Random(0))) == {
        "buy a cheap stolen bike.", "buy a very cheap stolen bike.",
        "sell a cheap stolen bike.", "sell a very cheap stolen bike.",
    }  # fmt: skip
    assert len(line.variants(2, random.Random(0))) == 2


@pytest.mark.parametrize(
    "line", ["no tab here", "nonsense\ttext", "safe\t(a|b", "safe\tone | two", "illegal\t ", "safe\t{a} and {b}"]
)
def test_a_wrong_line_is_named(tmp_path, line):
    (tmp_path / "bad.tsv").write_text(f"# heading\n{line}\n", encoding="utf-8")
    with pytest.raises(GuardError, match=r"bad\.tsv:2"):
        read_written(tmp_path)


def test_weights_that_nobody_could_write_are_not_trained(tmp_path):
    done = CliRunner().invoke(cli, ["train", "--out", str(tmp_path / "nothere" / "weights.npz")])
    assert done.exit_code == 2
    assert "nothere" in done.stderr


def test_a_folder_without_data_is_an_error(tmp_path):
    with pytest.raises(GuardError, match="nothing to train on"):
        input_hashes(tmp_path)


def test_no_line_is_both_trained_on_and_measured_with():
    rng = random.Random(0)
    written = {text.lower() for line in read_written(DATA / "written") for text in line.variants(50, rng)}
    described = {text.lower() for kept in read_descriptions(DATA) for text in kept}
    benchmarks = DATA.parent / "benchmarks"
    measured = [
        text.strip().lower()
        for path in sorted([*benchmarks.glob("*.tsv"), *benchmarks.glob("*.txt")])
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("# ")
        for text in line.split("\t")
        if " " in text or path.name == "scunthorpe.txt"
    ]
    assert len(measured) > 5_000
    assert not (written | described) & set(measured)


def test_the_clause_that_decides_is_marked_by_braces():
    line = Written("doxxing", "Locks and keys, {(copies|photos) of every tenant's letters} and a van.", "test")
    assert line.variants(1, random.Random(0))[0].startswith("Locks and keys, ")
    assert "{" not in line.variants(1, random.Random(0))[0]
    assert set(line.clauses(2, random.Random(0))) == {
        "copies of every tenant's letters",
        "photos of every tenant's letters",
    }
    assert Written("safe", "A bakery.", "test").clauses(1, random.Random(0)) == []


def test_what_the_teacher_said_is_a_share_of_certainty_and_a_hint(tmp_path):
    path = tmp_path / "taught.tsv.xz"
    path.write_bytes(lzma.compress(f"0.00\t{'v' * HINTS}\ttea\n-2.20\t0{'-' * (HINTS - 2)}w\ta\ttab".encode()))
    texts, wanted, hints = read_taught(path)
    assert texts == ["tea", "a\ttab"]
    assert wanted == [0.5, pytest.approx(0.1, abs=0.001)]
    assert hints.shape == (2, HINTS)
    assert not hints[0].any()
    assert hints[1, [0, 1, -1]].tolist() == pytest.approx([-3.1, 3.1, 0.1])


def test_a_wrong_line_of_what_the_teacher_said_is_named_by_its_place_in_the_file(tmp_path):
    path = tmp_path / "taught.tsv.xz"
    hint = "v" * HINTS
    for wrong in ("no logit", f"x\t{hint}\ttea", "0.00\tv\ttea", f"0.00\t{hint[1:]}!\ttea"):
        path.write_bytes(lzma.compress(f"0.00\t{hint}\ttea\n-1.5\t{hint}\tcoffee\n{wrong}".encode()))
        with pytest.raises(GuardError, match=r"taught\.tsv\.xz:3"):
            read_taught(path, scale=0.5)
