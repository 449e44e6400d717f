"""The mutators, by name: each makes cases of seeds, in an order that the seed of randomness decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from namewright.probe._mutators import (
    casing,
    constraints,
    contrast,
    injection,
    invalid,
    language,
    length,
    obfuscation,
    plain,
    unicode,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from namewright.probe._case import Case
    from namewright.probe._seeds import Seed

    Mutator = Callable[[Sequence[Seed], random.Random], Iterator[Case]]

MUTATORS: dict[str, Mutator] = {
    "plain": plain.cases,
    "invalid": invalid.cases,
    "unicode": unicode.cases,
    "length": length.cases,
    "casing": casing.cases,
    "language": language.cases,
    "constraints": constraints.cases,
    "obfuscation": obfuscation.cases,
    "contrast": contrast.cases,
    "injection": injection.cases,
}
