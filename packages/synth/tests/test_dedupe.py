"""What counts as nearly the same, and that nothing is forgotten."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from namewright.synth._dedupe import HashSet64, Seen, bands, jaccard, neighbours, normalise

LONG = "We roast small batches on site and teach baristas from other cafes in the harbour district of Leith every week."


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=300), st.integers(0, 2**64 - 1))
def test_the_set_of_hashes_is_a_set(keys, other):
    ours, plain = HashSet64(4), set()
    ours.add(np.array(keys, dtype=np.uint64))
    plain |= set(keys)
    assert sum(ours._counts) == len(plain)
    assert ours.holds(np.array([other, *keys], dtype=np.uint64)).tolist() == [
        other in plain,
        *[True] * len(keys),
    ]


def test_the_set_grows_and_forgets_nothing():
    keys = np.arange(1, 20_001, dtype=np.uint64) * np.uint64(2_654_435_761)
    ours = HashSet64(16)
    for start in range(0, len(keys), 500):
        ours.add(keys[start : start + 500])
    assert sum(ours._counts) == 20_000
    assert ours.holds(keys).all()
    assert not ours.holds(keys + np.uint64(1)).any()


def test_punctuation_case_and_accents_make_no_other_text():
    assert normalise("  Café, TORREFACTION!\n") == "cafe torrefaction"
    seen = Seen()
    seen.add(bands("Café, torréfaction à Lyon"))
    assert seen.has(bands("cafe TORREFACTION a lyon!"))


def test_a_changed_word_in_a_long_text_is_caught():
    seen = Seen()
    seen.add(bands(LONG))
    changed = LONG.replace("every week", "each week")
    assert jaccard(LONG, changed) > 0.85
    assert seen.has(bands(changed))


def test_other_texts_pass():
    seen = Seen()
    seen.add(bands(LONG))
    assert not seen.has(bands("organic coffee shop for parents in Miami. Tone: friendly."))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_bands_and_is_the_same_as_itself(text):
    assert (bands(text) == bands(text)).all()
    assert jaccard(text, text) == 1.0


def test_short_texts_that_differ_in_one_word_share_a_number():
    first = "After five years of working for others I'm finally starting my own photographer."
    assert set(neighbours(first)) & set(neighbours(first.replace("photographer", "bakery")))
    assert not set(neighbours(first)) & set(neighbours(first.replace("photographer", "bakery").replace("five", "nine")))
    assert not len(neighbours("vegan ramen Lisbon"))
