"""延期: two people widen a window (D3), before it ended and before the deal.

The rules this module keeps: whether it counts is the judge's to say: the window is asked for before and after. An
extension that does not count is refused, and the attempt stays sealed and visible (golden case 19). What would come of
one is told beforehand by the same question, with nothing sealed.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import not_staff, same_person
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import Supposed, blank, claims_on
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Window
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge.assess import assess
from mingshi.domain.judge.dossier import EvidenceSource, gather
from mingshi.domain.judge.hearing import open_hearing
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.timeline import Micros


class ExtendWindow(NamedTuple):
    """Which window of which registration, by how many days, why, and the two who approve."""

    registration: EvidenceId
    window: Window
    days: int
    reason: str
    approver1: str
    approver2: str


class Foreseen(NamedTuple):
    """The end of a window now, and as it would be; None: it has no end, or the registration protects nobody."""

    until: Micros | None
    extended: Micros | None
    most_days: int
    """As the rules that this registration stands under allow."""


class Recorded(NamedTuple):
    """An extension that was sealed, and whether it counts as things stand now."""

    row: e.Extension
    counts: bool


def extend_window(transaction: Transaction, command: ExtendWindow) -> Answer:
    """Seal an extension; refused where it has no effect."""
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows:
        return Refused("unknown_registration", "D3")
    if (wrong := same_person(command.approver1, command.approver2)) is not None:
        return wrong
    if (wrong := not_staff(transaction, command.approver1, command.approver2)) is not None:
        return wrong
    contact = _contact(transaction, rows[0])
    before = _windows(transaction, contact, rows[0].id, transaction.source)
    extension = blank(e.Extension, id=transaction.new_id("Z"), at=transaction.now, **command._asdict())
    transaction.seal(extension)
    after = _windows(transaction, contact, rows[0].id, transaction.source)
    ids = {"extension": extension.id}
    if after is None or after == before:
        return Refused("not_extended", "D3", (extension.id,))
    follow(transaction, [contact])
    return Done("extended", ids, {"until": _end(after, command.window)})


def foresee(transaction: Transaction, command: ExtendWindow) -> Foreseen | None:
    """What would come of an extension now; None where there is no such registration. Nothing is sealed."""
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows:
        return None
    contact, source = _contact(transaction, rows[0]), transaction.source
    agreements = transaction.read(e.Agreement, "agency", rows[0].agency)
    policy = source.policies.binding(rows[0].agency, earliest(rows[0].at), agreements)
    supposed = blank(e.Extension, id="Z?", at=transaction.now, sealed_at=transaction.now, **command._asdict())
    before = _windows(transaction, contact, rows[0].id, source)
    after = _windows(transaction, contact, rows[0].id, Supposed(source, supposed))
    return Foreseen(_end(before, command.window), _end(after, command.window), policy.extension_days)


def extensions_on(transaction: Transaction, registration: EvidenceId) -> list[Recorded]:
    """Every extension of a registration's windows, the newest first, also those that did not count (golden case 19)."""
    rows = transaction.read(e.Registration, "id", registration)
    if not rows:
        return []
    contact, source = _contact(transaction, rows[0]), transaction.source
    stands = _windows(transaction, contact, registration, source)
    found = []
    for row in transaction.read(e.Extension, "registration", registration):
        without = _windows(transaction, contact, registration, Supposed(source, row._replace(days=0)))
        found.append(Recorded(row, stands is not None and stands != without))
    return sorted(found, key=lambda one: earliest(one.row.at), reverse=True)


def _end(windows: tuple[int, int | None] | None, window: Window) -> Micros | None:
    """The end of one of them; None where it has none, or where there are none."""
    report_until, deal_until = windows or (None, None)
    end = deal_until if window is Window.VISIT else report_until
    return None if end is None else Micros(end)


def _contact(transaction: Transaction, row: e.Registration) -> Contact:
    confirmed = [one.phone for one in transaction.read(e.Confirmation, "registration", row.id) if one.agreed]
    return confirmed[0] if confirmed else row.phone


def _windows(
    transaction: Transaction, contact: Contact, registration: EvidenceId, source: EvidenceSource
) -> tuple[int, int | None] | None:
    """The registration's windows, in the setting of the client's deal where there is one."""
    deals = transaction.read(e.Deal, "buyers", contact)
    if deals:
        last = max(deals, key=lambda deal: latest(deal.subscribed_at))
        claims = assess(open_hearing(gather(last.id, source)))
    else:
        claims = claims_on((contact,), source, transaction.now)
    for claim in claims:
        if claim.registration.id == registration:
            return claim.report_until, claim.deal_until
    return None
