"""The names that a request allows, as a grammar that holds while the model writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from namewright.shared import Request

_SHORTEST_LABEL = 3
"""Shorter labels are all taken, and say nothing."""


def grammar_for(request: Request) -> str:
    """Write a Lark grammar, in llguidance's dialect, of every domain that the request allows.

    Terminals may be intersected (`&`) and negated (`~`) there, so each constraint is a factor of its own.
    """
    letters = "[a-z0-9]" if request.allow_numbers else "[a-z]"
    shape = f"{letters}+(-{letters}+)*" if request.allow_hyphens else f"{letters}+"
    shortest = min(_SHORTEST_LABEL, request.max_length)
    factors = [f"/{shape}/", f"/.{{{shortest},{request.max_length}}}/"]
    if request.allow_numbers:
        factors.append("/.*[a-z].*/")
    factors += [f"/.*{re.escape(text)}.*/" for text in request.must_contain]
    factors += [f"~/.*{_escaped(text)}.*/" for text in request.avoid if text.isascii()]
    tlds = "|".join(re.escape(tld) for tld in request.tlds)
    return f"start: LABEL TLD\nLABEL: {' & '.join(factors)}\nTLD: /\\.({tlds})/\n"


def _escaped(text: str) -> str:
    return re.escape(text).replace("/", "\\/")
