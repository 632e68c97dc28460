"""A deal's evidence on a time line: what a picture of one ruling shows, as values.

Nothing personal: lanes are registrations, visits, words and the deal; marks carry ids of records.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.judge.windows import spans
from mingshi.domain.moment import earliest, span
from mingshi.kernel.timeline import Micros


class Shape(StrEnum):
    """What a mark is drawn as."""

    POINT = "point"
    WINDOW = "window"


class Mark(NamedTuple):
    """One thing on a lane."""

    lane: str
    """`claim:<registration>`, `visits`, `words`, `deal`."""
    kind: str
    """Text key `mark.<kind>`."""
    shape: Shape
    at: Micros
    until: Micros | None
    id: str
    deciding: bool = False
    sure: bool = True
    """False: unproven."""


_LANES: Final = ("claim", "visits", "words", "deal")


def timeline_of(ruling: Ruling) -> tuple[Mark, ...]:
    """Every mark of a ruling, in the order of lanes and times."""
    return tuple(sorted(_marks(ruling), key=_order))


def _order(mark: Mark) -> tuple[int, str, Micros, str, str]:
    return _LANES.index(mark.lane.partition(":")[0]), mark.lane, mark.at, mark.kind, mark.id


def _marks(ruling: Ruling) -> Iterator[Mark]:
    hearing = ruling.hearing
    deciding = ruling.deciding
    turned = set() if deciding is None else set(deciding.evidence)
    rule = "" if deciding is None else deciding.rule
    for claim in ruling.claims:
        lane, draft = f"claim:{claim.registration.id}", claim.draft
        mine = rule in {finding.rule for finding in claim.findings if finding is deciding}
        yield Mark(lane, "registered", Shape.POINT, draft.submitted.earliest, None, claim.registration.id, mine)
        if draft.effective != draft.submitted:
            yield Mark(lane, "effective", Shape.POINT, draft.effective.earliest, None, claim.registration.id)
        for window in spans(draft, hearing):
            yield Mark(
                lane,
                f"window_{window.rule}",
                Shape.WINDOW,
                window.start,
                window.end,
                "",
                mine and window.rule == rule,
            )
    for trace in hearing.traces:
        at = trace.moment.observed
        kind = f"arrived_{trace.kind}" if trace.present else "contact"
        until = None if at.exact else at.latest
        yield Mark(
            "visits", kind, Shape.POINT, at.earliest, until, trace.evidence, trace.evidence in turned, trace.grade > 0
        )
    for touch in hearing.touches:
        if not any(trace.evidence == touch.evidence for trace in hearing.traces):
            yield Mark(
                "visits",
                "contact",
                Shape.POINT,
                touch.moment.observed.earliest,
                None,
                touch.evidence,
                touch.evidence in turned,
            )
    for escort in hearing.dossier.escorts:
        yield Mark("words", "escort", Shape.POINT, earliest(escort.at), None, escort.id, escort.id in turned)
    for word in hearing.dossier.statements:
        kind = f"said_{word.origin.value}"
        yield Mark("words", kind, Shape.POINT, earliest(word.at), None, word.id, word.id in turned)
    for lookup in hearing.dossier.lookups:
        yield Mark("words", "lookup", Shape.POINT, earliest(lookup.at), None, lookup.id)
    for objection in hearing.dossier.objections:
        yield Mark("deal", "objection", Shape.POINT, earliest(objection.at), None, objection.id)
    for decision in hearing.dossier.decisions:
        yield Mark("deal", "decision", Shape.POINT, earliest(decision.at), None, decision.id)
    deal = hearing.dossier.deal
    for kind, time in (
        ("intent", deal.intended_at),
        ("subscription", deal.subscribed_at),
        ("contract", deal.contracted_at),
    ):
        if time is not None:
            yield Mark("deal", kind, Shape.POINT, span(time).earliest, None, deal.id)
    yield Mark("deal", "closes", Shape.POINT, hearing.closing, None, deal.id)
