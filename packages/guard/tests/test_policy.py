"""A policy changes thresholds, allows and denies, and says where it is wrong."""

from types import SimpleNamespace

import pytest

from namewright.guard import CATEGORIES, Guard, Policy, PolicyError
from namewright.guard._policy import read_policy


def policy(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_thresholds_allow_and_deny(tmp_path):
    path = policy(
        tmp_path,
        "version: shop-3\nthresholds: {adult: 1.01}\nallow: [fake passports]\ndeny: {illegal: [acme rival]}\nmax_characters: 500\n",
    )
    guard = Guard.from_policy(path)
    assert not guard.check("porn").blocked
    assert not guard.check("prop shop for fake passports").blocked
    denied = guard.check("A site about Acme Rival")
    assert (denied.blocked, denied.category, denied.policy_version) == (True, "illegal", "shop-3")
    assert guard.check("coffee " * 100).blocked


def test_a_lower_threshold_asks_the_network_about_every_text(tmp_path):
    text = "Strickmode aus Merinowolle, gefertigt in Thüringen"
    lower = ", ".join(f"{category}: 0.3" for category in CATEGORIES)
    usual, strict = Guard().check(text), Guard.from_policy(policy(tmp_path, f"thresholds: {{{lower}}}\n")).check(text)
    assert (usual.blocked, strict.blocked) == (False, True)
    assert usual.score < 0.05
    assert 0.3 < strict.score < 0.5


class Doubtful:
    """A classifier that gives every text the same score and category."""

    vocabulary = SimpleNamespace(ranks={"words": 1})

    def __init__(self, category):
        self.found = category

    def judge(self, _sentences, _heard_from):
        yield 0.3, ("words",)

    def category(self, _words):
        return self.found


@pytest.mark.parametrize(("category", "blocked"), [("doxxing", True), ("child_exploitation", True), ("illegal", False)])
def test_what_harmless_businesses_hardly_ever_look_like_is_blocked_sooner(tmp_path, category, blocked):
    result = Guard(model=Doubtful(category)).check("words")
    assert (result.blocked, result.score) == (blocked, 0.3)
    as_the_others = read_policy(policy(tmp_path, f"thresholds: {{{category}: 0.5}}\n"))
    assert not Guard(as_the_others, model=Doubtful(category)).check("words").blocked


def test_a_policy_without_version_is_known_by_its_hash(tmp_path):
    assert Guard.from_policy(policy(tmp_path, "allow: []\n")).policy_version.startswith("sha256:")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("thresholds: {adlt: 0.5}", "no such category"),
        ("thresholds: {adult: 7}", "from 0 to 1.01"),
        ("allowed: []", "unknown fields"),
        ("thresholds: false", "thresholds: a mapping"),
        ("allow: 0", "allow: a list"),
        ('deny: {illegal: ["\u200b"]}', "deny.illegal: a phrase with a letter"),
        ("deny: {adult: [a]}\ndeny: {illegal: [b]}", "deny: this field stands twice.*line 2"),
        ("version: 2024-99-99", "cannot be read"),
        ("version: 1.10", "in quotes"),
        ("version:", "version: a text is wanted"),
        ("[" * 3000, "cannot be read"),
        ("deny: [x]", "deny"),
        ("[1", "cannot be read"),
        ("max_characters: 0", "max_characters"),
    ],
)
def test_a_wrong_policy_says_what_is_wrong(tmp_path, text, says):
    with pytest.raises(PolicyError, match=says):
        Guard.from_policy(policy(tmp_path, text))


def test_a_missing_policy_is_named(tmp_path):
    with pytest.raises(PolicyError, match=r"nothere\.yaml"):
        Guard.from_policy(tmp_path / "nothere.yaml")


def test_an_address_can_be_denied(tmp_path):
    guard = Guard.from_policy(policy(tmp_path, "deny: {illegal: [www.example.com]}\n"))
    assert guard.check("see www.example.com for more").reason == "policy: denied phrase"


@pytest.mark.parametrize(
    "text", ["green  coffee shop", "green\ncoffee shop", "Green-Coffee shop", "we are GREEN COFFEE"]
)
def test_a_phrase_is_its_words_however_they_are_parted(tmp_path, text):
    guard = Guard.from_policy(policy(tmp_path, 'deny: {illegal: ["Green  coffee "]}\n'))
    assert guard.check(text).reason == "policy: denied phrase"
    assert not guard.check("evergreen coffee shop").blocked
    assert not Guard.from_policy(policy(tmp_path, "allow: [fake passports]\n")).check("prop fake\npassports").blocked


def test_a_policy_made_in_code_is_checked_and_folded_too():
    assert Guard(Policy(deny=(("Acme", "illegal"),))).check("an ACME shop").blocked
    with pytest.raises(PolicyError, match="adlt"):
        Policy(thresholds={"adlt": 0.1})


@pytest.mark.parametrize(
    ("off", "text", "category"),
    [
        ("adult", "porn videos, fake passports", "illegal"),
        ("adult", "A shop for porn videos. We forge passports and driving licences for anybody who pays.", "illegal"),
        ("weapons_minors", "we sell guns to teenagers, and heroin to adults", "illegal"),
        ("child_exploitation", "porn videos of children", "adult"),
    ],
)
def test_a_category_that_is_off_hides_no_other(off, text, category):
    assert Guard(Policy(thresholds={off: 1.01})).check(text).category == category


def test_what_a_category_lets_pass_is_said():
    everything = Policy(thresholds=dict.fromkeys(CATEGORIES, 1.01))
    result = Guard(everything).check("Hitmen for hire: we get rid of your business partner for good")
    assert not result.blocked
    assert result.reason.startswith("below the threshold of ")


def test_a_name_meets_the_policy_too():
    guard = Guard(
        Policy(allow=("therapist finder",), deny=(("Acme Rival", "illegal"),), thresholds={"hate_violence": 1.01})
    )
    assert not guard.check_domain("therapistfinder.com").blocked
    for name in ("acmerival.com", "acme-rival.io", "the-acme-rival-shop.com"):
        assert guard.check_domain(name).reason == "policy: denied phrase"
    assert guard.check_domain("penisland.com").blocked
    strange = Guard(Policy(allow=("日本",), deny=(("東京", "illegal"),)))
    assert not strange.check_domain("大阪.com").blocked
    assert strange.check_domain("penisland.com").blocked
    assert guard.check_domain("nazishop.de").blocked is False
    assert Guard().check_domain("nazishop.de").category == "hate_violence"
