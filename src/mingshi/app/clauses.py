"""What two policies say differently, clause by clause, and whether a case can try it.

The rules this module keeps:

1. A clause that rests on records which the case does not hold is *not tried* by it: nobody was asked to confirm, no
   door code was shown, no cut was set. Judged to the letter such a clause refuses everybody or moves nobody; either
   way it says nothing of what people would have done under it.
2. Where each registration, check-in or deal should have such a record, a case that has it for fewer than half was not
   kept that way, and does not try the clause either. The figures are told.
3. What counts is the office's way of keeping records, never whose a record is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.judge.arrival import OWN_PHONE
from mingshi.domain.judge.records import Records
from mingshi.domain.policy import (
    PARAMETERS,
    DealNode,
    LeadCure,
    Masked,
    Policy,
    ReportStart,
)
from mingshi.kernel.canonical import Json


class Held(NamedTuple):
    """How far a case holds what a clause rests on: `held` records, of `of` where each of those should have one."""

    kind: str
    held: int
    of: int | None = None

    @property
    def enough(self) -> bool:
        """Any; or one for at least every second: below that the office did not ask for it."""
        return self.held > 0 and (self.of is None or 2 * self.held >= self.of)


class Clause(NamedTuple):
    """One parameter that two policies set differently."""

    parameter: str
    rule: str
    old: Json
    new: Json
    rests_on: Held | None = None
    """What it asks of the case; None: nothing that a case could lack."""

    @property
    def tried(self) -> bool:
        """Whether the case holds what the clause rests on."""
        return self.rests_on is None or self.rests_on.enough


def clauses(old: Policy, new: Policy, records: Records | None = None) -> tuple[Clause, ...]:
    """Every difference, in the order of the rules. Without a case nothing is said of what could be tried."""
    before, after = old.parameters, new.parameters
    return tuple(
        Clause(
            parameter=name,
            rule=rule_of(name, old, new),
            old=before[name],
            new=after[name],
            rests_on=None if records is None else rests_on(name, (old, new), records),
        )
        for name in PARAMETERS
        if before[name] != after[name]
    )


def rule_of(parameter: str, *policies: Policy) -> str:
    """The rule that a parameter belongs to; asking the client to confirm is A12, whichever numbers may be masked."""
    if parameter == "masked" and any(policy.masked is Masked.UNTIL_CONFIRMED for policy in policies):
        return "A12"
    return PARAMETERS[parameter].rule


def rests_on(parameter: str, policies: tuple[Policy, ...], records: Records) -> Held | None:
    """What a parameter's value in any of the policies asks of the case, and how much of it there is."""
    need = _NEEDS.get(parameter)
    if need is None or not any(need.asked(getattr(policy, parameter)) for policy in policies):
        return None
    return Held(need.kind, *need.counted(records))


def quiet(clause: Clause, old: Policy, new: Policy) -> object:
    """The value that asks nothing of the case, of a clause it cannot try."""
    need, values = _NEEDS[clause.parameter], (getattr(old, clause.parameter), getattr(new, clause.parameter))
    return next((value for value in values if not need.asked(value)), values[0])


def without(policy: Policy, values: Mapping[str, object]) -> Policy:
    """The policy with these values instead."""
    return replace(policy, **values)  # type: ignore[arg-type]  # values of these very fields, of another policy


Count = tuple[int, int | None]


class _Need(NamedTuple):
    kind: str
    counted: Callable[[Records], Count]
    asked: Callable[[object], bool] = lambda _: True


def _any(kind: type[tuple[object, ...]], name: str = "") -> Callable[[Records], Count]:
    """How many records of a kind there are (with something in a field)."""
    if not name:
        return lambda records: (len(records.all(kind)), None)
    return lambda records: (sum(getattr(row, name) not in (None, "", False) for row in records.all(kind)), None)


