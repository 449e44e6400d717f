"""What `synth` writes, and what it promises of it."""

import json

import pytest

from namewright.shared import ArtifactStore, BadInputError, DatasetRow, NamewrightError, read_rows, violations
from namewright.synth import Plan, check_file, make_dataset, split_rows
from namewright.synth._gate import check_splits
from namewright.synth._rows import accepted_drafts

SPLITS = ("train", "val", "test")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return ArtifactStore(tmp_path_factory.mktemp("artifacts"))


@pytest.fixture(scope="module")
def dataset(store):
    artifact, reused = make_dataset(store, Plan(name="v0", n=200))
    assert not reused
    return artifact


@pytest.fixture(scope="module")
def rows(dataset):
    return {split: list(read_rows(dataset.file(f"{split}.jsonl"), DatasetRow.model_validate)) for split in SPLITS}


def test_the_splits_hold_eight_one_and_one_tenth(rows):
    counts = {split: len(rows[split]) for split in SPLITS}
    assert sum(counts.values()) == 200
    assert abs(counts["val"] - 20) <= 1
    assert abs(counts["test"] - 20) <= 1


def test_the_unsafe_share_is_as_asked(rows):
    blocked = sum(row.expected == "blocked" for split in SPLITS for row in rows[split])
    assert blocked == 24


def test_a_share_is_taken_as_it_is_written():
    assert sum(draft.category != "safe" for draft in accepted_drafts(3, 100, 0.29)) == 29


def test_every_name_obeys_its_request(rows):
    for split in SPLITS:
        for row in rows[split]:
            assert all(violations(row.request, domain) == () for domain in row.names)


def test_safe_rows_have_five_to_eight_names(rows):
    safe = [row for split in SPLITS for row in rows[split] if row.expected == "success"]
    assert all(5 <= len(row.names) <= 8 for row in safe)


def test_no_group_stands_in_two_splits(rows):
    groups = [{row.group for row in rows[split]} for split in SPLITS]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]


def test_what_synth_writes_passes_its_own_check(dataset):
    for split in SPLITS:
        assert [problem for _, problem in check_file(dataset.file(f"{split}.jsonl")) if problem] == []


def test_the_same_recipe_is_reused_and_another_refused(store, dataset):
    _, reused = make_dataset(store, Plan(name="v0", n=200))
    assert reused
    with pytest.raises(BadInputError, match="n was 200, is 201"):
        make_dataset(store, Plan(name="v0", n=201))


def test_workers_change_nothing():
    alone = list(split_rows(5, 40, 0.2))
    together = list(split_rows(5, 40, 0.2, workers=2))
    assert alone == together


def test_the_gate_fails_where_a_test_row_stands_in_train(dataset, tmp_path):
    for split in SPLITS:
        (tmp_path / f"{split}.jsonl").write_bytes(dataset.file(f"{split}.jsonl").read_bytes())
    leaked = json.loads((tmp_path / "test.jsonl").read_text().splitlines()[0])
    leaked["id"] = "synth-leaked"
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write(json.dumps(leaked) + "\n")
    with pytest.raises(NamewrightError, match=r"synth-leaked.*leaks"):
        check_splits(tmp_path)
