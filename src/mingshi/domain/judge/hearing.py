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

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Origin, Time
from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge import arrival
from mingshi.domain.judge.arrival import CheckIn, Visit
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.judge.links import Unit, purchase_unit
from mingshi.domain.moment import Moment, earliest, latest, moment
from mingshi.domain.policy import DealNode, Policy
from mingshi.kernel.timeline import Interval, Micros, natural_days_after

R = TypeVar("R", bound=tuple[object, ...])


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
    changed: e.Statement | None
    """A later statement that says otherwise (C7)."""
    late: int
    """Records that came after the closing time."""

    @property
    def first_visit(self) -> Visit | None:
        """B9 首访: the earliest proven visit."""
        return next((visit for visit in self.visits if visit.recognised), None)

    def counted(self, record: e.Registration | e.Confirmation | e.Outreach) -> Interval:
        """When a record counts against others (amendment 7)."""
        return moment(
            record.at,
            record.sealed_at,
            device=getattr(record, "device", arrival.NO_DEVICE),
            clocks=self.dossier.clocks,
            policy=self.policy,
        ).counted


_ALWAYS_HEARD: Final = ("decisions", "objections", "withdrawals", "approvals", "cancellations", "earlier_deals")
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


def open_hearing(dossier: Dossier) -> Hearing:
    """The hearing of a dossier."""
    policy = dossier.policies.at(latest(dossier.deal.subscribed_at))
    closing = closing_time(dossier, policy)
    heard, late = _heard(dossier, min(closing, dossier.now))
    unit = purchase_unit(heard, policy)
    traces = arrival.check_ins(heard, unit, policy)
    said = [row for row in heard.statements if row.origin is not Origin.DECLINED and unit.who(row.phone) is not None]
    statement, changed = _word(said, latest(dossier.deal.subscribed_at))
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


def _heard(dossier: Dossier, until: Micros) -> tuple[Dossier, int]:
    """Without what became known after `until`."""
    kept: dict[str, tuple[tuple[object, ...], ...]] = {}
    late = 0
    for name in _TIMED:
        records: tuple[tuple[object, ...], ...] = getattr(dossier, name)
        if records and any(_known_at(record) > until for record in records):
            kept[name] = tuple(record for record in records if _known_at(record) <= until)
            late += len(records) - len(kept[name])
    relations = tuple(row for row in dossier.relations if row.verified_at is None or earliest(row.verified_at) <= until)
    if len(relations) != len(dossier.relations):
        late += len(dossier.relations) - len(relations)
        kept["relations"] = relations
    edits = tuple(row for row in dossier.edits if row.field is e.EditField.UNLINK or _known_at(row) <= until)
    if len(edits) != len(dossier.edits):
        late += len(dossier.edits) - len(edits)
        kept["edits"] = edits
    return (replace(dossier, **kept) if kept else dossier), late  # type: ignore[arg-type]  # same fields, fewer records


def _known_at(record: tuple[object, ...]) -> int:
    """When the site knew of a record: when it was sealed, else when it happened or was shown."""
    if isinstance(record, e.Receipt):
        return latest(record.presented_at or record.visit_at)
    sealed: Micros | None = getattr(record, "sealed_at", None)
    at: Time = record.at  # type: ignore[attr-defined]  # every timed record has one
    return sealed if sealed is not None else earliest(at)


def _word(said: Iterable[e.Statement], subscribed: Micros) -> tuple[e.Statement | None, e.Statement | None]:
    """The statement that stands, and a later one that contradicts it."""
    before = [row for row in said if earliest(row.at) <= subscribed]
    after = [row for row in said if earliest(row.at) > subscribed]
    standing = before[-1] if before else (after.pop(0) if after else None)
    if standing is None:
        return None, None
    answer = (standing.origin, standing.agent)
    return standing, next((row for row in after if (row.origin, row.agent) != answer), None)


def _touches(dossier: Dossier, unit: Unit, traces: Iterable[CheckIn], policy: Policy) -> tuple[Touch, ...]:
    """Amendment 5: only what the person did themselves; a call or a lead without a code bars nobody."""
    touches = [
        Touch(trace.evidence, trace.person, trace.moment) for trace in traces if not trace.present and trace.own_act
    ]
    for lead in dossier.leads:
        person = unit.who(lead.phone)
        if lead.otp and person is not None:
            when = moment(lead.at, lead.sealed_at, device=arrival.NO_DEVICE, policy=policy)
            touches.append(Touch(lead.id, person, when))
    return tuple(sorted(touches, key=lambda touch: (touch.moment.observed, touch.evidence)))
