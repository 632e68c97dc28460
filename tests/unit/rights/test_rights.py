"""Rights against the real record: asked, answered, explained, restricted, erased."""

import pytest
from lawful import agreed, publish
from office import phone

from mingshi.app import facts as f
from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.correct_person import CorrectMine, correct_mine
from mingshi.app.explain_erasure import ExplainErasure, explain_erasure
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.move_person import MoveMine, move_mine, package
from mingshi.app.provide import Provide, provide
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.request_right import RequestRight, overdue, request_right
from mingshi.app.restrict_person import LiftRestriction, RestrictPerson, lift_restriction, restrict_person
from mingshi.app.rule_deal import RuleDeal, rule_deal, ruling_now
from mingshi.app.see_person import held_on
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.take_copy import TakeCopy, take_copy
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import Act
from mingshi.domain.evidence import DoorCode, EditField, Means, Origin, Stage
from mingshi.domain.ids import Contact
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import Channel, Check, Ground, Right
from mingshi.kernel.canonical import dumps
from mingshi.kernel.timeline import DAY, SECOND

ONE, TWO, THREE = phone(1), phone(2), phone(3)


def _visit(office, number, agent="a1"):
    agreed(office, Purpose.REGISTRATION, number)
    assert office.do(register_client, RegisterClient(agent, number, "王测试", "海棠湾"))
    office.wait(minutes=40)
    agreed(office, Purpose.ATTRIBUTION, number)
    assert office.do(check_in, CheckIn(number, Means.OTP, DoorCode.VALID))
    assert office.do(state_origin, StateOrigin(number, Stage.CHECK_IN, Origin.AGENT, agent, before_staff=True))


def _see(office, *numbers):
    return office.store.look(lambda t: held_on(t, [Contact(one) for one in numbers]), now=office.now)


@pytest.mark.law("L-27")
def test_a_person_sees_every_item_with_its_ground_and_its_end(office):
    publish(office)
    _visit(office, ONE)
    assert office.do(look_up, LookUp("s1", ONE, "接待"))
    office.do(request_right, RequestRight(Right.SEE, (ONE,), Check.PHONE_CODE))
    told = _see(office, ONE)
    dumps(told)
    kinds = {item["record"] for item in told["items"]}
    assert kinds == {"Registration", "Arrival", "Statement", "Lookup", "Subject", "RequestSaid"}
    assert all(item["until"] > office.now and item["basis"] for item in told["items"])
    with office.store.connect() as connection:
        entries = {
            row[0]
            for row in connection.execute(
                "SELECT o.seq FROM opening AS o JOIN person AS p ON p.id = o.person WHERE p.token = ?",
                (office.ring.blind(f"person/contact:{ONE}"),),
            )
        }
    assert entries == {item["entry"] for item in told["items"]}, "nothing is held that is not listed"
    assert [one["state"] for one in told["consents"]] == ["given", "given"]
    lookup = next(item for item in told["items"] if item["record"] == "Lookup")
    assert lookup["says"]["staff"] == "s1"
    assert len(told["requests"]) == 1


@pytest.mark.law("L-27")
def test_what_a_person_sees_tells_no_other_persons_number(office):
    publish(office)
    _visit(office, ONE)
    office.do(record_deal, RecordDeal((ONE, TWO), office.now, room="1-1"))
    text = dumps(_see(office, ONE)).decode()
    assert ONE in text
    assert TWO not in text


@pytest.mark.law("L-43")
def test_a_request_counts_wherever_it_was_made_and_once(office):
    publish(office)
    _visit(office, ONE)
    asked = RequestRight(Right.COPY, (ONE,), Check.PHONE_CODE)
    first = office.do(request_right, asked)
    assert first.told == "request_taken"
    again = office.do(
        request_right,
        asked._replace(channel=Channel.OTHER_HANDLER, handler="示例销售代理有限公司", check=Check.RECEIPT),
    )
    assert again.told == "request_stands"
    assert again.ids == first.ids
    assert office.do(request_right, asked._replace(handler="无关公司")).reason == "unknown_handler"
    assert office.do(request_right, asked._replace(check=Check.KIN_PAPERS)).reason == "other_check_needed"


@pytest.mark.law("L-28")
def test_a_refusal_says_article_ground_and_three_routes_and_is_one_of_few(office):
    publish(office)
    _visit(office, ONE)
    name = office.do(request_right, RequestRight(Right.ERASE, (ONE,), Check.PHONE_CODE)).ids["request"]
    no = AnswerRight(name, "refused", "s1", Ground.OTHERS_RIGHTS)
    assert office.do(answer_right, no).reason == "ground_not_allowed"
    assert office.do(answer_right, no._replace(ground=None)).reason == "ground_needed"
    assert office.do(answer_right, no._replace(ground=Ground.KEPT_BY_LAW)).reason == "until_needed"
    assert office.do(answer_right, no._replace(result="later")).reason == "bad_answer"
    done = office.do(
        answer_right, no._replace(result="partly", ground=Ground.KEPT_BY_LAW, kept_until=office.now + 1_000_000)
    )
    assert done.told == "right_partly"
    assert done.args["article"] == "PIPL 15, 47; PIPL 47(2), 56; NDR 12"
    assert done.args["routes"] == ["handler", "authority", "court"]
    assert office.do(answer_right, no).reason == "already_answered"


