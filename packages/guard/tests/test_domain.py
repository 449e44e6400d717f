"""A suggested name may not hold a bad word, nor read as one."""

import pytest

from namewright.guard import Guard


@pytest.mark.parametrize(
    "domain",
    [
        "expertsexchange.com", "therapistfinder.com", "penisland.net", "penis.land", "whorepresents.com", "kidsexchange.com",
        "gunsforkids.com", "guns-for-kids.org", "p0rn-site.com", "xxxvideos.io", "teacherstalk.com", "nazishop.de",
        "//penisland.com", "https:///penisland.com", "penisland.com:8080", "penisland.com/a:/coffee", "PENISLAND.COM.",
        "p3nisland.com", "b0mbs4kids.com", "xn--pnisland-c8g.com", "", ".", "https://",
    ],
)  # fmt: skip
def test_names_that_read_badly_are_rejected(domain):
    assert Guard().check_domain(domain).blocked


@pytest.mark.parametrize(
    "domain",
    [
        "essexcocktails.com", "scunthorpe.org", "analytics.io", "grapes.com", "sussexhomes.co.uk", "sunnybeans.com",
        "brewhaven.coffee", "titanium.tech", "classicassets.com", "documentflow.ai", "peacockdesign.com",
        "7eleven.com", "3dprint.com", "4kids.org", "xn--mnchen-3ya.de", "example.com:8080", "web3labs.io", "co2neutral.org",
    ],
)  # fmt: skip
def test_harmless_names_pass(domain):
    result = Guard().check_domain(domain)
    assert not result.blocked, result


@pytest.mark.parametrize("text", ["therapist finder", "experts exchange for software", "pen island"])
def test_a_description_with_those_words_passes(text):
    assert not Guard().check(text).blocked
