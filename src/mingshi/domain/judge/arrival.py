"""B4, B8, B9 到访: what proves that somebody was here, and which check-ins are one visit.

The rules this module keeps:

1. B4 到访确认方式 / recognised check-in (RULES.md §3.1, §3.2): a code, key, passkey or identity card proves
   alone (grade A). A desk entry is provisional: with the visitor's confirmation within 24 h it is B, else C.
   A face pass in a session the visitor opened is B. Two B's of two kinds and from two parties prove together, for
   two hints of one party are one hint (amendment 16). A desk entry that the visitor confirmed is a visit (B4),
   but by itself it bars no agent (B9, amendment 5).
2. B4a 到场 / presence: where the policy asks for a door code, a check-in without one, not taken at the desk, is
   a contact and no visit. A code that staff could read is worth a desk entry (amendment 3).
3. G1, G2: the means decide through their grade only. A face pass and a device proof of the same grade are
   never told apart (INV-04).
4. B8 到访合并: check-ins of the unit less than four hours apart are one visit; it belongs to the civil day of
   its first check-in, also across midnight.
5. B9 首访: the earliest visit that is proven. An unproven desk entry never makes a visit earlier.
6. Amendment 4: a receipt proves a visit only if it was bound to something of the visitor's at issue.
7. Amendment 20: after ninety silent days a number may have a new owner; what its code proved before is B.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, DoorCode, Means
from mingshi.domain.ids import AgentId, Contact, DeviceId, EvidenceId, StaffId
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.judge.links import CODES, Unit
from mingshi.domain.moment import Moment, earliest, latest, moment, span
from mingshi.domain.policy import Policy
from mingshi.kernel.timeline import DAY, HOUR, Interval, Micros


class Grade(IntEnum):
    """C hints, B needs a second, A proves alone (RULES.md §3.1)."""

    C = 0
    B = 1
    A = 2


class Party(StrEnum):
    """From whom a piece of evidence comes."""

    SITE = "site"
    VISITOR = "visitor"


class CheckIn(NamedTuple):
    """One graded trace of a person's presence."""

    evidence: EvidenceId
    kind: str
    person: int
    contact: Contact
    moment: Moment
    grade: Grade
    parties: frozenset[Party]
    own_act: bool
    """It contains an act of the visitor's own; only such a trace can bar an agent (amendment 5)."""
    proven: Interval
    """When it became proof, as it counts against others."""
    present: bool
    """It shows presence on site; otherwise it is a contact (B4a)."""
    means: Means | None = None
    registration: EvidenceId = EvidenceId("")
    agent: AgentId = AgentId("")
    staff: StaffId = StaffId("")


class Visit(NamedTuple):
    """Check-ins of the unit that are one visit (B8)."""

    check_ins: tuple[CheckIn, ...]
    start: Moment
    last: Micros
    day: date
    people: frozenset[int]
    grade: Grade
    own_act: bool
    proven: Interval
    evidence: tuple[EvidenceId, ...]
    """Ids of what shows it."""
    certain: bool
    """B9: its own evidence is grade A, or two B."""
    recognised: bool
    """B4: it is proven, or entered at the desk and confirmed by the visitor."""


_BOTH: Final = frozenset(Party)
_SITE: Final = frozenset({Party.SITE})
_VISITOR: Final = frozenset({Party.VISITOR})
OWN_PHONE: Final = frozenset({Means.OTP, Means.QR, Means.DEVICE_KEY, Means.PASSKEY, Means.FACE_PASS})
"""The visitor's own act on their own phone or pass; it shows presence by a door code (B4a)."""
NO_DEVICE: Final = DeviceId("")

KINDS: Final = {
    Means.OTP: "E2",
    Means.QR: "E3",
    Means.DEVICE_KEY: "E3",
    Means.PASSKEY: "E5",
    Means.FACE_PASS: "E5",
    Means.ID: "E6",
    Means.RECEPTION: "E4",
    Means.PAPER: "E4",
    Means.UNKNOWN: "E4",
}


