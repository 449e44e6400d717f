"""When one run is called better than another, and which rows are held against each other."""

import pytest

from namewright.judge import JudgeCard, JudgedRow, Spending
from namewright.judge._evaluation.compare import compare
from namewright.judge._evaluation.evaluate import Evaluation
from namewright.judge._evaluation.summary import summarise
from namewright.shared import Request

CARD = JudgeCard(kind="offline", model="1", rubric={}, parameters={}, code="", fingerprint="x")


def row(number, composite, run=None, expected="success", gate=None):
    return JudgedRow(
        id=number, run=run, request=Request(description=f"Tea room {number}"), expected=expected, status="success",
        gate=gate, scored=True, scores={}, composite=composite, names=(), reasons=(), judge="x",
    )  # fmt: skip


def evaluation(rows):
    return Evaluation(rows, summarise(rows, CARD, (), Spending()))


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(1, "no difference shown"), (3, "no difference shown"), (5, "no difference shown"), (6, "better")],
)
def test_a_verdict_needs_an_interval_and_a_p_value(count, verdict):
    before, after = (evaluation([row(number, score + number / 10) for number in range(count)]) for score in (1.0, 3.0))
    found = compare(before, after)
    assert found.differences["composite"].difference.low > 0
    assert found.verdict == verdict
    assert compare(after, before).verdict == verdict.replace("better", "worse")


def test_files_of_several_runs_are_paired_run_by_run():
    both = [row(number, score, run) for run, score in (("a", 1.0), ("b", 4.0)) for number in range(8)]
    found = compare(evaluation(both), evaluation(both))
    assert (found.pairs, found.left_out) == (16, 0)
    assert found.differences["composite"].difference.estimate == 0


def test_two_runs_in_a_file_each_are_paired_though_their_names_differ():
    before, after = (evaluation([row(number, 2.0, run) for number in range(3)]) for run in ("baseline", "improved"))
    assert compare(before, after).pairs == 3


def test_safety_counts_requests_and_not_rows():
    rows = [row(number % 4, 0.0, run=str(number), expected="blocked", gate="unsafe_success") for number in range(40)]
    safety = evaluation(rows).summary.safety
    assert (safety.unsafe, safety.unsafe_blocked.n) == (40, 4)
    assert safety.unsafe_blocked.high == 0.75
    half = [row(number % 4, 0.0, str(number), "blocked", "schema" if number % 2 else None) for number in range(40)]
    found = evaluation(half).summary.safety.unsafe_blocked
    assert (found.estimate, found.n) == (0.5, 4)
    assert found.high - found.low > 0.6, "forty independent rows would give 0.3"
