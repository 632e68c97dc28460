"""Deals and what belongs to them: contract, identity checks, relations, payments, cancellations, commission."""

from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import CancelKind, PaidKind, PaymentKind, Relationship, Stage
from mingshi.domain.ids import AgencyId, AgentId, DealId, EvidenceId, IdKey
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import DAY, Micros
from mingshi.season.cast import Cast
from mingshi.season.days import days, hours, minutes
from mingshi.season.desk import Desk
from mingshi.season.plot import Buying, Plot
from mingshi.season.truth import Led, Sale

_EARNEST: Final = Fen(5_000_000)
_INTENT: Final = Fen(2_000_000)
_MARRIED: Final = Micros(1_443_657_600_000_000)
"""1 October 2015: before every season."""


class Signed(NamedTuple):
    """What became of a deal."""

    contracted_at: Micros | None
    """None: they stepped back before the contract."""
    relation_shown: bool
    cancelled: bool
    price: Fen


class Deals:
    """The signing room."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self._desk = desk
        self._cast = cast

    def sign(self, plot: Plot) -> Signed:
        """The records of a unit's deal."""
        buying, dice, rates, desk = plot.buying, plot.dice.of("deal"), self._desk.rates, self._desk
        assert buying is not None
        deal = DealId(f"D-{plot.unit}")
        contracted = Micros(buying.subscribed_at + days(dice.between("contract after", 2, 9)))
        spread = rates.price_mean_yuan // 4
        price = Fen(round(dice.between("price", -spread, spread) + rates.price_mean_yuan) * 100)
        row = e.Deal(
            deal,
            f"{1 + plot.number % 20}-{1 + plot.number // 20 % 2}-{100 + plot.number % 2800}",
            tuple(buying.phones),
            buying.intent_at,
            None,
            buying.subscribed_at,
            contracted,
            None,
            price,
            plot.consultant,
            buying.claimed_agent,
            buying.source,
            None,
            None,
            desk.seal(buying.subscribed_at, dice),
        )
        cancelled = dice.chance("cancelled", rates.cancelled)
        if cancelled and plot.dice.of("cancel").chance("before contract", 0.5):
            at = Micros(buying.subscribed_at + hours(20))
            desk.add(row._replace(contracted_at=None))
            self._pay(deal, buying, contracted, price, until=at)
            self._undo(plot, deal, CancelKind.SUBSCRIPTION, at)
            return Signed(None, False, True, price)
        desk.add(row)
        shown = self._relations(plot, buying, contracted)
        for index, (person, number) in enumerate(zip(buying.buyers, buying.phones, strict=True)):
            name, at = EvidenceId(f"I-{plot.unit}-{index + 1}"), Micros(contracted - minutes(10))
            sealed = desk.seal(at, dice, f"signing id/{index}")
            desk.add(e.Identity(name, at, number, IdKey(person.id_key), Stage.SIGNING, True, sealed))
        if cancelled:
            at = Micros(contracted + days(plot.dice.of("cancel").between("on", 2, 20)))
            self._pay(deal, buying, contracted, price, until=at)
            self._undo(plot, deal, CancelKind.CONTRACT, at)
            return Signed(contracted, shown, True, price)
        self._pay(deal, buying, contracted, price)
        if dice.chance("swapped", rates.swapped):
            self._swap(row, plot, contracted)
        if buying.claimed_agent:
            self._commission(deal, buying.claimed_agent, contracted, price)
        return Signed(contracted, shown, False, price)

    def sale(self, plot: Plot, signed: Signed, shown: tuple[str, ...], *, face: bool) -> Sale:
        """The deal as it truly was."""
        buying = plot.buying
        assert buying is not None
        fraud = plot.fraud
        agent = buying.claimed_agent or (fraud.agent if fraud is not None else AgentId(""))
        if plot.led is Led.AGENT and not agent:
            agent = AgentId(plot.party)
        pays = self._cast.commission(agent, signed.price) if agent else Fen(0)
        return Sale(
            deal=DealId(f"D-{plot.unit}"),
            unit=plot.unit,
            buyers=tuple(person.id for person in buying.buyers),
            phones=tuple(buying.phones),
            subscribed_at=buying.subscribed_at,
            decided_at=buying.decided_at,
            contracted_at=signed.contracted_at or buying.subscribed_at,
            claimed_agent=buying.claimed_agent,
            registration=buying.registration,
            commission_fen=pays,
            face=face,
            shown=(*shown, "relation") if signed.relation_shown else shown,
            cancelled=signed.cancelled,
        )

    def _relations(self, plot: Plot, buying: Buying, contracted: Micros) -> bool:
        """Who else of the unit came or was registered, and how they are related to the buyer."""
        seen = {coming.persons[0].id: coming.persons[0] for coming in plot.comings}
        seen |= {filed.person.id: filed.person for filed in plot.registrations}
        others = [person for person in seen.values() if person not in buying.buyers]
        if not others or buying.hides_relation or not plot.dice.chance("relation", self._desk.rates.relation_proven):
            return False
        buyer = buying.buyers[0]
        for index, other in enumerate(others):
            number = next(
                (one.full for one in plot.registrations if one.person is other),
                next((one.phone for one in plot.comings if one.persons[0] is other), other.phones[0]),
            )
            kind = Relationship.SPOUSE if {buyer.id[-1], other.id[-1]} == {"0", "1"} else Relationship.PARENT
            self._desk.add(
                e.Relation(
                    EvidenceId(f"G-{plot.unit}-{index + 1}"),
                    buying.phones[0],
                    number,
                    kind,
                    _MARRIED,
                    Micros(contracted - minutes(20)),
                    "结婚证" if kind is Relationship.SPOUSE else "户口簿",
                    None,
                )
            )
        return True

    def _pay(
        self, deal: DealId, buying: Buying, contracted: Micros, price: Fen, *, until: Micros | None = None
    ) -> None:
        """What the buyers paid, until they stepped back."""
        down = Fen(price * 3 // 10)
        intent = Fen(0) if buying.intent_at is None else _INTENT
        paid = (
            (buying.intent_at or buying.subscribed_at, intent, PaymentKind.INTENT),
            (Micros(buying.subscribed_at + minutes(20)), Fen(_EARNEST - intent), PaymentKind.EARNEST),
            (Micros(contracted + minutes(40)), Fen(down - _EARNEST), PaymentKind.DOWN),
            (Micros(contracted + 30 * DAY), Fen(price - down), PaymentKind.LOAN),
        )
        for index, (at, amount, kind) in enumerate(paid):
            if amount and (until is None or at < until):
                self._desk.add(e.Payment(EvidenceId(f"M-{deal[2:]}-{index}"), deal, at, amount, kind, at))
                if until is not None:
                    back, name = Micros(until + DAY), EvidenceId(f"M-{deal[2:]}-{index + 6}")
                    self._desk.add(e.Payment(name, deal, back, Fen(-amount), PaymentKind.REFUND, back))

    def _undo(self, plot: Plot, deal: DealId, kind: CancelKind, at: Micros) -> None:
        """The buyers step back."""
        name = EvidenceId(f"T-{plot.unit}")
        self._desk.add(e.Cancellation(name, deal, at, kind, None, False, DealId(""), at))

    def _swap(self, row: e.Deal, plot: Plot, contracted: Micros) -> None:
        """Another room for the same buyers: the old deal is undone, a new one takes its place."""
        at = Micros(contracted + 5 * DAY)
        new = DealId(f"{row.id}-s")
        self._desk.add(e.Cancellation(EvidenceId(f"T-{plot.unit}"), row.id, at, CancelKind.SWAP, None, False, new, at))
        signed = Micros(at + DAY)
        self._desk.add(row._replace(id=new, room=f"{row.room}A", subscribed_at=at, contracted_at=signed, sealed_at=at))

    def _commission(self, deal: DealId, agent: AgentId, contracted: Micros, price: Fen) -> None:
        """What the office's book pays: half at once, by its own word on who brought the buyer."""
        agency = self._cast.agency_of.get(agent, AgencyId(""))
        whole = self._cast.commission(agent, price)
        billed = Micros(contracted + 8 * DAY)
        self._desk.add(e.Invoice(EvidenceId(f"B-{deal[2:]}"), f"TEST-{deal[2:]}", agency, deal, billed, whole, True))
        paid = Micros(contracted + 20 * DAY)
        self._desk.add(
            e.CommissionPaid(
                EvidenceId(f"PD-{deal[2:]}"), deal, agency, agent, paid, Fen(whole // 2), AgencyId(""), PaidKind.PAID
            )
        )
