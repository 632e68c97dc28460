"""What clients say: statements, confirmations of registrations, escort forms.

An honest client who is asked and wishes to answer says what happened. One who colludes says it less often, and
sometimes says what the agent told them to; how often is in the rates, and in the preset's kind of collusion.
"""

from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import EscortMeans, Origin, Place, Stage
from mingshi.domain.ids import AgentId, Contact, DeviceId, EvidenceId
from mingshi.kernel.timeline import Micros
from mingshi.season.checkins import Left
from mingshi.season.days import days, minutes
from mingshi.season.desk import Desk
from mingshi.season.plot import NOBODY, Coming, Plot, Registering
from mingshi.season.rates import Collusion
from mingshi.season.truth import Led, Mechanism, Said

_OF_LED: Final = {
    Led.SELF: Origin.NOBODY,
    Led.AGENT: Origin.AGENT,
    Led.OWN: Origin.STAFF,
    Led.REFERRAL: Origin.OWNER,
    Led.EMPLOYEE: Origin.EMPLOYEE,
}


class Answer(NamedTuple):
    """What somebody says of who brought them."""

    origin: Origin
    agent: AgentId = NOBODY
    referrer: str = ""
    met_at: Micros | None = None
    met_where: Place | None = None
    came_before: Micros | None = None
    erased: bool = False
    phones: tuple[Contact, ...] = ()


