"""From a pass in the visitor's hand to what the judge makes of it: real proofs, real record, real rules."""

import pytest
from hall import PHONE, Browser, Hall, Phone
from office import Office

from mingshi.app.check_in import CheckIn, ConfirmCheckIn, check_in, confirm_check_in
from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.app.record_contact import ShowReceipt, record_contact
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, ConfirmedBy, DoorCode, Means
from mingshi.domain.judge.arrival import Grade, check_ins, visits
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.links import purchase_unit
from mingshi.domain.policy import OPEN
from mingshi.kernel.timeline import DAY


@pytest.fixture
def site(quick_path):
    (quick_path / "hall").mkdir()
    office, hall = Office(quick_path, policy=OPEN), Hall(quick_path / "hall")
    hall.now = office.now
    yield office, hall
    hall.close()
    office.close()


def judged(office):
    """The traces and visits of whoever buys under the number."""
    office.wait(hours=5)
    deal = office.do(record_deal, RecordDeal((PHONE,), office.now, room="3-1201", price_fen=200_000_000)).ids["deal"]

    def read(transaction):
        dossier = gather(deal, transaction.source)
        traces = check_ins(dossier, purchase_unit(dossier, OPEN), OPEN)
        return traces, visits(traces, dossier, OPEN)

    return office.store.look(read, now=office.now)


def door(hall, browser="b", use="1"):
    ticket = hall.door.redeem(hall.door.show(hall.now).long, browser, hall.now).ticket
    return hall.door.spend(ticket, browser, use, hall.now)


def by_key(office, hall, keys, phone, answer, **changed):
    """Enrol a pass for the number, come again, prove it, seal it."""
    enrolled = phone.enrolled(hall, "b")
    assert office.do(issue_pass, IssuePass(enrolled.pass_id, PHONE))
    options = keys.options("b", "check_in", "", hall.now)
    proven = keys.check("b", "check_in", answer(phone, options, enrolled.pass_id), hall.now)
    assert proven
    command = CheckIn("", proven.means, door(hall), proven.pass_id)._replace(**changed)
    return office.do(check_in, command), enrolled


def device(phone, options, pass_id):
    return phone.answer(options, pass_id=pass_id)


def passkey(phone, options, _):
    return phone.show(options)


CASES = [
    ("device_keys", Browser, device, "E3"),
    ("passkeys", Phone, passkey, "E5"),
]


@pytest.mark.parametrize(("keys", "phone", "answer", "kind"), CASES, ids=[case[0] for case in CASES])
def test_a_key_with_a_door_code_is_a_visit_of_grade_a(site, keys, phone, answer, kind):
    office, hall = site
    done, _ = by_key(office, hall, getattr(hall, keys), phone(), answer)
    assert done
    (trace,), (visit,) = judged(office)
    assert (trace.kind, trace.grade, trace.own_act, visit.certain) == (kind, Grade.A, True, True)


@pytest.mark.parametrize(("keys", "phone", "answer", "kind"), CASES, ids=[case[0] for case in CASES])
def test_without_a_door_code_it_is_a_contact(site, keys, phone, answer, kind):
    office, hall = site
    by_key(office, hall, getattr(hall, keys), phone(), answer, door_code=DoorCode.NONE)
    (trace,), none = judged(office)
    assert (trace.kind, trace.present, none) == (kind, False, ())


def test_passkey_and_device_key_are_worth_the_same(site):
    """INV-04: the phone's face check buys nothing. All that differs is the kind."""
    worths = []
    for keys, phone, answer, _ in CASES:
        office, hall = site
        by_key(office, hall, getattr(hall, keys), phone(), answer)
    traces, _ = judged(office)
    worths = {(trace.grade, trace.own_act, trace.parties, trace.present) for trace in traces}
    assert len(traces) == 2
    assert len(worths) == 1


