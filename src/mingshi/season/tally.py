"""Rulings against the truth, deal by deal.

The rules this module keeps:

1. The unit is a claimed channel deal: one that the office's book credits to an agent. Positive is 飞单: that agent did
   not lead the buyer here. What the judge is measured by comes from the auditor, never from the judge.
2. *Honest* is a claim whose agent led the buyer here **and** to whom the rules award the deal on the true story. An
   honest agent who is out of the rules (registered late, deal after the window, client of two agents) is *out of
   rule*: refusing it wrongs nobody, and it is counted apart and shown beside.
3. A claim is *held* if a hold flag stands on it, if two B facts of visitor and site contradict it, or if the ruling
   refuses it for who brought the client (codes 2, 3, 6, NOESCORT). *Review*: a person has to look. *Refused*: for
   another rule. *Paid*: nobody would look.
4. The ceiling applies the same tiers to every trace that the actors left. The oracle B3 knows every first visit, as
   if hidden cameras had seen it; it is reckoned from the truth and is nothing that anybody could or should build.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge.flags.flag import CONTRADICTING
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import latest
from mingshi.kernel.canonical import Json, mapping, sequence
from mingshi.kernel.fen import MILLION, Fen
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.season.auditor import Audit
from mingshi.season.truth import Led, Mechanism, Sale, Trace, Truth

Value = Mapping[str, Json]
ABOUT_ORIGIN: Final = frozenset({"2", "3", "6", "NOESCORT"})
"""Codes that say: this agent did not bring this client."""
LEAD_MIN: Final = 30


class Tier(StrEnum):
    """What becomes of a claim if nobody does anything but what the ruling asks."""

    HOLD = "hold"
    REVIEW = "review"
    REFUSED = "refused"
    PAID = "paid"


class Stood(StrEnum):
    """What a claim truly was."""

    FRAUD = "fraud"
    HONEST = "honest"
    OUT_OF_RULE = "out of rule"


class Row(NamedTuple):
    """One claimed channel deal."""

    deal: DealId
    stood: Stood
    mechanism: str
    variant: str
    tier: Tier
    guessed: str
    """Which trick the flags point to; empty: none."""
    commission_fen: Fen
    paid_fen: Fen
    """What the ruling awards to the claiming agent, holds and reviews aside."""
    face: bool
    ceiling: Tier
    oracle: bool
    """B3: the covert oracle would have caught it."""
    known_at: Micros
    """From when the facts that hold it were known; 0 where nothing holds it."""
    subscribed_at: Micros
    contracted_at: Micros
    settled_at: Micros
    """When the office's book paid; 0: never."""
    flags: frozenset[str]


class Taken(NamedTuple):
    """One deal that the site booked as its own although an agent had brought the buyer."""

    deal: DealId
    mechanism: str
    commission_fen: Fen
    due: bool
    """The rules award it to the agent."""
    flagged: bool
    awarded: bool
    """The ruling itself gives it to the agent."""
    review: bool


class Tally(NamedTuple):
    """A season scored deal by deal."""

    rows: list[Row]
    taken: list[Taken]
    accused: int
    """Deals with a flag against the site."""
    accused_rightly: int
    decidable: int
    decided_right: int
    deals: int


def tally(truth: Truth, audits: Mapping[DealId, Audit], rulings: Iterable[Value], records: Records) -> Tally:
    """Score rulings (canonical values) against the truth."""
    by_deal = {DealId(str(ruling["deal"])): ruling for ruling in rulings}
    tricks = {trick.deal: trick for trick in truth.tricks}
    traces: dict[DealId, list[Trace]] = defaultdict(list)
    for trace in truth.traces:
        traces[trace.deal].append(trace)
    known = _Known(records)
    first = _first_visits(truth)
    rows: list[Row] = []
    taken: list[Taken] = []
    accused = accused_rightly = decidable = decided_right = 0
    for sale in truth.sales:
        ruling, audit = by_deal[sale.deal], audits[sale.deal]
        trick = tricks.get(sale.deal)
        site_trick = trick is not None and trick.mechanism.value.startswith("SX-")
        if audit.decidable:
            decidable += 1
            decided_right += _right(ruling, audit)
        if any(str(mapping(flag)["id"]).startswith("SX-") for flag in _flags(ruling)):
            accused += 1
            accused_rightly += site_trick
        if site_trick:
            assert trick is not None
            taken.append(_taken(sale, ruling, audit, trick.mechanism))
        if sale.claimed_agent:
            variant = trick.variant if trick is not None else ""
            name = audit.mechanisms[0].value if audit.mechanisms else ""
            rows.append(_row(sale, ruling, audit, name, variant, traces[sale.deal], first, known))
    return Tally(rows, taken, accused, accused_rightly, decidable, decided_right, len(truth.sales))


