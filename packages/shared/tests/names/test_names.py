"""What the study of names promises to synth, suggest and judge."""

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namewright.shared.names import (
    char_surprisal,
    is_single_common_word,
    joint_hazards,
    name_quality,
    name_traits,
    near_famous_brand,
    pronounceability,
    relevance_words,
    segment,
    stem,
    syllables,
    word_frequency,
    word_ranks,
)

LABELS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789-"), min_size=1, max_size=63)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("rootandroast", ("root", "and", "roast")),
        ("brewhaven", ("brew", "haven")),
        ("taxbrain", ("tax", "brain")),
        ("northwindskin", ("north", "wind", "skin")),
        ("bean-roast", ("bean", "roast")),
        ("studio54", ("studio", "54")),
        ("BrewHaven", ("brew", "haven")),
        ("", ()),
    ],
)
def test_a_joined_label_is_split_into_its_words(label, words):
    assert segment(label) == words


def test_a_coinage_stays_in_one_piece():
    for coinage in ("luvelle", "pawsitive", "loomly", "zyntra"):
        assert segment(coinage) == (coinage,)


@settings(deadline=None)
@given(LABELS)
def test_segments_hold_every_letter_in_order(label):
    assert "".join(segment(label)) == label.replace("-", "")


@settings(deadline=None)  # the first one reads the data
@given(st.text(max_size=80))
def test_any_text_is_measured_without_error(text):
    segment(text)
    assert 0.0 <= name_quality(text) <= 1.0
    assert 0.0 <= pronounceability(text) <= 1.0
    assert char_surprisal(text) >= 0.0


@pytest.mark.parametrize(
    ("label", "count"),
    [
        ("brewhaven", 3),
        ("home", 1),
        ("table", 2),
        ("baked", 1),
        ("radio", 3),
        ("studio", 3),
        ("homeworks", 2),
        ("tea", 1),
    ],
)
def test_syllables_are_counted_word_by_word(label, count):
    assert syllables(label) == count


def _words_and_scrambles():
    rng = random.Random(7)
    words = [word for word, rank in word_ranks().items() if 40_000 <= rank < 60_000 and 6 <= len(word) <= 10]
    words = rng.sample(words, 500)
    return words, ["".join(rng.sample(word, len(word))) for word in words]


def test_words_are_easier_to_say_than_their_letters_scrambled():
    words, scrambled = _words_and_scrambles()
    wins = sum(pronounceability(a) > pronounceability(b) for a, b in zip(words, scrambled, strict=True))
    assert wins / len(words) > 0.9


def test_words_are_less_surprising_than_their_letters_scrambled():
    words, scrambled = _words_and_scrambles()
    wins = sum(char_surprisal(a) < char_surprisal(b) for a, b in zip(words, scrambled, strict=True))
    assert wins / len(words) > 0.95


@pytest.mark.parametrize("label", ["qjmcxhixvrbs", "htcgbmb", "zzz", "brrr"])
def test_letters_without_a_sound_are_no_name(label):
    assert name_quality(label) < 0.15


def test_frequency_falls_with_rank_and_is_zero_for_no_word():
    assert word_frequency("the") > word_frequency("coffee") > word_frequency("precipice") > 0
    assert word_frequency("brewhaven") == 0


def test_a_dictionary_word_or_its_plural_is_a_single_common_word():
    assert all(is_single_common_word(word) for word in ("the", "coffee", "espresso", "brew", "boxes", "beans"))
    assert not any(is_single_common_word(label) for label in ("brewhaven", "pawsitive", "caffinode"))


@pytest.mark.parametrize(
    ("label", "reads"),
    [
        ("expertsexchange", "sex"),
        ("penisland", "penis"),
        ("therapistfinder", "the rapist"),
        ("whorepresents", "whore"),
        ("speedofart", "fart"),
        ("molestationnursery", "molestation"),
        ("kidsexpress", "sex"),
    ],
)
def test_unwanted_words_at_a_joint_are_named(label, reads):
    assert reads in joint_hazards(label)


@pytest.mark.parametrize(
    "label",
    ["cockpit", "scunthorpe", "essexcocktailbar", "analytics", "grapeseed", "assembly", "brewhaven", "texasservice"],
)
def test_innocent_words_are_no_hazard(label):
    assert joint_hazards(label) == ()


@pytest.mark.parametrize(
    ("label", "brand"),
    [
        ("google", "google"),
        ("g00gle", "google"),
        ("googlecafe", "google"),
        ("spotifiy", "spotify"),
        ("starbuks", "starbucks"),
        ("apple", "apple"),
        ("net-flix", "netflix"),
    ],
)
def test_a_name_that_could_be_taken_for_a_famous_brand_is_caught(label, brand):
    assert near_famous_brand(label) == brand


@pytest.mark.parametrize("label", ["appletree", "intelligentshoes", "stripedbarn", "brewhaven", "goggles", "nestling"])
def test_ordinary_names_are_no_famous_brand(label):
    assert near_famous_brand(label) is None


def test_quality_puts_good_names_above_the_replaced_dataset_s():
    good = ("brewhaven", "rootandroast", "caffinode", "pawsitive", "tidepool", "lovethread")
    poor = ("rofe", "cliat", "tuarn", "ledemy", "coffee", "strym")
    assert min(map(name_quality, good)) > max(map(name_quality, poor))


@pytest.mark.parametrize("spoiled", ["brew-haven", "brewhaven24", "penisland", "coffee", "googlehaven"])
def test_what_spoils_a_name_lowers_its_quality(spoiled):
    assert name_quality(spoiled) < name_quality("brewhaven")


def test_traits_say_what_the_quality_is_made_of():
    traits = name_traits("brewhaven")
    assert (traits.words, traits.length, traits.syllables, traits.hazards) == (("brew", "haven"), 9, 3, ())


def test_relevance_words_leave_out_what_says_nothing():
    text = "We are a family-run bakery in Leeds, and we bake sourdough bread. Bread!"
    assert relevance_words(text) == ("family", "run", "bakery", "leeds", "bake", "sourdough", "bread")


def test_related_forms_have_one_stem():
    assert len({stem(word) for word in ("roasting", "roasters", "roasted", "roast")}) == 1


def test_importing_reads_no_data():
    code = (
        "import sys, namewright.shared.names as n; "
        "from namewright.shared.names import word_ranks; "
        "assert word_ranks.cache_info().currsize == 0; assert 'wordninja' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
