"""What the offline judge makes of a name and a business."""

import pytest

from namewright.judge import NamesTask, OfflineJudge, load_rubric
from namewright.judge._offline import encoder
from namewright.judge._offline.affinity import letter_groups, project_name
from namewright.judge._offline.brief import read_brief, sentences
from namewright.judge._offline.encoder import encode, encode_all
from namewright.judge._offline.letters import looks_ordered
from namewright.shared import Request


@pytest.mark.parametrize(
    ("business", "fits", "does_not"),
    [
        ("We give small shops a way to take card payments.", "paylio", "medlio"),
        ("A clinic that treats patients by video with their own doctor.", "medlio", "paylio"),
        ("Solar panels and batteries for homes.", "solvolt", "petvolio"),
    ],
)
def test_a_piece_of_a_name_points_to_a_business(business, fits, does_not):
    brief = read_brief(business)
    assert project_name(fits) @ brief.projected > project_name(does_not) @ brief.projected


def test_a_name_looks_chosen_and_its_letters_shuffled_do_not():
    assert looks_ordered("brewhaven") > 0 > looks_ordered("hvwnrbaee")
    assert looks_ordered("brew-haven") == looks_ordered("brewhaven")


def test_a_description_is_read_sentence_by_sentence():
    text = "[COMPANY] sells solar panels to schools. Hi! We install them at night, too. Yes."
    assert sentences(text) == ["sells solar panels to schools.", "We install them at night, too."]
    assert sentences("Coffee.") == ["Coffee."]
    two = read_brief("We sell solar panels to schools. We bake fresh bread.").sense
    assert all(
        two @ read_brief(part).sense > 0.5 for part in ("We sell solar panels to schools.", "We bake fresh bread.")
    )


def test_a_common_word_is_generic_only_where_it_says_what_the_business_does():
    judge = OfflineJudge(load_rubric())
    (lemons,) = judge.judge([NamesTask(Request(description="We deliver lemons from local orchards."), ("lemon.com",))])
    (desks,) = judge.judge([NamesTask(Request(description="We deliver standing desks to offices."), ("anchor.com",))])
    assert "a common word for what the business does" in lemons.names[0].reasons
    assert "a common word for what the business does" not in desks.names[0].reasons


def test_letter_groups_mark_the_ends_of_a_name():
    assert set(letter_groups("pay", (4,), 1 << 30)).isdisjoint(letter_groups("xpayx", (4,), 1 << 30))
    assert letter_groups("pay-lio", (3,), 512) == letter_groups("paylio", (3,), 512)
    assert letter_groups("a", (4,), 512) == []


def test_company_and_threads_have_no_say_in_what_a_text_means():
    texts = [f"{word} for {count} people" for word in ("coffee", "solar panels", "an app") for count in range(30)]
    together = encode_all(texts)
    encoder._known.clear()
    assert all((encode(text) == vector).all() for text, vector in zip(texts, together, strict=True))


def test_a_label_without_a_letter_is_scored_too():
    judge = OfflineJudge(load_rubric())
    (verdict,) = judge.judge([NamesTask(Request(description="24/7", allow_numbers=True), ("24.com", "7-11.com"))])
    assert all(0 <= name.score <= 5 for name in verdict.names)
