"""What may be sent, twice sent, sent wrongly; what an answer may say."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import Office, masked, phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.correct_record import CorrectRecord, correct_record
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.record_deal import AdvanceDeal, RecordDeal, advance_deal, record_deal
from mingshi.app.record_payment import RecordPayment, record_payment
from mingshi.app.record_relation import RecordRelation, record_relation
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.registration_status import RegistrationStatus, registration_status
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, EditField, Means, Origin, PaymentKind, Relationship, Side, Stage
from mingshi.domain.policy import OPEN
from mingshi.kernel.timeline import DAY, SECOND


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    assert made.faults() == []
    made.close()


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x1b[2J", "长" * 20_001])
def test_text_that_cannot_be_kept_is_refused_by_field(office, text):
    size = office.store.size
    answer = office.do(register_client, RegisterClient("a1", phone(1), text))
    assert (answer.reason, answer.args["field"]) == ("bad_text", "client")
    answer = office.do(look_up, LookUp("s1", phone(1), text))
    assert (answer.reason, answer.args["field"]) == ("bad_text", "reason")
    answer = office.do(record_deal, RecordDeal((phone(1), text), office.now))
    assert (answer.reason, answer.args["field"]) == ("bad_text", "buyers")
    assert office.store.size == size


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=50))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_can_be_kept_is_kept_and_found(office, text):
    answer = office.do(look_up, LookUp("s1", phone(2), "查" + text))
    assert answer, answer
    (row,) = [one for one in office.read(e.Lookup, "phone", phone(2)) if one.id == answer.ids["lookup"]]
    assert row.reason.startswith("查")


WRONG = [
    (register_client, RegisterClient("nobody", phone(3), "王测试"), "unknown_agent"),
    (register_client, RegisterClient("a1", "12345", "王测试"), "bad_phone"),
    (check_in, CheckIn(phone(3), Means.DEVICE_KEY), "means_incomplete"),
    (check_in, CheckIn("", Means.OTP), "means_incomplete"),
    (check_in, CheckIn(phone(3), Means.PASSKEY, pass_id="p"), "unknown_pass"),
    (check_in, CheckIn(phone(3), Means.OTP, at=0), "time_not_now"),
    (check_in, CheckIn(phone(3), Means.OTP, registration="R-x"), "unknown_registration"),
    (check_in, CheckIn(masked(3), Means.OTP), "full_phone_needed"),
    (look_up, LookUp("a1", phone(3), "x"), "not_staff"),
    (look_up, LookUp("s1", phone(3), " "), "reason_needed"),
    (correct_record, CorrectRecord("s1", phone(3), EditField.FIRST_VISIT), "never_changed"),
    (correct_record, CorrectRecord("s1", phone(3), EditField.SECOND_PHONE, new=phone(4)), "code_needed"),
    (record_deal, RecordDeal((), 0), "buyers_needed"),
    (record_deal, RecordDeal((phone(3),), 2**60), "time_not_now"),
    (record_deal, RecordDeal((phone(3),), 0, price_fen=-1), "negative_amount"),
    (record_payment, RecordPayment("D-x", 1, PaymentKind.EARNEST, 0), "unknown_deal"),
    (advance_deal, AdvanceDeal("D-x"), "unknown_deal"),
    (object_to, ObjectTo(Side.AGENT, "a1", "x", deal="D-x"), "unknown_deal"),
    (object_to, ObjectTo(Side.AGENT, "a1", ""), "ground_needed"),
    (record_relation, RecordRelation(phone(3), phone(3), Relationship.SPOUSE), "two_people"),
    (state_origin, StateOrigin(phone(3), Stage.CHECK_IN, Origin.AGENT, "nobody"), "unknown_agent"),
    (erase_person, ErasePerson((phone(999),)), "nothing_held"),
]


@pytest.mark.parametrize(("use_case", "command", "reason"), WRONG, ids=lambda value: getattr(value, "__name__", None))
def test_what_is_wrong_is_refused_and_seals_nothing(office, use_case, command, reason):
    size = office.store.size
    assert office.do(use_case, command).reason == reason
    assert office.store.size == size


def test_a_repeated_request_is_answered_as_the_first_time_and_another_under_its_key_is_not(office):
    command = CheckIn(phone(5), Means.OTP, DoorCode.VALID)
    first = office.store.run(check_in, command, now=office.now, key="k5")
    for _ in range(3):
        office.wait(hours=1)
        again = office.store.run(check_in, command, now=office.now, key="k5")
        assert (again.answer, again.promises, again.repeated) == (first.answer, first.promises, True)
    office.reopen()
    assert office.store.run(check_in, command, now=office.now, key="k5").repeated
    other = office.store.run(check_in, command._replace(phone=phone(6)), now=office.now, key="k5").answer
    assert other.reason == "key_reused"
    assert len(office.read(e.Arrival, "phone", phone(5))) == 1


@pytest.mark.law("L-34")
def test_a_clock_that_drifts_back_by_a_second_is_the_last_sealed_instant(office):
    assert office.do(check_in, CheckIn(phone(7), Means.OTP, DoorCode.VALID))
    last = office.store.last_sealed_at
    assert office.store.run(check_in, CheckIn(phone(8), Means.OTP), now=last - SECOND).answer
    assert office.store.last_sealed_at == last
    refused = office.store.run(check_in, CheckIn(phone(8), Means.OTP), now=last - DAY).answer
    assert (refused.reason, refused.args) == ("clock_back", {"last_at": last, "now_at": last - DAY})


def test_under_a12_every_answer_is_the_same_whoever_visited_or_registered(quick_path):
    """Nobody learns from an answer that somebody is known (RULES amendment 8)."""
    office = Office(quick_path, policy=OPEN)
    assert office.do(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID))
    told = set()
    for number in (1, 2):
        for agent in ("a1", "b1"):
            answer = office.do(register_client, RegisterClient(agent, masked(number), "王测试", "海棠湾"))
            status = office.do(registration_status, RegistrationStatus(agent, answer.ids["registration"]))
            rival = office.do(registration_status, RegistrationStatus("a2", answer.ids["registration"]))
            told.add((answer.told, tuple(answer.args), status.told, tuple(status.args), rival.reason))
    assert told == {("registered_pending", (), "registered_pending", (), "unknown_registration")}
    refused = office.do(register_client, RegisterClient("a1", phone(1), "王测试"))
    assert refused.reason == "masked_only"
    office.close()
