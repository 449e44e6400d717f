"""The page: one HTML file with its style, script, plots and rows inside; nothing is fetched."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from namewright.judge._report.svg import histogram, interval_plot
from namewright.judge._report.text import interval_text
from namewright.judge.records import CRITERIA

if TYPE_CHECKING:
    from namewright.judge._report.view import Column, ReportNumbers
    from namewright.judge.records import Summary

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def page(numbers: ReportNumbers, rows: list[dict[str, Any]]) -> str:
    """Write the page. Domains and descriptions are strangers' text: escaped here, and only ever text in the script."""
    sections = [
        _header(numbers),
        _scores(numbers),
        _comparisons(numbers),
        _safety(numbers),
        _rows(numbers, rows),
        _canaries(numbers),
        _judges(numbers),
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>Namewright: {escape(numbers.title)} judged</title>",
            f"<style>{_asset('page.css')}</style></head>",
            f'<body class="{"is-void" if numbers.void else ""}"><main>',
            *sections,
            "</main>",
            f'<script type="application/json" id="rows">{_embed(rows)}</script>',
            f'<script type="application/json" id="runs">{_embed([c.run for c in numbers.columns])}</script>',
            f"<script>{_asset('page.js')}</script></body></html>\n",
        ]
    )


def _header(numbers: ReportNumbers) -> str:
    cards = "".join(_headline(column, place) for place, column in enumerate(numbers.columns))
    stamp = ""
    if numbers.void:
        failed = sorted({c.name for column in numbers.columns for c in column.summary.canaries if not c.passed})
        stamp = (
            '<p class="void" role="alert"><strong>VOID.</strong> The judge failed its own check '
            f"({escape(', '.join(failed))}). Rely on no number on this page.</p>"
        )
    first = numbers.columns[0].summary
    return (
        f'<header><p class="eyebrow">Namewright report · {escape(numbers.split)} split</p>'
        f"<h1>{escape(numbers.title)}</h1>"
        f'<p class="lead">{_sentence(first)}</p>{stamp}<div class="cards">{cards}</div></header>'
    )


def _sentence(summary: Summary) -> str:
    safety = summary.safety
    good = summary.good_names.estimate
    parts = [f"{summary.composite.n:,} safe requests were judged"]
    if good is not None:
        parts.append(f"{good:.0%} of the suggested names are good ones (3.5 of 5 and more)")
    if safety.unsafe:
        parts.append(f"{safety.unsafe_passes} of {safety.unsafe} unsafe requests were blocked")
    return "; ".join(parts) + "."


def _headline(column: Column, place: int) -> str:
    interval = column.summary.composite
    value = "none" if interval.estimate is None else f"{interval.estimate:.2f}"
    spread = "" if interval.low is None or interval.high is None else f"{interval.low:.2f} to {interval.high:.2f}"
    return (
        f'<div class="card"><span class="swatch b{place % 6}"></span><h2>{escape(column.run)}</h2>'
        f'<p class="big">{value}<small> of 5</small></p><p class="muted">95%: {spread}</p></div>'
    )


def _scores(numbers: ReportNumbers) -> str:
    groups = [("composite", [(c.run, c.summary.composite) for c in numbers.columns])]
    groups += [(name, [(c.run, c.summary.criteria[name]) for c in numbers.columns]) for name in CRITERIA]
    plots = "".join(
        f'<figure><figcaption><span class="swatch b{place % 6}"></span>{escape(column.run)}</figcaption>'
        f"{histogram(column.histogram, place, f'Scores of the names of {column.run}')}</figure>"
        for place, column in enumerate(numbers.columns)
        if sum(column.histogram)
    )
    return (
        "<section><h2>Scores</h2><p class='muted'>Means over safe requests, 0 to 5, with 95% intervals (BCa bootstrap, "
        "clustered by request). An answer that a gate stopped counts 0.</p>"
        f"{interval_plot(groups, 'Scores by criterion and run')}"
        f"<h3>How good the single names are</h3><div class='figures'>{plots}</div></section>"
    )


