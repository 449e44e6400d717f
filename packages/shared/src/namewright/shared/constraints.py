"""Whether a domain obeys what a request allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from namewright.shared.schemas import Request

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def split_domain(domain: str) -> tuple[str, str]:
    """Split a domain into its second-level label and its TLD: `a.co.uk` into `a` and `co.uk`."""
    label, _, tld = domain.partition(".")
    return label, tld


def violations(request: Request, domain: str) -> tuple[str, ...]:
    """Name every constraint of the request that the domain breaks; an empty tuple where it obeys them all.

    The names are fixed: `tld`, `hyphen`, `number`, `length`, `must_contain`, `avoid`, and `label` for what no
    registrar takes (RFC 1123, 2.1: letters, digits and inner hyphens, at most 63; RFC 5891, 4.2.3.1: no hyphens
    in the third and fourth place).
    """
    label, tld = split_domain(domain)
    broken = {
        "label": not _LABEL.fullmatch(label) or label[2:4] == "--",
        "tld": tld not in request.tlds,
        "hyphen": "-" in label and not request.allow_hyphens,
        "number": any(c.isdigit() for c in label) and not request.allow_numbers,
        "length": len(label) > request.max_length,
        "must_contain": not all(text in label for text in request.must_contain),
        "avoid": any(text in label for text in request.avoid),
    }
    return tuple(name for name, is_broken in broken.items() if is_broken)
