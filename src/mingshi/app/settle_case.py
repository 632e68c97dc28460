"""Settle a whole case: from rulings, payments, invoices and agreements to the journal and the four figures.

The rules this module keeps:

1. D5: rates are those in force at subscription. D8: nothing is due before the ruling waits for nobody.
2. H7: a ruling that took another's place undoes its entries, it does not make them unwritten: a month once stated is
   stated the same ever after.
3. Every deal has a line, also where nothing is due: then it says why (a settlement list is never silently empty,
   TRADE.md §2.6).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, final

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER, DealMoney, Entry, Ruled, Withheld
from mingshi.domain.commission.due import Book, due
from mingshi.domain.commission.journal import entries
from mingshi.domain.commission.reconcile import Headline, LinkKey, Position, headline, positions
from mingshi.domain.commission.terms import Count, Sold
from mingshi.domain.evidence import CancelKind, EditField
from mingshi.domain.ids import AgencyId, DealId, EvidenceId
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.dispute import Status, objections_in_time
from mingshi.domain.judge.dossier import EvidenceSource, gather
from mingshi.domain.judge.engine import rule
from mingshi.domain.judge.outcome import Kind, Outcome
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import MINUTE, Micros


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A case's money up to a day."""

    until: date
    journal: tuple[Entry, ...]
    positions: tuple[Position, ...]
    headline: Headline
    open_stages: tuple[tuple[DealId, Withheld], ...]
    nothing: tuple[tuple[DealId, str], ...]
    """Deals for which nothing is due at all, and why."""
    monies: Mapping[DealId, DealMoney]


def settle_case(records: EvidenceSource, of_deals: Iterable[DealMoney]) -> Settlement:
    """The settlement as of the case's cut; without one, as of the day by which every fact has had its effect."""
    monies = {money.deal.id: money for money in of_deals}
    book = book_of(records, monies.values())
    until = settled_until(records, monies.values())
    day = records.zone.day(until)
    at = records.zone.end(day)
    journal: list[Entry] = []
    open_stages: list[tuple[DealId, Withheld]] = []
    nothing: list[tuple[DealId, str]] = []
    owed: dict[LinkKey, Fen] = defaultdict(lambda: Fen(0))
    to_come: dict[LinkKey, Fen] = defaultdict(lambda: Fen(0))
    for deal, money in monies.items():
        journal += entries(money, book, records.zone, until)
        standing = due(money, book, day, at)
        for transfer in standing.transfers:
            key = (deal, transfer.payer, transfer.payee)
            owed[key] = Fen(owed[key] + transfer.amount)
        for stage in standing.withheld:
            open_stages.append((deal, stage))
            key = (deal, DEVELOPER, stage.payee)
            to_come[key] = Fen(to_come[key] + stage.amount)
        nothing += [(deal, reason) for reason in standing.reasons]
    rows = positions(owed, records.all(e.CommissionPaid), to_come)
    return Settlement(
        until=day,
        journal=tuple(
            sorted(journal, key=lambda entry: (entry.day, entry.deal, entry.payer, entry.payee, entry.component))
        ),
        positions=tuple(rows),
        headline=headline(rows),
        open_stages=tuple(open_stages),
        nothing=tuple(nothing),
        monies=monies,
    )


def settled_until(records: EvidenceSource, monies: Iterable[DealMoney]) -> Micros:
    """The cut; without one, the day by which every recorded fact has had its effect."""
    if records.as_of is not None:
        return records.as_of
    last = 0
    for money in monies:
        times = [row.at for row in money.payments] + [row.at for row in money.cancellations]
        times += [row.at for row in money.invoices]
        deal = money.deal
        times += [time for time in (deal.subscribed_at, deal.contracted_at, deal.loan_approved_at) if time is not None]
        last = max(
            last,
            *(latest(time) for time in times),
            *(max(ruled.since, ruled.final_from or 0) for ruled in money.rulings),
        )
    return Micros(last)


class RuledDeal(NamedTuple):
    """What money needs to know of one ruling; small, so that it travels between processes."""

    deal: DealId
    ruled: Ruled
    policy_sha256: str
    statements: tuple[Micros, ...]
    turns: tuple[Micros, ...] = ()
    """When a final ruling may have been turned: several decisions, a link broken after the evidence closed."""