def _confirmed(records: Records) -> Count:
    """Registrations that the client answered, yes or no."""
    answered = {row.registration for row in records.all(e.Confirmation)}
    rows = records.all(e.Registration)
    return sum(row.id in answered for row in rows), len(rows)


def _door_codes(records: Records) -> Count:
    """Check-ins by the visitor's own phone that show a door code."""
    rows = [row for row in records.all(e.Arrival) if row.means in OWN_PHONE]
    return sum(row.door_code is not None for row in rows), len(rows)


def _words(records: Records) -> Count:
    """Deals whose buyers said who brought them, in a statement or beside an escort."""
    said = {row.phone for row in records.all(e.Statement)}
    said |= {row.phone for row in records.all(e.Escort) if row.buyer_named}
    rows = records.all(e.Deal)
    return sum(any(buyer in said for buyer in row.buyers) for row in rows), len(rows)


def _early(records: Records) -> Count:
    said = (row for row in records.all(e.Statement) if row.before_staff)
    first = sum(row.first_contact_at is not None for row in said)
    return len(records.all(e.Confirmation)) + first, None


def _cut(records: Records) -> Count:
    return int(records.as_of is not None), None


def _closed_days(records: Records) -> Count:
    return sum(row.kind is e.CalendarKind.SUSPENDED for row in records.all(e.CalendarEntry)), None


def _is(*values: object) -> Callable[[object], bool]:
    return lambda value: value in values


_NEEDS: Final[Mapping[str, _Need]] = MappingProxyType(
    {
        "masked": _Need("confirmations", _confirmed, _is(Masked.UNTIL_CONFIRMED)),
        "lead_tiers": _Need("confirmations", _confirmed, bool),
        "owner_limit": _Need("owners", _any(e.Owner)),
        "lead_cure": _Need("early_words", _early, _is(LeadCure.REVIEW)),
        "report_start": _Need("approvals", _any(e.Registration, "approved_at"), _is(ReportStart.APPROVED)),
        "door_code": _Need("door_codes", _door_codes, bool),
        "escort_by_client": _Need("words", _words, bool),
        "objection_h": _Need("objections", _any(e.Objection)),
        "cooldown_days": _Need("releases", _any(e.Registration, "released_at")),
        "deal_node": _Need("intents", _any(e.Deal, "intended_at"), _is(DealNode.INTENT)),
        "suspension": _Need("calendar", _closed_days, bool),
        "intent_freeze_days": _Need("intents", _any(e.Deal, "selection_at")),
        "extension_times": _Need("extensions", _any(e.Extension)),
        "extension_days": _Need("extensions", _any(e.Extension)),
        "tail_days": _Need("ended_agreements", _any(e.Agreement, "until")),
        "follow_days": _Need("followups", _any(e.Followup), lambda value: value is not None),
        "split_contacted_percent": _Need("followups", _any(e.Followup)),
        "split_helped_percent": _Need("followups", _any(e.Followup)),
        "siblings": _Need("relations", _any(e.Relation), bool),
        "revive_days": _Need("cancellations", _any(e.Cancellation)),
        "swap_days": _Need("cancellations", _any(e.Cancellation)),
        "skew_s": _Need("clocks", _any(e.Clock)),
        "skew_max_min": _Need("clocks", _any(e.Clock)),
        "first_decision_h": _Need("cut", _cut),
        "decision_extension_days": _Need("cut", _cut),
        "silence_favours_claimant": _Need("cut", _cut, bool),
        "staff_pay_channel_yuan": _Need("consultants", _any(e.Deal, "consultant")),
        "staff_pay_own_yuan": _Need("consultants", _any(e.Deal, "consultant")),
        "staff_pay_natural_yuan": _Need("consultants", _any(e.Deal, "consultant")),
    }
)
"""What the value of a parameter rests on."""
KINDS: Final = frozenset(need.kind for need in _NEEDS.values())
"""Every kind of record that a clause may rest on (a test compares the texts)."""
assert set(_NEEDS) <= set(PARAMETERS)
