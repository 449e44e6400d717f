"""Bar charts as SVG, so that a card shows what a table makes one guess."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from namewright.shared.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WIDTH, _LEFT, _BAR, _GAP, _TOP = 640, 130, 18, 5, 34
_INK, _FILL, _PAPER = "#1f2933", "#3e6f8e", "#ffffff"


def bar_chart(path: Path, title: str, values: Mapping[str, float]) -> None:
    """Draw one bar for each value, in the order given, with the value behind it."""
    most = max(values.values(), default=0) or 1
    height = _TOP + len(values) * (_BAR + _GAP) + _GAP
    frame = (
        f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12"'
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label="{escape(title)}">',
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>',
        f'<text x="8" y="20" font-size="14" font-weight="bold" fill="{_INK}">{escape(title)}</text>',
    ]
    for place, (name, value) in enumerate(values.items()):
        top = _TOP + place * (_BAR + _GAP)
        length = round((_WIDTH - _LEFT - 70) * value / most, 1)
        lines += [
            f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end" fill="{_INK}">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{length}" height="{_BAR}" fill="{_FILL}"/>',
            f'<text x="{_LEFT + length + 6}" y="{top + 13}" fill="{_INK}">{value:,}</text>',
        ]
    with write_whole(path) as file:
        file.write("\n".join((*lines, "</svg>")) + "\n")
