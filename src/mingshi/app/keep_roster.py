"""名单: agents, staff, agreements, terms, owners, clocks, calendar, counts, as the site knows them (A1, A4, D6, E17).

The rules this module keeps:

1. A row is sealed when it is entered; who leaves gets an end, nothing is removed. A group's list of owners needs a
   basis of its own (RULES amendment 9).
2. A list may be brought again, with more in it: what is known is left alone, what stood empty is filled, and where one
   row says otherwise than before nothing of the list is taken (G5).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import REQUIRED
from mingshi.app.holders import AMENDABLE, RECORDS, subject_of
from mingshi.app.ports import Transaction
from mingshi.app.sign_assessment import counters
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Scope, Time
from mingshi.domain.moment import earliest
from mingshi.kernel.timeline import DAY

Row: TypeAlias = e.Agent | e.Staff | e.Agreement | e.Term | e.Owner | e.Clock | e.CalendarEntry | e.Count


EARLIEST: Final = 20 * 365 * DAY
"""1990: before, it is the null date of some software, not one of an agreement (docs/formats/case.md, times)."""


class KeepRoster(NamedTuple):
    """New rows. A row without an id gets one."""

    rows: tuple[Row, ...]


class BringRoster(NamedTuple):
    """A whole list, as the office keeps it. `digest`: of the file it came from."""

    rows: tuple[Row, ...]
    by: str
    digest: str

    def __repr__(self) -> str:
        return f"BringRoster({self.digest})"


class AmendRoster(NamedTuple):
    """What stood empty in a row: an end, a suspension."""

    row: Row
    fields: tuple[tuple[str, Time], ...]


def keep_roster(transaction: Transaction, command: KeepRoster) -> Answer:
    """Seal rows of the rosters."""
    ids: dict[str, str] = {}
    if (wrong := _unfit(transaction, command.rows)) is not None:
        return wrong
    for given in command.rows:
        row = given if given.id else given._replace(id=transaction.new_id("N"))  # type: ignore[arg-type]  # every id is a str
        transaction.seal(row)
        ids[f"row{len(ids) + 1}"] = row.id
    return Done("roster_kept", ids)


def amend_roster(transaction: Transaction, command: AmendRoster) -> Answer:
    """Seal an end or a suspension."""
    kind = type(command.row)
    assert kind.__name__ in RECORDS
    try:
        transaction.amend(kind, subject_of(command.row), **dict(command.fields))
    except ValueError:
        return Refused("already_recorded", "G5")
    return Done("roster_kept", {"row1": command.row.id})


def bring_roster(transaction: Transaction, command: BringRoster) -> Answer:
    """Seal what of a list is new, and what it adds to rows that are known. All of it or nothing."""
    new: list[Row] = []
    filled: list[AmendRoster] = []
    if (wrong := _unfit(transaction, command.rows)) is not None:
        return wrong
    for row in command.rows:
        known = next((one for one in transaction.read(type(row), "id", row.id) if _same(one, row)), None)
        if known is None:
            new.append(row)
            continue
        allowed = AMENDABLE.get(type(row), frozenset())
        said = {name: value for name, value in row._asdict().items() if value != getattr(known, name)}
        said = {name: value for name, value in said.items() if not _empty(value)}
        changed = [name for name in said if not _empty(getattr(known, name)) or name not in allowed]
        if changed:
            return Refused("roster_differs", "G5", (row.id,), {"field": changed[0]})
        if said:
            filled.append(AmendRoster(row, tuple(said.items())))
    for row in new:
        transaction.seal(row)
    for each in filled:
        transaction.amend(type(each.row), subject_of(each.row), **dict(each.fields))
    if new or filled:
        note_control(transaction, NoteControl("roster", command.by, command.digest))
    untouched = len(command.rows) - len(new) - len(filled)
    return Done("roster_kept", {}, {"new": len(new), "filled": len(filled), "known": untouched})


def _empty(value: object) -> bool:
    """Whether a field stands open. Nought is a number like any other: an amount, a count."""
    return value is None or value is False or value == ""


def _same(known: Row, row: Row) -> bool:
    return subject_of(known) == subject_of(row)


def _unfit(transaction: Transaction, rows: Sequence[Row]) -> Refused | None:
    """What no list may hold: a group's owners without a basis, a null date, counts of a counter nobody registered."""
    counted = any(isinstance(row, e.Count) for row in rows)
    if counted and transaction.setting("consents") == REQUIRED and not counters(transaction):
        return Refused("no_counter_registered", "L-54")
    for row in rows:
        evidence = (row.id,) if row.id else ()
        if isinstance(row, e.Owner) and row.scope is Scope.GROUP and not row.basis:
            return Refused("basis_needed", "A4", evidence)
        since = getattr(row, "since", None)
        if since is not None and earliest(since) < EARLIEST:
            return Refused("no_real_date", "G5", evidence)
    return None
