"""A brief: everything that a request will say, before it is put in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from namewright.synth._kinds import Kind, all_kinds
from namewright.synth._vocabulary import Place, vocabulary

if TYPE_CHECKING:
    from random import Random

STYLES = {
    "terse": 17,
    "keywords": 6,
    "headline": 15,
    "pitch": 19,
    "founder": 19,
    "paragraphs": 7,
    "list": 6,
    "chat": 6,
    "local": 8,
}
"""How a request is written, and how often: the terse style of forms and spreadsheets, search-like keywords, a company's
headline, its pitch, a founder's own words, long letters, bulleted lists, chat, and other languages (where the kind is known in them: about one request in fifteen)."""
LANGUAGES = ("es", "fr", "de", "pt")
_SPEAKS = {
    "es": ("es", "mx", "co", "pe", "ec", "cl", "ar", "uy", "pr"),
    "fr": ("fr", "be", "ch", "sn", "ma", "tn"),
    "de": ("de", "at", "ch"),
    "pt": ("pt", "br"),
}
COUNTRY_TLDS = {
    "gb": "co.uk", "ca": "ca", "au": "com.au", "ie": "ie", "nz": "co.nz", "za": "co.za", "de": "de", "at": "at",
    "ch": "ch", "fr": "fr", "be": "be", "es": "es", "mx": "mx", "co": "co", "ar": "com.ar", "cl": "cl", "pt": "pt",
    "br": "com.br", "it": "it", "nl": "nl", "se": "se", "no": "no", "dk": "dk", "in": "in", "sg": "sg", "jp": "jp",
    "pl": "pl", "ng": "ng", "ke": "co.ke",
}  # fmt: skip
_COMMON_TLDS = ("com", "co", "net", "org", "io", "ai", "app", "shop", "store", "online", "site", "dev", "me", "xyz")
_EXTRA_TLDS = ("family", "kids", "care", "studio", "design", "biz", "info", "world", "club", "today", "life")


@dataclass(frozen=True)
class Brief:
    """What a request says. Empty texts and None mean that it does not say it.

    Attributes:
        kind: The kind of business.
        noun: What it calls itself.
        style: One of `STYLES`.
        language: One of `LANGUAGES`, or `en`.
        qualities: At most two adjectives.
        audience: Whom it is for.
        place: Where it is.
        tone: How the name should sound.
        does: What it does.
        has: What it sells.
        short: Whether a short name is wished for.
        puns: Whether wordplay is.
        says_tone: Whether the tone is in the text, or in the request's field alone.
    """

    kind: Kind
    noun: str
    style: str
    language: str = "en"
    qualities: tuple[str, ...] = ()
    audience: str = ""
    place: Place | None = None
    tone: str = ""
    does: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    short: bool = False
    puns: bool = False
    no_hyphens: bool = False
    tlds: tuple[str, ...] = ("com",)
    allow_hyphens: bool = False
    allow_numbers: bool = False
    max_length: int | None = None
    must_contain: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    says_tone: bool = False


def draw_brief(rng: Random) -> Brief:
    """Draw a brief: every kind equally often, everything else with the frequencies below."""
    kind = rng.choice(all_kinds())
    style = _style(rng, kind)
    language = rng.choice([code for code in LANGUAGES if code in kind.local]) if style == "local" else "en"
    words = vocabulary()
    technical = kind.voice == "help"
    qualities = tuple(words.technical_qualities if technical else words.qualities)
    how_many = rng.choices((0, 1, 2), (2, 6, 1) if style != "keywords" else (3, 6, 0))[0]
    brief = Brief(
        kind=kind,
        noun=rng.choice(kind.nouns),
        style=style,
        language=language,
        qualities=tuple(rng.sample(qualities, how_many)),
        audience=_audience(rng, kind),
        place=_place(rng, style, language, technical=technical),
        tone=rng.choice(tuple(words.tones)) if rng.random() < 0.45 else "",  # noqa: PLR2004
        does=tuple(rng.sample(kind.does, min(len(kind.does), rng.choice((1, 2, 2, 3))))),
        has=tuple(rng.sample(kind.has, min(len(kind.has), rng.choice((1, 2, 3, 3))))),
    )
    return _with_constraints(rng, brief)


def _style(rng: Random, kind: Kind) -> str:
    weights = dict(STYLES)
    if kind.voice == "help":
        weights |= {"headline": 24, "pitch": 30, "founder": 10, "chat": 3}
    else:
        weights |= {"headline": 8, "pitch": 9, "founder": 28, "chat": 8}
    weights["local"] = 48 if kind.local else 0
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def _audience(rng: Random, kind: Kind) -> str:
    chance = rng.random()
    if chance < 0.45:  # noqa: PLR2004
        return rng.choice(kind.who)
    if chance < 0.54 and kind.voice == "we":  # noqa: PLR2004
        return rng.choice(tuple(vocabulary().audiences))
    return ""


def _place(rng: Random, style: str, language: str, *, technical: bool) -> Place | None:
    places = vocabulary().places
    if style == "local":
        return rng.choice([place for place in places if place.country in _SPEAKS[language]])
    if rng.random() < (0.12 if technical else 0.6):
        return rng.choice(places)
    return None


def _with_constraints(rng: Random, brief: Brief) -> Brief:
    local = brief.kind.local.get(brief.language)
    core = local.core if local else brief.kind.core
    puns = rng.random() < (0.14 if brief.kind.puns and not local else 0.0)
    avoid = (rng.choice(core),) if rng.random() < 0.05 else ()  # noqa: PLR2004
    must: tuple[str, ...] = ()
    if not avoid and rng.random() < 0.05:  # noqa: PLR2004
        must = (rng.choice([word for word in core if len(word) <= 6] or ["one"]),)  # noqa: PLR2004
    return replace(
        brief,
        tone=brief.tone if brief.style != "local" else "",
        tlds=_tlds(rng, brief),
        allow_hyphens=rng.random() < 0.18,  # noqa: PLR2004
        allow_numbers=rng.random() < 0.16,  # noqa: PLR2004
        puns=puns,
        short=rng.random() < 0.14,  # noqa: PLR2004
        no_hyphens=rng.random() < 0.1,  # noqa: PLR2004
        max_length=rng.randint(9, 15) if rng.random() < 0.08 else None,  # noqa: PLR2004
        must_contain=must,
        avoid=avoid,
        says_tone=bool(brief.tone) and rng.random() < 0.7,  # noqa: PLR2004
    )


def _tlds(rng: Random, brief: Brief) -> tuple[str, ...]:
    chance = rng.random()
    if chance < 0.38:  # noqa: PLR2004
        return ("com",)
    if chance < 0.62:  # noqa: PLR2004
        return tuple(dict.fromkeys(("com", "co", *rng.sample(_COMMON_TLDS + _EXTRA_TLDS, rng.randint(1, 3)))))
    if chance < 0.76:  # noqa: PLR2004
        return tuple(rng.sample(brief.kind.tlds, rng.randint(1, min(3, len(brief.kind.tlds)))))
    country = COUNTRY_TLDS.get(brief.place.country) if brief.place else None
    if country and chance < 0.9:  # noqa: PLR2004
        return rng.choice(((country,), (country, "com"), ("com", country)))
    return tuple(rng.sample(_COMMON_TLDS, rng.randint(1, 4)))
