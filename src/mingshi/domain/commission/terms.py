"""D6 佣金计算: what a channel deal is worth, by the agency's terms.

The rules this module keeps:

1. Terms are those in force on the day of subscription (D5); base of a percentage is money received, never more
   than the price (W1).
2. 跳点: a deal's place in the count decides its tier. Counted are the agency's deals of the term that are not
   cancelled by the end of the day, in order of civil day; deals of one day in order of their id, so that the
   order of events within a day changes nothing. A cancellation moves only deals that come after it (D9).
3. Retroactive tiers lift earlier deals when a tier is reached and never push them back.
4. A tier without rate and amount is refused when the case is read: the public code's silent zero (TRADE.md
   §2.6) cannot happen here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from heapq import heappop, heappush
from typing import NamedTuple, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import TermKind, TierScope
from mingshi.domain.ids import AgencyId, DealId
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.fen import Fen, share


class Sold(NamedTuple):
    """One deal of an agency, for counting."""

    deal: DealId
    day: date
    cancelled: date | None


class Place(NamedTuple):
    """A deal's place in its agency's count."""

    own: int
    """Its own place when it was subscribed."""
    reached: int
    """The highest count reached by the day in question: for retroactive tiers."""


@final
class Count:
    """An agency's deals in order, and how far the count had come on any day."""

    def __init__(self, sold: Iterable[Sold]) -> None:
        self._own: dict[DealId, int] = {}
        self.days: list[date] = []
        """Days on which the count reached a new height."""
        self._heights: list[int] = []
        cancelled: list[date] = []
        standing = 0
        for one in sorted(sold, key=lambda one: (one.day, one.deal)):
            while cancelled and cancelled[0] <= one.day:
                heappop(cancelled)
                standing -= 1
            standing += 1
            self._own[one.deal] = standing
            if one.cancelled is not None:
                heappush(cancelled, one.cancelled)
            lasted = one.cancelled is None or one.cancelled > one.day
            if lasted and (not self._heights or standing > self._heights[-1]):
                self.days.append(one.day)
                self._heights.append(standing)

    def place(self, deal: DealId, day: date) -> Place:
        """A deal's place as seen at the end of a day."""
        index = bisect_right(self.days, day)
        own = self._own[deal]
        return Place(own, max(own, self._heights[index - 1] if index else own))


def terms_at(terms: Sequence[e.Term], agency: AgencyId, at: int) -> list[e.Term]:
    """The terms of an agency in force at an instant; where its agreement has ended, the last ones (tail, D4)."""
    mine = [term for term in terms if term.agency == agency and earliest(term.since) <= at]
    live = [term for term in mine if term.until is None or at <= latest(term.until)]
    if live or not mine:
        return live
    last = max(latest(term.until) for term in mine if term.until is not None)
    return [term for term in mine if term.until is not None and latest(term.until) == last]


def gross(terms: Sequence[e.Term], place: Place, received: Fen, price: Fen | None) -> Fen:
    """The whole commission of a deal, before stages, splits and chain; bonuses aside."""
    base = received if price is None else Fen(min(received, price))
    total = 0
    for term in terms:
        if term.kind in (TermKind.FIXED, TermKind.PERCENT) and in_tier(term, place):
            total += worth(term, base)
    return Fen(total)


def worth(term: e.Term, base: Fen) -> Fen:
    """What one term pays."""
    if term.kind is TermKind.PERCENT:
        assert term.rate_ppm is not None, "a percentage without a rate is refused when the case is read"
        return share(Fen(max(base, 0)), term.rate_ppm)
    assert term.amount_fen is not None, "a fixed amount is refused without its amount when the case is read"
    return term.amount_fen


def in_tier(term: e.Term, place: Place) -> bool:
    """Whether a deal's place falls into a term's tier."""
    count = place.reached if term.scope is TierScope.RETROACTIVE else place.own
    above = term.from_unit is None or count >= term.from_unit
    return above and (term.to_unit is None or count <= term.to_unit)


def overlapping(terms: Sequence[e.Term]) -> list[tuple[e.Term, e.Term]]:
    """Tiers of one agency and kind that claim the same place at the same time: an error of the agreement."""
    tiers = [term for term in terms if term.kind in (TermKind.FIXED, TermKind.PERCENT)]
    return [
        (first, second)
        for index, first in enumerate(tiers)
        for second in tiers[index + 1 :]
        if first.agency == second.agency and first.kind is second.kind and _meet(first, second)
    ]


def _meet(first: e.Term, second: e.Term) -> bool:
    far = 1 << 62
    low = max(first.from_unit or 1, second.from_unit or 1)
    high = min(first.to_unit or far, second.to_unit or far)
    begin = max(earliest(first.since), earliest(second.since))
    end = min(latest(term.until) if term.until is not None else far for term in (first, second))
    return low <= high and begin <= end
