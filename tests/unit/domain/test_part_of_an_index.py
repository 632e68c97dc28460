"""Of many registrations only those are indexed whose number a deal leads to; the others are found all the same."""

from hypothesis import given

from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge.company import MOST_ASKED
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.records import Records, Rows, _Part
from mingshi.domain.policy import CLASSIC
from tests.property.worlds import PHONES, STRANGER, TIMES, World, make, worlds

OTHERS = [make(e.Arrival, id=f"o{phone}", at=TIMES[1], phone=phone) for phone in (STRANGER, "160****1234", PHONES[0])]
"""Check-ins without a pass."""


def registered(name: str, phone: str) -> e.Registration:
    return make(e.Registration, id=name, at=TIMES[0], agent="甲/李", agency="甲", phone=phone)


def site(*registrations: e.Registration) -> Records:
    deal = make(e.Deal, id="deal1", buyers=(PHONES[0],), subscribed_at=TIMES[5])
    said = make(e.Statement, id="s", at=TIMES[1], phone=PHONES[0], phones=(PHONES[2],))
    used = make(e.Arrival, id="a", at=TIMES[1], phone=PHONES[3], pass_id="凭证-1")
    kinds = {e.Deal: (deal,), e.Statement: (said,), e.Arrival: (used, *OTHERS), e.Registration: registrations}
    records = World(kinds, CLASSIC).records
    records.warm()
    return records


def test_numbers_that_deals_lead_to_are_indexed_and_others_found_when_asked() -> None:
    rows = [registered(f"r{place}", phone) for place, phone in enumerate((*PHONES, STRANGER, STRANGER))]
    records = site(*rows)
    index = records._indexes[e.Registration]["phone"]
    assert isinstance(index, _Part)
    assert sorted(index) == sorted({PHONES[0], PHONES[2], PHONES[3]})
    assert records.find(e.Registration, "phone", "160****1234") == ()  # nobody registered a masked one
    assert isinstance(records._indexes[e.Registration]["phone"], _Part)
    assert list(records.find(e.Registration, "phone", STRANGER)) == rows[-2:]
    assert not isinstance(records._indexes[e.Registration]["phone"], _Part)
    assert list(records.find(e.Registration, "phone", PHONES[0])) == rows[:1]


def test_check_ins_of_others_are_found_when_asked() -> None:
    records = site(registered("r", PHONES[0]))
    index = records._indexes[e.Arrival]["phone"]
    assert isinstance(index, _Part)
    assert sorted(index) == sorted({PHONES[0], PHONES[3]})
    assert list(records.find(e.Arrival, "phone", PHONES[0])) == OTHERS[2:]
    assert list(records.find(e.Arrival, "phone", "160****1234")) == OTHERS[1:2]
    assert list(records.find(e.Arrival, "phone", STRANGER)) == OTHERS[:1]


def test_where_a_masked_number_was_registered_all_are_indexed() -> None:
    row = registered("r", "160****1234")
    records = site(row, registered("other", STRANGER))
    assert not isinstance(records._indexes[e.Registration]["phone"], _Part)
    assert list(records.find(e.Registration, "phone", "160****1234")) == [row]


def test_a_device_with_many_check_ins_is_the_offices_and_none_of_them_is_looked_at() -> None:
    def by(device: str, number: int) -> list[e.Arrival]:
        return [make(e.Arrival, id=f"{device}{n}", at=TIMES[1], phone=STRANGER, device=device) for n in range(number)]

    kinds = {e.Arrival: Rows(e.Arrival, [*zip(*by("平板", MOST_ASKED + 1), *by("手机", MOST_ASKED), strict=True)])}
    records = World(kinds, CLASSIC).records
    rows = records.all(e.Arrival)
    assert isinstance(rows, Rows)
    assert records.of_office("平板")
    assert not rows._made
    assert not records.of_office("手机")
    assert len(rows._made) == MOST_ASKED
    assert not records.of_office("没有的")


def test_records_made_ahead_are_those_that_are_made_one_by_one() -> None:
    rows = [registered(f"r{number}", PHONES[number % 2]) for number in range(7)]
    kinds = {
        e.Deal: tuple(make(e.Deal, id=f"d{n}", buyers=(PHONES[n],), subscribed_at=TIMES[5]) for n in range(3)),
        e.Registration: Rows(e.Registration, [list(column) for column in zip(*rows, strict=True)]),
        e.Arrival: Rows(e.Arrival, [list(column) for column in zip(*OTHERS, strict=True)]),
    }
    ahead, after = World(kinds, CLASSIC).records, World(dict(kinds), CLASSIC).records
    ahead.warm()
    ahead.ahead(["d0", "d1", "d2"])
    made = ahead.all(e.Registration)
    assert isinstance(made, Rows)
    assert [made._made[place] for place in sorted(made._made)] == rows
    assert all(type(one) is e.Registration for one in made._made.values())
    arrivals = ahead.all(e.Arrival)
    assert isinstance(arrivals, Rows)
    assert list(arrivals._made.values()) == OTHERS[2:]
    known = dict(made._made)
    assert gather(DealId("d0"), ahead) == gather(DealId("d0"), after)
    assert made._made.keys() == known.keys()


@given(worlds())
def test_a_dossier_is_the_same_from_part_of_an_index(world: World) -> None:
    warm = world.records
    warm.warm()
    assert gather(DealId("deal1"), warm) == gather(DealId("deal1"), world.records)
