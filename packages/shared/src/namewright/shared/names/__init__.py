"""What a name *is*: its words, syllables, sounds and characters, and what may go wrong in it.

`synth` makes and ranks names with this, `suggest` ranks with it, and `judge` measures with it. Nothing here looks at
a business: how well a name fits one is the judge's to say. Everything takes the label without its TLD (`brewhaven`),
is pure and deterministic, and reads its data when first asked (about 0.3 s, once a process).
"""

from namewright.shared.names._brands import near_famous_brand
from namewright.shared.names._characters import char_surprisal
from namewright.shared.names._hazards import joint_hazards
from namewright.shared.names._quality import NameTraits, name_quality, name_traits
from namewright.shared.names._segment import segment
from namewright.shared.names._sounds import pronounceability, syllables
from namewright.shared.names._text import relevance_words, stem
from namewright.shared.names._words import is_single_common_word, word_frequency, word_rank, word_ranks

__all__ = [
    "NameTraits",
    "char_surprisal",
    "is_single_common_word",
    "joint_hazards",
    "name_quality",
    "name_traits",
    "near_famous_brand",
    "pronounceability",
    "relevance_words",
    "segment",
    "stem",
    "syllables",
    "word_frequency",
    "word_rank",
    "word_ranks",
]
