"""What cannot be true about money, between the rows of a case (TRADE.md §2.6: what is wrong must be named, not paid).

The rules this module keeps:

1. Terms that claim the same deal twice, or pay without saying what, and two invoices with one number are errors of
   the whole case: nobody may guess which one was meant.
2. A payment that no buyer can have made is a rejected row: before the subscription (认筹金 apart), or more than the
   price by itself.
3. What is odd but true stays and is told: receipts beyond the price, commission paid to, or
   an invoice of, somebody without agreement.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from mingshi.domain.commission.terms import overlapping
from mingshi.domain.evidence import CommissionPaid, Deal, Invoice, Payment, PaymentKind, Term, TermKind
from mingshi.domain.moment import earliest, latest
from mingshi.files.case import Table


class MoneyFault(NamedTuple):
    """A row, a field and what is wrong."""

    sheet: str
    position: int
    field: str
    code: str
    args: Mapping[str, object]


def contradictions(tables: Mapping[str, Table]) -> Iterator[MoneyFault]:
    """Errors of the whole case."""
    terms = [cast("Term", row) for row in tables["terms"].records()]
    where = {term.id: index for index, term in enumerate(terms)}
    for index, term in enumerate(terms):
        if term.kind is TermKind.PERCENT and term.rate_ppm is None:
            yield MoneyFault("terms", index, "rate_ppm", "term_without_rate", {})
        if term.kind is not TermKind.PERCENT and term.amount_fen is None:
            yield MoneyFault("terms", index, "amount_fen", "term_without_amount", {})
        if term.from_unit is not None and term.to_unit is not None and term.to_unit < term.from_unit:
            yield MoneyFault("terms", index, "to_unit", "low_above_high", {})
    for first, second in overlapping(terms):
        _, row = tables["terms"].where(where[first.id])
        yield MoneyFault("terms", where[second.id], "from_unit", "tiers_overlap", {"other": row})
    seen: dict[tuple[str, str], int] = {}
    for index, invoice in enumerate(cast("Iterator[Invoice]", tables["invoices"].records())):
        key = (invoice.agency, invoice.number)
        if key in seen:
            _, other = tables["invoices"].where(seen[key])
            yield MoneyFault("invoices", index, "number", "invoice_twice", {"other": other})
        seen.setdefault(key, index)


def impossible(tables: Mapping[str, Table]) -> Iterator[MoneyFault]:
    """Rows that no buyer can have caused."""
    deals = _deals(tables) if len(tables["payments"]) else {}
    for index, payment in enumerate(cast("Iterator[Payment]", tables["payments"].records())):
        deal = deals.get(payment.deal)
        if deal is None:
            continue
        early = latest(payment.at) < earliest(deal.subscribed_at)
        if early and payment.kind is not PaymentKind.INTENT:
            yield MoneyFault("payments", index, "at", "wrong_order", {"other": "subscribed_at", "other_zh": "认购时间"})
        if deal.price_fen is not None and payment.amount_fen > deal.price_fen:
            yield MoneyFault("payments", index, "amount_fen", "beyond_price", {})


def odd(tables: Mapping[str, Table]) -> Iterator[MoneyFault]:
    """What is told and kept."""
    deals = _deals(tables) if len(tables["payments"]) else {}
    received: dict[str, int] = defaultdict(int)
    for index, payment in enumerate(cast("Iterator[Payment]", tables["payments"].records())):
        deal, before = deals.get(payment.deal), received[payment.deal]
        received[payment.deal] += payment.amount_fen
        if deal is not None and deal.price_fen is not None and before <= deal.price_fen < received[payment.deal]:
            yield MoneyFault("payments", index, "amount_fen", "receipts_beyond_price", {})
    agreements = tables["agreements"]
    if not len(agreements):
        return
    known = {*agreements.columns["agency"], *agreements.columns["platform"], *tables["agents"].columns["id"]}
    for index, paid in enumerate(cast("Iterator[CommissionPaid]", tables["commissions_paid"].records())):
        if (paid.agency or paid.agent) not in known:
            yield MoneyFault("commissions_paid", index, "agency", "payee_unknown", {})
    for index, invoice in enumerate(cast("Iterator[Invoice]", tables["invoices"].records())):
        if invoice.agency not in known:
            yield MoneyFault("invoices", index, "agency", "issuer_unknown", {})


def _deals(tables: Mapping[str, Table]) -> dict[str, Deal]:
    return {deal.id: deal for deal in cast("Iterator[Deal]", tables["deals"].records())}
