"""What belongs to the shape of a deal, and what may differ between two deals of one shape (`app.replay.shape`)."""

from typing import Any

import pytest
from tests.property.worlds import PHONES, STRANGER, TIMES, World, make

from mingshi.app.replay.shape import Shape, shape_of
from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge.dossier import gather
from mingshi.domain.policy import CLASSIC
from mingshi.kernel.timeline import Interval

DAY = Interval(TIMES[0], TIMES[3])
RECORDS = (
    make(e.Deal, id="deal1", room="1-101", buyers=(PHONES[0],), subscribed_at=TIMES[40], consultant="顾问-01"),
    make(e.Registration, id="r", at=TIMES[2], agent="甲/李", agency="甲", phone=PHONES[0], client="王测试"),
    make(e.Arrival, id="v", at=TIMES[8], phone=PHONES[0], means=e.Means.OTP, device="平板-1"),
    make(e.Statement, id="s", at=TIMES[9], phone=PHONES[0], stage=e.Stage.CHECK_IN, origin=e.Origin.AGENT),
    make(e.Approval, id="a", deal="deal1", step="接受", by="甲/李", at=TIMES[41]),
    make(e.Agreement, id="w", agency="甲", since=TIMES[0], policy="秋季版"),
    make(e.Escort, id="e", at=TIMES[8], agent="甲/李", phone=PHONES[0], means=e.EscortMeans.CODE, project="示例花园"),
)


def shape(kind: type | None = None, **changed: Any) -> Shape | None:
    rows = [row._replace(**changed) if type(row) is kind else row for row in RECORDS]
    return shape_of(gather(DealId("deal1"), World({type(row): (row,) for row in rows}, CLASSIC).records))


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (e.Arrival, {"means": e.Means.RECEPTION}),
        (e.Arrival, {"offline": True}),
        (e.Arrival, {"sealed_at": TIMES[9]}),
        (e.Arrival, {"at": DAY}),
        (e.Arrival, {"registration": "r"}),
        (e.Registration, {"client": None}),
        (e.Registration, {"client": ""}),
        (e.Registration, {"agent": "顾问-01"}),
        (e.Statement, {"phones": (PHONES[0],)}),
        (e.Approval, {"step": "不接受"}),
        (e.Agreement, {"policy": "春季版"}),
        (e.Escort, {"project": "另一花园"}),
        (e.Deal, {"buyers": (PHONES[0], STRANGER)}),
    ],
    ids=str,
)
def test_what_the_rules_may_branch_on_is_another_shape(kind: type, changed: dict[str, Any]) -> None:
    one, other = shape(), shape(kind, **changed)
    assert one is not None
    assert other is not None
    assert one.key != other.key


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (e.Deal, {"room": "2-202", "subscribed_at": TIMES[50], "consultant": "顾问-02"}),
        (e.Registration, {"id": "r2", "client": "钱测试"}),
        (e.Arrival, {"id": "v2", "at": TIMES[20], "device": "平板-2"}),
    ],
    ids=str,
)
def test_times_and_names_are_not(kind: type, changed: dict[str, Any]) -> None:
    one, other = shape(), shape(kind, **changed)
    assert one is not None
    assert other is not None
    assert one.key == other.key
    assert (one.numbers, one.names) != (other.numbers, other.names)


def test_what_hides_digits_has_no_shape() -> None:
    assert shape(e.Registration, client="王*") is None  # any text with a star: no harm but its own time
    assert shape(e.Statement, phones=("160****1234",)) is None
