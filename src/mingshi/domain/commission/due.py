"""What is due for a deal at the end of a day: the pure function that everything else takes differences of.

The rules this module keeps:

1. D7: a split's parts sum to the whole; the largest part takes what rounding leaves. Each agency's part is
   reckoned by its own terms.
2. Amendment 22: the money runs 开发商→平台→门店→经纪人 along the agreement; each link is a transfer of its own,
   so that whoever looks at one account sees what came and what went.
3. D9: a cancelled deal is worth nothing to anybody, whatever was paid on it.
4. What is not due says why: every stage lists the conditions met and missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, final

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import (
    DEVELOPER,
    Component,
    Condition,
    DealMoney,
    Ruled,
    Transfer,
    Withheld,
)
from mingshi.domain.commission.release import State, invoiced, stage_one, stage_two, state_at
from mingshi.domain.commission.terms import Count, Place, gross, terms_at, worth
from mingshi.domain.evidence import TermKind
from mingshi.domain.ids import AgencyId
from mingshi.domain.judge.outcome import Kind, Outcome, Part
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.fen import MILLION, Fen, share, split


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What all deals of a project share: terms, chains, counts."""

    terms: tuple[e.Term, ...]
    agreements: tuple[e.Agreement, ...]
    counts: Mapping[AgencyId, Count]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due for one deal at the end of a day, and what is not and why."""

    transfers: tuple[Transfer, ...]
    withheld: tuple[Withheld, ...]
    reasons: tuple[str, ...] = ()
    """Why there is nothing at all: `no_ruling`, `no_terms`, `not_channel`, `cancelled`, `review`."""


NOTHING: Final = Due(transfers=(), withheld=())


def due(money: DealMoney, book: Book, day: date, at: int) -> Due:
    """What is due at instant `at`, the end of civil day `day`."""
    ruled = ruling_at(money, at)
    if ruled is None:
        return Due(transfers=(), withheld=(), reasons=("no_ruling",))
    state = state_at(money, ruled, at)
    if state.cancelled:
        return Due(transfers=(), withheld=(), reasons=("cancelled",))
    if ruled.outcome.kind in (Kind.REVIEW, Kind.NOT_REJUDGEABLE):
        return Due(transfers=(), withheld=(), reasons=("review",))
    transfers: list[Transfer] = []
    withheld: list[Withheld] = []
    reasons: list[str] = []
    parts = ruled.outcome.parts or (Part(ruled.outcome, MILLION),)
    shares = [part.share_ppm for part in parts]
    for index, part in enumerate(parts):
        if part.outcome.kind is Kind.CHANNEL:
            commission = _Commission(money, book, ruled, state, day, at)
            found = commission.of_part(part.outcome, shares, index)
            transfers += found.transfers
            withheld += found.withheld
            reasons += found.reasons
        else:
            transfers += _reward(part.outcome, money, state, shares, index)
    transfers += _staff_pay(parts, money, state)
    if not transfers and not withheld and not reasons:
        reasons.append("not_channel")
    return Due(transfers=tuple(transfers), withheld=tuple(withheld), reasons=tuple(reasons))


def ruling_at(money: DealMoney, at: int) -> Ruled | None:
    """The ruling in force at an instant."""
    standing = [ruled for ruled in money.rulings if ruled.since <= at]
    return standing[-1] if standing else None


class _Commission:
    """The commission of one agency's part of one deal on one day."""

    def __init__(self, money: DealMoney, book: Book, ruled: Ruled, state: State, day: date, at: int) -> None:
        self._money, self._book, self._ruled, self._state, self._day, self._at = money, book, ruled, state, day, at
        self._subscribed = earliest(money.deal.subscribed_at)

    def of_part(self, outcome: Outcome, shares: Sequence[int], index: int) -> Due:
        agency = outcome.agency
        terms = terms_at(self._book.terms, agency, self._subscribed)
        if not terms:
            return Due(transfers=(), withheld=(), reasons=("no_terms",))
        place = self._book.counts[agency].place(self._money.deal.id, self._day)
        whole = gross(terms, place, self._state.received, self._money.deal.price_fen)
        part = split(_by_lead(whole, outcome, self._ruled, self._money), shares)[index]
        first = share(part, self._money.policy.stage1_percent * MILLION // 100)
        chain = chain_of(self._book.agreements, agency, self._subscribed)
        payee = (chain.platform if chain else "") or agency
        transfers: list[Transfer] = []
        withheld: list[Withheld] = []
        stages = (
            (Component.STAGE1, first, stage_one(self._money)),
            (Component.STAGE2, Fen(part - first), stage_two(self._money)),
            *(
                (component, amount, stage_two(self._money))
                for component, amount in _bonuses(terms, place, shares, index)
            ),
        )
        covered = self._invoiced(payee)
        for component, amount, conditions in stages:
            missing: list[Condition] = [
                one for one in conditions if one is not Condition.INVOICE and one not in self._state.met
            ]
            payable = Fen(0) if missing else amount
            if Condition.INVOICE in conditions and covered is not None:
                # Only what is invoiced is released; the rest waits for its own invoice.
                payable = Fen(min(payable, covered))
                if covered < amount:
                    missing.append(Condition.INVOICE)
                covered = Fen(max(covered - amount, 0))
            transfers += _along(chain, agency, outcome.agent, component, payable)
            if payable < amount:
                met = tuple(condition for condition in conditions if condition not in missing)
                withheld.append(Withheld(component, payee, met, tuple(missing), Fen(amount - payable)))
        return Due(transfers=tuple(transfers), withheld=tuple(withheld))

    def _invoiced(self, payee: str) -> Fen | None:
        """What the payee's matched invoices cover; None where the source keeps no invoices."""
        if "invoices" not in self._money.kept:
            return None
        return invoiced(self._money.invoices, payee, self._at)


def _by_lead(whole: Fen, outcome: Outcome, ruled: Ruled, money: DealMoney) -> Fen:
    """提前量分档: the share of the commission by how early the client had confirmed (amendment 22)."""
    tiers = [
        (int(minutes), int(percent)) for minutes, _, percent in (t.partition(":") for t in money.policy.lead_tiers)
    ]
    if not tiers:
        return whole
    lead = dict(ruled.lead_min).get(outcome.registration, 0)
    percent = max((percent for minutes, percent in tiers if lead >= minutes), default=0)
    return share(whole, percent * MILLION // 100)


def _bonuses(terms: Sequence[e.Term], place: Place, shares: Sequence[int], index: int) -> list[tuple[Component, Fen]]:
    """现金奖 and 开单奖 are lines of their own (D6)."""
    found = []
    for term in terms:
        if term.kind is TermKind.BONUS:
            found.append((Component.BONUS, split(worth(term, Fen(0)), shares)[index]))
        elif term.kind is TermKind.FIRST_DEAL and place.own == 1:
            found.append((Component.FIRST_DEAL, split(worth(term, Fen(0)), shares)[index]))
    return found


def chain_of(agreements: Sequence[e.Agreement], agency: AgencyId, at: int) -> e.Agreement | None:
    """The agreement by whose links the money runs: in force at subscription, else the last before."""
    mine = [row for row in agreements if row.agency == agency and earliest(row.since) <= at]
    live = [row for row in mine if row.until is None or at <= latest(row.until)]
    return (live or mine)[-1] if mine else None


def _along(
    chain: e.Agreement | None, agency: AgencyId, agent: str, component: Component, amount: Fen
) -> list[Transfer]:
    """开发商→平台→门店→经纪人: each link passes on what the one above left."""
    if chain is None or not chain.platform:
        transfers, reached = [Transfer(DEVELOPER, agency, component, amount)], amount
    else:
        reached = Fen(amount - share(amount, chain.platform_fee_ppm or 0))
        transfers = [
            Transfer(DEVELOPER, chain.platform, component, amount),
            Transfer(chain.platform, agency, component, reached),
        ]
    if chain is not None and chain.agent_share_ppm and agent:
        transfers.append(Transfer(agency, agent, component, share(reached, chain.agent_share_ppm)))
    return [transfer for transfer in transfers if transfer.amount]


def _reward(outcome: Outcome, money: DealMoney, state: State, shares: Sequence[int], index: int) -> list[Transfer]:
    """老带新 and 员工推荐 rewards, due with the second stage."""
    policy = money.policy
    amounts = {
        Kind.REFERRAL: (Component.REFERRAL, policy.referral_yuan),
        Kind.EMPLOYEE: (Component.EMPLOYEE, policy.employee_yuan),
    }
    if outcome.kind not in amounts or not outcome.party or not _sold(state):
        return []
    component, yuan = amounts[outcome.kind]
    amount = split(Fen(yuan * 100), shares)[index]
    return [Transfer(DEVELOPER, outcome.party, component, amount)] if amount else []


def _staff_pay(parts: Sequence[Part], money: DealMoney, state: State) -> list[Transfer]:
    """What the consultant earns under each outcome; where it differs, 藏客 has a price (amendment 22)."""
    policy, consultant = money.policy, money.deal.consultant
    if not consultant or not _sold(state):
        return []
    rates = {
        Kind.CHANNEL: policy.staff_pay_channel_yuan,
        Kind.OWN: policy.staff_pay_own_yuan,
        Kind.NATURAL: policy.staff_pay_natural_yuan,
    }
    amount = sum(share(Fen(rates.get(part.outcome.kind, 0) * 100), part.share_ppm) for part in parts)
    return [Transfer(DEVELOPER, consultant, Component.STAFF_PAY, Fen(amount))] if amount else []


def _sold(state: State) -> bool:
    return {Condition.RULING, Condition.CONTRACT, Condition.RECEIVED} <= state.met
