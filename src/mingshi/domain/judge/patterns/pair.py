"""F-PAIR 顾问–经纪人: does a consultant receive an agent's contradicted clients more often than the rota explains?

The rules this module keeps (amendment 17):

1. Conditioned on the rota: for each contradicted deal the chance that this consultant received it is their share of
   that day's receptions. Whoever works more receives more, and that is no sign.
2. 对接人 whom an agency deals with by agreement are left out for that agency.
3. Counted are deals with a contradiction that is not the consultant's own work; many deals together are no sign,
   so that nobody is flagged for being good at their job, nor by a rival who sends clients their way.
4. At least five such deals, and false discoveries held to one in ten over all pairs asked about
   (Benjamini–Hochberg, Journal of the Royal Statistical Society B 57, 1995), in exact fractions.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, StaffId
from mingshi.domain.judge.flags.flag import facts
from mingshi.domain.judge.patterns.pattern import Pattern, Sighting, recent
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest

AT_LEAST: Final = 5
FALSE_DISCOVERIES: Final = Fraction(1, 10)


class _Asked(NamedTuple):
    chance: Fraction
    consultant: StaffId
    agent: AgentId
    deals: tuple[Sighting, ...]
    of: int


def pairs(records: Records, sightings: Sequence[Sighting], now: int) -> Iterator[Pattern]:
    """Consultants and agents who meet over contradicted deals more often than the rota explains."""
    by_agent: dict[AgentId, list[Sighting]] = defaultdict(list)
    for one in sightings:
        if one.contradicted and one.agent and one.consultant and recent(one.at, now):
            by_agent[one.agent].append(one)
    rota = _rota(records)
    left_out = _contacts(records)
    asked: list[_Asked] = []
    for agent, deals in by_agent.items():
        if len(deals) < AT_LEAST:
            continue
        for consultant in {one.consultant for one in deals}:
            if (consultant, agent) in left_out:
                continue
            shares = [_share(one, consultant, rota, records) for one in deals]
            met = tuple(one for one in deals if one.consultant == consultant)
            asked.append(_Asked(tail(shares, len(met)), consultant, agent, met, len(deals)))
    for pair in discoveries(asked):
        if len(pair.deals) >= AT_LEAST:
            times = [deal.at for deal in pair.deals]
            args = facts(chance_ppm=ceil(pair.chance * 1_000_000), consultant=pair.consultant, agent=pair.agent)
            subject = f"{pair.consultant} / {pair.agent}"
            yield Pattern("F-PAIR", subject, min(times), max(times), len(times), pair.of, (), args)


def tail(shares: Sequence[Fraction], least: int) -> Fraction:
    """The chance of at least so many hits, if each happens with its own probability, independently."""
    exactly = [Fraction(1), *([Fraction(0)] * len(shares))]
    for share in shares:
        for hits in range(len(shares), 0, -1):
            exactly[hits] = exactly[hits] * (1 - share) + exactly[hits - 1] * share
        exactly[0] *= 1 - share
    return sum(exactly[least:], Fraction(0))


def discoveries(asked: Sequence[_Asked]) -> list[_Asked]:
    """Benjamini–Hochberg: the smallest chances, as long as the k-th is at most k/m of the allowed rate."""
    ranked = sorted(asked, key=lambda one: (one.chance, one.consultant, one.agent))
    kept = 0
    for place, one in enumerate(ranked, start=1):
        if one.chance <= FALSE_DISCOVERIES * Fraction(place, len(ranked)):
            kept = place
    return ranked[:kept]


def _rota(records: Records) -> Mapping[tuple[int, StaffId], int]:
    """How many parties each member of staff received on each civil day."""
    seen: set[tuple[int, StaffId, str]] = set()
    for row in records.all(e.Arrival):
        if row.staff:
            day = records.zone.day(earliest(row.at)).toordinal()
            seen.add((day, row.staff, row.party or row.id))
    counts: dict[tuple[int, StaffId], int] = defaultdict(int)
    for day, staff, _ in seen:
        counts[day, staff] += 1
        counts[day, StaffId("")] += 1
    return counts


def _share(one: Sighting, consultant: StaffId, rota: Mapping[tuple[int, StaffId], int], records: Records) -> Fraction:
    """The consultant's share of the receptions of the day, their own reception of this client left out."""
    day = records.zone.day(one.visited_at or one.at).toordinal()
    whole, mine = rota.get((day, StaffId("")), 0), rota.get((day, consultant), 0)
    if one.consultant == consultant and mine:
        mine, whole = mine - 1, whole - 1
    elif whole:
        whole -= 1
    staff = max(1, len(records.all(e.Staff)))
    # One reception for each member of staff is assumed beside those counted: a quiet day tells little.
    return Fraction(mine + 1, whole + staff)


def _contacts(records: Records) -> set[tuple[StaffId, AgentId]]:
    """对接人: consultants whom an agency deals with by agreement, with each of its agents."""
    of_agency: dict[str, set[StaffId]] = defaultdict(set)
    for row in records.all(e.Agreement):
        if row.contact:
            of_agency[row.agency].add(row.contact)
    return {(staff, agent.id) for agent in records.all(e.Agent) for staff in of_agency.get(agent.agency, ())}
