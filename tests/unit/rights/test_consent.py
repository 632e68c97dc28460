"""Notices and consents against the real record."""

import pytest
from lawful import WAYS, agreed, notice_for, publish, shown
from office import phone

from mingshi.app import facts as f
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.consents import consent_of, consents_of, stands_now
from mingshi.app.give_consent import GiveConsent, give_consent
from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.app.provide import Provide, provide
from mingshi.app.publish_notice import PublishNotice, in_force, publish_notice
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.refuse_consent import RefuseConsent, refuse_consent
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.show_notice import ShowNotice, show_notice
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.void_consent import VoidConsent, void_consent
from mingshi.app.withdraw import WithdrawConsent, withdraw_consent
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import State
from mingshi.domain.consent.young import Age
from mingshi.domain.evidence import DoorCode, Means, Origin, Stage
from mingshi.domain.ids import Contact
from mingshi.domain.notice.purpose import Purpose

A, FACE = Purpose.ATTRIBUTION, Purpose.FACE_PASS
ONE, TWO = phone(1), phone(2)


def _state(office, name):
    return office.store.look(lambda t: stands_now(t, consent_of(t, name)), now=office.now)


def _arrive(office, number, **fields):
    return office.do(check_in, CheckIn(number, Means.OTP, DoorCode.VALID, **fields))


def _persons(office):
    with office.store.connect() as connection:
        return connection.execute("SELECT count(*) FROM person").fetchone()[0]


@pytest.mark.law("L-25")
def test_nothing_that_rests_on_consent_enters_without_one(office):
    assert _arrive(office, ONE).reason == "no_consent"
    publish(office, A)
    assert _arrive(office, ONE).reason == "no_consent"
    assert office.do(state_origin, StateOrigin(ONE, Stage.CHECK_IN, Origin.NOBODY)).reason == "no_consent"
    assert office.read(e.Arrival) == []
    name = agreed(office, A, ONE)
    arrived = _arrive(office, ONE)
    assert arrived
    items = office.store.look(lambda t: t.items([Contact(ONE)]), now=office.now)
    (arrival,) = [item for item in items if item.record == "Arrival"]
    assert (arrival.basis.value, arrival.ground) == ("consent", name)
    assert all(item.expires_at > office.now for item in items)


@pytest.mark.law("L-09", "L-41")
def test_another_notice_ends_the_old_consent_and_a_faulty_one_is_not_published(office):
    publish(office, A)
    name = agreed(office, A, ONE)
    assert _state(office, name) is State.GIVEN
    bad = notice_for(A, office.now + 1, "2")
    faulty = bad._replace(words={**bad.words, "retention": bad.words["retention"]._replace(zh=("长期有效",))})
    refused = office.do(publish_notice, PublishNotice(faulty, "m1"))
    assert refused.reason == "notice_faults"
    assert {one["code"] for one in refused.args["faults"]} >= {"bad_phrase", "retention_number"}
    assert _state(office, name) is State.GIVEN
    publish(office, A, version="2", retention_days=60)
    office.wait(minutes=1)
    assert _state(office, name) is State.SUPERSEDED
    assert _arrive(office, ONE).reason == "no_consent"
    assert office.do(publish_notice, PublishNotice(notice_for(A, office.now + 9, "2"), "m1")).reason == "version_exists"
    assert office.do(publish_notice, PublishNotice(notice_for(A, office.now - 9, "3"), "m1")).reason == "not_future"


@pytest.mark.law("L-04")
def test_nobody_agrees_before_they_were_told_or_to_other_words_than_they_read(office):
    assert office.do(give_consent, GiveConsent("C-none", ONE, alternatives=WAYS)).reason == "unknown_consent"
    assert office.do(show_notice, ShowNotice(A, "zh", "h")).reason == "no_notice"
    publish(office, A)
    name = shown(office, A)
    publish(office, A, version="2", retention_days=60)
    office.wait(minutes=1)
    assert office.do(give_consent, GiveConsent(name, ONE, alternatives=WAYS)).reason == "notice_changed"


@pytest.mark.law("L-06", "L-08")
def test_a_no_costs_nothing_and_leaves_nothing_of_whoever_said_it(office):
    publish(office)
    before = _persons(office)
    name = shown(office, FACE, handle="浏览器甲")
    assert office.do(give_consent, GiveConsent(name, ONE, age=Age.FROM_18)).reason == "no_other_way"
    assert office.do(refuse_consent, RefuseConsent(name, "浏览器甲")).told == "refusal_kept"
    assert _state(office, name) is State.REFUSED
    for row in office.read(f.ConsentAct):
        assert (row.principal, row.software, row.staff, row.age) == ("", "", "", "")
    assert office.read(f.Subject) == []
    # The rows of a refusal are under keys of their own that are nobody's.
    assert _persons(office) == before + 2
    assert office.do(give_consent, GiveConsent(name, ONE, age=Age.FROM_18, alternatives=WAYS)).reason == "not_open"
    asked = ShowNotice(FACE, "zh", "浏览器甲", by_visitor=False)
    assert office.do(show_notice, asked).reason == "said_no"
    office.wait(hours=47)
    assert office.do(show_notice, asked).reason == "said_no"
    assert office.do(show_notice, asked._replace(by_visitor=True))
    assert office.do(show_notice, asked._replace(handle="浏览器乙"))
    office.wait(hours=1)
    assert office.do(show_notice, asked)


