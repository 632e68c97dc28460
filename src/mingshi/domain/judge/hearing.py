"""The hearing: a dossier as the judge sees it at the closing time, with people, visits and words in order.

The rules this module keeps:

1. Evidence closes with the time to object: fifteen days (`dispute_days`) after the parties had the ruling, by
   default after the contract, or the subscription where there is no contract. A fact that became known later
   does not exist for this deal, so a later event can change a final ruling only by an objection raised in time
   (H), a broken link (I6) or a cancellation (D9).
2. An objection raised in time keeps the evidence open until a decision, or until now.
3. Amendment 21: of a client's statements before subscription the last one stands, since it may be corrected
   without consequence until then; 不想说 counts as no statement. What is said later is compared, not preferred.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Origin, Time
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge import arrival
from mingshi.domain.judge.arrival import CheckIn, Visit
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.judge.links import Unit, purchase_unit
from mingshi.domain.moment import Moment, earliest, known_at, latest, moment
from mingshi.domain.policy import DealNode, Policy
from mingshi.kernel.timeline import Interval, Micros, natural_days_after

R = TypeVar("R", bound=tuple[object, ...])
K = TypeVar("K", bound=str)


class Touch(NamedTuple):
    """A contact with the site that was no visit, proven by the person's own act (E20 with a code; B4a)."""

    evidence: EvidenceId
    person: int
    moment: Moment


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What the rules of one deal are asked about."""

    dossier: Dossier
    policy: Policy
    """In force at subscription: for everything that belongs to no single claim."""
    closing: Micros
    unit: Unit
    traces: tuple[CheckIn, ...]
    visits: tuple[Visit, ...]
    touches: tuple[Touch, ...]
    statement: e.Statement | None
    """The client's word on who brought them (E7), or None."""
    changed: tuple[e.Statement, ...]
    """Later statements that say otherwise (C7), or such as contradict each other and none is the last."""
    late: int
    """Records that came after the closing time."""
    named_by_others: tuple[e.Statement, ...] = ()
    """Of numbers outside the unit: statements that give one of its numbers as their own."""

    @property
    def first_visit(self) -> Visit | None:
        """B9 首访: the earliest proven visit."""
        return next((visit for visit in self.visits if visit.recognised), None)

    def counted(self, record: e.Registration | e.Confirmation | e.Outreach | e.Lead) -> Interval:
        """When a record counts against others (amendment 7)."""
        return moment(
            record.at,
            record.sealed_at,
            device=getattr(record, "device", arrival.NO_DEVICE),
            clocks=self.dossier.clocks,
            policy=self.policy,
        ).counted


_BY_THEIR_OWN_RULES: Final = ("decisions", "objections", "withdrawals", "approvals", "cancellations")
"""Heard whenever they came, but for what is later than the cut."""
_TIMED: Final = (
    "registrations",
    "confirmations",
    "arrivals",
    "receipts",
    "escorts",
    "statements",
    "identities",
    "leads",
    "calls",
    "followups",
    "lookups",
    "extensions",
    "outreach",
)
_TIMED_FIELDS: Final = tuple((name, Dossier._fields.index(name)) for name in _TIMED)
_TIMED_NAMES: Final = frozenset(_TIMED)


def open_hearing(dossier: Dossier) -> Hearing:
    """The hearing of a dossier."""
    policy = dossier.policies.at(latest(dossier.deal.subscribed_at))
    dossier = _until_now(dossier)
    closing = closing_time(dossier, policy)
    heard, late = _heard(dossier, closing)
    # G3: what is withdrawn once the evidence has closed leaves a final ruling as it is; a note says so.
    in_time = tuple([row for row in heard.withdrawals if latest(row.at) <= closing])
    weighed = heard if len(in_time) == len(heard.withdrawals) else heard.but(withdrawals=in_time)
    unit = purchase_unit(weighed, policy)
    named = _named_by_others(weighed.statements, unit)
    if not unit.covers(heard.contacts):
        heard, weighed = _of_unit(heard, unit), _of_unit(weighed, unit)
    traces = arrival.check_ins(weighed, unit, policy)
    statement, changed = _word(heard, unit)
    return Hearing(
        dossier=heard,
        policy=policy,
        closing=closing,
        unit=unit,
        traces=traces,
        visits=arrival.visits(traces, heard, policy),
        touches=_touches(heard, unit, traces, policy),
        statement=statement,
        changed=changed,
        late=late,
        named_by_others=named,
    )


