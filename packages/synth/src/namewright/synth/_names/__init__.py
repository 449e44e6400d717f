"""The name maker: from the words that a brief brings along to names a brand consultant would show."""

from namewright.synth._names._maker import is_presentable, make_names
from namewright.synth._names._parts import Parts, parts_of

__all__ = ["Parts", "is_presentable", "make_names", "parts_of"]