def ruled_deal(ruling: Ruling) -> RuledDeal:
    """The part of a ruling that money follows."""
    said = tuple(sorted(latest(row.at) for row in ruling.hearing.dossier.statements))
    dossier, closing = ruling.hearing.dossier, ruling.hearing.closing
    turns = {latest(row.at) for row in dossier.decisions} if len(dossier.decisions) > 1 else set()
    broken = (earliest(row.at) for row in dossier.edits if row.field is EditField.UNLINK)
    turns |= {at for at in broken if at > closing}
    return RuledDeal(ruling.deal, _ruled(ruling), ruling.hearing.policy.sha256, said, tuple(sorted(turns)))


def money_of(one: RuledDeal, records: EvidenceSource) -> DealMoney:
    """A ruled deal with the records of its money."""
    find, kept = records.find, {"statements": e.Statement, "invoices": e.Invoice, "payments": e.Payment}
    return DealMoney(
        deal=find(e.Deal, "id", one.deal)[0],
        rulings=_over_time(one, records),
        policy=next(v.policy for v in records.policies.versions if v.policy.sha256 == one.policy_sha256),
        payments=tuple(find(e.Payment, "deal", one.deal)),
        cancellations=tuple(find(e.Cancellation, "deal", one.deal)),
        invoices=tuple(find(e.Invoice, "deal", one.deal)),
        statements=one.statements,
        kept=frozenset(name for name, kind in kept.items() if records.recorded(kind)),
    )


def _over_time(one: RuledDeal, records: EvidenceSource) -> tuple[Ruled, ...]:
    """H7: the ruling with the final ones it took the place of, so that the journal shows what each made due and
    what its successor undid. Each earlier one is what stood the instant before: judged again as of then.
    """
    if not one.turns:
        return (one.ruled,)
    whole, since = gather(one.deal, records), one.ruled.since
    earlier: list[Ruled] = []
    for turn in one.turns:
        before = _ruled(rule(whole._replace(as_of=Micros(turn - 1))))
        if before.final_from is not None and before.final_from < turn:
            earlier.append(before._replace(since=since))
        since = turn
    return (*earlier, one.ruled._replace(since=since))


def _ruled(ruling: Ruling) -> Ruled:
    hearing, verdict = ruling.hearing, ruling.verdict
    decided = [latest(verdict.decision.at)] if verdict.decision is not None else []
    final: Micros | None = Micros(hearing.closing + 1)
    if verdict.needs:
        final = None
    elif verdict.status is Status.DECIDED:
        final = Micros(decided[0])
    ends = decided[0] if decided else None
    objected = tuple((latest(row.at), None if ends is None else Micros(ends)) for row in objections_in_time(hearing))
    awarded = {outcome.registration for outcome in _outcomes(ruling.outcome)}
    return Ruled(
        since=latest(hearing.dossier.deal.subscribed_at),
        outcome=ruling.outcome,
        because=verdict.because,
        ruling_sha256=ruling.sha256,
        final_from=final,
        objected=objected,
        lead_min=tuple(_lead(claim) for claim in ruling.claims if claim.registration.id in awarded),
    )


def _lead(claim: Claim) -> tuple[EvidenceId, int]:
    """Minutes between the client's own confirmation and the first visit (lead tiers)."""
    draft = claim.draft
    if draft.confirmation is None or draft.visit is None:
        return claim.registration.id, 0
    return claim.registration.id, max(0, (draft.visit.start.counted.earliest - latest(draft.confirmation.at)) // MINUTE)


def _outcomes(outcome: Outcome) -> list[Outcome]:
    return [part.outcome for part in outcome.parts] or [outcome]


def book_of(records: EvidenceSource, monies: Iterable[DealMoney]) -> Book:
    """What all deals of a case share: terms, chains, and how many deals each agency made."""
    sold: dict[AgencyId, list[Sold]] = defaultdict(list)
    for money in monies:
        deal = money.deal
        gone = [row.at for row in money.cancellations if row.kind is not CancelKind.INTENT]
        cancelled = min((records.zone.day(latest(at)) for at in gone), default=None)
        one = Sold(deal.id, records.zone.day(latest(deal.subscribed_at)), cancelled)
        agencies = {o.agency for ruled in money.rulings for o in _outcomes(ruled.outcome) if o.kind is Kind.CHANNEL}
        for agency in agencies:
            sold[agency].append(one)
    return Book(
        terms=tuple(sorted(records.all(e.Term), key=lambda term: term.id)),
        agreements=tuple(sorted(records.all(e.Agreement), key=lambda row: (latest(row.since), row.id))),
        counts={agency: Count(rows) for agency, rows in sold.items()},
    )
