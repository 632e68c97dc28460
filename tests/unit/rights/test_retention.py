"""Terms against the real record: five years, a clock that jumps, what is kept on."""

import pytest
from lawful import agreed, publish
from office import Office, phone

from mingshi.app import facts as f
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.keeping import KEPT
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.record_payment import RecordPayment, record_payment
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.sweep import Sweep, sweep
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means, Origin, PaymentKind, Stage
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import DAY, HOUR


def _overdue(office, at):
    with office.store.connect() as connection:
        return connection.execute("SELECT count(*) FROM opening WHERE expires_at <= ?", (at,)).fetchone()[0]


def _personal_without_end(office):
    with office.store.connect() as connection:
        site = office.ring.blind("person/site:")
        return connection.execute(
            "SELECT f.record FROM opening AS o JOIN fact AS f ON f.seq = o.seq LEFT JOIN person AS p ON p.id = o.person "
            "WHERE o.expires_at IS NULL AND (p.token IS NULL OR p.token != ?)",
            (site,),
        ).fetchall()


def _sweep(office, **off):
    return office.do(sweep, Sweep(office.now - off.get("off", 0)))


@pytest.mark.law("L-30")
def test_a_clock_that_jumps_deletes_nothing(office):
    publish(office)
    agreed(office, Purpose.ATTRIBUTION, phone(1))
    assert office.do(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID))
    witnessed = office.now
    office.now += 5 * 365 * DAY
    for told in (None, witnessed, office.now - DAY - HOUR, office.now + DAY + HOUR):
        refused = office.do(sweep, Sweep(told))
        assert refused.reason == "clock_not_trusted"
    assert len(office.read(e.Arrival)) == 1
    assert office.do(sweep, Sweep(office.now)).args["records"] > 0
    assert office.read(e.Arrival) == []
    assert office.faults() == []


@pytest.mark.law("L-30")
@pytest.mark.parametrize("years", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_nothing_is_overdue_in_years_of_days(office, years):
    """Every fortnight somebody comes; every day is swept; nothing is ever overdue by a day, and nothing goes early."""
    publish(office, Purpose.ATTRIBUTION, Purpose.REGISTRATION)
    came, early = {}, []
    number = 0
    for day in range(years * 365):
        if day % 14 == 0:
            number += 1
            one = phone(number)
            office.do(register_client, RegisterClient("a1", f"{one[:3]}****{one[-4:]}", "王测试", "海棠湾"))
            agreed(office, Purpose.ATTRIBUTION, one)
            assert office.do(check_in, CheckIn(one, Means.OTP, DoorCode.VALID))
            assert office.do(state_origin, StateOrigin(one, Stage.CHECK_IN, Origin.NOBODY))
            came[one] = office.now + 90 * DAY
            if number % 10 == 0:
                deal = office.do(record_deal, RecordDeal((one,), office.now, room=f"1-{number}")).ids["deal"]
                assert office.do(record_payment, RecordPayment(deal, 1_000_000, PaymentKind.EARNEST, office.now))
                came[one] = office.now + 3 * 365 * DAY
        office.wait(days=1)
        swept = _sweep(office)
        while swept.args["more"]:
            swept = _sweep(office)
        assert _overdue(office, office.now - DAY) == 0
        if day % 100 == 0:
            held = {row.phone for row in office.read(e.Arrival)}
            early += [one for one, at in came.items() if one not in held and office.now < at - DAY]
    assert early == []
    assert _personal_without_end(office) == []
    assert {row.id for row in office.read(e.Staff)} == {"s1", "s2", "s3", "s4"}, "who is employed is kept"
    assert {row.id for row in office.read(e.Agent)} == {"a1", "a2", "b1"}
    if years == 1:
        return
    oldest = min(came, key=came.get)
    assert office.store.look(lambda t: t.items([oldest]), now=office.now) == []
    with office.store.connect() as connection:
        token = office.ring.blind(f"person/contact:{oldest}")
        assert connection.execute("SELECT 1 FROM person WHERE token = ?", (token,)).fetchone() is None
    assert office.faults() == []


@pytest.mark.law("L-23", "L-30")
def test_an_unconfirmed_registration_ends_after_a_week_and_a_confirmed_one_does_not(office):
    publish(office)
    names = []
    for number in (1, 2):
        one = phone(number)
        made = office.do(register_client, RegisterClient("a1", f"{one[:3]}****{one[-4:]}", "王测试", "海棠湾"))
        names.append(made.ids["registration"])
    consent = agreed(office, Purpose.REGISTRATION, phone(2))
    assert office.do(confirm_registration, ConfirmRegistration(names[1], phone(2), consent=consent))
    office.wait(days=7, hours=1)
    _sweep(office)
    assert [row.id for row in office.read(e.Registration)] == [names[1]]
    assert office.faults() == []


@pytest.mark.law("L-30")
def test_every_kind_that_tells_of_a_person_has_a_term(office):
    from mingshi.app.holders import HOLDING
    from mingshi.ledger.verify import PARTS

    for kind, holding in HOLDING.items():
        parts = {holding.others.get(name, holding.default) for name in kind._fields}
        assert parts <= set(PARTS[holding.entry]), kind
        if "buyer" in parts or kind in (e.Agent, e.Staff):
            assert kind in KEPT, f"{kind.__name__} tells of a person and has no term"


def test_an_open_request_is_kept_until_it_is_answered(quick_path):
    office = Office(quick_path, seed=3)
    from mingshi.app.request_right import RequestRight, request_right
    from mingshi.domain.rights.right import Check, Right

    assert office.do(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID))
    office.do(request_right, RequestRight(Right.SEE, (phone(1),), Check.PHONE_CODE))
    office.wait(days=4 * 366)
    _sweep(office)
    assert len(office.read(f.RequestSaid)) == 1
    office.close()