def suppose(dossier: Dossier, before: Hearing) -> Hearing:
    """The hearing of a dossier that differs in little from the one already heard in `before`; its parts are the same
    objects where nothing that makes them is another. Not for telling what came late.
    """
    others = other_fields(dossier, before.dossier)
    policy, closing = before.policy, before.closing
    if "deal" in others:
        policy = dossier.policies.at(latest(dossier.deal.subscribed_at))
        closing = closing_time(dossier, policy)
    if policy is not before.policy or closing < before.closing or not others <= _SUPPOSED:
        return open_hearing(dossier)
    until = min(closing, dossier.now)
    kept: dict[str, tuple[tuple[object, ...], ...]] = {}
    for name in others & _TIMED_NAMES:
        records: tuple[tuple[object, ...], ...] = getattr(dossier, name)
        kept[name] = tuple([record for record in records if known_at(record) <= until])
    if kept:
        dossier = dossier.but(**kept)
    same_people = others.isdisjoint(_MAKE_PEOPLE) or (len(dossier.contacts) == 1 and not dossier.relations)
    if not same_people or ("statements" in others and _lists(dossier) != _lists(before.dossier)):
        return open_hearing(dossier)
    traces, visits, touches = before.traces, before.visits, before.touches
    by_code = any(trace.means is e.Means.OTP for trace in traces)  # arrival._silenced
    relatives = any(person.counts_from for person in before.unit.people)  # arrival._reaches
    if not others.isdisjoint(_MAKE_TRACES) or ((by_code or relatives) and not others.isdisjoint(_SAY_OF_TRACES)):
        in_time = tuple([row for row in dossier.withdrawals if latest(row.at) <= closing])
        traces = arrival.check_ins(dossier.but(withdrawals=in_time), before.unit, policy)
        if traces == before.traces:
            traces = before.traces
        else:
            visits = arrival.visits(traces, dossier, policy)
    if traces is not before.traces or "leads" in others:
        touches = _touches(dossier, before.unit, traces, policy)
    statement, changed = before.statement, before.changed
    if not others.isdisjoint(("deal", "statements")):
        statement, changed = _word(dossier, before.unit)
    return Hearing(
        dossier=dossier,
        policy=policy,
        closing=closing,
        unit=before.unit,
        traces=traces,
        visits=visits,
        touches=touches,
        statement=statement,
        changed=changed,
        late=before.late,
        named_by_others=before.named_by_others,
    )


_SUPPOSED: Final = frozenset(
    {"agreements", "arrivals", "confirmations", "deal", "identities", "leads", "queue", "receipts", "registrations"}
    | {"statements"}
)
"""What `changes` supposes otherwise; where anything else differs a hearing is opened anew."""
_MAKE_PEOPLE: Final = frozenset({"arrivals", "deal", "identities"})
_MAKE_TRACES: Final = frozenset({"arrivals", "identities", "receipts"})
_SAY_OF_TRACES: Final = frozenset({"confirmations", "deal", "statements"})
"""What tells that a number was in use, or that a relative had come."""


def other_fields(dossier: Dossier, before: Dossier) -> frozenset[str]:
    """The names of the fields that are other objects."""
    return frozenset(
        [name for name, now, then in zip(Dossier._fields, dossier, before, strict=True) if now is not then]
    )


def _lists(dossier: Dossier) -> list[tuple[str, Contact, tuple[Contact, ...]]]:
    """The people's own lists of numbers, which make people (I1)."""
    return [(row.id, row.phone, row.phones) for row in dossier.statements if row.phones]


def _named_by_others(statements: Iterable[e.Statement], unit: Unit) -> tuple[e.Statement, ...]:
    """Statements from numbers outside the unit that give one of its numbers as their own: no link (I1), a question."""
    return tuple(
        row
        for row in statements
        if row.phones and unit.who(row.phone) is None and any(unit.who(phone) is not None for phone in row.phones)
    )


def ruled_at(dossier: Dossier) -> Micros:
    """When the parties had the ruling: as recorded, else at the contract, else at subscription."""
    deal = dossier.deal
    return latest(deal.ruled_at or deal.contracted_at or deal.subscribed_at)


def closing_time(dossier: Dossier, policy: Policy) -> Micros:
    """When the evidence closes: the end of the time to object (H1), or of the dispute if there is one."""
    end = objection_deadline(dossier, policy)
    if any(row.deal == dossier.deal.id and latest(row.at) <= end for row in dossier.objections):
        decided = [latest(row.at) for row in dossier.decisions]
        return max([end, *decided]) if decided else max(end, dossier.now)
    return end


def objection_deadline(dossier: Dossier, policy: Policy) -> Micros:
    """H1: until when a party may object to the ruling."""
    return natural_days_after(ruled_at(dossier), policy.dispute_days, dossier.zone)


def node_time(deal: e.Deal, policy: Policy) -> Time | None:
    """成交节点: the act that stops the deal window."""
    if policy.deal_node is DealNode.INTENT:
        return deal.intended_at
    return deal.subscribed_at if policy.deal_node is DealNode.SUBSCRIPTION else deal.contracted_at


_OF_A_PERSON: Final = ("escorts", "statements", "receipts", "identities", "leads", "calls", "lookups", "outreach")


