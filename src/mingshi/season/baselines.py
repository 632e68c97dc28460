"""What a judge has to beat: flag nothing (B0), flag everything (B1), and the faceless rules of an office of 2020 (B2).

B2 is rules 0, 2, 3, 4 and 5 of a real developer's risk job (TRADE.md §2.5), read as written there, with its documented
mistakes left out. It looks at the case alone, as they did.
"""

from collections import Counter
from collections.abc import Sequence

from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField
from mingshi.domain.ids import AgentId, Contact, DealId, is_masked, visible
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.timeline import HOUR, MINUTE

LEAD_MIN = 30
BAND_MIN = 30
QUICK_H = 24
RENAMES = 2


def office_of_2020(records: Records) -> frozenset[DealId]:
    """The claimed deals that B2 flags."""
    return frozenset(deal.id for deal in records.all(e.Deal) if deal.claimed_agent and _risks(deal, records))


def _risks(deal: e.Deal, records: Records) -> list[int]:
    buyer = deal.buyers[0]
    filed = [row for row in _registrations(buyer, records) if row.agent == deal.claimed_agent]
    if not filed:
        return []
    row = min(filed, key=lambda one: earliest(one.at))
    reported = earliest(row.at)
    visits = sorted(earliest(one.at) for one in records.find(e.Arrival, "phone", buyer))
    after = [at for at in visits if at >= reported]
    edits = Counter(one.field for one in records.find(e.Edit, "phone", buyer))
    risks = {
        0: bool(after) and LEAD_MIN * MINUTE < after[0] - reported <= (LEAD_MIN + BAND_MIN) * MINUTE,
        2: any(earliest(one.at) <= reported for one in records.find(e.Lookup, "phone", buyer)),
        3: edits[EditField.NAME] >= RENAMES,
        4: any(_another_origin(other, deal.claimed_agent, reported, records) for other in deal.buyers[1:]),
        5: earliest(deal.subscribed_at) - reported < QUICK_H * HOUR,
    }
    return [number for number, at_risk in risks.items() if at_risk]


def _registrations(buyer: Contact, records: Records) -> Sequence[e.Registration]:
    rows = list(records.find(e.Registration, "phone", buyer))
    return rows if is_masked(buyer) else [*rows, *records.find(e.Registration, "phone", visible(buyer))]


def _another_origin(other: Contact, agent: AgentId, reported: int, records: Records) -> bool:
    """A co-buyer whom another agent registered, or who had come before."""
    if any(row.agent != agent for row in _registrations(other, records)):
        return True
    return any(earliest(row.at) < reported for row in records.find(e.Arrival, "phone", other))
