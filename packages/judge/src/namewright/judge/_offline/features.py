"""What can be measured of a name against a description: the inputs of the judge's two small models.

`fit` features ask whether the name belongs to this business; `shape` features ask whether somebody would choose such
a name at all. `weights.json` says how much each counts; `tools/fit_weights.py` found that out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.judge._offline.affinity import project_name, sense_text
from namewright.judge._offline.encoder import encode
from namewright.judge._offline.letters import looks_ordered
from namewright.judge._offline.pieces import content_words, pieces
from namewright.judge._offline.spelling import spelling, word_cost
from namewright.shared.names import name_traits, segment, stem, word_rank

if TYPE_CHECKING:
    from namewright.judge._offline.brief import Brief

Features = dict[str, float]
_CLUTTER = frozenset("the best top official online web site cheap free 24 247 123 buy discount deals real".split())  # noqa: SIM905
_TELLING = 3
_COMMON, _SHORT = 60_000, 2


def fit_features(label: str, brief: Brief) -> Features:
    """Measure how far a label belongs to a description."""
    return _meaning(label, brief) | _letters(label, brief)


def _meaning(label: str, brief: Brief) -> Features:
    """Compare a label, its words parted, with a description by the encoder, and its pieces by what was learned of them.

    The likenesses are taken as they are. Counting them by how far they stand out from the label's with other
    descriptions (hubness: Radovanovic, Nanopoulos and Ivanovic 2010) loses two points on unseen pairs.
    """
    sense = encode(sense_text(label))
    return {
        "sense": float(brief.sense @ sense),
        "nearest": float((brief.senses @ sense).max()),
        "affinity": float(brief.projected @ project_name(label)),
    }


def _letters(label: str, brief: Brief) -> Features:
    """Compare spellings: whole words, beginnings, and runs of letters that a label shares with telling words."""
    letters = "".join(character for character in label if character.isalpha())
    shared = [brief.weights[stem(word)] for word in content_words(label) if stem(word) in brief.weights]
    runs = [
        (run, word.startswith(letters[:run]), run / len(word), brief.weights[stem(word)])
        for word in brief.words
        if len(word) > _SHORT and (run := _common_run(letters, word)) > _SHORT
    ]
    return {
        "same_word": min(1.5, sum(shared)),
        "run": max(((run - 2) / 4 * (0.4 + weight) for run, _, _, weight in runs), default=0.0),
        "run_share": max((share * (0.4 + weight) for run, _, share, weight in runs if run > _TELLING), default=0.0),
        "beginning": max(((run - 2) / 4 for run, at_start, _, _ in runs if at_start), default=0.0),
        "covered": min(1.0, sum(run for run, _, _, _ in runs if run > _TELLING) / max(1, len(letters))),
        "initials": float(2 <= len(letters) <= 5 and letters in "".join(word[0] for word in brief.words)),  # noqa: PLR2004
    }


def _common_run(letters: str, word: str) -> int:
    """Give the length of the longest run of letters that a label shares with a word."""
    best = 0
    for start in range(len(word)):
        while start + best < len(word) and word[start : start + best + 1] in letters:
            best += 1
    return best


@lru_cache(maxsize=65_536)
def shape_features(label: str) -> Features:
    """Measure whether a label looks like a name that somebody chose."""
    traits = name_traits(label)
    words = segment(label)
    letters = sum(c.isalpha() for c in label)
    mean, worst = spelling(label)
    return {
        "spelling": mean - 3.3,
        "spelling_high": max(0.0, mean - 4.3),
        "worst": worst - 6.0,
        "worst_high": max(0.0, worst - 8.0),
        "word_cost": word_cost(label) - 1.7,
        "hidden_words": _hidden(label),
        "ordered": looks_ordered(label),
        "surprisal": traits.surprisal - 3.0,
        "surprisal_high": max(0.0, traits.surprisal - 4.2),
        "unsayable": 1.0 - traits.pronounceability,
        "length": len(label) / 10 - 1.0,
        "long": max(0.0, len(label) - 14) / 10,
        "hyphens": min(3.0, label.count("-")),
        "digits": min(3.0, sum(c.isdigit() for c in label)),
        "known_share": sum(len(w) for w in words if _is_known(w)) / max(1, letters),
        "many_words": max(0, len(words) - 3) / 2,
        "clutter_words": float(sum(word in _CLUTTER for word in words)),
    }


def _hidden(label: str) -> float:
    """Give the share of a label's letters that its longest piece of at least four letters covers."""
    longest = max((len(piece) for piece in pieces(label) if word_rank(piece) is not None), default=0)
    return longest / max(1, len(label)) if longest > _TELLING else 0.0


def _is_known(word: str) -> bool:
    return word.isalpha() and len(word) > _SHORT and (word_rank(word) or _COMMON) < _COMMON
