"""飞单: how an agent takes a buyer who came by themselves (SEASON.md §3.5). Each is a rewrite of an honest story.

Every rewrite leaves the traces its act leaves, and no other: whether a record of them exists is decided by the rates,
not here.
"""

from typing import Final

from mingshi.domain.evidence import Place
from mingshi.domain.ids import AgentId, StaffId, visible
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, Micros, natural_days_after
from mingshi.season.cast import Cast
from mingshi.season.days import ZONE, Days, days, hours, minutes, number_of
from mingshi.season.people import second_phone
from mingshi.season.plot import Coming, Fraud, Meddling, Plot
from mingshi.season.rates import Collusion
from mingshi.season.stories import BAND_MIN, LEAD_MIN, Stories
from mingshi.season.truth import Insider, Led, Mechanism

PROTECTED_DAYS: Final = 30
WEEK_H: Final = 150


class Frauds:
    """Plays tricks on the stories of one season."""

    def __init__(self, stories: Stories, cast: Cast, calendar: Days) -> None:
        self.stories = stories
        self.cast = cast
        self.calendar = calendar
        self.rates = stories.rates

    def hijack(self, plot: Plot) -> None:
        """An agent claims this natural buyer."""
        rates = self.rates
        tricks = (self.intercept, self.hide, self.swap_numbers, self.launder)
        tricks[plot.dice.weighted("trick", (rates.jk, rates.ck, rates.hh, rates.xk))](plot)

    def play(self, plot: Plot, trick: str, collusion: Collusion) -> None:
        """An agent chooses how to claim this buyer, and the buyer how to help."""
        tricks = {"JK": self.intercept, "CK": self.hide, "HH": self.swap_numbers, "XK": self.launder}
        tricks[trick](plot)
        plot.collusion = collusion
        if plot.fraud is not None:
            plot.fraud.colluding = True

    def intercept(self, plot: Plot) -> None:
        """截客: the agent stops them at the door."""
        dice, rates = plot.dice, self.rates
        agent = dice.pick("thief", self.cast.corrupt_agents)
        first = plot.comings[0]
        met = first.at
        plot.approached(met, Led.AGENT, agent, dice.pick("gate", (Place.GATE, Place.CAR_PARK)))
        if dice.chance("waits", rates.jk_waits):
            variant, filed = "wait", Micros(met + minutes(dice.between("files", 1, 8)))
            first.at = Micros(filed + minutes(LEAD_MIN + dice.between("held", 0, BAND_MIN - 5)))
        elif dice.chance("returns", rates.jk_returns / (1 - rates.jk_waits)):
            variant, filed = "return", Micros(met + minutes(dice.between("files", 1, 8)))
            self._later(plot, 0, filed, dice.between("comes back", 1, 4))
        elif dice.chance("after", rates.jk_after_arrival):
            variant, filed = "fast", Micros(met + minutes(dice.between("files late", 2, 25)))
        else:
            variant, filed = "fast", Micros(met + minutes(1))
            first.at = Micros(filed + minutes(dice.between("hurries", 1, LEAD_MIN - 2)))
        self._shift(plot, 0)
        self._claim(plot, agent, filed, since=first.at)
        self._played(plot, Mechanism.JK, variant, agent, rates.colluding_jk, met)

    def hide(self, plot: Plot) -> None:
        """藏客: a consultant receives them, enters nothing and passes them on."""
        dice, rates = plot.dice, self.rates
        consultant = dice.pick("hider", self.cast.corrupt_consultants)
        agent = dice.pick("partner", self.cast.partners[consultant])
        plot.consultant = consultant
        first = plot.comings[0]
        first.hidden = True
        passed = Micros(first.at + minutes(dice.between("passes on", 20, 90)))
        insider = Insider(plot.unit, passed, consultant, "hand_over", agent)
        plot.meddlings.append(Meddling(insider=insider, field="", reason="回访"))
        same_day = dice.chance("same day", rates.ck_same_day)
        filed = Micros(passed + minutes(dice.between("files after", 5, 60)))
        if not same_day:
            filed = Micros(filed + days(dice.between("files days after", 0.5, 3)))
        self._again(plot, filed)
        self._claim(plot, agent, filed, since=plot.comings[1].at)
        self._played(plot, Mechanism.CK, "same-day" if same_day else "later", agent, rates.colluding_ck, passed)

    def swap_numbers(self, plot: Plot) -> None:
        """换号: they came under one number and are registered under another."""
        dice, rates = plot.dice, self.rates
        agent = dice.pick("swapper", self.cast.corrupt_agents)
        spouse = len(plot.people) > 1 and dice.chance("spouse", rates.hh_spouse)
        known = plot.comings[0].phone
        person = plot.people[1] if spouse else plot.first
        other = person.phones[0] if spouse else second_phone(plot.first, plot.number, dice)
        if other == known:
            known, other = other, plot.first.phones[0]
        filed = Micros(plot.comings[0].at + hours(dice.between("files", 2, 60)))
        self._again(plot, filed)
        for coming in plot.comings[1:]:
            coming.persons = [person, *(one for one in plot.people if one is not person)]
            coming.phone, coming.new_device = other, True
        self._claim(plot, agent, filed, since=plot.comings[1].at)
        mine = plot.registration_of(agent)
        mine.person, mine.knew_of = person, known
        mine.full, mine.phone = other, visible(other) if mine.masked else other
        plot.approached(Micros(filed - HOUR), Led.AGENT, agent, Place.PHONE, person)
        if plot.buying is not None:
            plot.buying.buyers, plot.buying.phones = [person], [other]
        self._played(plot, Mechanism.HH, "spouse" if spouse else "own", agent, rates.colluding_hh, filed)

    def launder(self, plot: Plot) -> None:
        """洗客: the record is there; an insider edits it, deletes it, or lets it lapse."""
        dice, rates = plot.dice, self.rates
        consultant = dice.pick("launderer", self.cast.corrupt_consultants)
        agent = dice.pick("partner", self.cast.partners[consultant])
        plot.consultant = consultant
        first = plot.comings[0]
        first.certain = True
        acts = ("edit", "delete", "lapse", "source", "window")
        chances = (rates.xk_edit, rates.xk_delete, rates.xk_lapse, rates.xk_source, rates.xk_window)
        variant = acts[dice.weighted("launders by", chances)]
        filed = Micros(first.at + hours(dice.between("files", 5, 70)))
        if variant == "lapse":
            end = natural_days_after(first.at, PROTECTED_DAYS, ZONE)
            filed = Micros(end + hours(9) + hours(dice.between("lapsed", 0, 60)))
        touched = Micros(max(first.at + 30 * MINUTE, filed - hours(dice.between("edits", 0.5, 4))))
        insider = Insider(plot.unit, touched, consultant, variant, agent)
        if variant != "lapse":
            fields = {"edit": dice.pick("edits what", ("phone", "first_visit")), "delete": "delete"}
            plot.meddlings.append(Meddling(insider=insider, field=fields.get(variant, variant)))
        else:
            plot.meddlings.append(Meddling(insider=insider, field="lapse"))
        self._again(plot, filed)
        self._claim(plot, agent, filed, since=plot.comings[1].at)
        self._played(plot, Mechanism.XK, variant, agent, rates.colluding_xk, touched)

    def return_erased(self, plot: Plot) -> None:
        """XK-erase: they have their visit erased, as is their right, and come back with an agent."""
        agent = plot.dice.pick("erased agent", self.cast.agents)
        filed = Micros(plot.comings[0].at + hours(plot.dice.between("files", 30, 70)))
        self._again(plot, filed)
        self._claim(plot, agent, filed, since=plot.comings[1].at)
        self._played(plot, Mechanism.ERASED, "erase", agent, 1.0, filed)

    def _claim(self, plot: Plot, agent: AgentId, filed: Micros, *, since: Micros) -> None:
        mine = self.stories.file(plot, agent, filed)
        self.stories.escort(plot, agent, mine.id, since=since)
        if plot.buying is not None:
            plot.buying.claimed_agent, plot.buying.registration = agent, mine.id
            plot.buying.source = "分销中介"

    def _played(
        self, plot: Plot, mechanism: Mechanism, variant: str, agent: AgentId, colludes: float, at: Micros
    ) -> None:
        colluding = plot.dice.chance("colludes", colludes)
        plot.fraud = Fraud(
            mechanism=mechanism,
            variant=variant,
            agent=agent,
            staff=plot.consultant if mechanism in (Mechanism.CK, Mechanism.XK) else StaffId(""),
            colluding=colluding,
            at=at,
        )

    def _again(self, plot: Plot, filed: Micros) -> None:
        """There is a second visit, after the lead has passed and inside the report window."""
        if len(plot.comings) == 1:
            first = plot.comings[0]
            plot.comings.append(Coming(at=first.at, persons=first.persons, phone=first.phone))
        second = plot.comings[1]
        soonest = filed + minutes(LEAD_MIN + 1)
        if not soonest <= second.at <= filed + WEEK_H * HOUR:
            self._later(plot, 1, filed, plot.dice.between("claimed visit", 0.02, 5))
        self._shift(plot, 1)

    def _later(self, plot: Plot, index: int, filed: Micros, wait_days: float) -> None:
        """Move a visit to a time when the office is open, after the lead has passed."""
        soonest = Micros(filed + minutes(LEAD_MIN + 5))
        wanted = max(soonest, Micros(filed + days(wait_days)))
        day = number_of(wanted)
        if wanted < self.calendar.opens(day):
            wanted = self.calendar.visit_on(day, plot.dice, f"moved/{index}")
        elif wanted > self.calendar.closes(day) - 30 * MINUTE:
            wanted = self.calendar.visit_on(day + 1, plot.dice, f"moved/{index}")
        plot.comings[index].at = max(wanted, soonest)

    def _shift(self, plot: Plot, moved: int) -> None:
        """What comes after a moved visit comes after it still."""
        for before, after in zip(plot.comings[moved:], plot.comings[moved + 1 :], strict=False):
            while after.at <= before.at + 4 * HOUR:
                after.at = Micros(after.at + DAY)
        buying = plot.buying
        if buying is not None:
            last = plot.comings[-1].at
            while buying.subscribed_at <= last:
                buying.subscribed_at = Micros(buying.subscribed_at + DAY)
            if buying.subscribed_at > last + 2 * DAY and len(plot.comings) > 1:
                buying.subscribed_at = Micros(last + 2 * HOUR)
            buying.decided_at = buying.subscribed_at
            if buying.intent_at is not None and buying.intent_at >= buying.subscribed_at:
                buying.intent_at = None
