"""甩单: how the site takes a deal from an agent who honestly brought it (SEASON.md, amendment 1)."""

from typing import Final

from mingshi.domain.ids import StaffId
from mingshi.kernel.timeline import HOUR, MINUTE, Micros, natural_days_after
from mingshi.season.cast import Cast
from mingshi.season.days import ZONE, Days, days, hours, number_of
from mingshi.season.people import second_phone
from mingshi.season.plot import NOBODY, Fraud, Plot
from mingshi.season.truth import Mechanism

WINDOW_DAYS: Final = 30
STOP_H: Final = 2


class Thefts:
    """The site's tricks on honest channel deals."""

    def __init__(self, cast: Cast, calendar: Days) -> None:
        self.cast = cast
        self.calendar = calendar
        self.stops: list[tuple[Micros, Micros]] = []
        """When the system was said to stand still."""

    def steal(self, plot: Plot) -> None:
        """Book this agent's deal as the site's own. What cannot be done to it is not tried."""
        tricks = (self._late, self._swap, self._list, self._drawer, self._gap, self._buy)
        mechanism = plot.dice.pick("theft", tricks)(plot)
        buying = plot.buying
        assert buying is not None
        if mechanism is None:
            return
        agent = buying.claimed_agent
        buying.claimed_agent, buying.source = NOBODY, "自渠" if mechanism is Mechanism.LIST else "自然到访"
        staff = plot.consultant if mechanism in (Mechanism.DRAWER, Mechanism.SWAP) else StaffId("")
        colluding = mechanism is Mechanism.BUY
        plot.fraud = Fraud(
            mechanism=mechanism, variant="", agent=agent, staff=staff, colluding=colluding, at=buying.decided_at
        )

    def _late(self, plot: Plot) -> Mechanism | None:
        """SX-late: hold the deal until the agent's window has run out (code 8)."""
        buying, dice = plot.buying, plot.dice
        assert buying is not None
        begun = next(one.at for one in plot.comings if one.agent)
        end = natural_days_after(begun, WINDOW_DAYS, ZONE)
        if buying.decided_at > end:
            return None
        held = self.calendar.visit_on(number_of(end) + 1 + dice.below("held days", 3), dice, "held until")
        if buying.intent_at is None and dice.chance("money at once", plot.rates.late_takes_money):
            buying.intent_at = buying.decided_at
        buying.subscribed_at = held
        return Mechanism.LATE

    def _swap(self, plot: Plot) -> Mechanism | None:
        """SX-swap: book the spouse, or a second number, as a natural visitor."""
        buying = plot.buying
        assert buying is not None
        if len(plot.people) > 1:
            other = plot.people[1]
            buying.buyers, buying.phones = [other], [other.phones[0]]
        else:
            buying.phones = [second_phone(plot.first, plot.number, plot.dice)]
        buying.hides_relation = True
        return Mechanism.SWAP

    def _list(self, plot: Plot) -> Mechanism | None:
        """SX-list: their number turns out to stand in a list that was loaded before the registration."""
        filed = plot.registrations[0].at
        plot.listed_at = Micros(filed - hours(plot.dice.between("listed before", 1, 48)))
        return Mechanism.LIST

    def _drawer(self, plot: Plot) -> Mechanism | None:
        """SX-drawer: at signing a receipt of an earlier visit comes out of a drawer."""
        filed = plot.registrations[0].at
        day = number_of(Micros(filed - days(plot.dice.between("drawer days", 1, 6))))
        plot.drawer_at = self.calendar.visit_on(day, plot.dice, "drawer at")
        return Mechanism.DRAWER

    def _gap(self, plot: Plot) -> Mechanism | None:
        """SX-gap: the system is *under maintenance* while the client arrives."""
        first = next(one for one in plot.comings if one.agent)
        first.stopped = True
        since = Micros(first.at - int(plot.dice.between("stops before", 5, 40)) * MINUTE)
        self.stops.append((since, Micros(since + STOP_H * HOUR)))
        return Mechanism.GAP

    def _buy(self, plot: Plot) -> Mechanism | None:
        """SX-buy: a discount for whoever signs *nobody brought me*."""
        plot.word_bought = True
        return Mechanism.BUY
