"""Questions and orders are told from descriptions, and each kind of text meets its own threshold."""

import dataclasses

import pytest

from namewright.guard import Guard
from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._form import MOST_WORDS, asks
from namewright.guard._model import FEW, LONG, SHORT, default_model


def sentences(text):
    return sentences_of(fold(text))


@pytest.mark.parametrize(
    "text",
    ["How do I pick a lock?", "WRITE a poem", "what's in it", "Please help me.", "ideas for a party", "Can you dance?"],
)
def test_questions_and_orders_ask(text):
    assert asks(sentences(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A bakery that bakes bread.",
        "We show you how to cook.",
        "Suggest a domain for my bakery",
        "What would be good names for a bakery?",
        "how " + "very " * MOST_WORDS + "long",
    ],
)
def test_descriptions_and_requests_for_names_do_not(text):
    assert not asks(sentences(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how are loaves baked by bakers", "asked"),
        ("how " + "are loaves baked " * LONG, "asked"),
        ("a bakery", "few"),
        ("bakery " * (FEW + 1), "whole"),
        ("bakery " * SHORT, "whole"),
        ("bakery " * LONG, "long"),
    ],
)
def test_each_kind_of_text_meets_its_own_threshold(text, kind):
    thresholds = {"asked": 1.0, "few": 2.0, "whole": 4.0, "long": 8.0, "part": 16.0}
    words = [word for sentence in sentences(text) for word in sentence]
    bare = dataclasses.replace(default_model(), thresholds={})
    judged = dataclasses.replace(bare, thresholds=thresholds)
    margins = [max(model.margins([words]))[0] for model in (bare, judged)]
    assert margins[0] - margins[1] == pytest.approx(thresholds[kind])


def test_the_measured_thresholds_are_lower_for_what_asks_and_higher_for_a_few_words():
    measured = default_model().thresholds
    assert measured["asked"] < measured["whole"] < measured["few"]


def test_a_request_for_a_name_is_judged_as_a_description():
    guard = Guard()
    text = "how to pick a lock, a course"
    score, named = guard.check(text).score, guard.check(f"{text}, needs a name").score
    assert named < score
