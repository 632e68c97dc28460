"""A whole season from a preset and a seed.

The rules this module keeps:

1. The same preset and seed give the same season, record by record, on every machine and under every hash seed.
2. Units are told one after the other from dice of their own; nothing that one unit draws moves another one's draws.
3. What comes out is a case of the judge's own format, and beside it the truth; nothing of the truth is in the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import CalendarKind
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge.records import Records
from mingshi.domain.policy import SHIPPED, Policy, PolicyHistory, PolicyVersion, policy_of
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.season.cast import Cast
from mingshi.season.counts import counted
from mingshi.season.days import ZONE, Days, at, minutes
from mingshi.season.desk import Desk, Row
from mingshi.season.dice import Dice
from mingshi.season.frauds import Frauds
from mingshi.season.leave import Leaver
from mingshi.season.plot import Plot
from mingshi.season.presets import Preset
from mingshi.season.rates import Collusion
from mingshi.season.special import arrange_bus, crowd_plots
from mingshi.season.stories import Stories
from mingshi.season.thefts import Thefts
from mingshi.season.truth import Truth

PROJECT: Final = "示例花园"
LATER: Final = "later"
LATER_LEAD_MIN: Final = 60


@final
@dataclass(frozen=True, kw_only=True)
class Season:
    """A generated season: the case, and what really happened."""

    preset: Preset
    seed: int
    rows: dict[type[Row], list[Row]]
    truth: Truth
    policies: PolicyHistory

    @property
    def records(self) -> Records:
        """The case as the judge sees it."""
        return Records(self.rows, project=PROJECT, zone=ZONE, policies=self.policies)


class Chosen(NamedTuple):
    """What a natural buyer's case comes to where actors choose for themselves (`game`)."""

    trick: str
    collusion: Collusion


def make_season(preset: Preset, seed: int, chosen: Mapping[int, Chosen] | None = None) -> Season:
    """The season of a preset and a seed. `chosen`: which natural groups are claimed, and how, instead of by chance."""
    return _Maker(preset, seed, chosen).make()


def natural_buyers(preset: Preset, seed: int) -> list[int]:
    """The natural groups that buy, whoever claims them."""
    return sorted(_Maker(preset, seed, None).buyers()[0])


def policies_of(preset: Preset) -> PolicyHistory:
    """The policy of a preset over time."""
    base = SHIPPED[preset.policy]
    policy = policy_of(preset.policy, base, dict(preset.parameters)) if preset.parameters else base
    assert isinstance(policy, Policy), policy
    versions = [PolicyVersion(Micros(0), policy)]
    if preset.rates.policy_changes_on:
        later = policy_of(LATER, policy, {"lead_min": LATER_LEAD_MIN})
        assert isinstance(later, Policy), later
        versions.append(PolicyVersion(at(preset.rates.policy_changes_on, 0), later))
    return PolicyHistory(versions=tuple(versions))


