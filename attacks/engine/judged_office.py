"""The stage of every attack on the engine: a sales office, told in the trade's language.

A script names what is tried (its docstring), the facts it leaves, the one defence that stops it, and what it finds.
`attack()` gives what refused, limited or flagged the attempt; None: the attack got through. Taking the defence away
(`DEFENCE`: a name and what to put in its place) must make it get through; a test does that for each.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.cases.dsl import Told, load

from mingshi.domain.evidence import Deal
from mingshi.domain.judge import patterns as judge_patterns
from mingshi.domain.judge.patterns import Pattern
from mingshi.domain.judge.records import Records
from mingshi.kernel.timeline import DAY

JUDGE: Final = "mingshi.domain.judge"


class Stopped(NamedTuple):
    """How an attempt ended."""

    how: str
    """`refused`, `limited` or `flagged`."""
    by: str
    told: str = ""


def judged(facts: str, deal: str = "D1") -> Told:
    """The ruling of a deal of these facts."""
    return load(facts).ruling(deal)


def found(facts: str) -> list[Pattern]:
    """The patterns of a site with these facts, seen two days after the last of them."""
    records: Records = load(facts).source
    seen = [judge_patterns.sighting(judged(facts, deal.id).ruling.as_json(), records) for deal in records.all(Deal)]
    return list(judge_patterns.find_patterns(records, seen, max(one.at for one in seen) + 2 * DAY))


def without(rules: Iterable[Callable[..., object]], name: str) -> tuple[Callable[..., object], ...]:
    """The rules but one."""
    kept = tuple(rule for rule in rules if rule.__name__ != name)
    assert kept != tuple(rules), f"there is no rule {name}"
    return kept


def refused(told: Told, registration: str, code: str) -> Stopped | None:
    """The claim was refused with this code, and is not paid."""
    claim = told.claim(registration)
    if claim.code.value != code or told.outcome.startswith("CHANNEL") or registration in told.proposal:
        return None
    return Stopped("refused", f"{claim.deciding.rule} (code {code})", f"the deal is {told.outcome}")


def flagged(told: Told, flag: str, need: str = "flag") -> Stopped | None:
    """A person has to look before money moves, and the flag says why."""
    if flag not in told.flags or not {need, "review", "hold"} & set(told.needs):
        return None
    return Stopped("flagged", flag, f"a person looks first: {', '.join(told.needs)}")


def kept(told: Told, outcome: str, by: str) -> Stopped | None:
    """The honest outcome stood."""
    return Stopped("limited", by, f"the deal stays {outcome}") if told.outcome == outcome else None


def show(tried: str | None, attack: Callable[[], Stopped | None]) -> int:
    """Print what was tried and what stopped it; 1 where nothing did."""
    sys.stdout.write(f"tried: {tried}\n")
    stopped = attack()
    if stopped is None:
        sys.stdout.write("NOT STOPPED\n")
        return 1
    sys.stdout.write(f"{stopped.how} by {stopped.by}: {stopped.told}\n")
    return 0