class Words:
    """Writes down what people say."""

    def __init__(self, desk: Desk, collusion: Collusion) -> None:
        self._desk = desk
        self._collusion = collusion

    def kind(self, plot: Plot) -> Collusion:
        """How this unit's buyer colludes, if they do."""
        return plot.collusion or self._collusion

    def mind(self, plot: Plot, at: Micros) -> str:
        """Whether a unit's client tells the truth at a time: `truthful`, `lying` or `silent`."""
        rates, fraud = self._desk.rates, plot.fraud
        colluding = fraud is not None and fraud.colluding and at >= fraud.at
        likely = rates.statement_truthful * (rates.truthful_when_colluding if colluding else 1)
        if colluding and self.kind(plot).always_lies:
            return "lying"
        if plot.dice.unit("tells the truth") < likely:
            return "truthful"
        lies = colluding and plot.dice.chance("lies", rates.lie_when_not_truthful)
        return "lying" if lies else "silent"

    def statements(self, plot: Plot, lefts: list[Left], contracted_at: Micros | None) -> list[tuple[EvidenceId, Said]]:
        """What the unit's client says at the first check-in, where an agent first comes along, and at signing."""
        recorded = [left for left in lefts if left.records]
        asked: list[Left] = recorded[:1]
        asked += [left for left in recorded if left.coming.agent][:1]
        made = []
        for number in dict.fromkeys(left.number for left in asked):
            coming = plot.comings[number]
            made += self._say(plot, Micros(coming.at + minutes(2)), Stage.CHECK_IN, coming.phone, number + 1)
        if contracted_at is not None and plot.buying is not None:
            phone = plot.buying.phones[0]
            made += self._say(plot, Micros(contracted_at + minutes(30)), Stage.SIGNING, phone, 0)
        return made

    def truth(self, plot: Plot, at: Micros, phone: Contact) -> Answer:
        """What a truthful client would say."""
        fraud, first = plot.fraud, plot.comings[0]
        if fraud is not None and fraud.mechanism is Mechanism.JK and at >= fraud.at:
            if plot.dice.chance("says nobody", self._desk.rates.intercept_says_nobody):
                return Answer(Origin.NOBODY)
            met = next(one for one in plot.approaches if one.party == fraud.agent)
            return Answer(Origin.AGENT, fraud.agent, met_at=met.at, met_where=met.where)
        before = first.at if plot.led is not Led.AGENT and at > first.at + minutes(60) else None
        others = tuple(one for one in dict.fromkeys(self._own(plot, phone)) if one != phone)
        if plot.led is Led.SELF:
            erased = fraud is not None and fraud.mechanism is Mechanism.ERASED and before is not None
            return Answer(Origin.NOBODY, came_before=None if erased else before, erased=erased, phones=others)
        origin = _OF_LED[plot.led]
        if plot.led is Led.AGENT and plot.dice.chance("misstates", self._desk.rates.misstates):
            return Answer(Origin.NOBODY)
        if plot.led is Led.AGENT:
            met = plot.approaches[0]
            return Answer(origin, AgentId(plot.party), met_at=met.at, met_where=met.where, phones=others)
        named = plot.dice.chance("names the referrer", self._desk.rates.referrer_named)
        return Answer(origin, referrer=plot.party if named else "", phones=others)

    def confirm(self, plot: Plot, filed: Registering) -> tuple[Micros | None, EvidenceId, bool]:
        """双签: whether the client confirms a registration, and says that they had been here before."""
        dice, rates = plot.dice.of("confirmation", filed.id), self._desk.rates
        if not filed.brought or not dice.chance("confirms", rates.client_confirms):
            return None, EvidenceId(""), False
        at = Micros(filed.at + minutes(dice.between("confirms after", 1, 20)))
        had_been = any(
            coming.at < filed.at and filed.person in coming.persons[:1] and not coming.stopped
            for coming in plot.comings
        ) or bool(filed.knew_of)
        says = had_been and self.mind(plot, at) == "truthful"
        name = EvidenceId(f"N-{filed.id[2:]}")
        sealed = self._desk.seal(at, dice)
        self._desk.add(e.Confirmation(name, filed.id, at, filed.full, True, says, DeviceId(""), sealed))
        return at, name, says

    def escort(self, plot: Plot, coming: Coming) -> list[str]:
        """The agent's own trace of having come along: the signed form, or the scan of the door code."""
        if not plot.dice.of("escort", coming.at).chance("recorded", self._desk.rates.escort_recorded):
            return []
        if coming.stopped and self._desk.open_policy:
            return []  # no door code is shown while the system stands still
        willing = plot.fraud is None or plot.fraud.colluding or plot.led is Led.AGENT
        means = EscortMeans.CODE if self._desk.open_policy else EscortMeans.PAPER
        at = Micros(coming.at + minutes(1))
        name = EvidenceId(f"K-{plot.unit}-{plot.comings.index(coming) + 1}")
        sealed = self._desk.seal(at, plot.dice, "escort sealed")
        self._desk.add(e.Escort(name, at, coming.agent, coming.phone, means, "", willing, DeviceId(""), sealed))
        return ["escort"]

    def _say(self, plot: Plot, at: Micros, stage: Stage, phone: Contact, number: int) -> list[tuple[EvidenceId, Said]]:
        mind, fraud = self.mind(plot, at), plot.fraud
        if plot.word_bought and stage is Stage.SIGNING:
            answer = Answer(Origin.NOBODY)
            mind = "lying"
        elif mind == "silent":
            return []
        elif mind == "truthful":
            answer = self.truth(plot, at, phone)
        else:
            assert fraud is not None
            told = Micros(fraud.at - days(plot.dice.between("says met", 1, 6)))
            answer = Answer(Origin.AGENT, fraud.agent, met_at=told, met_where=Place.WECHAT)
        name = EvidenceId(f"S-{plot.unit}-{number}")
        self._desk.add(
            e.Statement(
                name,
                at,
                phone,
                stage,
                answer.origin,
                answer.agent,
                answer.referrer,
                answer.phones,
                answer.met_at,
                answer.met_where,
                answer.came_before,
                answer.erased,
                stage is Stage.CHECK_IN,
                (),
                self._desk.seal(at, plot.dice, f"said sealed/{number}"),
            )
        )
        return [(name, Said(plot.unit, at, mind == "truthful", answer.agent or answer.referrer, answer.phones))]

    def _own(self, plot: Plot, phone: Contact) -> list[Contact]:
        """Every number of the person who is asked that has been used here."""
        person = next((one for one in plot.people if phone in one.phones), None)
        used = [coming.phone for coming in plot.comings]
        used += list(plot.buying.phones) if plot.buying is not None else []
        mine = set() if person is None else set(person.phones)
        mine.add(phone)
        fraud = plot.fraud
        if fraud is not None and fraud.mechanism is Mechanism.HH and fraud.variant == "own":
            mine |= {coming.phone for coming in plot.comings if coming.persons[0] is plot.first}
        return [one for one in used if one in mine]
