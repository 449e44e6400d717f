"""A failing request is made smaller as long as it fails in the same way, and means the same."""

import json

import pytest

from namewright.probe._case import Case, dump
from namewright.probe._probe import run
from namewright.probe._shrink import shrink
from namewright.probe._targets import Reply
from namewright.shared import Request


def smallest(request, kernel, fails):
    """Play the one who asks: keep the last candidate that failed."""
    search, first, asked = shrink(request, kernel), None, 0
    try:
        candidates = next(search)
        while True:
            asked += len(candidates)
            first = next((number for number, one in enumerate(candidates) if fails(one)), None)
            if first is not None:
                request = candidates[first]
            candidates = search.send(first)
    except StopIteration:
        return request, asked


def test_words_that_do_not_matter_and_fields_that_do_not_matter_go():
    request = {"description": "a quiet tea room with a garden and a bomb of taste", "tone": "warm", "count": 3}
    small, asked = smallest(request, "", lambda one: "bomb" in one["description"] and one.get("count") == 3)
    assert (small["description"].split(), small["count"], "tone" in small) == (["bomb"], 3, False)
    assert asked < 60


def test_one_word_is_made_smaller_by_its_letters():
    small, _ = smallest(
        {"description": "x" * 40 + "\U0001f373" + "y" * 40}, "", lambda one: "\U0001f373" in one["description"]
    )
    assert small["description"] == "\U0001f373"


def test_two_words_that_matter_only_together_stay_together():
    def fails(one):
        words = one["description"].split()
        return "river" in words and "moon" in words

    small, _ = smallest({"description": "the river of the north shines under a moon of tin"}, "", fails)
    assert sorted(small["description"].split()) == ["moon", "river"]


def test_the_kernel_stays_since_without_it_the_request_would_mean_something_else():
    small, _ = smallest({"description": "our new shop: kill your debt, today"}, "kill your debt", lambda _: True)
    assert "kill your debt" in small["description"]
    assert len(small["description"]) < len("our new shop: kill your debt, today")


def test_a_candidate_is_always_a_request_in_order():
    seen = []
    smallest(
        {"description": "tea ... ??? !!!", "must_contain": ["24"], "allow_numbers": True},
        "",
        seen.append,
    )
    assert seen
    for one in seen:
        Request.model_validate(one)


def test_a_request_that_cannot_get_smaller_stays():
    assert smallest({"description": "x"}, "", lambda _: True) == ({"description": "x"}, 0)


def test_four_thousand_characters_get_small_in_few_requests():
    words = [f"word{number}" for number in range(500)]
    small, asked = smallest({"description": " ".join(words)}, "", lambda one: "word321" in one["description"].split())
    assert small["description"].strip() == "word321"
    assert asked < 120


@pytest.mark.parametrize(("budget", "shrinks"), [(0, False), (500, True)])
def test_the_example_of_a_cluster_is_minimal_within_its_budget(target, budget, shrinks):
    text = "A tea room with a view of the harbour and \U0001f373 breakfast all day long for sailors"
    case = Case("unicode", "emoji", dump({"description": text, "tone": "warm"}), "success")
    [group] = run(target("crashes_on_emoji"), [case], minimise=budget).groups
    smaller = json.loads(group.case.body)
    assert (len(smaller["description"]) < 5 and "tone" not in smaller) is shrinks
    assert "\U0001f373" in smaller["description"]


@pytest.mark.parametrize("budget", range(4, 40, 4))
def test_no_more_is_asked_than_the_budget_allows(reference, unsafe, all_cases, budget):
    asked = []

    class Counting:
        def ask(self, bodies):
            asked.append(len(bodies))
            requests = map(Request.model_validate_json, bodies)
            answers = (reference.answer(request, unsafe, "guard_cannot_read_leet") for request in requests)
            return [Reply("answered", json.dumps(answer)) for answer in answers]

    cases = [case for case in all_cases if case.variant == "leet"][:4]
    assert run(Counting(), cases, minimise=budget).failed
    assert sum(asked[1:]) <= budget


def test_a_missed_block_keeps_the_phrase_that_has_to_be_blocked(target, all_cases):
    case = next(case for case in all_cases if case.variant == "leet")
    [group] = run(target("guard_cannot_read_leet"), [case], minimise=500).groups
    assert case.kernel in json.loads(group.case.body)["description"]
    assert len(group.case.body) < len(case.body)
