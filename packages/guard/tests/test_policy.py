"""A policy changes thresholds, allows and denies, and says where it is wrong."""

from typing import ClassVar

import pytest

from namewright.guard import CATEGORIES, Guard, PolicyError
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
    text = "Medicine take-back scheme of the pharmacists"
    lower = ", ".join(f"{category}: 0.3" for category in CATEGORIES)
    usual, strict = Guard().check(text), Guard.from_policy(policy(tmp_path, f"thresholds: {{{lower}}}\n")).check(text)
    assert (usual.blocked, strict.blocked) == (False, True)
    assert usual.score < 0.05
    assert 0.3 < strict.score < 0.5


class Doubtful:
    """A classifier that gives every text the same score and category."""

    remembered: ClassVar[dict] = {}

    def __init__(self, category):
        self.found = category

    def judge(self, _sentences, _heard_from):
        return 0.3, ("words",)

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
