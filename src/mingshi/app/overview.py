"""A season at a glance: counts and amounts that a manager reads first. Integers only; pictures are drawn elsewhere.

The rules this module keeps:

1. Every figure is counted from rulings and records, none is estimated here.
2. G8: coverage is a figure of the site and the day, never of a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, cast, final

from mingshi.app.settle_case import Settlement
from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER
from mingshi.domain.ids import DealId
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, mapping, sequence
from mingshi.kernel.fen import Fen

Value = Mapping[str, Json]


class Week(NamedTuple):
    """Deals subscribed in one ISO week."""

    monday: date
    deals: int
    channel: int


class Coverage(NamedTuple):
    """G8: check-ins of a day against an anonymous count."""

    day: date
    checked_in: int
    """Adults of the day's check-ins (declared party sizes)."""
    counted: int
    """Adults counted, staff taken off."""


class WindowLine(NamedTuple):
    """One window over all claims of the season: how often it was kept."""

    rule: str
    kept: int
    missed: int
    unclear: int


class AgencyLine(NamedTuple):
    """One agency's season."""

    agency: str
    registrations: int
    refused: int
    deals: int
    due: Fen
    paid: Fen


class Flagged(NamedTuple):
    """A deal with signs to look at, ranked by yuan at risk × strength."""

    deal: DealId
    flags: tuple[Value, ...]
    at_risk: Fen
    strength: int
    """3 hold, 2 review, 1 hint."""


class Open(NamedTuple):
    """A deal that could not be judged, and which fact would settle it."""

    deal: DealId
    rule: str
    reason: Value
    proposal: Value | None = None
    """What the rules propose to whoever decides."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of a season."""

    registrations: int
    registered_and_visited: int
    """Registrations whose client checked in at least once."""
    registered_and_bought: int
    check_ins: int
    deals: int
    outcomes: Mapping[str, int]
    statuses: Mapping[str, int]
    waiting: int
    codes: Mapping[str, int]
    """Refused registrations of buyers, by code."""
    weeks: tuple[Week, ...]
    windows: tuple[WindowLine, ...]
    coverage: tuple[Coverage, ...]
    agencies: tuple[AgencyLine, ...]
    flagged: tuple[Flagged, ...]
    open_questions: tuple[Open, ...]


class Brief(NamedTuple):
    """What is counted of one ruling; small, where a whole ruling with its trace is not."""

    deal: DealId
    kind: str
    status: str
    waiting: bool
    winners: frozenset[str]
    """The agencies it names."""
    refused: tuple[tuple[str, str], ...]
    """Of every refused registration: the agency and the code."""
    windows: tuple[tuple[str, str], ...]
    """Of every registration: what the rules that compare a time with a limit answered."""
    flags: tuple[Value, ...]
    open: Open | None


WINDOWS: Final = ("B1", "B3", "D1", "D4")
"""The rules that compare a time with a limit."""
_STRENGTH = {"hold": 3, "review": 2, "hint": 1}


def overview(records: Records, rulings: Iterable[Value], settlement: Settlement) -> Overview:
    """The figures of a judged case; its rulings are gone through once."""
    briefs = [_brief(ruling) for ruling in rulings]
    registrations = cast("Sequence[e.Registration]", records.all(e.Registration))
    arrivals = cast("Sequence[e.Arrival]", records.all(e.Arrival))
    seen = {row.phone for row in arrivals}
    buyers = {contact for deal in records.all(e.Deal) for contact in deal.buyers}
    return Overview(
        registrations=len(registrations),
        registered_and_visited=sum(1 for row in registrations if row.phone in seen),
        registered_and_bought=sum(1 for row in registrations if row.phone in buyers),
        check_ins=len(arrivals),
        deals=len(briefs),
        outcomes=_sorted_counts(one.kind for one in briefs),
        statuses=_sorted_counts(one.status for one in briefs),
        waiting=sum(one.waiting for one in briefs),
        codes=_sorted_counts(code for one in briefs for _, code in one.refused),
        weeks=_weeks(records, briefs),
        windows=_windows(briefs),
        coverage=_coverage(records, arrivals),
        agencies=_agencies(registrations, briefs, settlement),
        flagged=_flagged(briefs, settlement),
        open_questions=tuple(one.open for one in briefs if one.open is not None),
    )


