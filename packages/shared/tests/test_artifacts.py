"""Artifacts: whole or absent, checked before use, made again only when something that decides their bytes has changed."""

import json
import shutil
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from namewright.shared import (
    ArtifactError,
    ArtifactStore,
    BadInputError,
    MissingArtifactError,
    NamewrightError,
    Recipe,
    TamperedArtifactError,
    maker_of,
    write_rows,
)

NAME = "datasets/v1"


def recipe(seed=42, **changes):
    return Recipe(**{"maker": maker_of("shared"), "config": {"n": 1000}, "seed": seed, **changes})


def make(store, text="row\n", made_by=None, name=NAME):
    with store.create(name, made_by or recipe()) as draft:
        (draft.folder / "train.jsonl").write_text(text)
        (draft.folder / "cards").mkdir()
        (draft.folder / "cards" / "card.md").write_text("# Card\n")
        (draft.folder / "timings.jsonl").write_text("{}\n")
        draft.unhashed.append("timings.jsonl")
    return store.open(name)


def make_and_fail(store, made_by):
    with store.create(NAME, made_by) as draft:
        (draft.folder / "train.jsonl").write_text("new\n")
        raise RuntimeError


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "artifacts")


def visible(store):
    folder = store.root / "datasets"
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.exists() else []


def leftovers(store):
    return sorted(path.name for path in (store.root / "datasets").glob(".v1.*") if path.name != ".v1.lock")


# what is made


def test_an_artifact_vouches_for_each_of_its_files_except_the_unhashed(store):
    artifact = make(store)
    assert sorted(artifact.manifest.outputs) == ["cards/card.md", "train.jsonl"]
    assert artifact.manifest.unhashed == ("timings.jsonl",)
    assert artifact.manifest.key == recipe().key()
    assert artifact.manifest.outputs["train.jsonl"].bytes == 4
    assert artifact.file("train.jsonl").read_text() == "row\n"


def test_its_hashes_are_what_the_next_recipe_takes_as_inputs(store):
    hashes = make(store).hashes()
    assert list(hashes) == ["datasets/v1/cards/card.md", "datasets/v1/train.jsonl"]
    assert recipe(inputs=hashes).inputs == hashes


def test_a_file_that_it_does_not_have_is_named_with_those_that_it_has(store):
    with pytest.raises(MissingArtifactError, match=r"datasets/v1: this artifact has no val\.jsonl .*cards/card\.md"):
        make(store).file("val.jsonl")


def test_nothing_is_there_before_all_of_it_is(store):
    with store.create(NAME, recipe()) as draft:
        (draft.folder / "train.jsonl").write_text("row\n")
        assert visible(store) == []
        with pytest.raises(MissingArtifactError):
            store.open(NAME)
    assert visible(store) == ["v1"]


def test_an_error_in_the_making_leaves_what_was_there_before(store):
    make(store, "old\n")
    with pytest.raises(RuntimeError):
        make_and_fail(store, recipe(7))
    assert store.open(NAME).file("train.jsonl").read_text() == "old\n"
    assert leftovers(store) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc",
        "datasets/../../etc",
        "datasets//v1",
        "datasets/.",
        "datasets",
        "datasets/v1/inner",
        "datasets/.v1",
        "datasets/v 1",
        "datasets/v1\n",
        "judgements/v1",
        "datasets/" + "x" * 101,
    ],
)
def test_a_name_that_leaves_the_store_or_lies_in_another_artifact_is_refused(store, name):
    with pytest.raises(BadInputError, match="cannot be the name of an artifact"):
        store.open(name)


# what is checked


@pytest.mark.parametrize("file", ["train.jsonl", "cards/card.md"])
def test_one_changed_byte_is_found_and_the_file_named(store, file):
    artifact = make(store)
    path = artifact.folder / file
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    with pytest.raises(TamperedArtifactError, match=f"{path}: this file has changed since it was made") as raised:
        store.open(NAME)
    assert raised.value.exit_code == 3


def test_a_file_that_is_gone_is_named(store):
    artifact = make(store)
    artifact.file("train.jsonl").unlink()
    with pytest.raises(TamperedArtifactError, match=r"train\.jsonl: this file is gone"):
        store.open(NAME)


def test_an_unhashed_file_may_change(store):
    artifact = make(store)
    (artifact.folder / "timings.jsonl").write_text("others\n")
    assert store.open(NAME).manifest == artifact.manifest


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("datasets/v9", "synth --name"),
        ("models/baseline", "trainer --run"),
        ("predictions/baseline", "suggest"),
        ("judgements/baseline/test", "judge score"),
    ],
)
def test_a_missing_artifact_says_how_to_make_it(store, name, how):
    with pytest.raises(
        MissingArtifactError, match=f"{name}: this artifact is not there; make it with `{how}"
    ) as raised:
        store.open(name)
    assert raised.value.exit_code == 3


