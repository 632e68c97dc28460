"""结佣: settle what became due, have it approved by two, pay it (D6–D10, INV-10, INV-11).

The rules this module keeps:

1. A settlement is the difference between what the facts make due and what was posted before: postings sum, link by
   link, to what is due; a full refund nets to zero.
2. Who prepared it, who approved it and who released it are three people; nothing unapproved is paid, nothing twice.
3. What still waits for a named person is not due (`commission.release`), so it is in no settlement.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import SettlementMade, SettlementStep
from mingshi.app.people import not_staff
from mingshi.app.ports import Transaction
from mingshi.app.settle_case import money_of, ruled_deal, settle_case
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER
from mingshi.domain.evidence import PaidKind
from mingshi.domain.ids import AgencyId, DealId, EvidenceId
from mingshi.domain.judge import engine
from mingshi.domain.judge.dossier import gather
from mingshi.kernel.canonical import Json, dumps, integer, loads, sequence
from mingshi.kernel.fen import Fen

APPROVALS: Final = ("supervisor", "finance")
Link = tuple[str, str, str, str]
"""Deal, payer, payee, component."""


class Posting(NamedTuple):
    """One line of a settlement list: what one side owes the other more (or, below zero, less) than before."""

    deal: DealId
    payer: str
    payee: str
    component: str
    amount: Fen


class Settle(NamedTuple):
    """Who prepares it."""

    by: str


class ApproveSettlement(NamedTuple):
    """`step`: supervisor first, then finance."""

    settlement: EvidenceId
    step: str
    by: str


class PaySettlement(NamedTuple):
    """Who released the money."""

    settlement: EvidenceId
    by: str


def settle(transaction: Transaction, command: Settle) -> Answer:
    """Seal the postings that became due since the last settlement."""
    if (wrong := not_staff(transaction, command.by)) is not None:
        return wrong
    source = transaction.source
    monies = [money_of(ruled_deal(engine.rule(gather(deal.id, source))), source) for deal in transaction.every(e.Deal)]
    settlement = settle_case(source, monies)
    sums: dict[Link, int] = defaultdict(int)
    for entry in settlement.journal:
        sums[entry.deal, entry.payer, entry.payee, entry.component.value] += entry.amount
    for link, amount in posted(transaction).items():
        sums[link] -= amount
    postings: list[Json] = [[*link, amount] for link, amount in sorted(sums.items()) if amount]
    if not postings:
        return Refused("nothing_due", "D8", args={"waiting": len(settlement.open_stages)})
    total = Fen(sum(amount for (_, payer, _, _), amount in sums.items() if payer == DEVELOPER))
    made = SettlementMade(
        transaction.new_id("SE"),
        transaction.now,
        settlement.until.isoformat(),
        command.by,
        dumps(postings).decode(),
        total,
    )
    transaction.seal(made)
    transaction.say("settlement", {"settlement": made.id, "total_fen": total, "postings": len(postings)})
    return Done("settled", {"settlement": made.id}, {"total_fen": total, "postings": len(postings)})


def approve(transaction: Transaction, command: ApproveSettlement) -> Answer:
    """Seal one approval."""
    rows = transaction.read(SettlementMade, "id", command.settlement)
    if not rows:
        return Refused("unknown_settlement", "D8")
    if (wrong := not_staff(transaction, command.by)) is not None:
        return wrong
    steps = transaction.read(SettlementStep, "settlement", command.settlement)
    if command.step not in APPROVALS or command.step != next_step(steps):
        return Refused("wrong_step", "D8", args={"next": next_step(steps)})
    if command.by in {rows[0].by, *(row.by for row in steps)}:
        return Refused("two_people", "D8")
    return _stepped(transaction, command.settlement, command.step, command.by, "approved")


def pay(transaction: Transaction, command: PaySettlement) -> Answer:
    """Seal that a settlement was paid: one payment for each link from the developer, what was taken back included."""
    rows = transaction.read(SettlementMade, "id", command.settlement)
    if not rows:
        return Refused("unknown_settlement", "D8")
    if (wrong := not_staff(transaction, command.by)) is not None:
        return wrong
    steps = transaction.read(SettlementStep, "settlement", command.settlement)
    if next_step(steps) != "paid":
        return Refused("wrong_step", "D8", args={"next": next_step(steps)})
    if command.by in {row.by for row in steps}:
        return Refused("two_people", "D8")
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (deal, payer, payee, _), amount in _postings(rows[0]).items():
        if payer == DEVELOPER:
            sums[deal, payee] += amount
    for (deal, payee), amount in sorted(sums.items()):
        if amount:
            paid = blank(
                e.CommissionPaid,
                id=transaction.new_id("PC"),
                deal=DealId(deal),
                agency=AgencyId(payee),
                at=transaction.now,
                amount_fen=Fen(amount),
                kind=PaidKind.PAID,
            )
            transaction.seal(paid)
    return _stepped(transaction, command.settlement, "paid", command.by, "paid")


def posted(transaction: Transaction) -> dict[Link, int]:
    """What all settlements so far come to, link by link."""
    sums: dict[Link, int] = defaultdict(int)
    for row in transaction.every(SettlementMade):
        for link, amount in _postings(row).items():
            sums[link] += amount
    return dict(sums)


def lines_of(row: SettlementMade) -> tuple[Posting, ...]:
    """The lines of a settlement list, in the order of deals."""
    found = []
    for posting in sequence(loads(row.postings.encode())):
        deal, payer, payee, component, amount = sequence(posting)
        found.append(Posting(DealId(str(deal)), str(payer), str(payee), str(component), Fen(integer(amount))))
    return tuple(found)


def next_step(steps: Sequence[SettlementStep]) -> str:
    """What a settlement waits for: `supervisor`, `finance`, `paid`; `none` once it is paid."""
    done = {row.step for row in steps}
    return next((step for step in (*APPROVALS, "paid") if step not in done), "none")


def _postings(row: SettlementMade) -> dict[Link, int]:
    return {(one.deal, one.payer, one.payee, one.component): one.amount for one in lines_of(row)}


def _stepped(transaction: Transaction, settlement: EvidenceId, step: str, by: str, told: str) -> Answer:
    transaction.seal(SettlementStep(transaction.new_id("SS"), settlement, step, by, transaction.now))
    return Done(told, {"settlement": settlement}, {"step": step})
