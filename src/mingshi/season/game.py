"""Behaviour that answers to rules: every actor chooses what pays, knowing how often it is found out (amendment 3).

The rules this module keeps:

1. Pay-offs are yuan: the commission and how a cheat divides it, hassle, penalties, benefits. They are assumptions like
   the rates, and frozen like them.
2. How often a trick is found is never assumed: it is what the judge itself did in the seasons played so far. A trick
   nobody has tried is believed safe, so that every one is tried.
3. The same seed throughout (common random numbers), at most twenty seasons, until nobody changes their choice.
4. Nobody is forced: a trick is played only if the agent, the buyer, and where it needs one the consultant, each gain.
5. A mechanism *works* if lying pays in at most one unit of twenty and no more honest money is withheld than without.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple, final

from mingshi.season.dice import Dice
from mingshi.season.generate import Chosen, Season, make_season, natural_buyers
from mingshi.season.measure import yuan
from mingshi.season.presets import Preset
from mingshi.season.rates import BEST_RESPONSE, NAIVE
from mingshi.season.score import judge_made
from mingshi.season.tally import Stood, Tally, Tier

SEASONS: Final = 20
WORKS: Final = 0.95


class Behaviour(StrEnum):
    """How actors choose."""

    NAIVE = "naive"
    """By the table of rates, whatever the rules are."""
    BEST_RESPONSE = "best-response"
    """What pays most."""
    LOGIT = "logit"
    """What pays more is likelier; everybody errs a little."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """Yuan, all of them assumed."""

    rebate_median: float = 8_000.0
    rebate_spread: float = 0.6
    """Standard deviation of the logarithm."""
    hassle_median: float = 800.0
    """What it costs a buyer to remember a false story at three desks."""
    hassle_spread: float = 0.8
    consultant_cut: float = 0.25
    """Of the commission, for a client handed over."""
    agent_penalty: float = 20_000.0
    consultant_penalty: float = 30_000.0
    review_convicts: float = 0.6
    """A person who looks finds out so often."""
    staff_natural: float = 3_000.0
    staff_channel: float = 1_500.0
    natural_benefit: float = 0.0
    statement_reward: float = 0.0
    audited: float = 0.0
    """Deals drawn by lot after the contract, of agents and natural alike; an audit finds half of what is false."""
    bond: float = 0.0
    early_share: float = 1.0
    """Lead tiers: the share of the commission for a client confirmed less than a day before the first visit."""
    temper: float = 4_000.0
    """Logit: the yuan by which options must differ to be told apart."""


REVIEW_FINDS: Final = 0.6
AUDIT_FINDS: Final = 0.5
TRUST: Final = 3
"""So many safe tries are imagined beside those that were seen: one bad day teaches nobody."""
_SHORT_NOTICE: Final = frozenset({"JK", "CK"})
_INSIDERS: Final = frozenset({"CK", "XK"})


class Option(NamedTuple):
    """A trick and how the buyer helps."""

    trick: str
    lies: bool


OPTIONS: Final = tuple(Option(trick, lies) for trick in ("JK", "CK", "HH", "XK") for lies in (False, True))


NOT_NEEDED: Final = math.inf
"""A consultant who takes no part stands in nobody's way."""


class Gains(NamedTuple):
    """What each gains by a lie over the truth, in yuan, as they expect it."""

    agent: float
    buyer: float
    consultant: float

    @property
    def agreed(self) -> bool:
        """Everybody who has to take part gains."""
        return min(self) > 0


@final
@dataclass(frozen=True, kw_only=True)
class Played:
    """The game at its end."""

    season: Season
    chosen: dict[int, Chosen]
    seasons: int
    settled: bool
    naturals: int
    gap: Gains
    """Incentive gap of each actor: their own best lie over the truth, mean yuan, whether or not others would agree."""
    share_honest: float
    """Units in which no lie pays all who are needed."""
    found: dict[str, float]
    """Per option: how often it was found out."""
    wrongly_paid: float
    wrongly_withheld: float
    benefits: float

    def as_json(self) -> dict[str, object]:
        """Whole yuan, shares to three places."""
        return {
            "seasons": self.seasons,
            "settled": self.settled,
            "attempts_per_100_natural": round(100 * len(self.chosen) / max(self.naturals, 1), 1),
            "incentive_gap_yuan": {name: round(value) for name, value in self.gap._asdict().items()},
            "units_where_no_lie_pays": round(self.share_honest, 3),
            "wrongly_paid_yuan": round(self.wrongly_paid),
            "wrongly_withheld_yuan": round(self.wrongly_withheld),
            "benefits_yuan": round(self.benefits),
            "found_out": {name: round(share, 3) for name, share in sorted(self.found.items())},
        }


