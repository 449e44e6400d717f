"""The names that a request allows, as a grammar that holds while the model writes."""

from __future__ import annotations

import re
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from namewright.shared import Request

_ALPHABET = frozenset(ascii_lowercase + digits + "-")
_SHORTEST_LABEL = 3
"""Shorter labels are all taken, and say nothing."""


def grammar_for(request: Request) -> str:
    """Write a Lark grammar, in llguidance's dialect, of every domain that the request allows.

    Terminals may be intersected (`&`) and negated (`~`) there, so each constraint is a factor of its own. All unwanted
    texts are one factor, and unwanted letters leave the alphabet: a factor each multiplies the automaton's states until
    llguidance gives up.
    """
    unwanted = [text for text in request.avoid if set(text) <= _ALPHABET]
    letters = [c for c in ascii_lowercase + (digits if request.allow_numbers else "") if c not in unwanted]
    letter = f"[{''.join(letters)}]"
    shape = f"{letter}+(-{letter}+)*" if request.allow_hyphens else f"{letter}+"
    shortest = min(_SHORTEST_LABEL, request.max_length)
    factors = [f"/{shape}/", f"/.{{{shortest},{request.max_length}}}/"]
    if request.allow_numbers:
        factors.append("/.*[a-z].*/")
    factors += [f"/.*{text}.*/" for text in request.must_contain]
    texts = "|".join(text for text in unwanted if len(text) > 1)
    factors += [f"~/.*({texts}).*/"] if texts else []
    tlds = "|".join(re.escape(tld) for tld in request.tlds)
    return f"start: LABEL TLD\nLABEL: {' & '.join(factors)}\nTLD: /\\.({tlds})/\n"
