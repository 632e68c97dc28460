import pytest
from office import Office, phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.facts import RulingGiven
from mingshi.app.holders import INDEXED
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.record_deal import AdvanceDeal, RecordDeal, advance_deal, record_deal
from mingshi.app.record_payment import RecordInvoice, RecordPayment, record_invoice, record_payment
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.settle import ApproveSettlement, PaySettlement, Settle, approve, pay, settle
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means, Origin, PaymentKind, Stage
from mingshi.domain.judge.records import ASKED
from mingshi.domain.policy import SHIPPED
from mingshi.kernel.canonical import dumps, loads
from mingshi.store.evidence import policy_of_text


def test_from_registration_to_payment(quick_path):
    office = Office(quick_path)
    one = phone(1)
    registered = office.do(register_client, RegisterClient("a1", one, "王测试", "海棠湾"))
    assert registered.told == "registered", registered
    office.wait(minutes=40)
    arrived = office.do(
        check_in,
        CheckIn(one, Means.OTP, DoorCode.VALID, registration=registered.ids["registration"]),
    )
    assert arrived
    assert office.do(confirm_escort, ConfirmEscort("a1", one, buyer_named=True))
    assert office.do(state_origin, StateOrigin(one, Stage.CHECK_IN, Origin.AGENT, "a1", before_staff=True))
    assert office.do(look_up, LookUp("s1", one, "接待")).told == "looked_up_known"
    office.wait(days=2)
    deal = office.do(record_deal, RecordDeal((one,), office.now, room="3-1201", price_fen=200_000_000))
    assert deal, deal
    name = deal.ids["deal"]
    assert office.do(record_payment, RecordPayment(name, 5_000_000, PaymentKind.EARNEST, office.now))
    assert office.do(record_invoice, RecordInvoice("票1", "甲公司", name, 4_000_000, matched=True))
    ruled = office.do(rule_deal, RuleDeal(name))
    assert ruled.told == "ruled"
    (given,) = office.read(RulingGiven, "deal", name)
    ruling = loads(given.text.encode())
    assert ruling["outcome"]["kind"] == "CHANNEL", ruling
    assert office.do(rule_deal, RuleDeal(name)).told == "ruling_unchanged"
    office.wait(days=1)
    assert office.do(advance_deal, AdvanceDeal(name, contracted_at=office.now))
    office.wait(days=20)
    made = office.do(settle, Settle("s1"))
    assert made, made
    number = made.ids["settlement"]
    assert not office.do(pay, PaySettlement(number, "s4"))
    assert not office.do(approve, ApproveSettlement(number, "supervisor", "s1"))
    assert office.do(approve, ApproveSettlement(number, "supervisor", "s2"))
    assert office.do(approve, ApproveSettlement(number, "finance", "s3"))
    assert office.do(pay, PaySettlement(number, "s4"))
    assert not office.do(settle, Settle("s1"))
    (paid,) = office.read(e.CommissionPaid)
    assert paid.amount_fen == 2_000_000
    assert office.faults() == []
    office.reopen()
    assert office.faults() == []
    assert not office.do(decide_review, DecideReview(name, "first", "NATURAL", "s1", "", (), "无"))
    office.close()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_policy_that_is_read_back_has_the_digest_it_was_signed_under(name):
    policy = SHIPPED[name]
    assert policy_of_text(name, dumps(dict(policy.parameters)).decode()).sha256 == policy.sha256


def test_whatever_the_judge_asks_by_is_indexed():
    missing = {kind.__name__: {*fields} - {"id", *INDEXED.get(kind, ())} for kind, fields in ASKED.items()}
    assert not {name: fields for name, fields in missing.items() if fields}
