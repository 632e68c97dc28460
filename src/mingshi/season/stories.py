"""Honest stories: how a group comes to look at homes, comes again, and perhaps buys.

Nobody cheats here. What goes wrong (a late registration, a relative who had come before, two agencies for one
client) goes wrong honestly.
"""

from typing import Final

from mingshi.domain.evidence import Place
from mingshi.domain.ids import AgentId, EvidenceId, visible
from mingshi.kernel.timeline import HOUR, MINUTE, Micros, natural_days_after
from mingshi.season.cast import Cast
from mingshi.season.days import ZONE, Days, days, hours, minutes, number_of
from mingshi.season.dice import Dice
from mingshi.season.people import people_of
from mingshi.season.plot import Buying, Coming, Plot, Registering
from mingshi.season.rates import Rates
from mingshi.season.truth import Led

LEAD_MIN: Final = 30
BAND_MIN: Final = 30
WINDOW_DAYS: Final = 30
MOST_AHEAD_H: Final = 140
"""An honest agent registers inside the week that the report window lasts."""


class Stories:
    """Tells the stories of one season's units."""

    def __init__(self, rates: Rates, dice: Dice, cast: Cast, calendar: Days) -> None:
        self.rates = rates
        self.cast = cast
        self.calendar = calendar
        self._dice = dice.of("unit")

    def plot(self, unit: str, number: int, led: Led, *, buys: bool, day: int | None = None) -> Plot:
        """A unit that comes, perhaps more than once, and perhaps buys; nobody has led it here yet."""
        dice = self._dice.of(unit)
        day = self.calendar.any_day(dice, "first day") if day is None else day
        begun = self.calendar.visit_on(day, dice, "first time")
        people = people_of(unit, number, self.rates, dice, begun)
        plot = Plot(
            unit=unit,
            number=number,
            dice=dice,
            rates=self.rates,
            led=led,
            party="",
            people=people,
            consultant=dice.pick("consultant", self.cast.on_duty(day)),
        )
        self._come(plot, begun, buys=buys)
        if buys:
            self._buy(plot)
        return plot

    def natural(self, unit: str, number: int, *, buys: bool, day: int | None = None) -> Plot:
        """A group that found out by itself."""
        plot = self.plot(unit, number, Led.SELF, buys=buys, day=day)
        begun, dice = plot.comings[0].at, plot.dice
        plot.approached(Micros(begun - days(dice.between("found out", 0.5, 20))), Led.SELF, "", Place.OTHER)
        if dice.chance("call", self.rates.call_before):
            plot.calls.append(Micros(begun - hours(dice.between("called", 2, 96))))
        if dice.chance("lead", self.rates.lead_before):
            proven = dice.chance("lead otp", self.rates.lead_with_otp)
            plot.leads.append((Micros(begun - hours(dice.between("left a lead", 1, 120))), proven))
        if dice.chance("grabbed", self.rates.grabbed):
            grabber = self.cast.agent_for(dice.of("grabber"))
            filed = Micros(begun - hours(dice.between("grabbed ahead", 1, 120)))
            plot.approached(max(filed, Micros(plot.approaches[0].at + MINUTE)), Led.AGENT, grabber, Place.PHONE)
            self.file(plot, grabber, filed).brought = False
        plot.erases = buys and dice.chance("erases and returns", self.rates.erases_and_returns)
        return plot

    def channel(self, unit: str, number: int, *, buys: bool) -> Plot:
        """A client whom an agent found and brought."""
        plot = self.plot(unit, number, Led.AGENT, buys=buys)
        self.bring(plot, self.cast.agent_for(plot.dice))
        return plot

    def bring(self, plot: Plot, agent: AgentId) -> None:
        """Rewrite a unit's story: this agent reached it first and brought it."""
        dice, rates, begun = plot.dice, self.rates, plot.comings[0].at
        plot.led, plot.party = Led.AGENT, agent
        # Whoever an agent reaches first has not called or written yet, nor heard of the place elsewhere.
        plot.calls, plot.leads, plot.approaches = [], [], []
        met = Micros(begun - days(dice.between("met", 1, 12)))
        ahead = minutes(LEAD_MIN) + hours(min(MOST_AHEAD_H, dice.exponential("ahead", rates.ahead_h)))
        if dice.chance("short gap", rates.short_gap):
            ahead = minutes(LEAD_MIN + dice.between("band", 0, BAND_MIN))
        if dice.chance("late report", rates.late_report):
            ahead = minutes(dice.between("late by", -15, LEAD_MIN - 2))
        filed = Micros(begun - ahead)
        plot.approached(min(met, Micros(filed - HOUR)), Led.AGENT, agent, dice.pick("where", _FAR))
        mine = self.file(plot, agent, filed)
        if dice.chance("duplicate", rates.duplicate):
            rival = self.cast.another_agency(agent, dice)
            first = dice.chance("duplicate first", rates.duplicate_comes_first)
            moved = -hours(dice.between("rival ahead", 0.5, 40)) if first else min(ahead // 2, hours(12))
            talked = max(plot.approaches[0].at + 10 * MINUTE, filed + moved - HOUR)
            plot.approached(Micros(talked), Led.AGENT, rival, Place.WECHAT)
            self.file(plot, rival, Micros(max(talked + 10 * MINUTE, filed + moved)))
        if len(plot.people) > 1 and dice.chance("family before", rates.family_came_before):
            relative = plot.people[1]
            seen = max(plot.approaches[0].at + HOUR, begun - days(dice.between("relative came", 1, 10)))
            day = number_of(seen)
            looked = self.calendar.visit_on(day, dice, "relative at")
            if plot.approaches[0].at < looked < filed:
                plot.comings.insert(0, Coming(at=looked, persons=[relative], phone=relative.phones[0]))
        if dice.chance("called before", rates.channel_called_before):
            plot.calls.append(Micros(filed - hours(dice.between("channel called", 1, 200))))
        self.escort(plot, agent, mine.id, since=begun)
        if plot.buying is not None:
            plot.buying.registration = mine.id
            overdue = plot.buying.subscribed_at > natural_days_after(begun, WINDOW_DAYS, ZONE)
            out = overdue or filed > begun - LEAD_MIN * MINUTE
            if not (out and dice.chance("book refuses", rates.book_refuses)):
                plot.buying.claimed_agent, plot.buying.source = agent, "分销中介"

    def escort(self, plot: Plot, agent: AgentId, registration: EvidenceId, *, since: Micros) -> None:
        """The agent comes along the first time, and mostly again."""
        first = True
        for index, coming in enumerate(plot.comings):
            if coming.at >= since and (first or plot.dice.chance(f"along/{index}", 0.7)):
                coming.agent = agent
                coming.registration = registration if first else coming.registration
                first = False

    def file(self, plot: Plot, agent: AgentId, at: Micros, number: int = 0) -> Registering:
        """An agent registers the unit's first person."""
        person, dice = plot.people[number], plot.dice
        masked = dice.chance(f"masked/{agent}", self.rates.masked)
        full = person.phones[0]
        phone = visible(full) if masked else full
        name = EvidenceId(f"R-{plot.unit}-{len(plot.registrations) + 1}")
        filed = Registering(id=name, at=at, agent=agent, person=person, full=full, phone=phone, masked=masked)
        plot.registrations.append(filed)
        return filed

    def own(self, unit: str, number: int, *, buys: bool) -> Plot:
        """A consultant went to the client first."""
        plot = self.plot(unit, number, Led.OWN, buys=buys)
        begun, staff = plot.comings[0].at, plot.consultant
        plot.party = staff
        reached = Micros(begun - days(plot.dice.between("reached out", 0.5, 10)))
        plot.approached(reached, Led.OWN, staff, Place.PHONE)
        plot.outreach_at = Micros(reached + 10 * MINUTE)
        if plot.buying is not None:
            plot.buying.source = "自渠"
        return plot

    def referral(self, unit: str, number: int, *, buys: bool) -> Plot:
        """An owner told them."""
        plot = self.plot(unit, number, Led.REFERRAL, buys=buys)
        plot.party = f"业主-{plot.dice.below('owner', 200) + 1:03d}"
        told = Micros(plot.comings[0].at - days(plot.dice.between("told", 1, 20)))
        plot.approached(told, Led.REFERRAL, plot.party, Place.OTHER)
        if plot.buying is not None:
            plot.buying.source = "老带新"
        return plot

    def employee(self, unit: str, number: int, *, buys: bool) -> Plot:
        """An employee told them; there is no declared scheme by default, so it counts as natural."""
        plot = self.plot(unit, number, Led.EMPLOYEE, buys=buys)
        plot.party = f"员工-{plot.dice.below('employee', 50) + 1:02d}"
        told = Micros(plot.comings[0].at - days(plot.dice.between("told", 1, 20)))
        plot.approached(told, Led.EMPLOYEE, plot.party, Place.OTHER)
        if plot.buying is not None:
            plot.buying.source = "员工推荐"
        return plot

    def _come(self, plot: Plot, begun: Micros, *, buys: bool) -> None:
        dice, rates = plot.dice, self.rates
        count = dice.geometric("visits", rates.visits_mean if buys else rates.onlooker_visits_mean)
        splits = len(plot.people) > 1 and dice.chance("family splits", rates.family_splits_visits)
        day = number_of(begun)
        for index in range(count):
            when = begun if index == 0 else self.calendar.visit_on(day, dice, f"time/{index}")
            lead = plot.people[1] if splits and index else plot.first
            others = [one for one in plot.people if one is not lead]
            phones = lead.phones
            other_phone = index and len(phones) > 1 and dice.chance(f"other phone/{index}", 0.5)
            phone = phones[1] if other_phone else phones[0]
            plot.comings.append(Coming(at=when, persons=[lead, *others], phone=phone))
            day += max(1, round(dice.exponential(f"gap/{index}", rates.gap_days)))

    def _buy(self, plot: Plot) -> None:
        dice, rates = plot.dice, self.rates
        last = plot.comings[-1].at
        decided = Micros(last + hours(dice.between("decides", 0.5, rates.visits_before_own_deal_h)))
        if len(plot.comings) == 1 and not dice.chance("at once", rates.single_visit_buys_at_once):
            day = number_of(last) + 1 + round(dice.exponential("deciding", rates.deciding_days))
            decided = self.calendar.visit_on(day, dice, "decides at")
        another = len(plot.people) > 1 and dice.chance("another buys", rates.buyer_is_another)
        buyers = [plot.people[1] if another else plot.first]
        if len(plot.people) > 1 and dice.chance("joint", rates.joint_purchase):
            buyers = [plot.people[0], plot.people[1]]
        plot.buying = Buying(
            buyers=buyers, phones=[one.phones[0] for one in buyers], decided_at=decided, subscribed_at=decided
        )
        if len(plot.comings) > 1 and dice.chance("intent", rates.intent_paid):
            plot.buying.intent_at = Micros(plot.comings[-2].at + HOUR)


_FAR: Final = (Place.WECHAT, Place.STORE, Place.PHONE, Place.OTHER)
