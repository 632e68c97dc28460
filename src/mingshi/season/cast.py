"""Who works in a season: agencies, agents, consultants, reception; who of them is corrupt, and who is on duty."""

from functools import cached_property
from typing import Final, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import AgentKind, TermKind, TierScope
from mingshi.domain.ids import AgencyId, AgentId, Contact, EvidenceId, StaffId
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import DAY, Micros
from mingshi.season.days import FIRST_DAY, ZONE
from mingshi.season.dice import Dice
from mingshi.season.rates import Rates

_NAMES: Final = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林罗高"
_STAFF_PHONES: Final = 99_000_000
"""Numbers from here on belong to people of the trade; buyers' are below."""


def test_name(number: int) -> str:
    """A surname and 测试: nobody real."""
    return f"{_SURNAMES[number % len(_SURNAMES)]}测试"


@final
class Cast:
    """The people of the trade in one season."""

    def __init__(self, rates: Rates, dice: Dice) -> None:
        self.rates = rates
        self._dice = dice.of("cast")
        weights = [1 / rank for rank in range(1, rates.agencies + 1)]
        self.agencies = [AgencyId(f"{_NAMES[index]}公司") for index in range(rates.agencies)]
        self.agents: list[AgentId] = []
        self.agency_of: dict[AgentId, AgencyId] = {}
        for number in range(rates.agents):
            # Every agency has somebody; the others go where Zipf sends them.
            index = number if number < rates.agencies else self._dice.weighted(f"agency/{number}", weights)
            agent = AgentId(f"{_NAMES[index]}-{number + 1:03d}")
            self.agents.append(agent)
            self.agency_of[agent] = self.agencies[index]
        self.consultants = [StaffId(f"顾问-{number + 1:02d}") for number in range(rates.consultants)]
        self.reception = [StaffId(f"前台-{number + 1:02d}") for number in range(rates.receptionists)]
        self.managers = [StaffId(f"经理-{number + 1:02d}") for number in range(rates.managers)]
        corrupt = round(rates.corrupt_agents * rates.agents)
        self.corrupt_agents = self._dice.shuffled("corrupt agents", self.agents)[:corrupt]
        corrupt = round(rates.corrupt_consultants * rates.consultants)
        self.corrupt_consultants = self._dice.shuffled("corrupt consultants", self.consultants)[:corrupt]
        self.fixed = {agency: self._dice.chance(f"fixed/{agency}", rates.fixed_terms) for agency in self.agencies}

    @cached_property
    def partners(self) -> dict[StaffId, list[AgentId]]:
        """To which agents a corrupt consultant hands clients over: one or two each."""
        partners = {}
        for consultant in self.corrupt_consultants:
            dice = self._dice.of("partner", consultant)
            chosen = dice.shuffled("who", self.corrupt_agents)
            partners[consultant] = chosen[: 1 + dice.below("how many", 2)]
        return partners

    def on_duty(self, day: int) -> list[StaffId]:
        """The consultants of a day; each has one day of the week off."""
        working = [one for index, one in enumerate(self.consultants) if index % 7 != day % 7]
        return working or self.consultants

    def agent_for(self, dice: Dice) -> AgentId:
        """An agent who brings somebody."""
        return dice.pick("agent", self.agents)

    def another_agency(self, agent: AgentId, dice: Dice) -> AgentId:
        """An agent of another agency."""
        others = [one for one in self.agents if self.agency_of[one] != self.agency_of[agent]]
        return dice.pick("rival", others)

    def commission(self, agent: AgentId, price: Fen) -> Fen:
        """What the agency's terms pay for a deal, tiers aside."""
        if self.fixed[self.agency_of[agent]]:
            return Fen(self.rates.fixed_yuan * 100)
        return Fen(round(price * self.rates.percent))

    def records(self) -> dict[type[tuple[object, ...]], list[tuple[object, ...]]]:
        """Agents, agreements, terms and staff as the case has them."""
        start = ZONE.start(FIRST_DAY)
        begun = Micros(start - 365 * DAY)
        agents: list[tuple[object, ...]] = [
            e.Agent(
                agent,
                test_name(number),
                self.agency_of[agent],
                AgentKind.BROKER,
                Contact(f"160{_STAFF_PHONES + number:08d}"),
                begun,
                None,
                None,
                None,
                False,
            )
            for number, agent in enumerate(self.agents)
        ]
        agreements: list[tuple[object, ...]] = [
            e.Agreement(EvidenceId(f"协议-{agency}"), agency, begun, None, "", None, False, AgencyId(""), None, None)
            for agency in self.agencies
        ]
        terms: list[tuple[object, ...]] = []
        for index, agency in enumerate(self.agencies):
            fixed = self.fixed[agency]
            kind = TermKind.FIXED if fixed else TermKind.PERCENT
            amount = Fen(self.rates.fixed_yuan * 100) if fixed else None
            rate = None if fixed else round(self.rates.percent * 1_000_000)
            tiered = index == 0 and self.rates.tier_after > 0
            after = self.rates.tier_after
            tiers = [(None, after), (after + 1, None)] if tiered else [(None, None)]
            for first, last in tiers:
                more = first is not None
                terms.append(
                    e.Term(
                        EvidenceId(f"条款-{agency}-{first or 1}"),
                        agency,
                        kind,
                        begun,
                        None,
                        Fen(amount * 11 // 10) if more and amount else amount,
                        rate * 11 // 10 if more and rate else rate,
                        first,
                        last,
                        TierScope.MARGINAL if tiered else None,
                    )
                )
        people = [(self.consultants, "置业顾问"), (self.reception, "前台"), (self.managers, "案场经理")]
        staff: list[tuple[object, ...]] = []
        for members, role in people:
            for member in members:
                phone = Contact(f"160{_STAFF_PHONES + 500_000 + len(staff):08d}")
                staff.append(e.Staff(member, test_name(len(staff)), role, phone, begun, None))
        return {e.Agent: agents, e.Agreement: agreements, e.Term: terms, e.Staff: staff}
