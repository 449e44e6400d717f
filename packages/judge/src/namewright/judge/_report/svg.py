"""Plots as inline SVG: they need no script, scale to a phone, and take their colours from the page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.judge.records import Interval

WIDTH = 640
LEFT = 132
RIGHT = 56
ROW = 26


def interval_plot(groups: Sequence[tuple[str, Sequence[tuple[str, Interval]]]], label: str) -> str:
    """Draw estimates with their 95% intervals on a scale from 0 to 5, one line a run, grouped by criterion."""
    lines = [_grid_line(value) for value in range(6)]
    y = 28
    for title, entries in groups:
        lines.append(f'<text x="0" y="{y + 4}" class="plot-title">{escape(title)}</text>')
        for place, (run, interval) in enumerate(entries):
            lines.append(_interval(y, place, run, interval))
            y += ROW
        y += 10
    height = y + 2
    grid = "".join(line.replace("HEIGHT", str(height - 8)) for line in lines)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}" class="plot">{grid}</svg>'


def histogram(counts: Sequence[int], place: int, label: str) -> str:
    """Draw how many names have which score, 0 to 5; a mark stands where a name becomes a good one."""
    width, height, most = 300, 92, max(1, *counts)
    step = width / len(counts)
    bars = "".join(
        f'<rect x="{i * step + 1:.1f}" y="{70 - 64 * count / most:.1f}" width="{step - 2:.1f}" '
        f'height="{64 * count / most:.1f}" rx="2" class="c{place % 6}"><title>{i * 5 / len(counts):.2f} to '
        f"{(i + 1) * 5 / len(counts):.2f}: {count} names</title></rect>"
        for i, count in enumerate(counts)
    )
    ticks = "".join(
        f'<text x="{min(max(v * width / 5, 4), width - 4):.0f}" y="86" text-anchor="middle" class="tick">{v}</text>'
        for v in range(6)
    )
    mark = f'<line x1="{3.5 * width / 5}" x2="{3.5 * width / 5}" y1="2" y2="72" class="mark"/>'
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" class="plot small">'
        f"{bars}{mark}{ticks}</svg>"
    )


def _x(value: float) -> float:
    return LEFT + value / 5 * (WIDTH - LEFT - RIGHT)


def _grid_line(value: int) -> str:
    x = _x(value)
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="HEIGHT" class="grid"/>'
        f'<text x="{x:.1f}" y="10" text-anchor="middle" class="tick">{value}</text>'
    )


def _interval(y: int, place: int, run: str, interval: Interval) -> str:
    if interval.estimate is None or interval.low is None or interval.high is None:
        return f'<text x="{LEFT}" y="{y + 4}" class="tick">nothing to measure</text>'
    colour = f"c{place % 6}"
    return (
        f"<g><title>{escape(run)}: {interval.estimate:.2f} [{interval.low:.2f}, {interval.high:.2f}]</title>"
        f'<line x1="{_x(0):.1f}" x2="{_x(interval.estimate):.1f}" y1="{y}" y2="{y}" class="bar {colour}"/>'
        f'<line x1="{_x(interval.low):.1f}" x2="{_x(interval.high):.1f}" y1="{y}" y2="{y}" class="whisker"/>'
        f'<circle cx="{_x(interval.estimate):.1f}" cy="{y}" r="5.5" class="{colour}"/>'
        f'<text x="{WIDTH}" y="{y + 4}" text-anchor="end" class="value">{interval.estimate:.2f}</text></g>'
    )