class _Maker:
    def __init__(self, preset: Preset, seed: int, chosen: Mapping[int, Chosen] | None) -> None:
        self.preset = preset
        self.chosen = chosen
        self.rates = preset.rates
        self.seed = seed
        # Presets that differ in a rate share their draws: the name of a preset is no part of the dice.
        self.dice = Dice(seed)
        self.cast = Cast(self.rates, self.dice)
        self.calendar = Days(self.rates)
        self.stories = Stories(self.rates, self.dice, self.cast, self.calendar)
        self.frauds = Frauds(self.stories, self.cast, self.calendar)
        self.thefts = Thefts(self.cast, self.calendar)
        self.desk = Desk(self.rates, self.dice, open_policy=preset.policy == "open")
        self.leaver = Leaver(self.desk, self.cast, self.dice, preset.collusion)
        self.units = 0

    def make(self) -> Season:
        rates, count = self.rates, self.next_number
        natural, hijacked, won = self.buyers()
        for index in range(rates.natural_groups):
            plot = self.stories.natural(f"N{index + 1:05d}", count(), buys=index in natural)
            if index in won:
                self.stories.bring(plot, self.cast.agent_for(plot.dice))
            elif self.chosen is not None and index in self.chosen:
                self.frauds.play(plot, *self.chosen[index])
            elif self.chosen is None and index in hijacked:
                self.frauds.hijack(plot)
            elif plot.erases:
                self.frauds.return_erased(plot)
            self.tell(plot)
        for index in range(rates.launch_arrivals):
            plot = self.stories.natural(f"J{index + 1:05d}", count(), buys=False, day=0)
            opening = self.calendar.opens(0)
            plot.comings[0].at = Micros(opening + minutes(plot.dice.between("in the queue", 0, 89)))
            self.tell(plot)
        for index in range(rates.bus_groups):
            plot = self.stories.natural(f"B{index + 1:05d}", count(), buys=self.buys(f"B{index}", rates.natural_buys))
            arrange_bus(plot, index, self.calendar)
            self.tell(plot)
        channel = self._channel_buyers()
        for index in range(rates.channel_groups):
            plot = self.stories.channel(f"C{index + 1:05d}", count(), buys=index in channel)
            if plot.buying is not None and plot.dice.chance("stolen", rates.site_steals):
                self.thefts.steal(plot)
            self.tell(plot)
        others = (
            ("F", rates.referral_groups, rates.referral_buys, self.stories.referral),
            ("E", rates.employee_groups, rates.employee_buys, self.stories.employee),
            ("O", rates.own_groups, rates.own_buys, self.stories.own),
        )
        for letter, groups, chance, story in others:
            for index in range(groups):
                self.tell(story(f"{letter}{index + 1:05d}", count(), buys=self.buys(f"{letter}{index}", chance)))
        for plot in crowd_plots(rates, self.dice, self.cast, self.calendar, count):
            self.tell(plot)
        for number in range(rates.lists_loaded):
            self.leaver.load_list(at(3 + 9 * number, 10 * 60))
        self._context()
        return Season(
            preset=self.preset,
            seed=self.seed,
            rows=self._sorted(),
            truth=self.leaver.truth,
            policies=policies_of(self.preset),
        )

    def next_number(self) -> int:
        """The number of the next unit."""
        self.units += 1
        return self.units - 1

    def buys(self, name: str, chance: float) -> bool:
        """Whether a group buys."""
        return self.dice.of("buys").chance(name, chance)

    def tell(self, plot: Plot) -> None:
        """Change a plot as the season as a whole asks, and leave its records."""
        rates = self.rates
        if rates.presale_days and plot.buying is not None:
            opening = self.calendar.opens(rates.presale_days)
            if plot.buying.subscribed_at < opening:
                wait = int(plot.dice.between("opening queue", 5, 400))
                plot.buying.subscribed_at = plot.buying.decided_at = Micros(opening + wait * MINUTE)
        if rates.shared_phones and plot.number and plot.dice.chance("shares a phone", rates.shared_phones):
            self._share(plot)
        self.leaver.leave(plot)

    def _share(self, plot: Plot) -> None:
        """A visit of theirs is checked in with the phone of the unit before: a parent's, a friend's."""
        if plot.fraud is None and len(plot.comings) > 1 and self.leaver.truth.units:
            other: Contact = self.leaver.truth.units[-1].people[0].phones[0]
            plot.comings[-1].phone = other

    def buyers(self) -> tuple[set[int], set[int], set[int]]:
        """Of the natural groups: who buys, who of them is hijacked, whom an agent truly won."""
        groups, exact = range(self.rates.natural_groups), self.preset.exact
        buying, taken = self.dice.of("buys"), self.dice.of("hijacked")
        if exact is None:
            buyers = {index for index in groups if buying.chance(f"N{index}", self.rates.natural_buys)}
            return buyers, {index for index in buyers if taken.chance(f"N{index}", self.rates.hijacked)}, set()
        ranked = sorted(groups, key=lambda index: buying.unit(f"N{index}"))[: exact.natural]
        moved = sorted(ranked, key=lambda index: taken.unit(f"N{index}"))[: exact.hijacked + exact.won]
        return set(ranked), set(moved[: exact.hijacked]), set(moved[exact.hijacked :])

    def _channel_buyers(self) -> set[int]:
        groups, exact, buying = range(self.rates.channel_groups), self.preset.exact, self.dice.of("buys")
        if exact is None:
            return {index for index in groups if buying.chance(f"C{index}", self.rates.channel_buys)}
        return set(sorted(groups, key=lambda index: buying.unit(f"C{index}"))[: exact.channel])

    def _context(self) -> None:
        """The people of the trade, the calendar, the counters."""
        for kind, rows in self.cast.records().items():
            self.desk.rows[kind].extend(rows)
        if self.rates.presale_days:
            until = Micros(self.calendar.opens(self.rates.presale_days) - 1)
            since = Micros(at(-60, 0))
            self.desk.add(e.CalendarEntry(EvidenceId("KA-1"), CalendarKind.SUSPENDED, since, until))
        for index, (since, until) in enumerate(sorted(self.thefts.stops)):
            name = EvidenceId(f"KA-stop{index + 1}")
            self.desk.add(e.CalendarEntry(name, CalendarKind.STOPPED, since, until))
        if self.rates.policy_changes_on:
            since = at(self.rates.policy_changes_on, 0)
            self.desk.add(e.PolicyRow(LATER, self.preset.policy, since, "lead_min", str(LATER_LEAD_MIN)))
        for row in counted(self.leaver.truth.visits, self.calendar, self.rates, self.dice):
            self.desk.add(row)

    def _sorted(self) -> dict[type[Row], list[Row]]:
        """Records in the order in which the office had them."""
        return {kind: sorted(rows, key=_when) for kind, rows in self.desk.rows.items()}


def _when(row: Row) -> tuple[int, str]:
    """When the office had a record: sealed, else observed; then its id."""
    sealed = getattr(row, "sealed_at", None)
    observed = next((value for value in row if isinstance(value, int) and value > 10**12), 0)
    return (sealed or observed, str(row[0]))
