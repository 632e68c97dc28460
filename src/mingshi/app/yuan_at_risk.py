"""How much of a site's channel commission is at risk: an estimate with an interval, from evidence alone.

The rules this module keeps:

1. Nothing is assumed of how often people cheat, state, keep receipts or log: no rate enters. What is used is how the
   independent kinds of evidence *overlap*. A claim that two kinds contradict is counted by each; the rarer such
   claims are among the contradicted ones, the more must have escaped both. This is how the number of fish in a
   lake is estimated from two catches.
2. Kinds are independent as far as different people leave them: the visitor's own records (receipts, check-ins,
   identity, passes), the visitor's words, the office's own logs, the clock. Where frauds of one sort leave only one
   kind, the estimate is a *lower* bound in expectation (Chao, Biometrics 43, 1987), and is called so.
3. The clock needs nobody's help and cannot tell an agent who was slow from one who lay in wait: what only the clock
   contradicts widens the interval upwards and never lifts its lower end.
4. The interval is at 95 %: of the count of contradicted claims, and of those unseen. Its lower end is never above
   what was found, its upper end never above all claims.
5. A site-month with few contradictions says so by a wide interval; without any, the upper end is what a share that
   was never seen in so many claims can still be (the rule of three).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from mingshi.domain.commission.terms import Place, gross, terms_at
from mingshi.domain.evidence import Agent, Deal, Term
from mingshi.domain.ids import DealId
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, mapping, sequence
from mingshi.kernel.fen import Fen

KINDS: Final[Mapping[str, str]] = {
    "F-FIRST": "records",
    "F-RCPT": "records",
    "F-IDPRE": "records",
    "F-PASS": "records",
    "F-FACE": "records",
    "F-DECL": "words",
    "F-SRCH": "office",
    "F-EDIT": "office",
    "F-LEAD": "clock",
}
"""Contradicting flags by who leaves their evidence."""
LISTS: Final = 3
"""The visitor's records, the visitor's words, the office's logs; the clock stands apart."""
CLOCK: Final = "clock"
NORMAL_95: Final = 1.959964
RULE_OF_THREE: Final = 3.0


class Claimed(NamedTuple):
    """One claimed channel deal, as far as the estimate needs it."""

    deal: DealId
    month: str
    commission_fen: Fen
    kinds: frozenset[str]
    """Which kinds of evidence contradict it (A or B facts; hints do not count)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """The estimate for one site and month."""

    month: str
    claims: int
    claimed_fen: Fen
    found: int
    """Contradicted claims."""
    found_fen: Fen
    estimate: float
    """Claims at risk, the unseen ones included."""
    low: float
    high: float

    def fen(self, claims: float) -> Fen:
        """So many claims in money, at the mean commission of the month's claims."""
        return Fen(round(claims * self.claimed_fen / self.claims)) if self.claims else Fen(0)

    def as_json(self) -> dict[str, Json]:
        """In whole 分 and thousandths of a claim."""
        return {
            "month": self.month,
            "claims": self.claims,
            "claimed_fen": self.claimed_fen,
            "found": self.found,
            "found_fen": self.found_fen,
            "estimate_fen": self.fen(self.estimate),
            "low_fen": self.fen(self.low),
            "high_fen": self.fen(self.high),
        }


def claimed_of(ruling: Mapping[str, Json], month: str, agent: str, commission: Fen) -> Claimed:
    """What the estimate needs of a ruling's canonical value; `agent`: whom the office's book names."""
    mine = {
        str(mapping(claim)["registration"]) for claim in sequence(ruling["claims"]) if mapping(claim)["agent"] == agent
    }
    flags = [mapping(flag) for flag in sequence(ruling.get("flags", []))]
    kinds = {
        KINDS[str(flag["id"])]
        for flag in flags
        if flag["id"] in KINDS and flag["tier"] != "hint" and flag.get("claim") in mine
    }
    return Claimed(DealId(str(ruling["deal"])), month, commission, frozenset(kinds))