def test_a_folder_without_a_manifest_is_no_artifact(store):
    (store.root / NAME).mkdir(parents=True)
    with pytest.raises(MissingArtifactError, match="has no manifest"):
        store.open(NAME)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "not a manifest of ours"), ("{}", "artifact: Field required"), ("\xff", "not a manifest of ours")],
)
def test_a_broken_manifest_is_said_as_one(store, text, reason):
    (make(store).folder / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(TamperedArtifactError, match=f"manifest.json: .*{reason}"):
        store.open(NAME)


def test_a_manifest_whose_key_is_not_its_recipe_s_is_no_artifact_s(store):
    path = make(store).folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"key": "0" * 64}))
    with pytest.raises(TamperedArtifactError, match="its key") as raised:
        store.open(NAME)
    assert raised.value.exit_code == 3


def test_a_copy_under_another_name_is_an_artifact_too(store):
    shutil.copytree(make(store).folder, store.root / "datasets/copy")
    assert store.open("datasets/copy").file("train.jsonl").is_file()


# what is made again


def test_an_unchanged_recipe_reuses_what_it_has_made(store):
    made = make(store)
    reused = store.reusable(NAME, recipe(), replace=False)
    assert reused is not None
    assert reused.manifest == made.manifest


def test_what_was_never_made_is_not_reusable(store):
    assert store.reusable(NAME, recipe(), replace=False) is None


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        (recipe(7), "seed was 42, is 7"),
        (recipe(config={"n": 50}), "config: n was 1000, is 50"),
        (recipe(libraries={"torch": "2.13.0"}), "libraries: torch was None, is '2.13.0'"),
        (recipe(inputs={"datasets/v0/train.jsonl": "ab" * 32}), "inputs: datasets/v0/train.jsonl was None"),
        (recipe(hardware={"device": "cuda"}), "hardware: device was None, is 'cuda'"),
        (
            recipe(maker=maker_of("shared").model_copy(update={"source_sha256": "0" * 64})),
            "the source of namewright-shared has changed",
        ),
    ],
    ids=["seed", "config", "libraries", "inputs", "hardware", "source"],
)
def test_a_changed_recipe_is_refused_naming_what_differs_unless_it_may_replace(store, changed, difference):
    make(store)
    with pytest.raises(BadInputError, match=r"give another name, or --replace") as raised:
        store.reusable(NAME, changed, replace=False)
    assert difference in str(raised.value)
    assert raised.value.exit_code == 2
    assert store.reusable(NAME, changed, replace=True) is None
    assert make(store, "new\n", changed).manifest.key == changed.key()
    assert leftovers(store) == []


def test_a_changed_git_commit_alone_makes_nothing_again(store):
    made = make(store, made_by=recipe(maker=maker_of("shared").model_copy(update={"git_commit": "a" * 40})))
    later = recipe(maker=maker_of("shared").model_copy(update={"git_commit": "b" * 40}))
    assert store.reusable(NAME, later, replace=False).manifest == made.manifest


def test_a_tampered_artifact_is_not_reused_and_may_be_replaced(store):
    make(store).file("train.jsonl").write_text("edited\n")
    with pytest.raises(ArtifactError, match=r"train\.jsonl"):
        store.reusable(NAME, recipe(), replace=False)
    assert store.reusable(NAME, recipe(), replace=True) is None
    assert make(store).file("train.jsonl").read_text() == "row\n"


@pytest.mark.parametrize("there", ["folder", "file", "another manifest"])
def test_what_is_no_artifact_of_ours_is_never_replaced(store, there):
    path = store.root / NAME
    path.parent.mkdir(parents=True)
    if there == "file":
        path.write_text("precious")
    else:
        path.mkdir()
        (path / "thesis.txt").write_text("precious")
    if there == "another manifest":
        (path / "manifest.json").write_text('{"manifest_version": 3}')
    with pytest.raises(BadInputError, match=r"datasets/v1: this was made by something else"):
        store.reusable(NAME, recipe(), replace=True)
    with pytest.raises(BadInputError, match=r"datasets/v1: this was made by something else"):
        make(store)
    assert (path if there == "file" else path / "thesis.txt").read_text() == "precious"
    assert leftovers(store) == []


# what goes wrong


def test_a_second_job_does_not_make_the_same_artifact_at_the_same_time(store):
    making, done = threading.Event(), threading.Event()

    def first():
        with store.create(NAME, recipe()) as draft:
            (draft.folder / "train.jsonl").write_text("first\n")
            making.set()
            done.wait(30)

    thread = threading.Thread(target=first)
    thread.start()
    making.wait(30)
    try:
        with pytest.raises(NamewrightError, match="datasets/v1: another job is making it right now") as raised:
            make(store, "second\n")
        assert raised.value.exit_code == 1
        make(store, name="datasets/v2")
    finally:
        done.set()
        thread.join()
    assert store.open(NAME).file("train.jsonl").read_text() == "first\n"


