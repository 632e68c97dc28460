"""The journal: what became due from day to day, entry by entry, never changed (INV-10).

The rules this module keeps:

1. An entry is the difference between what was due at the end of two days, along one link of the chain. So the
   entries of a deal up to any day sum to what is due on that day, and a full refund nets to zero for everyone.
2. D9: taking back is a negative entry against the same payee on the same link; the buyer is on no link.
3. H7: a reversed ruling shows as a pair: the old payee's entries undone, the new payee's made, on the same day.
4. The day is the unit: the order of events within a day changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from mingshi.domain.commission.account import Component, DealMoney, Entry
from mingshi.domain.commission.due import Book, due, ruling_at
from mingshi.domain.evidence import TierScope, Time
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.moment import latest
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Zone


def entries(money: DealMoney, book: Book, zone: Zone, until: int | None = None) -> Iterator[Entry]:
    """The journal of one deal, day by day, up to an instant."""
    causes = _days(money, book, zone)
    before: dict[tuple[str, str, Component], Fen] = {}
    for day in sorted(causes):
        at = zone.end(day)
        if until is not None and zone.start(day) > until:
            break
        now: dict[tuple[str, str, Component], Fen] = defaultdict(lambda: Fen(0))
        for transfer in due(money, book, day, at).transfers:
            key = transfer[:3]
            now[key] = Fen(now[key] + transfer.amount)
        ruled = ruling_at(money, at)
        for key in sorted({*before, *now}):
            difference = Fen(now.get(key, 0) - before.get(key, 0))
            if difference:
                payer, payee, component = key
                yield Entry(
                    day=day,
                    deal=money.deal.id,
                    payer=payer,
                    payee=payee,
                    component=component,
                    amount=difference,
                    causes=tuple(sorted(causes[day])),
                    ruling_sha256="" if ruled is None else ruled.ruling_sha256,
                )
        before = dict(now)


def _days(money: DealMoney, book: Book, zone: Zone) -> dict[date, set[str]]:
    """The days on which something may have changed, and the facts of each."""
    causes: dict[date, set[str]] = defaultdict(set)

    def on(time: Time | None, id_: str) -> None:
        if time is not None:
            causes[zone.day(latest(time))].add(id_)

    deal = money.deal
    for time in (deal.subscribed_at, deal.contracted_at, deal.loan_approved_at):
        on(time, deal.id)
    for payment in money.payments:
        on(payment.at, payment.id)
    for cancellation in money.cancellations:
        on(cancellation.at, cancellation.id)
    for invoice in money.invoices:
        on(invoice.at, invoice.id)
    for said in money.statements:
        on(said, "statement")
    agencies = set()
    for ruled in money.rulings:
        on(ruled.since, "ruling")
        on(ruled.final_from, "final")
        for since, end in ruled.objected:
            on(since, "objection")
            on(end, "objection")
        outcomes = [part.outcome for part in ruled.outcome.parts] or [ruled.outcome]
        agencies |= {outcome.agency for outcome in outcomes if outcome.kind is Kind.CHANNEL}
    first = zone.day(latest(deal.subscribed_at))
    for agency in agencies:
        count = book.counts.get(agency)
        for day in count.days if count is not None and _retroactive(book, agency) else ():
            if day >= first:
                causes[day].add("tier")
    return causes


def _retroactive(book: Book, agency: str) -> bool:
    return any(term.agency == agency and term.scope is TierScope.RETROACTIVE for term in book.terms)


def balance(journal: Iterable[Entry]) -> dict[tuple[str, str], Fen]:
    """What the entries come to along each link: (payer, payee) → amount."""
    sums: dict[tuple[str, str], Fen] = defaultdict(lambda: Fen(0))
    for entry in journal:
        sums[entry.payer, entry.payee] = Fen(sums[entry.payer, entry.payee] + entry.amount)
    return dict(sums)
