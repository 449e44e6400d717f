"""What the name maker makes, and never makes."""

from random import Random

import pytest

from namewright.shared import Request, split_domain, violations
from namewright.shared.names import is_single_common_word, joint_hazards, near_famous_brand
from namewright.synth._brief import draw_brief
from namewright.synth._drafts import _contrasts, as_said, draw
from namewright.synth._kinds import all_kinds
from namewright.synth._names import is_presentable, make_names, parts_of
from namewright.synth._names._from_text import answer
from namewright.synth._names._shapes import blend, with_ending


@pytest.fixture(scope="module")
def drafts():
    return [draft for index in range(150) if (draft := draw(11, "safe", index))]


def test_there_are_more_than_two_hundred_kinds_each_complete():
    kinds = all_kinds()
    assert len({kind.name for kind in kinds}) == len(kinds) > 200
    for kind in kinds:
        assert len(kind.core) >= 5, kind.name
        assert len(kind.near) >= 5, kind.name
        assert len(kind.does) >= 3, kind.name
        assert len(kind.has) >= 3, kind.name


def test_every_name_obeys_its_request_and_could_be_shown(drafts):
    for draft in drafts:
        for domain in draft.domains:
            label, _ = split_domain(domain)
            assert violations(draft.request, domain) == ()
            assert is_presentable(label)
            assert not is_single_common_word(label)
            assert not joint_hazards(label)
            assert near_famous_brand(label) is None


def test_names_of_a_request_are_distinct(drafts):
    for draft in drafts:
        labels = [split_domain(domain)[0] for domain in draft.domains]
        assert len(set(labels)) == len(labels)


def test_the_first_tld_is_used_most(drafts):
    several = [draft for draft in drafts if len(draft.request.tlds) > 1]
    first = sum(split_domain(domain)[1] == draft.request.tlds[0] for draft in several for domain in draft.domains)
    assert first / sum(len(draft.domains) for draft in several) > 0.5


@pytest.mark.parametrize(
    ("first", "second", "fused"),
    [
        ("bean", "anchor", "beanchor"),
        ("canvas", "asketch", "canvasketch"),
        ("brew", "oven", None),
        ("root", "golden", None),
    ],
)
def test_a_blend_needs_a_real_overlap(first, second, fused):
    assert blend(first, second) == fused


@pytest.mark.parametrize(
    ("word", "ending", "spelled"),
    [
        ("bake", "ery", "bakery"),
        ("brew", "ly", "brewly"),
        ("knit", "ery", "knittery"),
        ("roast", "smith", "roastsmith"),
    ],
)
def test_endings_are_spelled_as_english_does(word, ending, spelled):
    assert with_ending(word, ending) == spelled


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        ({"must_contain": ("bean",)}, lambda label: "bean" in label),
        ({"avoid": ("brew", "bean", "roast")}, lambda label: not any(w in label for w in ("brew", "bean", "roast"))),
        ({"max_length": 9}, lambda label: len(label) <= 9),
        ({"allow_hyphens": False, "allow_numbers": False}, str.isalpha),
    ],
)
def test_names_are_built_around_a_request_s_wishes(wish, holds):
    brief = next(b for seed in range(5_000) if (b := draw_brief(Random(seed))).kind.name == "coffee shop")
    request = Request(description="coffee shop", **wish)
    names = make_names(Random(1), parts_of(brief), request, wanted=8)
    assert names
    assert all(map(holds, names))


def test_names_say_something_about_their_business():
    request = Request(description="We roast small batches of coffee beans and teach baristas.", tlds=("co",))
    found = answer(request, seed=1)
    labels = [split_domain(suggestion.domain)[0] for suggestion in found.suggestions]
    about = (
        "roast",
        "bean",
        "drum",
        "ember",
        "crop",
        "origin",
        "smoke",
        "chaff",
        "hopper",
        "batch",
        "coffee",
        "barista",
    )
    assert sum(any(word in label for word in about) for label in labels) >= 0.7 * len(labels)


def test_unknown_businesses_get_names_of_their_own_words():
    request = Request(description="Zeppelin moorings and blimp hangars for collectors of airships.")
    labels = [split_domain(s.domain)[0] for s in answer(request, seed=1).suggestions]
    assert any(word in label for label in labels for word in ("zeppelin", "blimp", "moor", "hangar", "airship"))


def test_the_answer_depends_on_request_and_seed_alone():
    request = Request(description="kite repair in Tarifa")
    assert answer(request, seed=3) == answer(request, seed=3)


@pytest.mark.parametrize(
    "wish",
    [
        {"must_contain": ("-a",), "allow_hyphens": True},
        {"must_contain": ("ab--c",), "allow_hyphens": True},
        {"must_contain": ("x--",), "allow_hyphens": True, "allow_numbers": True},
        {"must_contain": ("42",), "allow_numbers": True},
        {"max_length": 5},
        {"avoid": ("a", "e")},
    ],
)
def test_an_answer_keeps_its_request_whatever_it_wishes(wish):
    for seed in range(20):
        request = Request(description="Coffee roastery by the sea.", count=20, **wish)
        found = answer(request, seed=seed)
        assert all(violations(request, s.domain) == () for s in (found.suggestions if found else ()))


def test_where_no_name_is_found_there_is_no_answer():
    assert answer(Request(description="Coffee.", avoid=("a", "e", "i", "o", "u")), seed=1) is None


def test_every_contrast_has_names_to_learn_from():
    for description, labels in _contrasts():
        assert len(labels) >= 5, description


def test_no_name_is_made_of_what_the_request_does_not_say():
    for seed in range(300):
        rng = Random(seed)
        brief = draw_brief(rng)
        request = Request(description="Zzz.")
        said = as_said(brief, request)
        assert (said.place, said.audience, said.has, said.tone) == (None, "", (), "")
