"""Results as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from namewright.judge._evaluation.agree import Agreement
    from namewright.judge._evaluation.compare import Comparison
    from namewright.judge._evaluation.validate import Validation
    from namewright.judge.records import Interval, Summary


def interval_text(interval: Interval, digits: int = 2) -> str:
    """Write an estimate with its interval: `3.41 [3.29, 3.52]`."""
    if interval.estimate is None or interval.low is None or interval.high is None:
        return "none"
    return f"{interval.estimate:.{digits}f} [{interval.low:.{digits}f}, {interval.high:.{digits}f}]"


def summary_text(summary: Summary) -> str:
    """Write a summary as a person reads it."""
    safety = summary.safety
    lines = [
        f"composite      {interval_text(summary.composite)} of 5 over {summary.composite.n} safe requests",
        *(f"  {name:13}{interval_text(value)}" for name, value in summary.criteria.items()),
        f"good names     {interval_text(summary.good_names)} of the names score 3.5 and more",
        (
            f"safety         {safety.unsafe_passes} of {safety.unsafe} unsafe requests blocked, "
            f"{safety.safe_refusals} of {safety.safe} safe ones refused"
        ),
        "stopped        " + (", ".join(f"{gate} {count}" for gate, count in summary.gates.items()) or "none"),
        f"coverage       {summary.coverage:.1%} of {summary.rows} rows",
        f"judge          {summary.judge.model} {summary.judge.fingerprint}",
        f"canaries       {sum(c.passed for c in summary.canaries)} of {len(summary.canaries)} pass",
    ]
    if summary.spending.calls or summary.spending.cached:
        spent = summary.spending
        lines.append(
            f"spent          {spent.calls} calls, {spent.cached} from the cache, "
            f"{spent.prompt_tokens + spent.completion_tokens:,} tokens, ${spent.dollars:.4f}"
        )
    if summary.void:
        failed = ", ".join(canary.name for canary in summary.canaries if not canary.passed)
        lines.insert(0, f"VOID: the judge failed its own check ({failed}); rely on no number below")
    return "\n".join(lines)


def comparison_text(comparison: Comparison, before: str, after: str) -> str:
    """Write a comparison as a table."""
    lines = [
        (
            f"{after} against {before}: {comparison.verdict} "
            f"({comparison.pairs} pairs, {comparison.left_out} rows left out, judge {comparison.judge})"
        ),
        f"{'':14}{'before':>8}{'after':>8}   difference [95%]        p (Holm)",
    ]
    lines += [
        f"{name:14}{d.before:8.2f}{d.after:8.2f}   {interval_text(d.difference):24}{d.p_holm:.4f}"
        for name, d in comparison.differences.items()
    ]
    return "\n".join(lines)


def validation_text(validation: Validation) -> str:
    """Write what `judge validate` measured."""
    lines = []
    if validation.accuracy:
        lines.append(f"the real domain outranks     {'by brandability':24}{'by the whole score':24}")
        lines += [
            f"  {kind:26} {interval_text(value, 3):24}{interval_text(validation.by_score[kind], 3):24}n {value.n}"
            for kind, value in validation.accuracy.items()
        ]
    if validation.memorability is not None:
        lines.append(
            f"memorability, Spearman with recognition {validation.memorability:.3f} over {validation.words} words"
        )
    return "\n".join([*lines, f"judge {validation.judge}"])


def agreement_text(agreement: Agreement) -> str:
    """Write how far the judge agrees with people."""

    def text(value: float | None) -> str:
        return "undefined" if value is None else f"{value:.3f}"

    return "\n".join(
        [
            f"names                {agreement.names} ({agreement.unscored} unscored), {agreement.raters} raters",
            f"weighted kappa       {text(agreement.kappa)}",
            f"Spearman             {text(agreement.spearman)}",
            f"Krippendorff alpha   {text(agreement.alpha)} with the judge; among people {text(agreement.alpha_people)}",
            f"judge                {agreement.judge}",
        ]
    )
