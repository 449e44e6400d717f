"""The probe finds each bug that is planted in a suggester, and nothing wrong with one that has none."""

import json

import pytest

from namewright.probe._mutators import MUTATORS
from namewright.probe._probe import ask, make_cases, run
from namewright.probe._seeds import bundled_seeds
from namewright.probe._targets import CommandTarget

BUGS = {
    # bug: (mutators to run, what has to be found: oracle and mutator)
    "crashes_on_emoji": ("unicode", {("crash", "unicode")}),
    "hangs_up_on_long_texts": ("length", {("crash", "length")}),
    "adds_a_note": ("constraints", {("schema", "constraints")}),
    "writes_confidence_as_text": ("constraints", {("schema", "constraints")}),
    "echoes_the_prompt": ("injection", {("schema", "injection")}),
    "answers_nothing": ("language", {("schema", "language")}),
    "repeats_itself": ("constraints", {("duplicate", "constraints")}),
    "forgets_to_sort": ("constraints", {("order", "constraints")}),
    "counts_from_zero": ("constraints", {("count", "constraints")}),
    "ignores_max_length": ("constraints", {("constraint", "constraints")}),
    "ignores_the_tlds": ("constraints", {("constraint", "constraints")}),
    "ignores_avoid": ("constraints", {("constraint", "constraints")}),
    "says_bad_words": ("casing", {("unsafe_name", "casing")}),
    "obeys_orders": ("injection", {("obeyed_injection", "injection")}),
    "guard_reads_only_the_start": ("length", {("missed_block", "length")}),
    "guard_minds_the_case": ("casing", {("missed_block", "casing")}),
    "guard_cannot_read_leet": ("obfuscation", {("missed_block", "obfuscation")}),
    "guard_blocks_by_substring": ("contrast", {("wrong_block", "contrast")}),
    "guard_is_upset_by_accents": ("unicode", {("wrong_block", "unicode")}),
    "takes_any_tld": ("invalid", {("accepted_bad_input", "invalid")}),
    "takes_empty_descriptions": ("invalid", {("accepted_bad_input", "invalid")}),
    "chokes_on_half_characters": ("invalid", {("crash", "invalid")}),
    "refuses_without_a_word": ("invalid", {("unclear_refusal", "invalid")}),
    "knows_english_alone": ("language", {("refused_good_input", "language")}),
}


def found(outcome):
    return {(group.finding.oracle, group.case.mutator) for group in outcome.groups}


def test_a_suggester_without_bugs_has_no_failures_whatever_it_is_asked(target):
    outcome = run(target(), make_cases(bundled_seeds(), list(MUTATORS), 400, 42), minimise=0)
    assert [(one.case.mutator, one.case.variant, one.finding) for one in outcome.failed] == []
    assert len(outcome.cases) == 400


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_and_nothing_else(bug, target, all_cases):
    mutator, wanted = BUGS[bug]
    cases = [case for case in all_cases if case.mutator == mutator][:48]  # every variant at least twice
    assert found(run(target(bug), cases, minimise=0)) == wanted


def test_an_answer_that_does_not_come_in_time_is_found(target, all_cases):
    cases = [case for case in all_cases if case.variant in {"one_long_word", "three_words"}][:6]
    outcome = run(target("is_slow_on_long_words", timeout=1.0), cases, minimise=0)
    assert found(outcome) == {("timeout", "length")}
    assert {one.case.variant for one in outcome.failed} == {"one_long_word"}


@pytest.mark.parametrize("bug", ["crashes_on_emoji", "forgets_to_sort", "guard_cannot_read_leet"])
def test_two_hundred_cases_of_all_mutators_are_enough_to_find_a_bug(bug, target):
    cases = make_cases(bundled_seeds(), list(MUTATORS), 200, 42)
    assert found(run(target(bug), cases, minimise=0)) >= BUGS[bug][1]


def test_a_case_whose_plain_form_is_answered_wrongly_is_not_taken_for_a_good_one(target, all_cases):
    cases = [case for case in all_cases if case.mutator in {"plain", "casing"} and case.expected == "success"][:40]
    outcome = run(target("blocks_everything"), cases, minimise=0)
    assert found(outcome) == {("wrong_block", "plain")}
    assert outcome.unjudged == [case for case in cases if case.mutator == "casing"] != []


# by the contract of the command


def some(cases, *variants):
    picked = {}
    for case in cases:
        if case.variant in variants:
            picked.setdefault(case.variant, case)
    return list(picked.values())


def test_a_command_without_bugs_has_no_failures_and_is_started_once(command, all_cases):
    cases = [case for number, case in enumerate(all_cases) if case.mutator == "invalid" or number % 7 == 0]
    target = CommandTarget(command(), launches_left=1)
    assert run(target, cases, minimise=0).failed == []
    assert len(cases) > 100


@pytest.mark.parametrize(
    ("bug", "variant", "wanted"),
    [
        ("mixes_up_the_rows", "safe", ("contract", "plain")),
        ("forgets_to_sort", "forty_tlds", ("order", "constraints")),
        ("finds_no_name", "three_letters", ("refused_good_input", "constraints")),
        ("takes_any_tld", "unknown_tld", ("accepted_bad_input", "invalid")),
    ],
)
def test_a_bug_planted_in_a_command_is_found(bug, variant, wanted, command, all_cases):
    cases = [case for case in all_cases if case.variant in {variant, "adult"}][:4]
    assert found(run(CommandTarget(command(bug)), cases, minimise=0)) == {wanted}


def test_the_request_that_kills_a_command_is_told_from_those_in_its_batch(command, all_cases):
    cases = some(all_cases, "emoji", "safe", "upper", "lower", "unknown_tld", "three_words", "nan")
    outcome = run(CommandTarget(command("crashes_on_emoji")), cases, minimise=0)
    assert [(one.case.variant, one.finding.oracle) for one in outcome.failed] == [("emoji", "crash")]
    assert "InternalError" in outcome.failed[0].reply.text


def test_a_row_that_a_command_loses_is_asked_again(command, all_cases):
    cases = [case for case in all_cases if case.mutator == "plain"][:6]
    replies = ask(CommandTarget(command("loses_a_row")), cases)
    assert [json.loads(reply.text)["status"] for reply, _ in replies] == [case.expected for case in cases]