@pytest.mark.law("L-27")
def test_an_unanswered_request_is_overdue_after_fifteen_working_days(office):
    publish(office)
    _visit(office, ONE)
    name = office.do(request_right, RequestRight(Right.CORRECT, (ONE,), Check.DESK, said="介绍人写错了")).ids["request"]
    due = office.read(f.RightsRequest, "id", name)[0].due_at
    late = lambda now: office.store.look(overdue, now=now)  # noqa: E731  # asked twice
    assert late(due) == []
    assert [row.id for row in late(due + 1)] == [name]


@pytest.mark.law("L-29")
def test_a_relative_of_somebody_who_died_asks_with_papers(office):
    publish(office)
    _visit(office, ONE)
    asked = RequestRight(Right.KIN, (ONE, TWO), Check.PHONE_CODE, Channel.DESK, said="母亲")
    assert office.do(request_right, asked).reason == "other_check_needed"
    name = office.do(request_right, asked._replace(check=Check.KIN_PAPERS)).ids["request"]
    assert (
        office.do(answer_right, AnswerRight(name, "refused", "s1", Ground.OTHER_WISH))
        .args["article"]
        .startswith("PIPL 49")
    )


@pytest.mark.law("L-27")
def test_a_restriction_hides_the_person_from_staff_and_everybody_until_they_lift_it(office):
    publish(office)
    _visit(office, ONE)
    agreed(office, Purpose.PROVIDE, ONE, recipient="甲公司")
    assert office.do(look_up, LookUp("s1", ONE, "接待")).told == "looked_up_known"
    assert office.do(restrict_person, RestrictPerson((ONE,)))
    assert office.do(look_up, LookUp("s1", ONE, "接待")).told == "looked_up_unknown"
    assert office.do(provide, Provide(ONE, "甲公司", ("visit_time",), "s1")).reason == "restricted"
    deal = office.do(record_deal, RecordDeal((ONE,), office.now, room="1-1")).ids["deal"]
    assert office.do(rule_deal, RuleDeal(deal)).told == "ruled", "their own deal goes on"
    assert office.do(lift_restriction, LiftRestriction((ONE,)))
    assert office.do(look_up, LookUp("s1", ONE, "接待")).told == "looked_up_known"
    assert office.do(restrict_person, RestrictPerson((TWO,))).reason == "nothing_held"


@pytest.mark.law("L-27", "L-31")
def test_an_erasure_is_explained_first_and_does_what_was_said(office):
    publish(office)
    _visit(office, ONE)
    deal = office.do(record_deal, RecordDeal((ONE,), office.now, room="1-1")).ids["deal"]
    assert office.do(rule_deal, RuleDeal(deal))
    told = office.do(explain_erasure, ExplainErasure((ONE,)))
    assert told.args["deals"] == told.args["not_rejudgeable"] == told.args["ruled"] == [deal]
    assert told.args["milder"] == "restrict"
    sealed = office.store.size
    gone = office.do(erase_person, ErasePerson((ONE,)))
    assert gone.told == "erased"
    assert _see(office, ONE)["items"] == []
    ruling, _ = office.store.look(lambda t: ruling_now(t, deal), now=office.now)
    assert ruling.outcome.kind.value == "NOT_REJUDGEABLE"
    assert len(office.read(f.RulingGiven, "deal", deal)) >= 1
    assert office.read(e.Registration) == []
    assert office.store.size > sealed
    # The consent stays as evidence, and is nobody's.
    acts = office.read(f.ConsentAct)
    assert any(row.principal for row in acts)
    ended = {row.consent for row in acts if row.act is Act.WITHDRAWN}
    assert ended == {row.consent for row in acts if row.act is Act.GIVEN}, (
        "who is erased has agreed to nothing any more"
    )
    assert office.read(f.Subject) == []
    assert office.do(explain_erasure, ExplainErasure((ONE,))).reason == "nothing_held"
    assert office.faults() == []


