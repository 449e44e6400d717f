"""The text of a request: a brief put in words, in the style that it asks for."""

from namewright.synth._text._writer import write_description

__all__ = ["write_description"]
