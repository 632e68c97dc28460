"""The way of one deal, taken by another: where it leads anywhere, the rules lead there too."""

import pickle
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.app.replay import replayed
from mingshi.app.replay.noted import Taken, Way
from mingshi.app.replay.replayed import Judged, ReplayError, Replaying, noted
from mingshi.app.replay.shape import Shape, shape_of, with_others
from mingshi.app.settle_case import ruled_deal
from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId, is_masked
from mingshi.domain.judge.dossier import Dossier, gather
from mingshi.domain.judge.engine import rule
from mingshi.domain.policy import CLASSIC
from mingshi.kernel.timeline import DAY, MINUTE, SECOND, Interval, Micros
from tests.property.worlds import PHONES, TIMES, World, make, worlds

DEAL = DealId("deal1")
NEAR = (-DAY, -30 * MINUTE, -SECOND, -1, 0, 0, 1, SECOND, 30 * MINUTE, DAY)
"""How far a time of the other deal may lie from one of this one."""


def whole(world: World) -> World:
    """With every number in full: what is masked is judged for itself."""

    def shown(row: Any) -> Any:
        hidden = is_masked(getattr(row, "phone", None) or "")
        return row._replace(phone=PHONES[0]) if hidden else row

    return world.mapped(shown)


def plainly(dossier: Dossier) -> Judged:
    ruling = rule(dossier)
    return Judged(ruling.line, ruled_deal(ruling))


def taken(way: Taken, dossier: Dossier, shape: Shape) -> Judged | None:
    other = shape_of(dossier)
    assert other is not None
    assert other.key == shape.key
    return way(other.numbers, other.names)


def sibling(dossier: Dossier, shape: Shape, shift: int, steps: Sequence[tuple[int, int]], prefixes: str) -> Dossier:
    """A deal of the same shape: all times shifted, some of them near to others, all names others."""
    numbers = [moved(value, shift) for value in shape.numbers]
    points = [value for value in numbers if isinstance(value, int)]
    for place, (source, step) in enumerate(steps):
        at = place % len(numbers)
        if isinstance(numbers[at], int) and points:
            numbers[at] = Micros(points[source % len(points)] + step)
    known = {name: f"{prefixes[place % len(prefixes)]}{name}" for place, name in enumerate(shape.names) if name}
    return with_others(dossier, lambda place, _: numbers[place], lambda name: known.get(name or "", name))


def moved(value: Any, by: int) -> Any:
    if isinstance(value, Interval):
        return value.plus(by)
    return value if value is None else value + by


steps = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(NEAR)), max_size=12)
siblings = st.tuples(st.sampled_from([0, 7 * DAY, 365 * DAY + 5]), steps, st.text("abzZ9", min_size=1, max_size=5))


def led(world: World, others: Sequence[tuple[int, Sequence[tuple[int, int]], str]]) -> tuple[int, int]:
    """How many of the others the way of a world's deal told, and how many of those otherwise than the rules."""
    dossier = gather(DEAL, whole(world).records)
    shape = shape_of(dossier)
    kept = None if shape is None else noted(dossier, shape)
    if shape is None or kept is None:
        return 0, 0
    way = kept.way()
    assert taken(way, dossier, shape) == plainly(dossier)
    told = [(taken(way, one, shape), one) for one in (sibling(dossier, shape, *other) for other in others)]
    return sum(one is not None for one, _ in told), sum(one not in (None, plainly(other)) for one, other in told)


@settings(deadline=None)
@given(worlds(), st.lists(siblings, min_size=1, max_size=4))
def test_a_way_leads_where_the_rules_lead(world: World, others: Any) -> None:
    assert led(world, others)[1] == 0


def counted(monkeypatch: pytest.MonkeyPatch | None = None, leaving_out: str = "") -> list[int]:
    """Ways told and ways told wrongly over a hundred worlds; some questions may be left out of every way."""
    if monkeypatch is not None:
        note = Way._note
        monkeypatch.setattr(Way, "_note", lambda self, line: None if leaving_out in line else note(self, line))
    seen = [0, 0]

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(worlds(), st.lists(siblings, min_size=2, max_size=4))
    def count(world: World, others: Any) -> None:
        told, wrong = led(world, others)
        seen[0] += told
        seen[1] += wrong

    count()
    return seen


def test_ways_are_taken_and_the_test_above_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    told, wrong = counted()
    assert told > 30
    assert not wrong
    assert counted(monkeypatch, leaving_out=" < ")[1] > 0  # nobody asks what came first


@pytest.mark.parametrize("worth_noting", [1, 3])
@given(world=worlds())
def test_judging_many_is_judging_each(worth_noting: int, world: World) -> None:
    records = world.records
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(replayed, "WORTH_NOTING", worth_noting)
        many = list(Replaying(records).judge([DEAL] * 6))
    assert many == [plainly(gather(DEAL, records))] * 6


class Leading(NamedTuple):
    """A kept way, as it stands."""

    taken: Taken

    def way(self) -> Taken:
        return self.taken


@given(world=worlds())
def test_a_way_that_another_process_noted(world: World) -> None:
    records = whole(world).records
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(replayed, "WORTH_NOTING", 1)
        first, second = Replaying(records), Replaying(records)
        alone = list(first.judge([DEAL]))
        news = first.news()
        second.learn(pickle.loads(pickle.dumps(news)))
        assert list(second.judge([DEAL] * 2)) == alone * 2
    assert first.news() == []
    assert len(news) <= first.noted
    assert (second.followed, second.noted) == ((2, 0) if news else (0, 2 * first.noted))


def test_a_way_that_leads_elsewhere_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    deal = make(e.Deal, id=DEAL, buyers=(PHONES[0],), subscribed_at=TIMES[0])
    world = World({e.Deal: (deal,)}, CLASSIC)
    plain = plainly(gather(DEAL, world.records))
    monkeypatch.setattr(replayed, "WORTH_NOTING", 1)
    monkeypatch.setattr(replayed, "noted", lambda *_: Leading(lambda *_: plain._replace(line=b"{}")))
    with pytest.raises(ReplayError, match="--plain"):
        list(Replaying(world.records).judge([DEAL] * 2))
    answers = iter([plain, plain._replace(line=b"{}")])
    monkeypatch.setattr(replayed, "noted", lambda *_: Leading(lambda *_: next(answers)))
    monkeypatch.setattr(replayed, "COMPARED_EVERY", 1)
    with pytest.raises(ReplayError):
        list(Replaying(world.records).judge([DEAL] * 2))
