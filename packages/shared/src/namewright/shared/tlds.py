"""Which top-level domains exist, after the Public Suffix List's ICANN section."""

from __future__ import annotations

from functools import lru_cache

_COMMON = frozenset(
    "com net org io co ai app dev shop store online site xyz me us uk de fr es pt it nl eu ca au biz info tech "  # noqa: SIM905 - a list would take forty lines
    "studio agency design care family kids".split(),
)


@lru_cache(maxsize=4096)
def _is_public_suffix(label: str) -> bool:
    return label in _COMMON or _public_suffix_list().is_public(label)


@lru_cache(maxsize=1)
def _public_suffix_list():  # type: ignore[no-untyped-def]  # noqa: ANN202 - the library has no types
    # Parsing takes 50 ms, so it waits until somebody names a TLD that is not among the common ones.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList(only_icann=True, accept_unknown=False)


def normalise_tld(text: str) -> str:
    """Bring a top-level domain to the form that the schemas keep: lower case, no leading dot, ASCII.

    Raises:
        ValueError: it is not in the Public Suffix List's ICANN section (a typing error, or a private suffix).
    """
    label = text.strip().lower().removeprefix(".")
    try:
        tld = label.encode("idna").decode("ascii") if label else ""
    except UnicodeError:
        tld = ""
    if not tld or tld.endswith(".") or not _is_public_suffix(tld):
        msg = f"unknown TLD {text!r}: it is not on the Public Suffix List (write it like 'com', '.com' or 'co.uk')"
        raise ValueError(msg)
    return tld