def _of_unit(dossier: Dossier, unit: Unit) -> Dossier:
    """Without the words and escorts of people whom a link reached that does not hold."""
    kept: dict[str, tuple[tuple[object, ...], ...]] = {}
    for name in _OF_A_PERSON:
        kept[name] = tuple(record for record in getattr(dossier, name) if unit.who(record.phone) is not None)
    edits = (row for row in dossier.edits if row.field is not e.EditField.RELEASE or unit.who(row.phone) is not None)
    return dossier.but(edits=tuple(edits), **kept)


def _until_now(dossier: Dossier) -> Dossier:
    """Without what is later than the cut: it does not exist yet, so not even a note tells of it."""
    if dossier.as_of is None:
        return dossier
    now = dossier.as_of
    past: dict[str, tuple[tuple[object, ...], ...]] = {}
    for name in (*_TIMED, *_BY_THEIR_OWN_RULES, "edits"):
        records: tuple[tuple[object, ...], ...] = getattr(dossier, name)
        past[name] = tuple(record for record in records if known_at(record) <= now)
    past |= _undated(dossier, now)
    return _seen(dossier, now).but(**past)


def _undated(dossier: Dossier, until: Micros) -> dict[str, tuple[tuple[object, ...], ...]]:
    """Relations and passes, which may bear no date: then they were always known."""
    relations = (row for row in dossier.relations if row.verified_at is None or earliest(row.verified_at) <= until)
    passes = (row for row in dossier.passes if row.issued_at is None or earliest(row.issued_at) <= until)
    return {"relations": tuple(relations), "passes": tuple(passes)}


def _seen(dossier: Dossier, until: Micros) -> Dossier:
    """Without numbers that look like a masked one, or completed it, and were not known yet (A11)."""
    if not dossier.lookalikes:
        return dossier
    return dossier.but(lookalikes=_known(dossier.lookalikes, until), completed=_known(dossier.completed, until))


def _known(numbers: Mapping[K, Mapping[Contact, Micros]], until: Micros) -> dict[K, dict[Contact, Micros]]:
    return {
        key: {contact: since for contact, since in others.items() if since <= until} for key, others in numbers.items()
    }


def _heard(dossier: Dossier, until: Micros) -> tuple[Dossier, int]:
    """Without what became known after `until`."""
    kept: dict[str, tuple[tuple[object, ...], ...]] = {}
    late = 0
    for name, index in _TIMED_FIELDS:
        records: tuple[tuple[object, ...], ...] = dossier[index]  # type: ignore[assignment]  # a field of records
        if records:
            left = tuple([record for record in records if known_at(record) <= until])
            if len(left) != len(records):
                kept[name] = left
                late += len(records) - len(left)
    if dossier.relations or dossier.passes:
        for name, left in _undated(dossier, until).items():
            if len(left) != len(getattr(dossier, name)):
                late += len(getattr(dossier, name)) - len(left)
                kept[name] = left
    if dossier.edits:
        edits = tuple(row for row in dossier.edits if row.field is e.EditField.UNLINK or known_at(row) <= until)
        if len(edits) != len(dossier.edits):
            late += len(dossier.edits) - len(edits)
            kept["edits"] = edits
    dossier = _seen(dossier, until)
    return (dossier.but(**kept) if kept else dossier), late


def _word(dossier: Dossier, unit: Unit) -> tuple[e.Statement | None, tuple[e.Statement, ...]]:
    """The statement that stands, and later ones that contradict it.

    Where nobody can tell which of several is the last (before subscription; the first, after it) and they
    contradict each other, none stands.
    """
    said = [row for row in dossier.statements if row.origin is not Origin.DECLINED and unit.who(row.phone) is not None]
    if not said:
        return None, ()
    subscribed = latest(dossier.deal.subscribed_at)
    before = [row for row in said if earliest(row.at) <= subscribed]
    after = [row for row in said if earliest(row.at) > subscribed]
    if before:
        rivals = [row for row in before if latest(row.at) >= earliest(before[-1].at)]
    else:
        rivals = [row for row in after if earliest(row.at) <= latest(after[0].at)]
    if len({(row.origin, row.agent, row.referrer) for row in rivals}) > 1:
        return None, tuple(rivals)
    standing = rivals[-1]
    later = (row for row in after if (row.origin, row.agent) != (standing.origin, standing.agent))
    return standing, tuple(later)


def _touches(dossier: Dossier, unit: Unit, traces: Iterable[CheckIn], policy: Policy) -> tuple[Touch, ...]:
    """Amendment 5: only what the person did themselves; a call or a lead without a code bars nobody."""
    touches = [
        Touch(trace.evidence, trace.person, trace.moment) for trace in traces if not trace.present and trace.own_act
    ]
    if not touches and not dossier.leads:
        return ()
    for lead in dossier.leads:
        person = unit.who(lead.phone)
        if lead.otp and person is not None:
            when = moment(lead.at, lead.sealed_at, device=arrival.NO_DEVICE, policy=policy)
            touches.append(Touch(lead.id, person, when))
    return tuple(sorted(touches, key=lambda touch: (touch.moment.observed, touch.evidence)))