def check_ins(dossier: Dossier, unit: Unit, policy: Policy) -> tuple[CheckIn, ...]:
    """Every graded trace of a person of the unit, oldest first."""
    withdrawn = {row.pass_id for row in dossier.withdrawals if row.kind is e.WithdrawalKind.CONSENT and row.pass_id}
    traces: list[CheckIn] = []
    for row in dossier.arrivals:
        if row.means is Means.FACE_PASS and row.pass_id in withdrawn:
            continue  # G3: consent withdrawn before the ruling was final
        person = _who(row, unit, dossier)
        if person is not None:
            traces.append(_of_arrival(row, person, dossier, policy))
    for receipt in dossier.receipts:
        person = unit.who(receipt.phone)
        if person is not None:
            traces.append(_of_receipt(receipt, person, policy))
    for identity in dossier.identities:
        person = unit.who(identity.phone)
        if person is not None and identity.stage is e.Stage.CHECK_IN and identity.matched:
            traces.append(_of_identity(identity, person, policy))
    traces = [_silenced(trace, dossier, policy) for trace in traces if _reaches(trace, dossier, unit)]
    if len(traces) > 1:
        traces.sort(key=lambda trace: (trace.moment.observed, trace.evidence))
    return tuple(traces)


def visits(traces: Sequence[CheckIn], dossier: Dossier, policy: Policy) -> tuple[Visit, ...]:
    """B8: the visits that the traces show, oldest first. Contacts (B4a) are none."""
    groups: list[list[CheckIn]] = []
    end = Micros(0)
    for trace in traces:
        if not trace.present:
            continue
        if groups and trace.moment.observed.earliest - end < policy.visit_merge_h * HOUR:
            groups[-1].append(trace)
        else:
            groups.append([trace])
        end = max(end, trace.moment.observed.latest)
    return tuple(_visit(group, dossier, policy) for group in groups)


def _visit(group: list[CheckIn], dossier: Dossier, policy: Policy) -> Visit:
    if len(group) == 1:
        return _single(group[0], dossier)
    group = [_confirmed_by_company(trace, group, policy) for trace in group]
    grade, proven = _together(group)
    weight = [trace for trace in group if trace.grade is not Grade.C] or group
    # Whichever of its check-ins the log had first shows that the visit had begun.
    counted = [trace.moment.counted for trace in weight]
    began = Interval(min(one.earliest for one in counted), min(one.latest for one in counted))
    start = weight[0].moment._replace(counted=began)
    return Visit(
        check_ins=tuple(group),
        start=start,
        last=max(trace.moment.observed.latest for trace in group),
        day=dossier.zone.day(start.observed.earliest),
        people=frozenset(trace.person for trace in group),
        grade=grade,
        own_act=any(trace.own_act for trace in group),
        proven=proven,
        evidence=tuple(dict.fromkeys(trace.evidence for trace in group)),
        certain=grade is Grade.A,
        recognised=grade is Grade.A or any(one.grade is Grade.B and one.parties == _BOTH for one in group),
    )


def _single(trace: CheckIn, dossier: Dossier) -> Visit:
    """A visit of one check-in, as most are."""
    observed = trace.moment.observed
    return Visit(
        check_ins=(trace,),
        start=trace.moment,
        last=observed.latest,
        day=dossier.zone.day(observed.earliest),
        people=frozenset((trace.person,)),
        grade=trace.grade,
        own_act=trace.own_act,
        proven=trace.proven,
        evidence=(trace.evidence,),
        certain=trace.grade is Grade.A,
        recognised=trace.grade is Grade.A or (trace.grade is Grade.B and trace.parties == _BOTH),
    )


def _together(group: Sequence[CheckIn]) -> tuple[Grade, Interval]:
    """The grade of a visit and when it was reached: one A, or two B's of two kinds and two parties."""
    best = max(trace.grade for trace in group)
    if best is Grade.A:
        return Grade.A, min(trace.proven for trace in group if trace.grade is Grade.A)
    halves = sorted((trace for trace in group if trace.grade is Grade.B), key=lambda trace: trace.proven)
    for index, trace in enumerate(halves):
        for other in halves[:index]:
            if other.kind != trace.kind and other.parties | trace.parties == _BOTH:
                return Grade.A, trace.proven
    return best, max(trace.proven for trace in group)


def _confirmed_by_company(trace: CheckIn, group: Sequence[CheckIn], policy: Policy) -> CheckIn:
    """B4: an act of the same visitor's own at the same visit confirms a desk entry (E5 + E4, E3 + E4)."""
    if trace.means is not Means.RECEPTION or trace.grade is not Grade.C:
        return trace
    limit = policy.reception_confirm_h * HOUR
    for other in group:
        near = abs(other.moment.observed.earliest - trace.moment.observed.earliest) <= limit
        if other.person == trace.person and other.own_act and near and not trace.moment.weak:
            return trace._replace(grade=Grade.B, proven=max(trace.proven, other.proven))
    return trace