def _brief(ruling: Value) -> Brief:
    deal, status, outcome = DealId(str(ruling["deal"])), str(ruling["status"]), mapping(ruling["outcome"])
    claims = [mapping(claim) for claim in sequence(ruling["claims"])]
    outcomes = [mapping(mapping(part)["to"]) for part in sequence(outcome.get("parts", []))] or [outcome]
    reasons = sequence(ruling.get("reasons", []))
    return Brief(
        deal=deal,
        kind=str(outcome["kind"]),
        status=status,
        waiting=bool(ruling.get("needs")),
        winners=frozenset(str(one["agency"]) for one in outcomes if one.get("agency")),
        refused=tuple((str(c.get("agency", "")), str(c["code"])) for c in claims if c["state"] == "refused"),
        windows=tuple((rule, _answer(mapping(c["rules"]).get(rule))) for c in claims for rule in WINDOWS),
        flags=tuple(map(mapping, sequence(ruling.get("flags", [])))),
        open=_open(deal, ruling) if status == "review" and reasons else None,
    )


def _open(deal: DealId, ruling: Value) -> Open:
    proposal = ruling.get("proposal")
    reason = mapping(sequence(ruling["reasons"])[0])
    return Open(deal, str(ruling["because"]), reason, mapping(proposal) if proposal else None)


def _sorted_counts(names: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _weeks(records: Records, briefs: Iterable[Brief]) -> tuple[Week, ...]:
    totals: Counter[date] = Counter()
    channel: Counter[date] = Counter()
    subscribed = {deal.id: deal.subscribed_at for deal in records.all(e.Deal)}
    for one in briefs:
        day = records.zone.day(earliest(subscribed[one.deal]))
        monday = date.fromordinal(day.toordinal() - day.weekday())
        totals[monday] += 1
        channel[monday] += one.kind in ("CHANNEL", "SPLIT")
    return tuple(Week(monday, totals[monday], channel[monday]) for monday in sorted(totals))


def _windows(briefs: Iterable[Brief]) -> tuple[WindowLine, ...]:
    answers = Counter(answer for one in briefs for answer in one.windows)
    lines = (WindowLine(rule, *(answers[rule, said] for said in ("pass", "fail", "unknown"))) for rule in WINDOWS)
    return tuple(line for line in lines if line.kept or line.missed or line.unclear)


def _answer(finding: Json) -> str:
    return str(finding["answer"] if isinstance(finding, dict) else finding)


def _coverage(records: Records, arrivals: Sequence[e.Arrival]) -> tuple[Coverage, ...]:
    counted: Counter[date] = Counter()
    for count in records.all(e.Count):
        counted[records.zone.day(earliest(count.since))] += max(0, count.adults - (count.staff or 0))
    # One party checks in several times: at the door, at the desk, each companion. It is counted once a day.
    parties: dict[tuple[date, str], int] = {}
    for row in arrivals:
        party = (records.zone.day(earliest(row.at)), row.party or row.phone or row.id)
        parties[party] = max(parties.get(party, 0), row.party_adults or 1)
    came: Counter[date] = Counter()
    for (day, _), adults in parties.items():
        came[day] += adults
    return tuple(Coverage(day, came[day], counted[day]) for day in sorted(counted))


def _agencies(
    registrations: Sequence[e.Registration], briefs: Iterable[Brief], settlement: Settlement
) -> tuple[AgencyLine, ...]:
    registered: Counter[str] = Counter(row.agency for row in registrations if row.agency)
    refused: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for one in briefs:
        refused.update(agency for agency, _ in one.refused if agency)
        won.update(one.winners)
    due: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    for row in settlement.positions:
        due[row.payee] += row.due
        paid[row.payee] += row.paid
    names = {*registered, *won, *refused} - {""}
    lines = [
        AgencyLine(name, registered[name], refused[name], won[name], Fen(due[name]), Fen(paid[name])) for name in names
    ]
    return tuple(sorted(lines, key=lambda line: (-line.due, -line.deals, line.agency)))


def _flagged(briefs: Iterable[Brief], settlement: Settlement) -> tuple[Flagged, ...]:
    risk: dict[str, int] = defaultdict(int)
    for row in settlement.positions:
        if row.payer == DEVELOPER:
            risk[row.deal] += max(row.due, row.paid)
    for deal, stage in settlement.open_stages:
        risk[deal] += stage.amount
    found = []
    for one in briefs:
        if one.flags:
            strength = max(_STRENGTH[str(flag["tier"])] for flag in one.flags)
            found.append(Flagged(one.deal, one.flags, Fen(risk[one.deal]), strength))
    return tuple(sorted(found, key=lambda one: (-one.at_risk * one.strength, -one.strength, one.deal)))
