"""A payee's statement for a month: what stood open, what became due, what was paid, what stands open.

The rules this module keeps:

1. opening + became due − paid = closing, to the 分; the closing of one month is the opening of the next.
2. Every line carries the deal, the facts that caused it, the ruling's digest, its rule and the policy version, so
   that the payee can recompute it from the exported evidence.
3. An account that is paid through and passes on (a platform, an agency with its agents) sees both sides: what it
   is owed, and what it owes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER, Entry
from mingshi.domain.commission.reconcile import payee_of
from mingshi.domain.moment import latest
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Zone


class Month(NamedTuple):
    """A calendar month of the project's civil time."""

    year: int
    month: int

    def covers(self, day: date) -> bool:
        """Whether a day falls into it."""
        return (day.year, day.month) == self

    def after(self, day: date) -> bool:
        """Whether a day lies before it."""
        return (day.year, day.month) < self

    @property
    def text(self) -> str:
        """`2026-05`."""
        return f"{self.year:04d}-{self.month:02d}"


class PaidLine(NamedTuple):
    """A payment in the month."""

    day: date
    id: str
    deal: str
    payer: str
    amount: Fen


class Statement(NamedTuple):
    """One account's month on one side: as payee (what it is owed) or as payer (what it owes)."""

    account: str
    as_payer: bool
    month: Month
    opening: Fen
    entries: tuple[Entry, ...]
    payments: tuple[PaidLine, ...]
    closing: Fen


def parse_month(text: str) -> Month | None:
    """`2026-05`, or None."""
    year, dash, month = text.partition("-")
    plain = year.isascii() and year.isdigit() and month.isascii() and month.isdigit()
    if not (dash and plain and len(year) == 4 and len(month) == 2 and 1 <= int(month) <= 12):
        return None
    return Month(int(year), int(month))


def statements(month: Month, journal: Iterable[Entry], paid: Iterable[e.CommissionPaid], zone: Zone) -> list[Statement]:
    """The statements of every account but the developer that has anything open or moving in the month."""
    entries = list(journal)
    payments = [_line(row, zone) for row in paid]
    owed_to = {entry.payee for entry in entries} | {payee for payee, _ in payments}
    owing = ({entry.payer for entry in entries} | {line.payer for _, line in payments}) - {DEVELOPER}
    found = []
    for as_payer, accounts in ((False, owed_to), (True, owing)):
        for account in sorted(accounts):
            mine = [entry for entry in entries if (entry.payer if as_payer else entry.payee) == account]
            given = [line for payee, line in payments if (line.payer if as_payer else payee) == account]
            found.append(_statement(account, month, mine, given, as_payer=as_payer))
    return [one for one in found if one.opening or one.entries or one.payments or one.closing]


def _statement(
    account: str, month: Month, entries: Sequence[Entry], payments: Sequence[PaidLine], *, as_payer: bool
) -> Statement:
    before = sum(entry.amount for entry in entries if month.after(entry.day))
    opening = before - sum(line.amount for line in payments if month.after(line.day))
    now = tuple(entry for entry in entries if month.covers(entry.day))
    given = tuple(sorted(line for line in payments if month.covers(line.day)))
    closing = opening + sum(entry.amount for entry in now) - sum(line.amount for line in given)
    return Statement(account, as_payer, month, Fen(opening), now, given, Fen(closing))


def _line(row: e.CommissionPaid, zone: Zone) -> tuple[str, PaidLine]:
    day = zone.day(latest(row.at))
    return payee_of(row), PaidLine(day, row.id, row.deal, row.payer or DEVELOPER, row.amount_fen)


def by_account(found: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    """Both sides of each account together."""
    grouped: dict[str, list[Statement]] = {}
    for one in found:
        grouped.setdefault(one.account, []).append(one)
    return grouped
