"""What is thrown out, what comes first, and what stands together."""

from __future__ import annotations

import pytest

from namewright.shared import Calibration, Request, violations
from namewright.suggest.candidates import Candidate
from namewright.suggest.ranking import Ranked, calibrated, choose, rank, suggestions


def candidates(*domains: str, log_probability: float = -1.0, association: float = 0.5) -> list[Candidate]:
    return [Candidate(domain, log_probability, association) for domain in domains]


def names(request: Request, *domains: str) -> list[str]:
    return [item.domain for item in rank(request, candidates(*domains), lambda _: False)]


COFFEE = Request(description="organic coffee shop for parents", tlds=("com", "co"))


@pytest.mark.parametrize(
    "domain",
    [
        "coffee.com",  # a single common word
        "expertsexchange.com",  # reads badly
        "googel.com",  # a famous brand, nearly
        "brewbrew.com",  # one word twice
        "roastedroast.com",  # and in two forms
        "brew-haven.com",  # breaks the request
        "brewhaven.net",
    ],
)
def test_what_cannot_be_suggested_is_thrown_out(domain: str):
    assert names(COFFEE, domain, "brewhaven.com") == ["brewhaven.com"]


def test_an_unsafe_name_is_thrown_out():
    ranked = rank(COFFEE, candidates("brewhaven.com", "roastlane.com"), lambda domain: "roast" in domain)
    assert [item.domain for item in ranked] == ["brewhaven.com"]


def test_a_label_is_suggested_once_and_on_the_tld_liked_best():
    assert names(COFFEE, "brewhaven.co", "brewhaven.com") == ["brewhaven.com"]


def test_names_that_can_be_said_come_before_names_that_cannot():
    assert names(COFFEE, "brwxqhvn.com", "brewhaven.com")[0] == "brewhaven.com"


def test_names_for_this_business_come_before_names_for_any():
    for_any, for_this = Candidate("brightfolk.com", -1.0, -0.5), Candidate("roastfolk.com", -1.0, 1.5)
    assert rank(COFFEE, [for_any, for_this], lambda _: False)[0].domain == "roastfolk.com"


def test_a_forced_word_is_a_last_resort_that_is_kept():
    request = Request(description="tea", must_contain="mint", max_length=4)
    assert names(request, "mint.com") == ["mint.com"]


def test_the_chosen_are_unlike_each_other_and_the_surest_come_first():
    ranked = [Ranked("brewhaven.com", 0.90), Ranked("brewhavens.com", 0.89), Ranked("roastlane.com", 0.70)]
    chosen = choose(ranked, 2)
    assert [item.domain for item in chosen] == ["brewhaven.com", "roastlane.com"]
    assert choose(ranked, 9) == ranked


def test_calibration_changes_confidences_and_not_their_order():
    fitted = Calibration(
        slope=0.5,
        intercept=-1.0,
        names=100,
        positives=40,
        threshold=3.5,
        judge="j",
        brier_before=0.3,
        brier_after=0.2,
    )
    ranked = [Ranked("brewhaven.com", 0.9), Ranked("roastlane.com", 0.5)]
    confidences = [item.confidence for item in suggestions(ranked, fitted)]
    assert confidences == [pytest.approx(0.5246, abs=1e-4), pytest.approx(0.2689, abs=1e-4)]
    assert calibrated(0.3, None) == 0.3
    assert calibrated(0.0, fitted) < calibrated(0.001, fitted) < calibrated(0.999, fitted) < calibrated(1.0, fitted)


def test_nothing_that_is_ranked_breaks_the_request():
    request = Request(description="x", tlds=("io",), allow_numbers=True, max_length=10, avoid=("bean",))
    ranked = rank(request, candidates("beanloft.io", "roast9loft.io", "roastandsteam.io", "mugs9.com"), lambda _: False)
    assert [violations(request, item.domain) for item in ranked] == [()]
