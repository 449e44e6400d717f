"""Each constraint of a request has one name, and a domain that breaks it is told so by that name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namewright.shared import Request, split_domain, violations

REQUEST = Request(description="coffee", tlds=["com", "co.uk"], max_length=10, must_contain=["brew"], avoid=["bean"])


@pytest.mark.parametrize(
    ("domain", "broken"),
    [
        ("brewnest.com", ()),
        ("brewnest.co.uk", ()),
        ("brewnest.uk", ("tld",)),
        ("brewnest.io", ("tld",)),
        ("shop.brew.com", ("tld", "must_contain")),
        ("brew-nest.com", ("hyphen",)),
        ("brew24.com", ("number",)),
        ("brewnesting.com", ("length",)),
        ("coffee.com", ("must_contain",)),
        ("brewbean.com", ("avoid",)),
        ("-brew.com", ("label", "hyphen")),
        ("brew-.com", ("label", "hyphen")),
        ("br--brew.com", ("label", "hyphen")),
        ("brew nest.com", ("label",)),
        ("Brew.com", ("label", "must_contain")),
        ("brewé.com", ("label",)),
        ("brewnest", ("tld",)),
        ("", ("label", "tld", "must_contain")),
        (".com", ("label", "must_contain")),
    ],
)
def test_every_broken_constraint_is_named(domain, broken):
    assert violations(REQUEST, domain) == broken


def test_hyphens_and_digits_are_fine_where_they_are_allowed():
    request = Request(description="coffee", allow_hyphens=True, allow_numbers=True)
    assert violations(request, "brew-24.com") == ()


def test_a_domain_is_split_at_its_first_dot():
    assert split_domain("a.co.uk") == ("a", "co.uk")
    assert split_domain("a") == ("a", "")


@given(st.text(max_size=80))
def test_any_text_at_all_is_judged_without_an_error(text):
    assert isinstance(violations(REQUEST, text), tuple)


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True))
def test_a_request_that_allows_everything_finds_fault_with_reserved_labels_alone(label):
    request = Request(description="coffee", allow_hyphens=True, allow_numbers=True)
    assert violations(request, f"{label}.com") == (("label",) if label[2:4] == "--" else ())
