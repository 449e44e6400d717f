"""The key of an artifact: the hash of all that decides its bytes, and of nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namewright.shared import Recipe, library_versions, maker_of
from namewright.shared.manifest import Circumstances, Maker, Manifest, circumstances, hash_json, peak_memory_mb

MAKER = Maker(package="namewright-synth", version="0.1.0", source_sha256="0" * 64)
RECIPE = Recipe(maker=MAKER, config={"n": 1000}, seed=42)

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def test_the_key_of_a_recipe_is_the_same_today_as_when_it_was_first_written_down():
    # A change of this key makes every artifact that anybody has to be made again.
    assert RECIPE.key() == "f550c9b9615f3c687309f7fb4f285981ad0e3659535badc2511c1feb8b8bee94"


@given(st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=5))
def test_a_key_survives_being_written_and_read(config):
    recipe = Recipe(maker=MAKER, config=config, seed=1)
    manifest = Manifest(
        artifact="datasets/v1",
        key=recipe.key(),
        recipe=recipe,
        outputs={},
        circumstances=circumstances("2026-11-22T17:00:00+00:00", 1.0),
    )
    again = Manifest.model_validate_json(manifest.model_dump_json(indent=2, exclude_none=True))
    assert again.recipe.key() == again.key == recipe.key()


@given(st.dictionaries(st.text(max_size=8), JSON_VALUES, min_size=2, max_size=5))
def test_the_order_of_settings_has_no_say(config):
    backwards = dict(reversed(config.items()))
    assert Recipe(maker=MAKER, config=config).key() == Recipe(maker=MAKER, config=backwards).key()


@pytest.mark.parametrize(
    "change",
    [
        {"config": {"n": 1001}},
        {"config": {"n": "1000"}},
        {"config": {"n": 1000, "extra": None}},
        {"seed": 43},
        {"seed": None},
        {"libraries": {"torch": "2.13.0"}},
        {"inputs": {"datasets/v1/train.jsonl": "0" * 64}},
        {"hardware": {"device": "cuda"}},
        {"maker": MAKER.model_copy(update={"source_sha256": "1" * 64})},
        {"maker": MAKER.model_copy(update={"version": "0.2.0"})},
    ],
    ids=str,
)
def test_each_thing_that_decides_the_bytes_changes_the_key(change):
    assert RECIPE.model_copy(update=change).key() != RECIPE.key()


def test_the_commit_has_no_say_since_the_source_itself_has():
    committed = MAKER.model_copy(update={"git_commit": "4c539e0"})
    assert RECIPE.model_copy(update={"maker": committed}).key() == RECIPE.key()


def test_tuples_and_lists_are_the_same_setting():
    assert Recipe(maker=MAKER, config={"t": (1, 2)}).key() == Recipe(maker=MAKER, config={"t": [1, 2]}).key()


def test_a_json_hash_is_of_the_canonical_text():
    assert hash_json({"b": 1, "a": "é"}) == hash_json(json.loads('{"a":"\\u00e9",   "b":1}'))


def test_a_maker_is_known_by_its_package_version_and_source():
    maker = maker_of("shared")
    assert maker.package == "namewright-shared"
    assert len(maker.source_sha256) == 64
    assert maker_of("shared") == maker


def test_the_commit_may_be_told_by_whoever_built_the_image(monkeypatch):
    from namewright.shared import manifest

    monkeypatch.setenv("NAMEWRIGHT_GIT_COMMIT", "abc123")
    manifest._git_commit.cache_clear()
    try:
        assert manifest._git_commit() == "abc123"
    finally:
        manifest._git_commit.cache_clear()


def test_versions_are_given_for_the_libraries_that_are_there():
    versions = library_versions("pydantic", "no-such-library")
    assert list(versions) == ["pydantic"]


def test_circumstances_say_when_where_and_how_much_and_stay_out_of_the_key():
    here = circumstances("2026-11-22T17:00:00+00:00", 1.23456)
    assert here.seconds == 1.235
    assert here.peak_memory_mb > 10
    assert here.cpu
    assert isinstance(here, Circumstances)
    assert "circumstances" not in Recipe.model_fields


def test_peak_memory_is_in_megabytes_and_grows():
    before = peak_memory_mb()
    block = b"x" * (int(before) * 1_000_000 + 50_000_000)
    assert peak_memory_mb() - before > 40
    del block
