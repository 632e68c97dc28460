"""What a record keeps of persons from one use case to the next: nobody who was not made, no name of a client."""

import hmac
import os
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import Office, phone

from mingshi.app.answer import Done, Refused
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.supposing import blank
from mingshi.app.sweep import Sweep, sweep
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.kernel.timeline import DAY
from mingshi.store.keyring import KEY_NAMES, Keyring

RING = Keyring(**{name: os.urandom(32) for name in KEY_NAMES})


@pytest.fixture
def office(quick_path):
    made = Office(quick_path)
    yield made
    made.close()


def visit(number, agent="a1"):
    return blank(e.Arrival, id=f"V-{number}", at=1, phone=phone(number), agent=agent)


def seal(transaction, record):
    transaction.seal(record)
    return Done("sealed")


def persons(office):
    """Who there is, as the tokens tell: number → name."""
    with closing(office.store.connect()) as connection:
        rows = dict(connection.execute("SELECT token, id FROM person").fetchall())
    names = [f"agent:{one}" for one in ("a1", "a2", "b1", "new")] + [f"contact:{phone(n)}" for n in range(9)]
    return {name: rows[token] for name in names if (token := office.ring.blind(f"person/{name}")) in rows}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_token_is_a_keyed_digest(text):
    assert RING.blind(text) == hmac.digest(RING.index, text.encode(), "sha256")[:16]


def test_numbers_of_a_use_case_that_failed_are_given_again_and_to_the_right_person(office):
    def fail(transaction, record):
        transaction.seal(record)
        raise ZeroDivisionError

    def refuse(transaction, record):
        transaction.seal(record)
        transaction.pending.clear()
        return Refused("no", "L-1")

    assert office.do(seal, visit(1))
    begun = persons(office)
    for number, way in ((3, fail), (4, refuse)):
        before = persons(office)
        with suppress(ZeroDivisionError):
            office.do(way, visit(2, "new"))
        assert persons(office) == before
        assert office.do(seal, visit(number))
        assert max(persons(office).values()) == max(before.values()) + 1
    assert office.do(seal, visit(5, "new"))
    assert office.do(seal, visit(6, "new"))
    after = persons(office)
    assert len(set(after.values())) == len(after), "nobody has another's number"
    assert after.keys() - begun.keys() == {"agent:new", *(f"contact:{phone(n)}" for n in (3, 4, 5, 6))}
    assert len(office.read(e.Arrival)) == 5
    assert office.faults() == []


def test_the_number_of_somebody_erased_is_not_given_again_and_an_agent_who_comes_back_has_another(office):
    for number in (1, 2):
        assert office.do(check_in, CheckIn(phone(number), Means.OTP, DoorCode.VALID))
    last = persons(office)[f"contact:{phone(2)}"]
    assert office.do(erase_person, ErasePerson((phone(2),)))
    assert office.do(check_in, CheckIn(phone(2), Means.OTP, DoorCode.VALID))
    assert persons(office)[f"contact:{phone(2)}"] > last
    assert office.do(seal, visit(3, "new"))
    (agent,) = (number for name, number in persons(office).items() if name == "agent:new")

    office.wait(days=4 * 366)
    assert office.do(sweep, Sweep(office.now))
    assert "agent:new" not in persons(office)
    assert office.do(seal, visit(4, "new"))
    assert persons(office)["agent:new"] > agent
    assert office.faults() == []


def test_who_is_erased_and_comes_back_in_one_use_case_is_somebody_else(office):
    def again(transaction, records):
        first, second = records
        transaction.seal(first)
        before = transaction.units([first.phone])
        transaction.seal(blank(e.Withdrawal, id="W-1", at=1, kind=e.WithdrawalKind.ERASURE))
        transaction.erase([first.phone])
        assert transaction.units([first.phone]) == []
        transaction.seal(second)
        assert transaction.units([first.phone]) > before
        return Done("again")

    assert office.do(again, (visit(1), visit(1)._replace(id="V-2")))
    assert [row.id for row in office.read(e.Arrival)] == ["V-2"]


def test_the_visit_of_somebody_who_bought_is_kept_with_the_deal_and_nobody_elses(office):
    assert office.do(record_deal, RecordDeal((phone(1),), office.now))
    for number in (1, 2):
        assert office.do(check_in, CheckIn(phone(number), Means.OTP, DoorCode.VALID))
    items = office.store.look(lambda t: [item for n in (1, 2) for item in t.items([phone(n)])], now=office.now)
    ends = [item.expires_at for item in items if item.record == "Arrival"]
    assert ends[0] > office.now + 2 * 365 * DAY > ends[1]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("UPDATE person SET wrapped = x'' WHERE id = 2", "has no key and was not erased"),
        ("INSERT INTO person_key (person, wrapped, version) VALUES (1, x'02', 1)", "has a key where none may stand"),
    ],
)
def test_a_key_that_is_gone_or_stands_where_none_may_is_found(office, change, detail):
    assert office.do(seal, visit(1))
    office.tamper(change)
    assert detail in {fault.detail for fault in office.faults()}


def test_no_name_of_a_client_is_kept(office):
    assert office.do(seal, visit(1))
    assert office.do(check_in, CheckIn(phone(2), Means.OTP, DoorCode.VALID))
    assert set(office.store._known.agents) == {"agent:a1", "agent:a2", "agent:b1"}
