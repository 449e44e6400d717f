"""What the requests read like."""

from collections import Counter
from random import Random

import pytest

from namewright.shared import UNSAFE_CATEGORIES
from namewright.synth._brief import LANGUAGES, STYLES, draw_brief
from namewright.synth._drafts import draw, group_of
from namewright.synth._kinds import all_kinds, read_table
from namewright.synth._text import write_description
from namewright.synth._text._local import write_local
from namewright.synth._text._noise import add_typos
from namewright.synth._text._slots import third_person, with_article


@pytest.fixture(scope="module")
def written():
    pairs = []
    for seed in range(600):
        rng = Random(seed)
        brief = draw_brief(rng)
        pairs.append((brief, write_description(rng, brief)))
    return pairs


def test_every_blank_is_filled(written):
    for _, text in written:
        assert "{" not in text
        assert "  " not in text


def test_every_style_and_language_occurs(written):
    assert {brief.style for brief, _ in written} == set(STYLES)
    assert {brief.language for brief, _ in written} == {"en", *LANGUAGES}


def test_lengths_run_from_three_words_to_three_paragraphs(written):
    lengths = [len(text.split()) for _, text in written]
    assert min(lengths) <= 4
    assert max(lengths) >= 60
    assert any(text.count("\n\n") == 2 for _, text in written)


def test_a_request_nearly_always_says_what_the_business_is(written):
    english = [(brief, text.lower()) for brief, text in written if brief.language == "en"]
    words = [any(part in text for part in brief.noun.lower().split()[-1:]) for brief, text in english]
    assert sum(words) / len(words) > 0.8


def test_every_sentence_of_every_language_can_be_filled():
    table = read_table("phrases_local.toml")
    assert set(table) == set(LANGUAGES)
    for kind in all_kinds():
        for language in kind.local:
            brief = next(b for s in range(20_000) if (b := draw_brief(Random(s))).kind.local and b.language == language)
            assert "{" not in write_local(Random(1), brief)
            break
        else:
            continue
        break


def test_typing_errors_change_a_word_or_two():
    text = "Sourdough bakery with morning delivery for neighbours"
    changed = add_typos(Random(4), text)
    assert changed != text
    differing = sum(a != b for a, b in zip(text.split(), changed.split(), strict=True))
    assert 1 <= differing <= 3


@pytest.mark.parametrize(
    ("phrase", "third"),
    [("bake bread", "bakes bread"), ("buy and sell vinyl", "buys and sells vinyl"), ("carry parcels", "carries parcels"),
     ("fix leaks", "fixes leaks"), ("do fades", "does fades"), ("employ staff", "employs staff")],
)  # fmt: skip
def test_verbs_are_inflected(phrase, third):
    assert third_person(phrase) == third


@pytest.mark.parametrize(
    ("noun", "whole"),
    [("bakery", "a bakery"), ("optician", "an optician"), ("HVAC company", "an HVAC company"), ("university", "a university"),
     ("AI assistant", "an AI assistant"), ("UI design tool", "a UI design tool")],
)  # fmt: skip
def test_articles_follow_the_sound(noun, whole):
    assert with_article(noun) == whole


def test_unsafe_requests_cover_every_category_and_have_no_names():
    drafts = [draw(1, "unsafe", index) for index in range(60)]
    assert {draft.category for draft in drafts} == set(UNSAFE_CATEGORIES)
    assert not any(draft.domains for draft in drafts)
    counts = Counter(draft.category for draft in drafts)
    assert counts["prompt_injection"] < counts["adult"]


def test_the_group_ignores_tone_constraints_and_order():
    plain = "organic coffee shop for parents in Miami."
    assert group_of(plain) == group_of(
        "organic coffee shop in Miami for parents. Tone: playful. Constraints: Prefer short names."
    )
    assert group_of(plain) != group_of("organic coffee shop for parents in Austin.")