def test_a_revoked_pass_checks_nobody_in(site):
    office, hall = site
    phone = Browser()
    _, enrolled = by_key(office, hall, hall.device_keys, phone, device)
    (issue,) = office.read(e.Pass)
    assert office.do(revoke_pass, RevokePass(issue.id))
    hall.device_keys.forget(enrolled.pass_id)
    options = hall.device_keys.options("b", "check_in", "", hall.now)
    assert not hall.device_keys.check("b", "check_in", device(phone, options, enrolled.pass_id), hall.now)
    refused = office.do(check_in, CheckIn("", Means.DEVICE_KEY, DoorCode.VALID, enrolled.pass_id))
    assert refused.reason == "unknown_pass"


@pytest.mark.parametrize(("readable", "grade", "certain"), [(False, Grade.A, True), (True, Grade.C, False)])
def test_a_code_that_staff_can_read_is_worth_a_desk_entry(site, readable, grade, certain):
    office, hall = site
    hall.pager.staff_readable = readable
    sent = hall.otp.send(PHONE, "check_in", address="hall", at_door=True, now=hall.now)
    code = hall.pager.messages[-1][1].removeprefix("【海棠湾】")[:6]
    assert hall.otp.check(sent.challenge, PHONE, "check_in", code, hall.now)
    command = CheckIn(PHONE, Means.OTP, door(hall), staff_readable=hall.otp.staff_readable)
    assert office.do(check_in, command)
    (trace,), (visit,) = judged(office)
    assert (trace.grade, visit.certain) == (grade, certain)


@pytest.mark.parametrize(
    ("binding", "value", "grade"), [(Binding.PHONE, PHONE, Grade.A), (Binding.BEARER, "", Grade.B)]
)
def test_a_receipt_shown_again_proves_the_earlier_visit_as_far_as_it_is_bound(site, binding, value, grade):
    office, hall = site
    code = hall.receipts.issue("V-EARLIER", office.now, binding, value, hall.now)
    earlier = office.now
    office.now += 3 * DAY
    hall.now = office.now
    told = hall.receipts.present(code, {Binding.PHONE: PHONE}, PHONE, hall.now)
    command = ShowReceipt(PHONE, told.visit_at, told.counts_as)
    first = office.do(record_contact, command, key=told.key)
    again = hall.receipts.present(code, {Binding.PHONE: PHONE}, PHONE, hall.now)
    assert not again.first
    assert office.do(record_contact, command, key=again.key) == first, "sealed once"
    assert len(office.read(e.Receipt)) == 1
    (trace,), _ = judged(office)
    assert (trace.kind, trace.grade, trace.moment.observed.earliest) == ("E21", grade, earlier)


def test_a_bound_receipt_without_its_phone_confirms_the_desk_entry_and_no_more(site):
    office, hall = site
    code = hall.receipts.issue("V-EARLIER", office.now, Binding.PHONE, PHONE, hall.now)
    told = hall.receipts.present(code, {}, "desk", hall.now)
    assert told.counts_as is None
    entered = office.do(check_in, CheckIn(PHONE, Means.RECEPTION, staff="s1"))
    assert office.do(confirm_check_in, ConfirmCheckIn(entered.ids["arrival"], ConfirmedBy.QR))
    (trace,), (visit,) = judged(office)
    assert (trace.grade, visit.recognised, visit.certain) == (Grade.B, True, False)


def test_nothing_of_a_pass_but_its_public_half_is_in_any_file(site, quick_path):
    """INV-03, INV-08: what is kept of passes is keys, counters, times; no number, no name."""
    office, hall = site
    for keys, phone, answer, _ in CASES:
        by_key(office, hall, getattr(hall, keys), phone(), answer)
    hall.otp.send(PHONE, "check_in", address="hall", at_door=True, now=hall.now)
    kinds = ("passkey", "device-key", "challenge", "otp", "otp-minute", "otp-hour", "otp-guesses", "door-browser")
    kept = {kind: hall.keeping.every(kind, hall.now) for kind in kinds}
    assert kept["passkey"]
    assert kept["device-key"]
    assert PHONE not in str(kept)
    assert {name for row in kept["passkey"].values() for name in row} == {"key", "count", "enrolled", "used"}
