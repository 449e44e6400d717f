"""The grammar lets through what the request allows, and nothing else."""

from __future__ import annotations

import llguidance.hf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher

from namewright.shared import Request, violations
from namewright.shared.bases import BUNDLED, load_tokenizer, locate_base
from namewright.suggest.grammar import grammar_for

LABEL = st.from_regex(r"[a-z0-9-]{1,14}", fullmatch=True)
TEXTS = st.lists(st.from_regex(r"[a-z]{1,4}", fullmatch=True), max_size=2)


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer(locate_base(BUNDLED))


@pytest.fixture(scope="module")
def guide(tokenizer):
    return llguidance.hf.from_tokenizer(tokenizer, n_vocab=len(tokenizer))


def accepts(grammar: str, text: str, tokenizer, guide) -> bool:
    matcher = LLMatcher(guide, grammar)
    assert not matcher.is_error(), matcher.get_error()
    ids = [*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
    return matcher.validate_tokens(ids) == len(ids)


FIELDS = st.fixed_dictionaries(
    {
        "tlds": st.lists(st.sampled_from(["com", "co.uk", "io", "dev"]), min_size=1, max_size=3),
        "allow_hyphens": st.booleans(),
        "allow_numbers": st.booleans(),
        "max_length": st.integers(3, 16),
        "must_contain": TEXTS,
        "avoid": TEXTS,
    },
)


@settings(max_examples=300, deadline=None)
@given(label=LABEL, tld=st.sampled_from(["com", "co.uk", "io"]), fields=FIELDS)
def test_what_it_accepts_breaks_no_constraint(tokenizer, guide, label, tld, fields):
    try:
        request = Request(description="x", **fields)
    except ValueError:  # a request that nothing can satisfy
        return
    domain = f"{label}.{tld}"
    if accepts(grammar_for(request), domain, tokenizer, guide):
        assert violations(request, domain) == ()
    elif violations(request, domain) == ():
        # Allowed by the request, and still no name: too short, digits alone, or two hyphens in a row.
        assert len(label) < 3 or not any(c.isalpha() for c in label) or "--" in label


@pytest.mark.parametrize(
    ("fields", "domain", "accepted"),
    [
        ({}, "brewhaven.com", True),
        ({}, "brew-haven.com", False),
        ({"allow_hyphens": True}, "brew-haven.com", True),
        ({"allow_hyphens": True}, "-brewhaven.com", False),
        ({}, "brew2go.com", False),
        ({"allow_numbers": True}, "brew2go.com", True),
        ({}, "brewhaven.net", False),
        ({"tlds": ("co.uk",)}, "brewhaven.co.uk", True),
        ({"max_length": 8}, "brewhaven.com", False),
        ({"must_contain": "haven"}, "brewhaven.com", True),
        ({"must_contain": "mint"}, "brewhaven.com", False),
        ({"avoid": "brew"}, "brewhaven.com", False),
        ({"avoid": ("a.c", "x/y", "(", "é")}, "brewhaven.com", True),
        ({"must_contain": ("ab", "bc"), "max_length": 3}, "abc.com", True),
    ],
)
def test_each_constraint(tokenizer, guide, fields, domain, accepted):
    request = Request(description="x", **fields)
    assert accepts(grammar_for(request), domain, tokenizer, guide) is accepted