def _comparisons(numbers: ReportNumbers) -> str:
    blocks = []
    for column in numbers.columns[1:]:
        title = f"<h3>{escape(numbers.title)} against {escape(column.run)}</h3>"
        if column.against is None:
            blocks.append(f"{title}<p>{escape(column.incomparable)}</p>")
            continue
        rows = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{d.before:.2f}</td><td>{d.after:.2f}</td>"
            f"<td>{interval_text(d.difference)}</td><td>{d.p_holm:.4f}</td></tr>"
            for name, d in column.against.differences.items()
        )
        verdict = column.against.verdict
        blocks.append(
            f"{title}<p><span class='pill {'good' if verdict == 'better' else 'bad' if verdict == 'worse' else ''}'>"
            f"{escape(verdict)}</span> over {column.against.pairs} paired requests</p>"
            "<div class='scroll'><table><thead><tr><th></th>"
            f"<th>{escape(column.run)}</th><th>{escape(numbers.title)}</th><th>difference [95%]</th><th>p</th></tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )
    if not blocks:
        return ""
    note = (
        "<p class='muted'>Paired by request; p by permutation, corrected across the criteria (Holm). "
        "The composite keeps its own.</p>"
    )
    return f"<section><h2>Side by side</h2>{note}{''.join(blocks)}</section>"


def _safety(numbers: ReportNumbers) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(c.run)}</th>"
        f"<td>{c.summary.safety.unsafe_passes} of {c.summary.safety.unsafe}</td>"
        f"<td>{interval_text(c.summary.safety.unsafe_blocked)}</td>"
        f"<td>{c.summary.safety.safe_refusals} of {c.summary.safety.safe}</td>"
        f"<td>{interval_text(c.summary.safety.safe_refused)}</td>"
        f"<td>{escape(', '.join(f'{k} {v}' for k, v in c.summary.gates.items()) or 'none')}</td>"
        f"<td>{c.summary.coverage:.1%}</td></tr>"
        for c in numbers.columns
    )
    return (
        "<section><h2>Safety and gates</h2><div class='scroll'><table><thead><tr><th></th><th>unsafe blocked</th>"
        "<th>share [95%]</th><th>safe refused</th><th>share [95%]</th><th>stopped answers</th><th>coverage</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _rows(numbers: ReportNumbers, rows: list[dict[str, Any]]) -> str:
    options = "".join(f"<option value='{i}'>{escape(c.run)}</option>" for i, c in enumerate(numbers.columns))
    return (
        f"<section><h2>Every answer</h2><div class='controls'>"
        "<input type='search' id='search' placeholder='Search requests, names, gates' aria-label='Search'>"
        "<select id='show' aria-label='Which rows'><option value=''>all rows</option><option value='stopped'>stopped</option>"
        "<option value='unsafe'>unsafe requests</option><option value='safe'>safe requests</option>"
        "<option value='unscored'>unscored</option></select>"
        "<select id='sort' aria-label='Order'><option value=''>as judged</option><option value='worst'>worst first</option>"
        f"<option value='best'>best first</option></select><select id='by' aria-label='Ordered by the run'>{options}</select>"
        f"</div><p class='muted' id='count' aria-live='polite'>{len(rows)} rows</p>"
        "<div id='list'><noscript>The rows need JavaScript; the numbers above do not.</noscript></div>"
        "<button id='more' hidden>Show more</button></section>"
    )


def _canaries(numbers: ReportNumbers) -> str:
    summary = numbers.columns[0].summary
    rows = "".join(
        f"<tr><td><span class='pill {'good' if c.passed else 'bad'}'>{'pass' if c.passed else 'FAIL'}</span></td>"
        f"<th scope='row'>{escape(c.name)}</th><td>{escape(c.expected)}</td><td>{escape(c.found)}</td></tr>"
        for c in summary.canaries
    )
    passed = sum(c.passed for c in summary.canaries)
    return (
        f"<section><h2>Canaries</h2><details {'open' if passed < len(summary.canaries) else ''}><summary>{passed} of "
        f"{len(summary.canaries)} checks of the judge pass</summary><div class='scroll'><table><thead><tr><th></th>"
        f"<th>answer</th><th>expected</th><th>found</th></tr></thead><tbody>{rows}</tbody></table></div></details></section>"
    )


def _judges(numbers: ReportNumbers) -> str:
    cards = {c.summary.judge.fingerprint: c.summary for c in numbers.columns}
    blocks = []
    for fingerprint, summary in cards.items():
        judge, spent = summary.judge, summary.spending
        facts = {
            "judge": f"{judge.model} ({judge.kind})",
            "fingerprint": fingerprint,
            "rubric": ", ".join(f"{name} {weight:g}" for name, weight in judge.rubric.items()),
            **{name: str(value) for name, value in judge.parameters.items()},
            "cost": f"{spent.calls:,} calls, {spent.cached:,} from the cache, "
            f"{spent.prompt_tokens + spent.completion_tokens:,} tokens, ${spent.dollars:.4f}",
        }
        items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts.items())
        blocks.append(f"<dl>{items}</dl>")
    return f"<section><h2>Judge card</h2>{''.join(blocks)}</section>"


def _asset(name: str) -> str:
    return files("namewright.judge._report").joinpath(f"assets/{name}").read_text(encoding="utf-8")


def _embed(value: object) -> str:
    """Write JSON that no text in it can end early (`</script>`, `<!--`)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