def claims_of(records: Records, rulings: Iterable[Mapping[str, Json]]) -> list[Claimed]:
    """The claimed channel deals of a case with their rulings: the book says who claims, the terms what it is worth."""
    found = []
    for ruling in rulings:
        (deal,) = records.find(Deal, "id", str(ruling["deal"]))
        if deal.claimed_agent:
            day = records.zone.day(earliest(deal.subscribed_at))
            month = f"{day.year}-{day.month:02d}"
            found.append(claimed_of(ruling, month, deal.claimed_agent, _commission(deal, records)))
    return found


def _commission(deal: Deal, records: Records) -> Fen:
    """The commission of a deal at the first tier of the agency's terms; 0 where the case has no terms or price."""
    at = earliest(deal.subscribed_at)
    employed = [row.agency for row in records.find(Agent, "id", deal.claimed_agent) if row.agency]
    if not employed or deal.price_fen is None:
        return Fen(0)
    terms = terms_at(records.all(Term), employed[0], at)
    return gross(terms, Place(1, 1), deal.price_fen, deal.price_fen)


def at_risk(claims: Iterable[Claimed]) -> tuple[AtRisk, ...]:
    """The estimate for every month, in order."""
    by_month: dict[str, list[Claimed]] = {}
    for claim in claims:
        by_month.setdefault(claim.month, []).append(claim)
    return tuple(_month(month, rows) for month, rows in sorted(by_month.items()))


def estimates(records: Records, rulings: Iterable[Mapping[str, Json]]) -> tuple[AtRisk, ...]:
    """Of a case with its rulings: all of it (its month is empty), then each month; nothing where nobody claims."""
    claims = claims_of(records, rulings)
    return (whole(claims), *at_risk(claims)) if claims else ()


def whole(claims: Sequence[Claimed], name: str = "") -> AtRisk:
    """The estimate for all of them together."""
    return _month(name, claims)


def _month(month: str, rows: Sequence[Claimed]) -> AtRisk:
    contradicted = [row for row in rows if row.kinds]
    told = [row.kinds - {CLOCK} for row in contradicted if row.kinds != {CLOCK}]
    late = len(contradicted) - len(told)
    estimate, low, high = unseen(
        sum(len(kinds) == 1 for kinds in told), sum(len(kinds) == 2 for kinds in told), len(told), len(rows)
    )
    estimate, high = min(estimate + late, float(len(rows))), min(high + late, float(len(rows)))
    return AtRisk(
        month=month,
        claims=len(rows),
        claimed_fen=Fen(sum(row.commission_fen for row in rows)),
        found=len(contradicted),
        found_fen=Fen(sum(row.commission_fen for row in contradicted)),
        estimate=estimate,
        low=low,
        high=high,
    )


def unseen(once: int, twice: int, found: int, claims: int) -> tuple[float, float, float]:
    """Chao's estimate for incidence in several lists (bias-corrected), and its interval with the count's own.

    `once`, `twice`: claims that one kind, or two kinds, contradict; `found`: those that any does.
    """
    if not claims:
        return 0.0, 0.0, 0.0
    share = (LISTS - 1) / LISTS
    extra = share * once * (once - 1) / (2 * (twice + 1))
    variance = (
        share * once * (once - 1) / (2 * (twice + 1))
        + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    low_found, high_found = wilson(found, claims)
    high_extra = extra
    if extra:
        # The unseen part is skewed: its logarithm is taken to be normal (Chao 1987).
        spread = math.exp(NORMAL_95 * math.sqrt(math.log(1 + variance / extra**2)))
        high_extra = extra * spread
    high = max(high_found, found + high_extra)
    if not found:
        high = min(float(claims), RULE_OF_THREE)
    return min(found + extra, float(claims)), low_found, min(high, float(claims))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a count at 95 %; none and all are its own ends, which floats would only come near."""
    square = NORMAL_95**2
    middle = (hits + square / 2) / (of + square)
    half = NORMAL_95 / (of + square) * math.sqrt(hits * (of - hits) / of + square / 4)
    return (middle - half) * of if hits else 0.0, (middle + half) * of if hits < of else float(of)
