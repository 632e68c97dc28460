"""Every fact about a person carries its ground; what had none when it was taken is excluded, quarantined, destroyed."""

import pytest
from lawful import agreed, publish
from markers import person, plant
from office import Office, masked, phone

from mingshi.app import facts as f
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.correct_record import CorrectRecord, correct_record
from mingshi.app.import_records import ImportRecords, import_records
from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.app.record_contact import RecordCall, RecordLead, RecordOutreach, ShowReceipt, record_contact
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.record_relation import RecordRelation, record_relation
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal
from mingshi.app.see_person import held_on
from mingshi.app.supposing import blank
from mingshi.app.sweep import Sweep, sweep
from mingshi.app.withdraw import WithdrawConsent, withdraw_consent
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, DoorCode, EditField, Means
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.kernel.canonical import loads

ONE, TWO = phone(1), phone(2)
INTAKES = [
    (register_client, RegisterClient("a1", ONE, "王测试", "海棠湾"), "masked_only"),
    (check_in, CheckIn(ONE, Means.OTP, DoorCode.VALID), "no_consent"),
    (confirm_escort, ConfirmEscort("a1", ONE), "no_consent"),
    (issue_pass, IssuePass("P1", ONE), "no_consent"),
    (record_relation, RecordRelation(ONE, TWO, e.Relationship.SPOUSE), "no_consent"),
    (correct_record, CorrectRecord("s1", ONE, EditField.NAME, old="王", new="黄"), "no_consent"),
    (record_contact, RecordLead(ONE, source="线上"), "no_consent"),
    (record_contact, RecordCall(ONE), "no_consent"),
    (record_contact, RecordOutreach(ONE, "s1"), "no_consent"),
    (record_contact, ShowReceipt(ONE, 1, Binding.PHONE), "no_consent"),
]


def _items(office, *phones):
    return office.store.look(lambda t: t.items(phones), now=office.now)


def _bases(office):
    with office.store.connect() as connection:
        return connection.execute(
            "SELECT f.record, o.at, o.basis, o.ground FROM opening AS o JOIN fact AS f ON f.seq = o.seq "
            "WHERE o.expires_at IS NOT NULL"
        ).fetchall()


@pytest.mark.law("L-25")
@pytest.mark.parametrize(("use_case", "command", "reason"), INTAKES, ids=lambda one: type(one).__name__)
def test_nothing_of_a_person_who_agreed_to_nothing_enters_by_any_way(office, use_case, command, reason):
    publish(office)
    before = office.store.size
    refused = office.do(use_case, command)
    assert (refused.reason, office.store.size) == (reason, before)


@pytest.mark.law("L-25")
def test_whatever_enters_by_any_way_carries_its_ground(office):
    publish(office)
    plant(office, person(1), person(2))
    grounds = _bases(office)
    assert {record for record, *_ in grounds} >= {
        "Registration", "Confirmation", "Arrival", "Escort", "Statement", "Lookup", "Edit", "Lead", "Call", "Pass",
        "Identity", "Deal", "Objection", "Decision",
    }  # fmt: skip
    for record, at, basis, ground in grounds:
        assert basis not in ("", "none"), (record, at)
        assert ground or basis not in ("consent", "separate_consent"), (record, at, basis)
    pending = {(record, at) for record, at, basis, _ in grounds if basis == "pending"}
    assert pending <= {("Registration", 1)}


@pytest.mark.law("L-23", "L-25")
def test_what_an_agent_wrote_is_pending_until_its_client_answers_and_rests_on_that_answer_then(office):
    publish(office)
    names = [
        office.do(register_client, RegisterClient("a1", masked(number), "王测试", "海棠湾")).ids["registration"]
        for number in (1, 2)
    ]
    assert {basis for record, at, basis, _ in _bases(office) if record == "Registration" and at == 1} == {"pending"}
    consent = agreed(office, Purpose.REGISTRATION, ONE)
    assert office.do(confirm_registration, ConfirmRegistration(names[0], ONE, consent=consent))
    found = {ground: basis for record, at, basis, ground in _bases(office) if record == "Registration" and at == 1}
    assert found == {"": "pending", consent: "separate_consent"}
    assert len(office.read(e.Registration)) == 2, "pending is no fault"
    office.do(withdraw_consent, WithdrawConsent(consent=consent))
    assert [row.id for row in office.read(e.Registration)] == [names[1]]
    with pytest.raises(Exception, match="only kept longer"), office.store.connect() as connection:
        connection.execute("UPDATE opening SET basis = 'consent' WHERE basis = 'legal_duty'")


@pytest.mark.law("L-25")
def test_what_had_no_ground_is_excluded_at_once_shown_to_its_person_and_destroyed_by_the_next_sweep(quick_path):
    """Two offices live the same; in one of them somebody was noted by the desk before the site required grounds."""
    rulings = []
    for noted in (False, True):
        (quick_path / str(noted)).mkdir()
        office = Office(quick_path / str(noted), seed=3)
        if noted:
            assert office.do(check_in, CheckIn(ONE, Means.RECEPTION, staff="s1"))
            assert office.do(record_contact, RecordCall(ONE))
            assert {item.basis for item in _items(office, ONE)} == {Basis.NONE}
            assert len(office.read(e.Arrival)) == 1, "nothing asked for a ground"
        office.now = 1_777_600_000_000_000
        office.store.put_settings({"consents": "required"})
        publish(office)
        assert office.read(e.Arrival) == office.read(e.Call) == []
        told = office.store.look(lambda t: held_on(t, [ONE]), now=office.now)
        says = [one["says"] for one in told["items"]]
        assert len(says) == 2 * noted
        assert all(one["phone"] == ONE for one in says), "their own page shows it still"
        agreed(office, Purpose.ATTRIBUTION, ONE)
        deal = office.do(record_deal, RecordDeal((ONE,), office.now, room="1-1")).ids["deal"]
        assert office.do(rule_deal, RuleDeal(deal))
        rulings.append(_ruling(office, deal))
        swept = office.do(sweep, Sweep(office.now))
        assert swept.args["unfounded"] == 2 * noted
        reasons = [loads(row.text.encode())["reason"] for row in office.read(f.DeletionProof)]
        assert reasons == ["NDR 24"] * noted
        assert not [item for item in _items(office, ONE) if item.basis is Basis.NONE]
        assert office.faults() == []
        office.close()
    assert rulings[0] == rulings[1]


def _ruling(office, deal):
    """What was ruled, without the names that chance gave."""
    told = loads(office.store.look(lambda t: last_given(t, deal), now=office.now).text.encode())
    return told["outcome"], told["claims"], told.get("evidence", ())


@pytest.mark.law("L-25")
def test_a_case_enters_on_the_ground_it_states_or_stays_outside(office):
    publish(office)
    row = blank(e.Arrival, id="V-1", at=1_777_000_000_000_000, phone=ONE, means=Means.OTP)
    call = blank(e.Call, id="C-1", at=1_777_000_000_000_000, phone=TWO)
    command = ImportRecords((row, call), (), "李示例", "ab" * 32)
    refused = office.do(import_records, command)
    assert (refused.reason, refused.rule) == ("import_basis_needed", "L-25")
    assert office.read(e.Arrival) == []
    assert office.do(import_records, command._replace(basis="委托方提供，客户已单独同意"))
    items = _items(office, ONE, TWO)
    assert {item.basis for item in items} == {Basis.IMPORTED}
    (control,) = {item.ground for item in items}
    assert control.startswith("CT-")
    assert len(office.read(e.Arrival)) == 1
