"""Busloads and hired visitors."""

from collections.abc import Callable, Iterator
from typing import Final

from mingshi.domain.evidence import Place
from mingshi.kernel.timeline import Micros
from mingshi.season.cast import Cast
from mingshi.season.days import Days, days, minutes, number_of
from mingshi.season.dice import Dice
from mingshi.season.people import people_of
from mingshi.season.plot import Coming, Plot
from mingshi.season.rates import Rates
from mingshi.season.stories import Stories
from mingshi.season.truth import Led

ON_A_BUS: Final = 10
CROWD: Final = 15
"""Hired visitors of one agent on one day."""
DEVICES: Final = 2
"""They share so many phones between them."""


def arrange_bus(plot: Plot, index: int, calendar: Days) -> None:
    """Ten groups come by one bus: within minutes, as one party."""
    bus = index // ON_A_BUS + 1
    first = plot.comings[0]
    arrives = calendar.opens(number_of(first.at)) + minutes(90 * bus)
    first.at = Micros(arrives + minutes(plot.dice.between("off the bus", 0, 10)))
    first.party = f"bus-{bus}"


def crowd_plots(rates: Rates, dice: Dice, cast: Cast, calendar: Days, count: Callable[[], int]) -> Iterator[Plot]:
    """充场: an agent's hired visitors, in a burst, with a few phones between them."""
    stories = Stories(rates, dice, cast, calendar)
    for crowd in range(rates.crowds):
        mine = dice.of("crowd", crowd)
        agent = mine.pick("agent", cast.corrupt_agents)
        day = 2 + crowd * 5
        arrives = calendar.visit_on(day, mine, "burst")
        for index in range(CROWD):
            unit = f"X{crowd + 1:02d}{index + 1:03d}"
            one = mine.of("visitor", index)
            number = count()
            people = people_of(unit, number, rates, one, arrives)[:1]
            people = [person._replace(pass_id="", shared=False, face=False) for person in people]
            plot = Plot(
                unit=unit,
                number=number,
                dice=one,
                rates=rates,
                led=Led.AGENT,
                party=agent,
                people=people,
                consultant=one.pick("consultant", cast.on_duty(day)),
            )
            came = Micros(arrives + minutes(one.between("in the burst", 0, 40)))
            plot.comings.append(
                Coming(
                    at=came,
                    persons=people,
                    phone=people[0].phones[0],
                    agent=agent,
                    device=f"机-{crowd + 1}-{index % DEVICES + 1}",
                )
            )
            plot.approached(Micros(came - days(1)), Led.AGENT, agent, Place.OTHER)
            filed = stories.file(plot, agent, Micros(came - days(0.5)))
            plot.comings[0].registration = filed.id
            yield plot