@pytest.mark.law("L-27")
def test_a_person_corrects_what_only_they_know_at_once_and_the_rest_is_noted_and_verified(office):
    publish(office)
    _visit(office, ONE)
    _visit(office, TWO, agent="b1")
    name = CorrectMine(ONE, Check.PHONE_CODE, EditField.NAME, "黄测试")
    before = office.read(e.Registration, "phone", ONE)
    done = office.do(correct_mine, name)
    assert done.told == "corrected_mine"
    (answer,) = office.read(f.RightsAnswer, "request", done.ids["request"])
    assert (answer.result, answer.at) == ("done", office.now - SECOND)
    (edit,) = office.read(e.Edit, "phone", ONE)
    assert (edit.new, edit.staff, edit.field) == ("黄测试", "", EditField.NAME)
    assert office.read(e.Registration, "phone", ONE) == before, "what was said before stays beside it"
    (arrival,) = office.read(e.Arrival, "phone", ONE)
    noted = office.do(correct_mine, name._replace(field=EditField.FIRST_VISIT, new="上周日", target=arrival.id))
    assert noted.told == "correction_noted"
    assert noted.args["due_at"] > office.now
    assert not office.read(f.RightsAnswer, "request", noted.ids["request"]), "people verify it"
    assert office.do(answer_right, AnswerRight(noted.ids["request"], "done", "s1"))
    others = office.read(e.Arrival, "phone", TWO)[0].id
    for wrong, reason in (
        (name._replace(new=" "), "nothing_to_correct"),
        (name._replace(field=EditField.DELETE), "nothing_to_correct"),
        (name._replace(target=others), "not_yours"),
        (name._replace(phone=THREE), "nothing_held"),
        (name._replace(field=EditField.SECOND_PHONE, new=THREE), "code_needed"),
        (name._replace(check=Check.KIN_PAPERS), "other_check_needed"),
    ):
        assert office.do(correct_mine, wrong).reason == reason
    joined = office.do(correct_mine, name._replace(field=EditField.SECOND_PHONE, new=THREE, code=True))
    assert joined.told == "corrected_mine"
    assert office.store.look(lambda t: len(set(t.units([ONE, THREE]))), now=office.now) == 1
    items = office.store.look(lambda t: t.items([ONE]), now=office.now)
    assert {item.basis.value for item in items if item.record == "Edit"} == {"legal_duty"}
    assert office.faults() == []


@pytest.mark.law("L-27")
def test_ones_own_correction_is_no_sign_against_the_staff(office):
    """F-EDIT is about what staff changed before a registration: a person who corrects who brought them changed nothing."""
    publish(office)
    agreed(office, Purpose.ATTRIBUTION, ONE)
    assert office.do(correct_mine, CorrectMine(ONE, Check.PHONE_CODE, EditField.SOURCE, "是甲公司的人带我来的"))
    office.wait(minutes=60)
    _visit(office, ONE)
    deal = office.do(record_deal, RecordDeal((ONE,), office.now, room="1-1")).ids["deal"]
    ruling, _ = office.store.look(lambda t: ruling_now(t, deal), now=office.now)
    assert ruling.claims
    assert not [flag for flag in ruling.flags if flag.id == "F-EDIT"]


@pytest.mark.law("L-27")
def test_a_copy_is_asked_for_and_given_at_once(office):
    publish(office)
    _visit(office, ONE)
    done = office.do(take_copy, TakeCopy(ONE, Check.PHONE_CODE))
    (answer,) = office.read(f.RightsAnswer, "request", done.ids["request"])
    assert answer.result == "done"
    assert office.store.look(overdue, now=office.now + 400 * DAY) == [], "nobody waits for what was given"


@pytest.mark.law("L-27")
def test_what_is_moved_is_what_was_agreed_to_or_needed_and_nobody_elses(office):
    publish(office)
    _visit(office, ONE)
    assert office.do(record_deal, RecordDeal((ONE, TWO), office.now, room="1-1"))
    assert office.do(look_up, LookUp("s1", ONE, "回访"))
    assert office.do(move_mine, MoveMine(ONE, Check.PHONE_CODE, " ")).reason == "recipient_needed"
    assert office.do(move_mine, MoveMine(THREE, Check.PHONE_CODE, "某公司")).reason == "nothing_held"
    moved = office.do(move_mine, MoveMine(ONE, Check.PHONE_CODE, "某公司"))
    assert set(moved.args["kinds"]) == {"Registration", "Arrival", "Deal", "Statement"}
    told = office.store.look(lambda t: package(t, [ONE]), now=office.now)
    assert told["format"] == "mingshi-move/1"
    assert {one["record"] for one in told["items"]} == set(moved.args["kinds"]), "no look-up, no consent act"
    assert TWO not in dumps(told).decode()
    (provision,) = office.read(f.Provision)
    assert provision.kinds == ("Arrival", "Deal", "Registration", "Statement")
    assert [row.result for row in office.read(f.RightsAnswer, "request", moved.ids["request"])] == ["done"]