def play(preset: Preset, seed: int, behaviour: Behaviour, stakes: Stakes | None = None) -> Played:
    """Seasons until nobody changes their choice."""
    stakes = stakes or Stakes()
    units = natural_buyers(preset, seed)
    dice = Dice(seed).of("game")
    seen: dict[Option, list[float]] = defaultdict(list)
    chosen: dict[int, Chosen] = {}
    settled, count = False, 0
    while count < SEASONS and not settled:
        count += 1
        picked = {unit: _choose(unit, seen, stakes, behaviour, dice) for unit in units}
        now = {
            unit: Chosen(option.trick, BEST_RESPONSE if option.lies else NAIVE)
            for unit, option in picked.items()
            if option is not None
        }
        settled = count > 1 and now == chosen
        chosen = now
        if not settled:
            tallied = judge_made(make_season(preset, seed, chosen)).tally
            for option, outcomes in _outcomes(tallied, picked, stakes).items():
                seen[option].extend(outcomes)
    season = make_season(preset, seed, chosen)
    done = judge_made(season).tally
    money = yuan(done.rows, done.taken)
    best = [_best(unit, seen, stakes, dice) for unit in units]
    expected = [[gains(unit, option, _found(seen, option), stakes, dice) for option in OPTIONS] for unit in units]
    gap = Gains(
        _mean([max(one.agent for one in each) for each in expected]),
        _mean([max(one.buyer for one in each) for each in expected]),
        _mean([max(one.consultant for one in each if one.consultant != NOT_NEEDED) for each in expected]),
    )
    natural_kept = len(units) - len(chosen)
    return Played(
        season=season,
        chosen=chosen,
        seasons=count,
        settled=settled,
        naturals=len(units),
        gap=gap,
        share_honest=sum(value <= 0 for value in best) / max(len(best), 1),
        found={f"{option.trick}{' lies' if option.lies else ''}": _found(seen, option) for option in seen},
        wrongly_paid=money.wrongly_paid_fen / 100,
        wrongly_withheld=money.wrongly_withheld_fen / 100,
        benefits=natural_kept * (stakes.natural_benefit + stakes.statement_reward),
    )


def adapted(preset: Preset, seed: int, behaviour: Behaviour) -> tuple[Season, dict[str, object] | None]:
    """The season in which actors have adapted, and what became of their incentives."""
    if behaviour is Behaviour.NAIVE:
        return make_season(preset, seed), None
    played = play(preset, seed, behaviour)
    return played.season, played.as_json()


def gains(unit: int, option: Option, found: float, stakes: Stakes, dice: Dice) -> Gains:
    """What each expects to gain by a lie: the commission if it is not found out, the penalty if it is."""
    mine = dice.of("unit", unit)
    commission = 40_000.0
    rebate = stakes.rebate_median * math.exp(mine.normal("rebate", 0, stakes.rebate_spread))
    hassle = stakes.hassle_median * math.exp(mine.normal("hassle", 0, stakes.hassle_spread))
    if not option.lies:
        hassle /= 2
    short = stakes.early_share if option.trick in _SHORT_NOTICE else 1.0
    inside = option.trick in _INSIDERS
    cut = stakes.consultant_cut * commission if inside else 0.0
    safe = 1 - found
    # 换号 needs the buyer most, and the buyer asks for more.
    rebate *= 1.5 if option.trick == "HH" else 1.0
    agent = safe * (commission * short - rebate - cut) - found * (stakes.agent_penalty + stakes.bond)
    buyer = safe * rebate - hassle - stakes.natural_benefit - stakes.statement_reward
    consultant = NOT_NEEDED
    if inside:
        consultant = safe * (cut + stakes.staff_channel) - found * stakes.consultant_penalty - stakes.staff_natural
    return Gains(agent, buyer, consultant)


