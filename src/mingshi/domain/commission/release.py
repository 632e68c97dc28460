"""D8 结佣条件: which stage is due, and what is missing.

Stage one (认购): ruling final, buyer's statement, 认购金 received, invoices matched, no open objection.
Stage two (签约): stage one, contract done, enough money received or the loan approved. 认筹 never pays (W1).
The policy's `release` lists the conditions of stage one; what a source never recorded is not asked.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import Condition, DealMoney, Ruled
from mingshi.domain.evidence import CancelKind, PaymentKind
from mingshi.domain.moment import latest
from mingshi.kernel.fen import MILLION, Fen, share


class State(NamedTuple):
    """A deal's facts at the end of a day."""

    received: Fen
    """Money in the developer's hands: payments less refunds."""
    cancelled: bool
    met: frozenset[Condition]


def state_at(money: DealMoney, ruled: Ruled | None, at: int) -> State:
    """What holds at an instant (the end of a civil day)."""
    payments = [row for row in money.payments if latest(row.at) <= at]
    received = Fen(sum(row.amount_fen for row in payments))
    cancelled = any(row.kind is not CancelKind.INTENT and latest(row.at) <= at for row in money.cancellations)
    deal, met = money.deal, set()
    if ruled is not None and ruled.final_from is not None and ruled.final_from <= at:
        met.add(Condition.RULING)
    if ruled is not None and not any(since <= at and (until is None or at < until) for since, until in ruled.objected):
        met.add(Condition.NO_OBJECTION)
    if "statements" not in money.kept or any(said <= at for said in money.statements):
        met.add(Condition.STATEMENT)
    paid_in = [row for row in payments if row.kind is not PaymentKind.INTENT and row.amount_fen > 0]
    if "payments" not in money.kept or paid_in:
        met.add(Condition.EARNEST)
    if deal.contracted_at is not None and latest(deal.contracted_at) <= at:
        met.add(Condition.CONTRACT)
    if _enough(money, received, at):
        met.add(Condition.RECEIVED)
    return State(received, cancelled, frozenset(met))


def stage_one(money: DealMoney) -> tuple[Condition, ...]:
    """The conditions of the first stage, in the order in which they are told."""
    order = (
        Condition.RULING,
        Condition.STATEMENT,
        Condition.EARNEST,
        Condition.INVOICE,
        Condition.NO_OBJECTION,
    )
    return tuple(condition for condition in order if condition.value in money.policy.release)


def stage_two(money: DealMoney) -> tuple[Condition, ...]:
    """Stage one's conditions and two more."""
    return (*stage_one(money), Condition.CONTRACT, Condition.RECEIVED)


def invoiced(invoices: Sequence[e.Invoice], payee: str, at: int) -> Fen:
    """What a payee has invoiced for the deal, matched by finance, by an instant."""
    return Fen(sum(row.amount_fen for row in invoices if row.agency == payee and row.matched and latest(row.at) <= at))


def _enough(money: DealMoney, received: Fen, at: int) -> bool:
    deal = money.deal
    if deal.loan_approved_at is not None and latest(deal.loan_approved_at) <= at:
        return True
    if "payments" not in money.kept or deal.price_fen is None:
        return "payments" not in money.kept
    return received >= share(deal.price_fen, money.policy.stage2_received_percent * MILLION // 100)
