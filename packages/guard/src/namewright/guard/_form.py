"""Whether a text asks or orders, or describes: of the two forms, the first is unsafe far more often for the same words.

Whoever wants a name describes a business. A question or an order that is no request for a name is put to a language model, and
what is unsafe is mostly put so: both forms have thresholds of their own (`_model`), so that prompts are judged more strictly and
real businesses no more strictly for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUESTIONS = """
    how what whats where which who whom whose why when is are am was can could do does did should would may might will
"""
_ORDERS = """
    write give tell explain describe outline draft compose provide list teach instruct detail please develop create design generate
    produce plan prepare summarise summarize rewrite argue act pretend imagine help show suggest recommend construct devise propose
    compile translate paraphrase script demonstrate simulate publish formulate invent elaborate discuss brainstorm walk convince
    persuade come assume roleplay identify
"""
_WANTED = "ideas ways tips steps instructions tutorial"
_NAMING = "name names named naming domain domains brand brands branding slogan tagline"
OPENINGS = frozenset((_QUESTIONS + _ORDERS + _WANTED).split())
"""First words of questions, of orders, and of what is asked for without a verb."""
NAMING = frozenset(_NAMING.split())
"""With one of these it is a request for a name, whose rest describes."""
MOST_WORDS = 100
"""Of a longer text the first word says little."""


def asks(sentences: Sequence[Sequence[str]]) -> bool:
    """Say whether a text's sentences, as `sentences_of` gives them, open a question or an order that is no request for a name."""
    return (
        bool(sentences)
        and sentences[0][0] in OPENINGS
        and sum(map(len, sentences)) <= MOST_WORDS
        and all(map(NAMING.isdisjoint, sentences))
    )