def test_many_makers_at_once_leave_one_whole_artifact(store):
    code = """
        import sys
        from pathlib import Path
        from namewright.shared import ArtifactStore, NamewrightError, Recipe, maker_of
        store, mine = ArtifactStore(Path(sys.argv[1])), sys.argv[2]
        try:
            with store.create("datasets/v1", Recipe(maker=maker_of("shared"), config={}, seed=int(mine))) as draft:
                for name in "abcdef":
                    (draft.folder / name).write_text(mine)
        except NamewrightError as error:
            raise SystemExit(error.exit_code)
    """
    jobs = [start(code, store.root, number) for number in range(4)]
    codes = [job.wait(60) for job in jobs]
    assert set(codes) <= {0, 1}
    assert 0 in codes
    artifact = store.open(NAME)
    assert {artifact.file(name).read_text() for name in "abcdef"} == {str(artifact.manifest.recipe.seed)}
    assert leftovers(store) == []


def test_a_killed_job_leaves_no_artifact_and_the_next_clears_what_it_left(store):
    job = start(
        """
        import os, signal, sys
        from pathlib import Path
        from namewright.shared import ArtifactStore, Recipe, maker_of
        with ArtifactStore(Path(sys.argv[1])).create("datasets/v1", Recipe(maker=maker_of("shared"), config={})) as draft:
            (draft.folder / "train.jsonl").write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        store.root,
    )
    assert job.wait(60) == -signal.SIGKILL
    assert visible(store) == []
    assert len(leftovers(store)) == 1
    make(store)
    assert visible(store) == ["v1"]
    assert leftovers(store) == []


def test_a_job_killed_between_the_two_renames_of_a_replacement_loses_nothing(store):
    make(store, "old\n")
    job = start(
        """
        import os, signal, sys
        from pathlib import Path
        from namewright.shared import ArtifactStore, Recipe, maker_of
        rename = Path.rename
        def die_after_the_first(path, target):
            rename(path, target)
            os.kill(os.getpid(), signal.SIGKILL)
        with ArtifactStore(Path(sys.argv[1])).create("datasets/v1", Recipe(maker=maker_of("shared"), config={})) as draft:
            (draft.folder / "train.jsonl").write_text("new")
            Path.rename = die_after_the_first
        """,
        store.root,
    )
    assert job.wait(60) == -signal.SIGKILL
    assert visible(store) == []
    with pytest.raises(RuntimeError):
        make_and_fail(store, recipe())
    assert store.open(NAME).file("train.jsonl").read_text() == "old\n"
    assert leftovers(store) == []


def test_a_job_that_is_asked_to_stop_cleans_up_after_itself(store):
    job = start(
        """
        import sys, time
        from pathlib import Path
        import click
        from namewright.shared import ArtifactStore, Recipe, maker_of
        from namewright.shared.cli import JobCommand

        @click.command(cls=JobCommand)
        @click.argument("root", type=Path)
        def make(root):
            with ArtifactStore(root).create("datasets/v1", Recipe(maker=maker_of("shared"), config={})) as draft:
                (draft.folder / "train.jsonl").write_text("half")
                print("working", flush=True)
                time.sleep(60)
        make()
        """,
        store.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    with job:
        assert job.stdout.readline() == "working\n"
        job.send_signal(signal.SIGTERM)
        assert job.wait(60) == 128 + signal.SIGTERM
    assert visible(store) == []
    assert leftovers(store) == []


@pytest.mark.parametrize("writer", ["rows", "bytes"])
def test_a_full_disk_is_said_as_one_and_leaves_nothing(store, writer):
    job = start(
        """
        import resource, signal, sys
        from pathlib import Path
        from namewright.shared import ArtifactStore, NamewrightError, Recipe, maker_of, write_rows
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            with ArtifactStore(Path(sys.argv[1])).create("datasets/v1", Recipe(maker=maker_of("shared"), config={})) as draft:
                if sys.argv[2] == "rows":
                    write_rows(draft.folder / "train.jsonl", ({"text": "x" * 1000} for _ in range(100)))
                else:
                    (draft.folder / "train.jsonl").write_bytes(b"x" * 100_000)
        except NamewrightError as error:
            print(error)
            raise SystemExit(error.exit_code)
        """,
        store.root,
        writer,
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 1
    assert "cannot be written: File too large; nothing was left behind" in out
    assert visible(store) == []
    assert leftovers(store) == []


def test_a_store_where_nothing_may_be_written_is_named(tmp_path):
    (tmp_path / "artifacts").write_text("a file, not a folder")
    with pytest.raises(NamewrightError, match=r"artifacts/datasets/v1: cannot be written"):
        make(ArtifactStore(tmp_path / "artifacts"))


def test_what_goes_wrong_elsewhere_in_the_making_is_not_blamed_on_the_disk(store):
    with pytest.raises(ConnectionRefusedError), store.create(NAME, recipe()):
        raise ConnectionRefusedError(111, "Connection refused")
    with pytest.raises(FileNotFoundError), store.create(NAME, recipe()):
        (store.root / "no-such-base").read_bytes()


def test_writing_the_same_rows_twice_gives_the_same_hashes(store):
    rows = [{"id": str(number), "text": "é\u2028" * number} for number in range(50)]
    hashes = []
    for name in ("datasets/a", "datasets/b"):
        with store.create(name, recipe()) as draft:
            write_rows(draft.folder / "train.jsonl", rows)
        hashes.append(store.open(name).manifest.outputs)
    assert hashes[0] == hashes[1]


def start(code, *arguments, **kwargs):
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)], **kwargs)
