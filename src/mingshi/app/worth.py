"""What a ruling is worth to whom: the whole commission of a deal once every condition is met, party by party.

The rules this module keeps:

1. Compared between policies is what a ruling *entitles* to, not what happens to be payable on a day: conditions still
   open (invoices, money received) are the same under both and would hide what moved.
2. INV-10: the developer pays what all others receive; the sides of a deal sum to zero.
3. Of a deal that waits for a person nothing is anybody's; what its proposal would be worth is told beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.app.settle_case import RuledDeal, book_of, money_of, ruled_deal, settled_until
from mingshi.domain.commission.account import DEVELOPER, Component, DealMoney
from mingshi.domain.commission.due import Book, chain_of, due
from mingshi.domain.ids import AgencyId, DealId
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import decide
from mingshi.domain.judge.outcome import Kind, Outcome
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.fen import MILLION, Fen, split


class Side(StrEnum):
    """Whose money it is."""

    AGENCIES = "agencies"
    """渠道公司"""
    STAFF = "staff"
    """案场顾问"""
    OWNERS = "owners"
    """老业主"""
    EMPLOYEES = "employees"
    """内部员工"""
    DEVELOPER = "developer"
    """开发商: pays all of it"""


class Part(NamedTuple):
    """One party's yuan of one deal."""

    side: Side
    party: str
    amount: Fen


Parts = tuple[Part, ...]
_SIDES: Final[Mapping[Component, Side]] = {
    Component.STAFF_PAY: Side.STAFF,
    Component.REFERRAL: Side.OWNERS,
    Component.EMPLOYEE: Side.EMPLOYEES,
}


class Worth(NamedTuple):
    """One deal under one policy."""

    deal: DealId
    outcome: Outcome
    because: str
    proposal: Outcome | None
    """What a person is proposed, where one has to decide."""
    waits: bool
    """Whether a named person has to act before anything is paid."""
    parts: Parts
    """What the outcome entitles to."""
    pending: Parts
    """What the proposal would."""


class Judged(NamedTuple):
    """A ruling as far as its worth needs it."""

    ruled: RuledDeal
    proposal: Outcome | None
    waits: bool


def judged(deal: DealId, records: Records) -> Judged:
    """Rule a deal, without asking what would have changed it."""
    ruling = decide(gather(deal, records))
    open_ = ruling.outcome.kind is Kind.REVIEW
    return Judged(ruled_deal(ruling), ruling.choice.proposal if open_ else None, bool(ruling.verdict.needs))


def worth_of(rulings: Sequence[Judged], records: Records) -> tuple[Worth, ...]:
    """What every deal is worth to whom. All deals of a case at once, because tiers count deals."""
    monies = [_certain(money_of(one.ruled, records)) for one in rulings]
    proposed = [
        money if one.proposal is None else _instead(money, one.proposal)
        for money, one in zip(monies, rulings, strict=True)
    ]
    book, book_proposed, at = book_of(records, monies), book_of(records, proposed), settled_until(records, monies)
    day = records.zone.day(at)
    at = records.zone.end(day)

    def parts(money: DealMoney, shared: Book) -> Parts:
        standing = due(money, shared, day, at)
        paid = [(one.component, one.payee, one.amount) for one in standing.transfers if one.payer == DEVELOPER]
        paid += [(one.component, one.payee, one.amount) for one in standing.withheld]
        return _parts(paid, money, shared)

    return tuple(
        Worth(
            deal=money.deal.id,
            outcome=one.ruled.ruled.outcome,
            because=one.ruled.ruled.because,
            proposal=one.proposal,
            waits=one.waits,
            parts=parts(money, book),
            pending=() if one.proposal is None else parts(instead, book_proposed),
        )
        for one, money, instead in zip(rulings, monies, proposed, strict=True)
    )


def by_side(parts: Iterable[Part]) -> dict[Side, Fen]:
    """Sums by side; the developer's is what it pays, below zero (INV-10: all together are nothing)."""
    sums = dict.fromkeys(Side, Fen(0))
    for part in parts:
        sums[part.side] = Fen(sums[part.side] + part.amount)
    sums[Side.DEVELOPER] = Fen(-sum(sums.values()))
    assert not sum(sums.values())
    return sums


def _certain(money: DealMoney) -> DealMoney:
    """As if the ruling were final and nobody objected: who is entitled, not who can be paid today."""
    rulings = tuple(ruled._replace(final_from=ruled.since, objected=()) for ruled in money.rulings)
    return replace(money, rulings=rulings)


def _instead(money: DealMoney, outcome: Outcome) -> DealMoney:
    return replace(money, rulings=tuple(ruled._replace(outcome=outcome) for ruled in money.rulings))


def _parts(paid: Iterable[tuple[Component, str, Fen]], money: DealMoney, book: Book) -> Parts:
    accounts = _accounts(money, book)
    sums: dict[tuple[Side, str], int] = {}
    for component, payee, amount in paid:
        side = _SIDES.get(component, Side.AGENCIES)
        shares = accounts.get(payee, {}) if side is Side.AGENCIES else {}
        if not shares:
            sums[side, payee] = sums.get((side, payee), 0) + amount
            continue
        whole = sum(shares.values())
        ppm = [share * MILLION // whole for share in shares.values()]
        ppm[-1] += MILLION - sum(ppm)
        for agency, part in zip(shares, split(amount, ppm), strict=True):
            sums[side, agency] = sums.get((side, agency), 0) + part
    return tuple(Part(side, party, Fen(amount)) for (side, party), amount in sorted(sums.items()) if amount)


def _accounts(money: DealMoney, book: Book) -> dict[str, dict[AgencyId, int]]:
    """Whose money reaches an account: a platform's is its agencies', by their shares of the deal."""
    outcome, at = money.rulings[-1].outcome, earliest(money.deal.subscribed_at)
    shares = [(part.outcome, part.share_ppm) for part in outcome.parts] or [(outcome, MILLION)]
    accounts: dict[str, dict[AgencyId, int]] = {}
    for one, ppm in shares:
        if one.kind is Kind.CHANNEL:
            chain = chain_of(book.agreements, one.agency, at)
            account = accounts.setdefault((chain.platform if chain else "") or one.agency, {})
            account[one.agency] = account.get(one.agency, 0) + ppm
    return accounts
