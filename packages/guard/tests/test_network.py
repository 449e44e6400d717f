"""The network in integers is the one that was trained, and packed numbers behave as numbers."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namewright.guard._model import WINDOW, _units
from namewright.guard._network import BLOCKS, Network

FILTERS = 12
LANES = st.lists(st.integers(0, 30_000), min_size=FILTERS, max_size=FILTERS)


def network(floor=0):
    rng = random.Random(3)
    return Network(
        filters=FILTERS,
        codes=bytes(rng.randrange(256) for _ in range(BLOCKS * 40)),
        pieces=bytes(rng.randrange(256) for _ in range(BLOCKS * 256 * 5 * FILTERS)),
        head=bytes(rng.randrange(256) for _ in range(FILTERS * 4)),
        floor=[floor] * FILTERS,
        scales={"step": [0.001], "bias": [0.1, -0.2, 0.3, 0.0], "length": [0.0, 0.1, -0.1, 0.2], "out": [1.0, -1.0, 0.5, 0.2, 0.05]},
    )  # fmt: skip


def packed(lanes):
    return sum(lane << 16 * place for place, lane in enumerate(lanes))


def plainly(net, words):
    """The same network, one number at a time."""
    padded = [None, None, *words, None, None]
    highest = [0] * net.filters
    for place in range(len(words)):
        for lane in range(net.filters):
            value = 0
            for offset in range(5):
                if (word := padded[place + offset]) is not None:
                    for block in range(BLOCKS):
                        code = net.codes[BLOCKS * word + block]
                        value += net.pieces[((block * 256 + code) * 5 + offset) * net.filters + lane] - 128
            highest[lane] = max(highest[lane], value - net.floor[lane])
    hidden = len(net.head) // net.filters
    score = net.scales["out"][-1]
    for unit in range(hidden):
        total = sum(value * (net.head[lane * hidden + unit] - 128) for lane, value in enumerate(highest))
        step = net.scales["step"][0]
        total += round((net.scales["bias"][unit] + net.scales["length"][unit] * LENGTH_OF_FIVE) / step)
        score += max(0.0, total * step) * net.scales["out"][unit]
    return score


LENGTH_OF_FIVE = math.log(5) - 2.5


@pytest.mark.parametrize("floor", [0, 150, -150])
def test_packed_integers_give_what_plain_numbers_give(floor):
    net, words = network(floor), [3, 1, 39, 1, 7]
    assert net.score(net.highest(words, net.start), len(words)) == pytest.approx(plainly(net, words))


@settings(deadline=None)
@given(LANES, LANES)
def test_merged_lanes_hold_the_higher_number(one, other):
    assert network().merged(packed(one), packed(other)) == packed(list(map(max, one, other)))


def test_a_text_in_parts_has_the_highest_values_of_its_parts():
    net = network()
    first, second = net.highest([1, 2, 3], net.start), net.highest([4, 5], net.start)
    assert net.highest([4, 5], first) == net.merged(first, second)


@given(st.lists(st.integers(1, WINDOW), min_size=1, max_size=60))
def test_every_sentence_is_judged_in_a_run_and_runs_are_no_longer_than_a_window(lengths):
    ends = [sum(lengths[:place]) for place in range(len(lengths) + 1)]
    runs = [(first, end) for kind, first, end in _units(ends) if kind == "whole"]
    assert {place for first, end in runs for place in range(first, end)} == set(range(len(lengths)))
    assert all(ends[end] - ends[first] <= WINDOW for first, end in runs)
    assert len(runs) <= 2 * len(lengths)
