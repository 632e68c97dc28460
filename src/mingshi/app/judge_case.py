"""Judge a whole case: every deal to its ruling, in the order of subscription.

Pure over an `EvidenceSource`; who reads the case and who writes the rulings is not its business.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge.engine import rule_deal
from mingshi.domain.judge.records import Records
from mingshi.domain.judge.ruling import Ruling, superseding
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json


def deals_in_order(records: Records) -> list[DealId]:
    """Every deal of a case, by subscription, then by id."""
    return [deal.id for deal in sorted(records.all(e.Deal), key=lambda deal: (earliest(deal.subscribed_at), deal.id))]


def judge_case(
    records: Records, deals: Iterable[DealId], previous: Mapping[str, Mapping[str, Json]] = MappingProxyType({})
) -> Iterator[Ruling]:
    """The rulings of the given deals. `previous`: canonical values of rulings given before, by deal."""
    for deal in deals:
        ruling = rule_deal(deal, records)
        yield superseding(ruling, previous[deal]) if deal in previous else ruling