@pytest.mark.law("L-10")
def test_withdrawing_takes_one_act_holds_at_once_and_destroys_what_rested_on_it(office):
    publish(office)
    attribution, face = agreed(office, A, ONE), agreed(office, FACE, ONE)
    assert _arrive(office, ONE)
    assert office.do(issue_pass, IssuePass("P9", ONE))
    withdrawn = office.do(withdraw_consent, WithdrawConsent(consent=face))
    assert withdrawn.told == "withdrawn"
    assert _state(office, face) is State.WITHDRAWN
    assert all(row.revoked_at is not None for row in office.read(e.Pass))
    assert len(office.read(e.Arrival)) == 1
    assert office.do(withdraw_consent, WithdrawConsent(consent=face)).reason == "not_given"
    assert office.do(withdraw_consent, WithdrawConsent(consent=attribution)).args["records"] == 3, (
        "the visit, the pass, its end"
    )
    assert office.read(e.Arrival) == []
    assert _arrive(office, ONE).reason == "no_consent"
    assert office.faults() == []


@pytest.mark.law("L-11")
def test_the_young_are_asked_for_no_face_and_leave_nothing(office):
    publish(office)
    for age in (Age.UNSAID, Age.UNDER_14, Age.FROM_14):
        name = shown(office, FACE)
        answer = office.do(give_consent, GiveConsent(name, ONE, age=age, guardian=True, alternatives=WAYS))
        assert answer.reason == ("age_needed" if age is Age.UNSAID else "too_young")
        assert _state(office, name) is not State.GIVEN
    assert office.read(f.Subject) == []
    name = shown(office, A)
    young = GiveConsent(name, ONE, age=Age.UNDER_14, guardian=True, alternatives=WAYS)
    office.store.put_settings({"child_rules": "yes"})
    assert office.do(give_consent, young)


@pytest.mark.law("L-22", "L-50")
def test_each_recipient_is_a_line_of_its_own_and_nothing_implies_it(office):
    publish(office)
    agreed(office, A, ONE)
    told = Provide(ONE, "甲公司", ("visit_time",), "s1")
    assert office.do(provide, told).reason == "no_line"
    assert office.do(show_notice, ShowNotice(Purpose.PROVIDE, "zh", "h")).reason == "recipient_line"
    assert office.do(show_notice, ShowNotice(Purpose.PROVIDE, "zh", "h", "乙公司")).reason == "recipient_not_told"
    agreed(office, Purpose.PROVIDE, ONE, recipient="甲公司")
    assert office.do(provide, told)
    assert office.do(provide, told._replace(recipient="乙公司")).reason == "no_line"
    assert office.do(provide, told._replace(purpose=Purpose.MARKETING)).reason == "no_line"
    (row,) = office.read(f.Provision)
    assert (row.recipient, row.kinds) == ("甲公司", ("visit_time",))


@pytest.mark.law("L-25")
def test_what_rested_on_a_void_consent_is_excluded_and_destroyed_and_the_ruling_is_as_without_it(office):
    publish(office)
    agreed(office, A, TWO)
    assert _arrive(office, TWO)
    office.wait(days=1)
    deal = office.do(record_deal, RecordDeal((TWO,), office.now, room="1-1", price_fen=100_000_000)).ids["deal"]
    before = office.do(rule_deal, RuleDeal(deal))
    bad = agreed(office, A, TWO)
    assert office.do(check_in, CheckIn(TWO, Means.QR, DoorCode.VALID, consent=bad))
    held = office.store.look(lambda t: t.grounded(bad), now=office.now)
    assert [item.record for item in held] == ["Arrival"]
    voided = office.do(void_consent, VoidConsent(bad, "age", "s1"))
    assert voided.args == {"records": 1}
    assert _state(office, bad) is State.VOIDED
    assert office.store.look(lambda t: t.grounded(bad), now=office.now) == []
    after = office.do(rule_deal, RuleDeal(deal))
    assert after.told == "ruling_unchanged", (before, after)
    assert len(office.read(e.Arrival)) == 1
    assert office.faults() == []


@pytest.mark.law("L-23")
def test_a_registration_is_confirmed_by_a_consent_of_its_own_and_a_no_leaves_no_number(office):
    publish(office)
    made = office.do(register_client, RegisterClient("a1", f"{ONE[:3]}****{ONE[-4:]}", "王测试", "海棠湾"))
    name = made.ids["registration"]
    confirm = ConfirmRegistration(name, ONE)
    assert office.do(confirm_registration, confirm).reason == "no_consent"
    assert office.do(confirm_registration, confirm._replace(agreed=False)).told == "declined"
    assert office.store.look(lambda t: t.items([Contact(ONE)]), now=office.now) == []
    assert office.do(confirm_registration, confirm._replace(consent=agreed(office, Purpose.REGISTRATION, ONE)))


def test_a_persons_consents_are_listed_in_order(office):
    publish(office)
    names = [agreed(office, purpose, ONE) for purpose in (A, FACE)]
    held = office.store.look(lambda t: consents_of(t, Contact(ONE)), now=office.now)
    assert [one.consent.id for one in held] == names
    assert office.store.look(lambda t: in_force(t, A, office.now), now=office.now).version == "1"
