"""停, 启, 时钟: control entries. A stop is a visible gap; so is a clock that was set (LEDGER am. 4, 5)."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import Control
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import CalendarKind
from mingshi.kernel.canonical import dumps


class StopSite(NamedTuple):
    """Who stops the system, and why."""

    by: str
    reason: str


class StartSite(NamedTuple):
    """Who starts it."""

    by: str
    reason: str = ""


class NoteControl(NamedTuple):
    """A control fact of the site's own: `export`, `clock`, `restored`, `imported`."""

    kind: str
    by: str
    reason: str
    detail: tuple[tuple[str, str], ...] = ()


def stop_site(transaction: Transaction, command: StopSite) -> Answer:
    """Seal a stop: from now on the system stands still, and everybody can see it."""
    if not command.reason.strip():
        return Refused("reason_needed", "INV-07")
    if _open(transaction) is not None:
        return Refused("already_stopped", "INV-07")
    row = blank(e.CalendarEntry, id=transaction.new_id("CS"), kind=CalendarKind.STOPPED, since=transaction.now)
    transaction.seal(row)
    _note(transaction, "stop", command.by, command.reason)
    return Done("stopped", {"calendar": row.id})


def start_site(transaction: Transaction, command: StartSite) -> Answer:
    """Seal a start; it ends the gap."""
    standing = _open(transaction)
    if standing is None:
        return Refused("not_stopped", "INV-07")
    transaction.amend(e.CalendarEntry, standing.id, until=transaction.now)
    _note(transaction, "start", command.by, command.reason)
    return Done("started", {"calendar": standing.id})


def note_control(transaction: Transaction, command: NoteControl) -> Answer:
    """Seal a control fact."""
    entry = _note(transaction, command.kind, command.by, command.reason, command.detail)
    return Done("noted", {"control": entry})


def _open(transaction: Transaction) -> e.CalendarEntry | None:
    rows = transaction.every(e.CalendarEntry)
    return next((row for row in rows if row.kind is CalendarKind.STOPPED and row.until is None), None)


def _note(transaction: Transaction, kind: str, by: str, reason: str, detail: tuple[tuple[str, str], ...] = ()) -> str:
    row = Control(transaction.new_id("CT"), kind, transaction.now, by, reason, dumps(dict(detail)).decode())
    transaction.seal(row)
    return row.id
