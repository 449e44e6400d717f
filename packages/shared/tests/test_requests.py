"""A request is brought to one form, whatever way its sender wrote it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from namewright.shared import Request
from namewright.shared.tlds import normalise_tld


def test_a_description_is_all_that_a_request_needs():
    request = Request(description="coffee")
    assert (request.tlds, request.count, request.max_length, request.language) == (("com",), 8, 63, "en")
    assert (request.allow_hyphens, request.allow_numbers, request.prefer_puns) == (False, False, False)


@pytest.mark.parametrize("written", [["com"], [".com"], ["COM"], [" .Com "], ["com", ".COM"], ".com"])
def test_a_tld_may_be_written_with_or_without_the_dot_in_any_case_and_twice(written):
    assert Request(description="coffee", tlds=written).tlds == ("com",)


def test_tlds_keep_their_order():
    assert Request(description="coffee", tlds=["io", "com", "co.uk"]).tlds == ("io", "com", "co.uk")


@pytest.mark.parametrize(
    "tld", ["", ".", "..com", "com.", "notatld", "github.io", "c om", "com/", "-", "a" * 300, "\ud800"]
)
def test_an_unknown_tld_is_named_in_the_message(tld):
    with pytest.raises(ValueError, match=r"unknown TLD .* Public Suffix List"):
        normalise_tld(tld)


@pytest.mark.parametrize(
    ("written", "kept"), [("рф", "xn--p1ai"), ("XN--P1AI", "xn--p1ai"), (".\uff43\uff4f\uff4d", "com")]
)
def test_an_international_tld_is_kept_as_dns_has_it(written, kept):
    assert normalise_tld(written) == kept


@given(st.text(max_size=20) | st.sampled_from(["com", ".IO", "co.uk", "рф", "com.au", "xyz"]))
def test_a_normalised_tld_stays_what_it_is_and_can_stand_in_a_domain(text):
    try:
        tld = normalise_tld(text)
    except ValueError:
        return
    assert normalise_tld(tld) == tld
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", tld)


def test_texts_to_hold_and_to_avoid_are_kept_as_they_would_stand_in_a_label():
    request = Request(description="coffee", must_contain=["Coffee Bar", "coffeebar"], avoid=["  ", "Fu n"])
    assert (request.must_contain, request.avoid) == (("coffeebar",), ("fun",))


def test_a_description_is_kept_in_the_clients_own_words():
    text = "  Café\u0301 «Zürich» \n\t 北京  "
    assert Request(description=text).description == text


@pytest.mark.parametrize("text", ["☕🥐", "a", "7", "北京", "€", "مقهى"])
def test_a_description_of_one_letter_digit_or_symbol_in_any_script_says_something(text):
    assert Request(description=text).description == text


@pytest.mark.parametrize("field", ["description", "tone"])
def test_half_a_character_is_refused_since_it_could_not_be_written(field):
    with pytest.raises(ValidationError, match="lone surrogate"):
        Request(**{"description": "coffee", field: "caf\ud800"})


def test_overlapping_texts_need_less_room_than_their_sum():
    assert Request(description="coffee", must_contain=["abc", "cde", "bcd"], max_length=5).max_length == 5
    with pytest.raises(ValidationError, match="must_contain needs 5 characters, and max_length allows 4"):
        Request(description="coffee", must_contain=["abc", "cde", "bcd"], max_length=4)


@given(
    st.lists(st.text("abc", min_size=1, max_size=4), max_size=3),
    st.integers(min_value=1, max_value=12),
)
def test_a_request_is_taken_exactly_when_some_label_holds_all_its_texts(texts, max_length):
    wanted = list(dict.fromkeys(texts))
    shortest = _shortest_label_by_search(wanted)
    if shortest <= max_length:
        assert Request(description="coffee", must_contain=texts, max_length=max_length)
    else:
        with pytest.raises(ValidationError, match=f"must_contain needs {shortest} characters"):
            Request(description="coffee", must_contain=texts, max_length=max_length)


def _shortest_label_by_search(wanted):
    """Breadth first over labels, a letter at a time, with what is still wanted: slow, and plainly right."""
    longest = max(map(len, wanted), default=0)
    level, seen, length = {("", frozenset(wanted))}, set(), 0
    while not any(not missing for _, missing in level):
        length += 1
        grown = set()
        for tail, missing in level:
            for letter in "abc":
                text = (tail + letter)[-longest:]
                grown.add((text, frozenset(want for want in missing if not text.endswith(want))))
        level = grown - seen
        seen |= grown
    return length