def _of_arrival(row: e.Arrival, person: int, dossier: Dossier, policy: Policy) -> CheckIn:
    when = moment(
        row.at,
        row.sealed_at,
        device=row.device,
        clocks=dossier.clocks,
        policy=policy,
        token_at=row.token_at,
        offline=row.offline,
    )
    means = Means.RECEPTION if row.staff_readable and row.means in CODES else row.means
    grade, parties, own_act, proven = Grade.A, _VISITOR, True, when.counted
    if means is Means.FACE_PASS:
        grade = Grade.B
    elif means is Means.PAPER:  # the counterfoil carries the visitor's own signature
        grade, parties = Grade.B, _BOTH
    elif means is Means.RECEPTION:
        grade, parties, own_act = Grade.C, _SITE, False
        if _confirmed(row, policy):
            assert row.confirmed_at is not None
            grade, parties, own_act = Grade.B, _BOTH, True
            proven = max(when.counted, span(row.confirmed_at))
    elif means is Means.UNKNOWN:
        grade, parties, own_act = Grade.C, _SITE, False
    at_desk = bool(row.staff)
    present = not policy.door_code or means not in OWN_PHONE or row.door_code is DoorCode.VALID or at_desk
    return CheckIn(
        evidence=row.id,
        kind=KINDS[row.means],
        person=person,
        contact=row.phone,
        moment=when,
        grade=Grade.C if when.weak else grade,
        parties=parties,
        own_act=own_act and not when.weak,
        proven=proven,
        present=present,
        means=means,
        registration=row.registration,
        agent=row.agent,
        staff=row.staff,
    )


def _confirmed(row: e.Arrival, policy: Policy) -> bool:
    if row.confirmed_at is None or row.confirmed_by is None:
        return False
    return latest(row.confirmed_at) <= latest(row.at) + policy.reception_confirm_h * HOUR


def _of_receipt(row: e.Receipt, person: int, policy: Policy) -> CheckIn:
    when = moment(row.visit_at, row.sealed_at, device=NO_DEVICE, policy=policy)
    bound = row.bound_to is not Binding.BEARER
    return CheckIn(
        evidence=row.id,
        kind="E21",
        person=person,
        contact=row.phone,
        moment=when,
        grade=Grade.A if bound else Grade.B,
        parties=_VISITOR,
        own_act=bound,
        proven=when.counted,
        present=True,
        staff=row.staff,
    )


def _of_identity(row: e.Identity, person: int, policy: Policy) -> CheckIn:
    when = moment(row.at, row.sealed_at, device=NO_DEVICE, policy=policy)
    return CheckIn(
        evidence=row.id,
        kind="E6",
        person=person,
        contact=row.phone,
        moment=when,
        grade=Grade.A,
        parties=_VISITOR,
        own_act=True,
        proven=when.counted,
        present=True,
        means=Means.ID,
    )


def _who(row: e.Arrival, unit: Unit, dossier: Dossier) -> int | None:
    person = unit.who(row.phone) if row.phone else None
    if person is None and row.pass_id:
        holders = [issued.phone for issued in dossier.passes if issued.pass_id == row.pass_id]
        return next((who for who in map(unit.who, holders) if who is not None), None)
    return person


def _reaches(trace: CheckIn, dossier: Dossier, unit: Unit) -> bool:
    """I3: a relative's visit counts from the proof's date, or where a buyer declares that visit."""
    if trace.moment.observed.latest >= unit.people[trace.person].counts_from:
        return True
    day = dossier.zone.day(trace.moment.observed.earliest)
    return any(
        row.earlier_visit_at is not None
        and dossier.zone.day(earliest(row.earlier_visit_at)) == day
        and (speaker := unit.who(row.phone)) is not None
        and unit.people[speaker].on_contract
        for row in dossier.statements
    )


def _silenced(trace: CheckIn, dossier: Dossier, policy: Policy) -> CheckIn:
    """Amendment 20: a number silent for ninety days may have been given to somebody else."""
    if trace.means is not Means.OTP or trace.grade is not Grade.A:
        return trace
    at = trace.moment.observed.latest
    later = [used for used in _uses(trace.contact, dossier) if used > at]
    silent = bool(later) and min(later) - at > policy.phone_silence_days * DAY
    return trace._replace(grade=Grade.B) if silent else trace


def _uses(contact: Contact, dossier: Dossier) -> Iterator[int]:
    """When the number is known to have been in its holder's hands; the deal itself is one such time."""
    if contact in dossier.deal.buyers:
        yield earliest(dossier.deal.subscribed_at)
    yield from (earliest(row.at) for row in dossier.arrivals if row.phone == contact)
    yield from (earliest(row.at) for row in dossier.statements if row.phone == contact)
    yield from (earliest(row.at) for row in dossier.identities if row.phone == contact)
    yield from (earliest(row.at) for row in dossier.confirmations if row.phone == contact)