def _choose(
    unit: int, seen: Mapping[Option, list[float]], stakes: Stakes, behaviour: Behaviour, dice: Dice
) -> Option | None:
    worth = {}
    for option in OPTIONS:
        expected = gains(unit, option, _found(seen, option), stakes, dice)
        if expected.agreed:
            worth[option] = expected.agent
    if behaviour is Behaviour.BEST_RESPONSE:
        return max(worth, key=lambda option: worth[option], default=None)
    options: list[Option | None] = [None, *worth]
    weights = [1.0, *(math.exp(min(value / stakes.temper, 50.0)) for value in worth.values())]
    return options[dice.of("unit", unit).weighted("logit", weights)]


def _mean(values: list[float]) -> float:
    return sum(values) / max(len(values), 1)


def site_gap(preset: Preset, seed: int) -> dict[str, object]:
    """The site's own incentive: a commission saved for each deal booked as its own, and half of one more where found.

    Found is what the ruling awards the agent all the same, or what a flag or a review brings before a person.
    """
    done = judge_made(make_season(preset, seed)).tally
    due = [one for one in done.taken if one.due]
    found = _mean([1.0 if one.awarded else REVIEW_FINDS if one.flagged or one.review else 0.0 for one in due])
    commission = _mean([one.commission_fen / 100 for one in due])
    gap = (1 - found) * commission - found * commission / 2
    return {"taken": len(due), "found": round(found, 3), "incentive_gap_yuan": round(gap)}


def _best(unit: int, seen: Mapping[Option, list[float]], stakes: Stakes, dice: Dice) -> float:
    """The agent's gain by the best lie to which everybody agrees; 0 where nobody would take part."""
    expected = (gains(unit, option, _found(seen, option), stakes, dice) for option in OPTIONS)
    return max((one.agent for one in expected if one.agreed), default=0.0)


def _found(seen: Mapping[Option, list[float]], option: Option) -> float:
    outcomes = seen.get(option, [])
    return sum(outcomes) / (len(outcomes) + TRUST)


def _outcomes(done: Tally, picked: Mapping[int, Option | None], stakes: Stakes) -> dict[Option, list[float]]:
    """How often the judge found each option out: held for certain, in review as often as a person convicts."""
    by_deal = {f"D-N{unit + 1:05d}": option for unit, option in picked.items() if option is not None}
    seen: dict[Option, list[float]] = defaultdict(list)
    for row in done.rows:
        option = by_deal.get(row.deal)
        if option is None or row.stood is not Stood.FRAUD:
            continue
        convicts = {Tier.HOLD: 1.0, Tier.REFUSED: 1.0, Tier.REVIEW: stakes.review_convicts, Tier.PAID: 0.0}
        found = convicts[row.tier]
        seen[option].append(found + (1 - found) * stakes.audited * AUDIT_FINDS)
    return seen


class Mechanism(NamedTuple):
    """Something an office can do about incentives."""

    name: str
    stakes: Stakes
    preset: Preset


def mechanisms(preset: Preset) -> list[Mechanism]:
    """The ones to try (SEASON.md, amendment 3), each alone and all together."""
    base = Stakes()
    double = replace(preset, policy="open", rates=replace(preset.rates, client_confirms=0.85))
    audits = replace(base, audited=0.10, bond=50_000.0)
    return [
        Mechanism("as it is", base, preset),
        Mechanism("client-confirmed registration", base, double),
        Mechanism("lead tiers", replace(base, early_share=0.6), preset),
        Mechanism("random audits and a bond", audits, preset),
        Mechanism("a benefit for natural visits", replace(base, natural_benefit=2_000.0), preset),
        Mechanism("consultant-neutral pay", replace(base, staff_channel=base.staff_natural), preset),
        Mechanism("a reward for early statements", replace(base, statement_reward=500.0), preset),
        Mechanism(
            "all together",
            replace(
                audits,
                early_share=0.6,
                natural_benefit=2_000.0,
                statement_reward=500.0,
                staff_channel=base.staff_natural,
            ),
            double,
        ),
    ]


def works(one: Played, before: Played) -> bool:
    """Rule 5."""
    return one.share_honest >= WORKS and one.wrongly_withheld <= before.wrongly_withheld
