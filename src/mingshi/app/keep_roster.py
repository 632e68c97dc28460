"""名单: agents, staff, agreements, terms, owners, clocks, calendar, counts, as the site knows them (A1, A4, D6, E17).

The rules this module keeps: a row is sealed when it is entered; who leaves gets an end, nothing is removed. A group's
list of owners needs a basis of its own (RULES amendment 9).
"""

from typing import Final, NamedTuple, TypeAlias

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import REQUIRED
from mingshi.app.holders import RECORDS, subject_of
from mingshi.app.ports import Transaction
from mingshi.app.sign_assessment import counters
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


class AmendRoster(NamedTuple):
    """What stood empty in a row: an end, a suspension."""

    row: Row
    fields: tuple[tuple[str, Time], ...]


def keep_roster(transaction: Transaction, command: KeepRoster) -> Answer:
    """Seal rows of the rosters."""
    ids: dict[str, str] = {}
    counted = any(isinstance(row, e.Count) for row in command.rows)
    if counted and transaction.setting("consents") == REQUIRED and not counters(transaction):
        return Refused("no_counter_registered", "L-54")
    for given in command.rows:
        if isinstance(given, e.Owner) and given.scope is Scope.GROUP and not given.basis:
            return Refused("basis_needed", "A4")
        since = getattr(given, "since", None)
        if since is not None and earliest(since) < EARLIEST:
            return Refused("no_real_date", "G5")
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
