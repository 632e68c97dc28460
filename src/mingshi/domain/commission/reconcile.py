"""应付 / 已付 / 多付 / 少付: what was paid against what is due, link by link.

The rules this module keeps:

1. Compared is each link of the chain of each deal, so that an overpayment to one never hides what another lacks.
2. 预付佣: a prepayment of a deal that still stands is not an overpayment while conditions are open; it is shown
   on its own and taken off what becomes due.
3. 垫佣: what a platform advanced to its agency settles the link between them and touches nobody else's.
4. A payment for a deal, or to a payee, to whom nothing was ever due is an overpayment like any other, with its
   reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER
from mingshi.domain.evidence import PaidKind
from mingshi.domain.ids import DealId
from mingshi.kernel.fen import Fen

LinkKey = tuple[DealId, str, str]
"""(deal, payer, payee)"""


class Position(NamedTuple):
    """One link of one deal: due, paid, and what that means."""

    deal: DealId
    payer: str
    payee: str
    due: Fen
    paid: Fen
    prepaid: Fen
    """Of `paid`: paid ahead of conditions that may still be met."""

    @property
    def overpaid(self) -> Fen:
        """多付: paid and neither due nor a standing prepayment."""
        return Fen(max(self.paid - self.prepaid - self.due, 0))

    @property
    def underpaid(self) -> Fen:
        """少付: due and not paid."""
        return Fen(max(self.due - self.paid, 0))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The four figures of the developer, and the prepayments beside them."""

    due: Fen
    paid: Fen
    overpaid: Fen
    underpaid: Fen
    prepaid: Fen


def payee_of(row: e.CommissionPaid) -> str:
    """Whom a payment went to: the agency, or the agent where an agency paid its own."""
    return row.agent if row.payer and row.payer == row.agency and row.agent else (row.agency or row.agent)


def positions(
    due: Mapping[LinkKey, Fen], paid: Iterable[e.CommissionPaid], open_amounts: Mapping[LinkKey, Fen]
) -> list[Position]:
    """Every link with something due or paid. `open_amounts`: what may still become due along a link."""
    total: dict[LinkKey, Fen] = defaultdict(lambda: Fen(0))
    ahead: dict[LinkKey, Fen] = defaultdict(lambda: Fen(0))
    for row in paid:
        key = (row.deal, row.payer or DEVELOPER, payee_of(row))
        total[key] = Fen(total[key] + row.amount_fen)
        if row.kind is PaidKind.PREPAID:
            ahead[key] = Fen(ahead[key] + row.amount_fen)
    found = []
    for key in sorted({*due, *total}):
        deal, payer, payee = key
        owed, given = due.get(key, Fen(0)), total.get(key, Fen(0))
        prepaid = max(0, min(given - owed, ahead.get(key, Fen(0)), open_amounts.get(key, Fen(0))))
        found.append(Position(deal, payer, payee, Fen(owed), Fen(given), Fen(prepaid)))
    return found


def headline(rows: Iterable[Position]) -> Headline:
    """The developer's figures: its own links only, so that money passed on is not counted twice."""
    mine = [row for row in rows if row.payer == DEVELOPER]
    return Headline(
        due=Fen(sum(row.due for row in mine)),
        paid=Fen(sum(row.paid for row in mine)),
        overpaid=Fen(sum(row.overpaid for row in mine)),
        underpaid=Fen(sum(row.underpaid for row in mine)),
        prepaid=Fen(sum(row.prepaid for row in mine)),
    )
