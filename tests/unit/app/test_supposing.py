"""What is supposed is found, also where the record has nothing of its kind yet."""

import pytest
from office import Office, phone

from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.supposing import Supposed, blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DecisionStage


@pytest.fixture
def office(quick_path):
    made = Office(quick_path)
    yield made
    made.close()


@pytest.mark.parametrize("kind", [e.Decision, e.Arrival, e.Relation, e.Withdrawal])
def test_a_kind_is_recorded_once_one_of_it_is_supposed(office, kind):
    def asked(transaction):
        source = transaction.source
        assert not source.recorded(kind)
        assert not Supposed(source, blank(e.Escort, id="E1")).recorded(kind)
        return Supposed(source, blank(kind, id="X1")).recorded(kind)

    assert office.store.look(asked, now=office.now)


def test_the_first_decision_of_a_site_is_heard(office):
    registration = office.do(register_client, RegisterClient("a1", phone(1), "王测试", "海棠湾")).ids["registration"]
    deal = office.do(record_deal, RecordDeal((phone(1),), office.now, price_fen=100_000_000)).ids["deal"]
    assert office.do(rule_deal, RuleDeal(deal)).told == "ruled"
    assert office.read(e.Decision) == []
    sides = "s1", "渠道复核"
    decision = DecideReview(deal, DecisionStage.FIRST, "NATURAL", *sides, (registration,), "未到访")
    assert office.do(decide_review, decision).told == "decided"
