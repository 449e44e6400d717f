"""The probe itself: ask cases, find what is wrong, gather it into clusters, make one request of each smaller."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from namewright.probe._case import Case, dump
from namewright.probe._clusters import Group, gather
from namewright.probe._mutators import MUTATORS
from namewright.probe._oracles import Finding, find, has_no_say, status_of
from namewright.probe._shrink import shrink
from namewright.probe._targets import PATH
from namewright.shared import NamewrightError
from namewright.shared.cli import log

if TYPE_CHECKING:
    from collections.abc import Container, Generator, Iterator, Sequence

    from namewright.probe._seeds import Seed
    from namewright.probe._targets import Reply, Target

State = Literal["still fails", "fails otherwise", "cannot be judged", "fixed"]
_PLAIN = dump({"description": "organic coffee shop for parents in Miami"})
_ROUNDS = 16
"""How often a cluster's request may be made smaller; halving 4,000 characters down to a word takes 12."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A case that was answered wrongly, and how."""

    number: int
    case: Case
    reply: Reply
    finding: Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a probe found."""

    cases: list[Case]
    failed: list[Failed]
    groups: list[Group]
    unjudged: list[Case]


def make_cases(seeds: Sequence[Seed], names: Sequence[str], budget: int, seed: int) -> list[Case]:
    """Make as many cases as the budget allows, in turns, so that each mutator gets its share."""
    turns = [MUTATORS[name](seeds, random.Random(f"{seed}/{name}")) for name in names]
    return list(islice(_in_turns(turns), budget))


def check_alive(target: Target) -> None:
    """Ask one plain request, so that a suggester which answers nothing at all is told from one with edge cases.

    Raises:
        NamewrightError: it does not answer.
    """
    [reply] = target.ask([_PLAIN])
    if reply.kind != "answered":
        said = reply.text.strip() or reply.note or "nothing was said"
        if reply.code == HTTPStatus.NOT_FOUND:
            said = f"the server there has no {PATH} (404)"
        raise NamewrightError(
            f"the suggester does not answer a plain request: {reply.kind} ({reply.code}): {said[-1000:]}"
        )


def ask(
    target: Target, cases: Sequence[Case], known: dict[str, Reply] | None = None
) -> list[tuple[Reply, Reply | None]]:
    """Ask cases and what they are compared with; nothing is asked twice.

    Args:
        target: The suggester.
        cases: What to ask.
        known: Replies to bodies that have been asked before; the new ones are put to them.
    """
    replies = {} if known is None else known
    bodies = _unasked(cases, replies)
    replies.update(zip(bodies, target.ask(bodies), strict=True))
    return [(replies[case.body], replies[case.base] if case.base else None) for case in cases]


def run(target: Target, cases: list[Case], *, minimise: int) -> Outcome:
    """Ask cases, and gather and make smaller what fails.

    Args:
        target: The suggester.
        cases: What to ask.
        minimise: How many requests may be spent on making the failing ones smaller.
    """
    replies: dict[str, Reply] = {}
    asked = list(zip(cases, ask(target, cases, replies), strict=True))
    failed = [
        Failed(number, case, reply, finding)
        for number, (case, (reply, base)) in enumerate(asked, start=1)
        for finding in find(case, reply, base)
    ]
    groups = gather((one.number, one.case, one.finding) for one in failed)
    unjudged = [case for case, (_, base) in asked if has_no_say(case, base)]
    return Outcome(cases, failed, _smaller(target, groups, minimise, replies), unjudged)


def still_fails(case: Case, finding: Finding, reply: Reply, base: Reply | None) -> bool:
    """Tell whether a reply has what was found before wrong with it."""
    return any(
        (found.oracle, found.signature) == (finding.oracle, finding.signature) for found in find(case, reply, base)
    )


def replayed(case: Case, finding: Finding, reply: Reply, base: Reply | None) -> tuple[State, str]:
    """Say how a case fares that failed before, and what is wrong with it now.

    It is fixed where nothing at all is wrong: a suggester that fails in another way, or answers the unmutated request
    wrongly so that nothing can be said of this one, has mended nothing.
    """
    found = find(case, reply, base)
    if still_fails(case, finding, reply, base):
        return "still fails", finding.detail
    if found:
        return "fails otherwise", f"{found[0].oracle}: {found[0].detail}"
    if has_no_say(case, base):
        return "cannot be judged", f"its unmutated request is answered wrongly: {status_of(base)}"
    return "fixed", ""


def _unasked(cases: Sequence[Case], known: Container[str]) -> list[str]:
    bodies = dict.fromkeys(body for case in cases for body in (case.base, case.body) if body is not None)
    return [body for body in bodies if body not in known]


def _in_turns(turns: list[Iterator[Case]]) -> Iterator[Case]:
    """Take one of each in turn; a request comes once, whoever makes it again."""
    seen = set()
    while turns:
        for turn in list(turns):
            case = next((one for one in turn if (one.body, one.expected) not in seen), None)
            if case is None:
                turns.remove(turn)
            else:
                seen.add((case.body, case.expected))
                yield case


def _smaller(target: Target, groups: list[Group], budget: int, known: dict[str, Reply]) -> list[Group]:
    """Make the example of every group smaller: all of them at once, a round of candidates a time."""
    groups = list(groups)
    searches = {number: search for number, group in enumerate(groups) if (search := _search(group)) is not None}
    rounds = {number: next(search, None) for number, search in searches.items()}
    for _ in range(_ROUNDS):
        pending = {number: candidates for number, candidates in rounds.items() if candidates}
        trials = [
            (number, replace(groups[number].case, body=dump(one))) for number in pending for one in pending[number]
        ]
        cost = len(_unasked([trial for _, trial in trials], known))
        if not pending or cost > budget:
            break
        budget -= cost
        log(f"making {len(pending)} failing requests smaller")
        replies = ask(target, [trial for _, trial in trials], known)
        for number in pending:
            verdicts = [
                still_fails(trial, groups[number].finding, *reply)
                for (whose, trial), reply in zip(trials, replies, strict=True)
                if whose == number
            ]
            first = verdicts.index(True) if True in verdicts else None
            if first is not None:
                smaller = replace(groups[number].case, body=dump(pending[number][first]))
                groups[number] = replace(groups[number], case=smaller)
            rounds[number] = _next(searches[number], first)
    return groups


def _next(search: Generator[list[dict[str, Any]], int | None, None], first: int | None) -> list[dict[str, Any]] | None:
    try:
        return search.send(first)
    except StopIteration:
        return None


def _search(group: Group) -> Generator[list[dict[str, Any]], int | None, None] | None:
    """Start a search where a smaller request would mean the same: bad input and comparisons are as small as they are."""
    case, request = group.case, group.case.request
    if case.expected == "refused" or group.finding.oracle == "changed_status" or not isinstance(request, dict):
        return None
    says_what_is_due = group.finding.oracle in {"missed_block", "wrong_block"}
    return shrink(request, (case.kernel or str(request["description"])) if says_what_is_due else "")