def _row(
    sale: Sale,
    ruling: Value,
    audit: Audit,
    mechanism: str,
    variant: str,
    traces: Sequence[Trace],
    first: Mapping[str, Micros],
    known: "_Known",
) -> Row:
    claims = [mapping(claim) for claim in sequence(ruling["claims"])]
    mine = [claim for claim in claims if claim["agent"] == sale.claimed_agent]
    ids = {str(claim["registration"]) for claim in mine}
    flags = [flag for flag in _flags(ruling) if flag.get("claim") in ids and not str(flag["id"]).startswith("SX-")]
    tier = _tier(ruling, mine, flags)
    registered = min((_int(claim["submitted_at"]) for claim in mine), default=0)
    return Row(
        deal=sale.deal,
        stood=_stood(sale, audit),
        mechanism=mechanism,
        variant=variant,
        tier=tier,
        guessed=_guess(flags),
        commission_fen=sale.commission_fen,
        paid_fen=Fen(sale.commission_fen * _share(mapping(ruling["outcome"]), ids) // MILLION),
        face=sale.face,
        ceiling=_ceiling(traces),
        oracle=first.get(sale.unit, registered) < registered + LEAD_MIN * MINUTE,
        known_at=known.since(flags, registered) if tier is Tier.HOLD else Micros(0),
        subscribed_at=sale.subscribed_at,
        contracted_at=sale.contracted_at,
        settled_at=known.settled(sale.deal),
        flags=frozenset(f"{flag['id']}:{flag['tier']}" for flag in flags),
    )


def _tier(ruling: Value, mine: Sequence[Value], flags: Sequence[Value]) -> Tier:
    needs = [str(need) for need in sequence(ruling.get("needs", []))]
    refused = bool(mine) and all(claim["state"] == "refused" for claim in mine)
    if any(flag["tier"] == "hold" for flag in flags) or _twice(flags):
        return Tier.HOLD
    if refused and any(claim["code"] in ABOUT_ORIGIN for claim in mine):
        return Tier.HOLD
    if mapping(ruling["outcome"])["kind"] == "REVIEW" or "flag" in needs or "hold" in needs:
        return Tier.REVIEW
    awarded = _share(mapping(ruling["outcome"]), {str(claim["registration"]) for claim in mine})
    return Tier.PAID if awarded else Tier.REFUSED


def _twice(flags: Sequence[Value]) -> bool:
    """Two B facts, one of the visitor's and one of the site's, both against the claim."""
    sources = {str(flag["source"]) for flag in flags if flag["tier"] == "review" and str(flag["id"]) in CONTRADICTING}
    return {"visitor", "site"} <= sources


def _stood(sale: Sale, audit: Audit) -> Stood:
    if audit.fraud:
        return Stood.FRAUD
    due = audit.due.kind == "CHANNEL" and audit.due.party == sale.claimed_agent
    return Stood.HONEST if due else Stood.OUT_OF_RULE


def _ceiling(traces: Sequence[Trace]) -> Tier:
    """The tier rule applied to every trace that the actors left."""
    if any(trace.grade == "A" for trace in traces):
        return Tier.HOLD
    halves = {trace.party for trace in traces if trace.grade == "B"}
    if {"visitor", "site"} <= halves:
        return Tier.HOLD
    hints = {trace.party for trace in traces if trace.grade == "C"}
    return Tier.REVIEW if halves or len(hints) > 1 else Tier.PAID


_POINTS_TO: Final = (
    ("F-LEAD", "JK"),
    ("F-EDIT", "XK"),
    ("F-SRCH", "CK"),
    ("F-FACE", "HH"),
    ("F-IDPRE", "HH"),
    ("F-PASS", "HH"),
    ("F-JOINT", "HH"),
    ("F-RCPT", "CK"),
    ("F-LAPSE", "XK"),
    ("F-FIRST", "XK"),
    ("F-BAND", "JK"),
)


def _guess(flags: Sequence[Value]) -> str:
    """Which trick the flags point to, the more telling first; words of a first contact at the door are 截客."""
    found = {str(flag["id"]) for flag in flags}
    words = [mapping(flag.get("args", {})).get("why") for flag in flags if flag["id"] == "F-DECL"]
    if "door" in words:
        return "JK"
    if "numbers" in words:
        return "HH"
    for flag, mechanism in _POINTS_TO:
        if flag in found:
            return mechanism
    return "?" if "F-DECL" in found else ""


def _taken(sale: Sale, ruling: Value, audit: Audit, mechanism: Mechanism) -> Taken:
    agent = audit.party if audit.origin is Led.AGENT else ""
    mine = {
        str(mapping(claim)["registration"]) for claim in sequence(ruling["claims"]) if mapping(claim)["agent"] == agent
    }
    return Taken(
        deal=sale.deal,
        mechanism=mechanism.value,
        commission_fen=sale.commission_fen,
        due=audit.stolen,
        flagged=any(str(flag["id"]).startswith("SX-") for flag in _flags(ruling)),
        awarded=_share(mapping(ruling["outcome"]), mine) == MILLION,
        review=mapping(ruling["outcome"])["kind"] == "REVIEW",
    )


def _right(ruling: Value, audit: Audit) -> bool:
    outcome = mapping(ruling["outcome"])
    party = outcome.get("agent") or outcome.get("party") or ""
    return (str(outcome["kind"]), str(party)) == (audit.due.kind, audit.due.party)


def _share(outcome: Value, registrations: set[str]) -> int:
    parts = [mapping(part) for part in sequence(outcome.get("parts", []))]
    if parts:
        return sum(
            _int(part["share_ppm"]) for part in parts if mapping(part["to"]).get("registration") in registrations
        )
    return MILLION if outcome.get("registration") in registrations else 0


def _flags(ruling: Value) -> list[Value]:
    return [mapping(flag) for flag in sequence(ruling.get("flags", []))]


def _first_visits(truth: Truth) -> dict[str, Micros]:
    """When anybody of a unit first came."""
    first: dict[str, Micros] = {}
    for visit in truth.visits:
        first[visit.unit] = min(first.get(visit.unit, visit.at), visit.at)
    return first


def _int(value: Json) -> int:
    assert isinstance(value, int)
    return value


class _Known:
    """When the office knew of a record."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._at: dict[str, Micros] = {}
        kinds: tuple[type[tuple[object, ...]], ...] = (
            e.Arrival, e.Statement, e.Confirmation, e.Identity, e.Lookup, e.Edit, e.Lead, e.Call, e.Pass,
        )  # fmt: skip
        for kind in kinds:
            for row in records.all(kind):
                at = getattr(row, "sealed_at", None) or getattr(row, "at", None) or getattr(row, "issued_at", None)
                self._at[str(row[0])] = latest(at) if at is not None else Micros(0)
        for row in records.all(e.Receipt):
            self._at[row.id] = latest(row.presented_at or row.visit_at)

    def since(self, flags: Sequence[Value], registered: int) -> Micros:
        """From when the facts of the flags were known: the first hold, or the later of two B facts."""
        holds = [flag for flag in flags if flag["tier"] == "hold"]
        if holds:
            return Micros(max(registered, min(self._of(flag) for flag in holds)))
        halves: dict[str, Micros] = {}
        for flag in flags:
            if flag["tier"] == "review" and str(flag["id"]) in CONTRADICTING:
                source, at = str(flag["source"]), self._of(flag)
                halves[source] = min(halves.get(source, at), at)
        return Micros(max([registered, *halves.values()]))

    def settled(self, deal: DealId) -> Micros:
        """When the office's book paid a commission."""
        return min((latest(row.at) for row in self._records.find(e.CommissionPaid, "deal", deal)), default=Micros(0))

    def _of(self, flag: Value) -> Micros:
        return max((self._at.get(str(id_), Micros(0)) for id_ in sequence(flag.get("evidence", []))), default=Micros(0))
