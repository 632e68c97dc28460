"""Facts that nearly decide and must not, or that only just do: days without an hour, words of the wrong person,
acts of the wrong kind. Most were found by changing a rule and seeing no test fail (`make mutants`)."""

from dataclasses import replace

from mingshi.domain.evidence import Clock
from mingshi.domain.ids import DeviceId
from mingshi.domain.judge.windows import spans
from mingshi.domain.moment import moment
from mingshi.domain.policy import SHIPPED
from mingshi.kernel.timeline import Interval, Micros, point
from tests.cases.dsl import load, micros

# Days without an hour


def test_a_purchase_on_the_day_of_a_registration_without_an_hour_may_have_come_first(case):
    """owner O1 client=王 since=2026-05-01_15:00
    2026-05-01 report R1 agent=甲/李 client=王
    2026-05-02 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "11"}


def test_a_relation_proved_during_the_day_of_a_registration_was_not_known_at_it(case):
    """2026-05-02 12:00 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-02 report R2 agent=乙/周 client=妻
    2026-05-03 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫"""
    assert case.ruling().finding("R2", "A6").verdict.value == "pass"


def test_a_window_of_hours_of_a_registration_without_an_hour_runs_from_the_days_beginning(case):
    """policy classic counting=hours_24 report_valid_days=7
    2026-05-01 report R1 agent=甲/李 client=王
    2026-05-08 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.until("R1", "B3") == "2026-05-08 00:00"
    assert {told.when(span.start) for span in spans(told.claim("R1").draft, told.ruling.hearing)[:2]} == {
        "2026-05-01 00:00"
    }


def test_a_confirmation_of_some_hour_of_the_day_before_is_not_yet_a_day_old(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 report  R1 agent=甲/李 client=王
    2026-05-02 confirm N1 registration=R1 client=王
    2026-05-03 10:10 arrive  V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    assert case.ruling().rule_of("R1") == "B1"


def test_a_deal_and_a_decision_without_an_hour_are_written_with_their_whole_day(case):
    """2026-05-21 09:00 report R1 agent=甲/李 client=王
    2026-05-20 buy    D1 client=王 ruled_at=2026-05-22_09:00
    2026-05-23 09:00 object J1 deal=D1 by=site
    2026-05-26 decide E1 deal=D1 outcome=NATURAL evidence=R1 agency_reviewer=甲-主管"""
    told = case.ruling()
    late = told.finding("R1", "B7")
    assert (late.reason, told.when(late.args["subscribed_at"])) == ("after_deal", "2026-05-20 23:59")
    assert told.when(told.ruling.as_json()["decision"]["at"]) == "2026-05-26 00:00"


# The wrong person


def test_what_the_husband_owns_does_not_make_an_owner_of_the_wife(case):
    """owner O1 client=夫 since=2020-01-01
    2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().finding("R1", "A4").verdict.value == "pass"


def test_an_agent_who_registers_the_wife_after_the_husband_repeats_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 09:05 report R2 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-01 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().codes == {"R1": "0", "R2": "0"}


def test_a_relative_of_the_agent_who_is_not_the_client_marks_nothing(case):
    """agent 甲/李 phone=李
    2026-04-30 10:00 state  S1 client=赵 origin=nobody phones=王
    2026-04-30 10:05 relate G1 phone_a=李 phone_b=赵 kind=agent_relative
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.finding("R1", "A9").reason) == ({"R1": "0"}, "")


def test_a_stranger_who_redeems_a_masked_number_with_other_digits_makes_no_mismatch(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:30 arrive V9 client=16000005678 means=qr registration=R1
    2026-05-01 10:00 arrive V1 client=16000001234 agent=甲/李
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert case.ruling().finding("R1", "A11").reason == "escorted"


def test_two_holders_of_passes_without_a_number_are_two_people(case):
    """2026-05-01 09:00 issue  P1 client=夫 pass_id=P
    2026-05-01 09:00 issue  P2 client=妻 pass_id=Q
    2026-05-01 10:00 arrive V1 means=passkey pass_id=P
    2026-05-01 10:00 arrive V2 means=passkey pass_id=Q
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert len(case.ruling().ruling.hearing.unit.people) == 2


def test_the_referrer_is_whom_the_standing_word_names(case):
    """agent 业主/赵 kind=owner
    agent 业主/孙 kind=owner
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:01 state  S1 client=王 origin=owner referrer=业主/赵 before_staff=yes
    2026-05-03 10:02 state  S2 client=王 origin=owner referrer=业主/孙 before_staff=yes
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "REFERRAL 业主/孙"


def test_a_contact_that_others_had_with_the_client_earns_the_agent_no_share(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-03 09:30 follow F1 registration=R1 by=顾问-01
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    with_its_own = load(case_text(case_contact="甲/李")).ruling().proposal
    assert case.ruling().proposal != with_its_own
    assert "20%" in with_its_own


def case_text(case_contact: str) -> str:
    doc = test_a_contact_that_others_had_with_the_client_earns_the_agent_no_share.__doc__
    assert doc is not None
    return doc.replace("by=顾问-01", f"by={case_contact}")


def test_a_contact_by_another_claims_agent_keeps_no_claim_alive():
    facts = """policy classic follow_days=7
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-07 09:00 follow F1 registration={of} by=某人
    2026-05-10 09:00 follow F8 registration=R1 by=案场 kind=warning_agent
    2026-05-10 09:00 follow F9 registration=R1 by=案场 kind=warning_site
    2026-05-28 15:00 buy    D1 client=王"""
    assert load(facts.format(of="R1")).ruling().codes["R1"] == "0"
    assert load(facts.format(of="R2")).ruling().codes["R1"] == "12"


# The wrong kind


def test_contacts_and_one_warning_are_not_two_warnings(case):
    """policy classic follow_days=7
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-12 09:00 follow F1 registration=R1 by=甲/李
    2026-05-26 09:00 follow F8 registration=R1 by=案场 kind=warning_agent
    2026-05-28 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "0"}


def test_who_registers_again_an_abandoned_client_of_their_own_has_taken_it_from_nobody(case):
    """policy classic follow_days=7 repeats=2
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 09:00 follow F8 registration=R1 by=案场 kind=warning_agent
    2026-05-10 09:00 follow F9 registration=R1 by=案场 kind=warning_site
    2026-05-15 09:00 report R2 agent=甲/李 client=王
    2026-05-28 15:00 buy    D1 client=王"""
    assert case.ruling().codes["R1"] == "12"


def test_only_a_release_by_the_agent_is_cooled_down_and_from_its_very_instant():
    facts = """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by={by}
    2026-05-02 09:00 report R2 agent=甲/李 client=王
    2026-05-02 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert load(facts.format(by="agent")).ruling().rule_of("R2") == "A8 cooldown"
    assert load(facts.format(by="site")).ruling().codes["R2"] == "0"


def test_a_desk_entry_that_nobody_confirmed_does_not_begin_the_visit(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 09:10 arrive V1 client=夫 means=reception
    2026-05-01 09:35 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().codes == {"R1": "0"}


def test_a_desk_entry_is_confirmed_by_an_act_two_hours_later_at_the_same_visit(case):
    """2026-05-01 09:45 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=reception
    2026-05-01 12:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_a_registration_after_the_arrival_is_not_asked_for_its_lead(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:05 arrive V1 client=王 means=qr
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.finding("R1", "B1").reason, told.rule_of("R1")) == ("after_arrival", "B7")


def test_a_word_at_signing_cures_no_missed_lead(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-20 14:00 state  S1 client=王 origin=agent agent=甲/李 stage=signing before_staff=yes first_contact_at=2026-05-01
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "B1"


def test_a_confirmation_that_the_policy_does_not_ask_for_moves_nothing(case):
    """2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 09:50 confirm N1 registration=R1 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    assert case.ruling().codes == {"R1": "0"}


def test_a_word_changed_after_the_contract_calls_nobody(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-28_10:00
    2026-06-01 10:05 state  S2 client=王 origin=nobody stage=later"""
    assert case.ruling().because == "C2"


def test_a_changed_word_for_an_agent_who_was_refused_is_favourable_to_that_agent(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:20 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:25 state  S1 client=王 origin=nobody
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:30 state  S2 client=王 origin=agent agent=甲/李 stage=signing"""
    from tests.cases.dsl import short

    told = case.ruling()
    assert (told.because, told.proposal) == ("C7", "NATURAL")
    assert short(told.ruling.choice.favourable) == "CHANNEL 甲/李 R1"


# A deal without the act that stops its window


def test_where_the_contract_stops_the_window_a_deal_without_one_is_judged_all_the_same(case):
    """policy classic deal_node=contract
    agency 甲 until=2026-05-10 claims_follow_agent=yes
    agent 甲/李 since=2026-01-01
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.finding("R1", "D4").verdict.value) == ({"R1": "8"}, "not_asked")


def test_the_last_instant_of_the_tail_is_inside_it():
    facts = """policy classic visit_protect_days=90
    agency 甲 until=2026-05-10
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    {at} buy D1 client=王"""
    assert load(facts.format(at="2026-06-09 23:59:59.999999")).ruling().codes == {"R1": "0"}
    assert load(facts.format(at="2026-06-10 00:00")).ruling().codes == {"R1": "NOAGR"}


def test_a_place_taken_late_on_the_last_day_is_still_waited_for(case):
    """policy classic live_cap=1
    2026-05-01 00:10 report R1 agent=甲/李 client=赵
    2026-05-08 23:00 report R2 agent=甲/李 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    waited = told.finding("R2", "A10")
    assert (waited.reason, told.when(waited.args["until"])) == ("queued", "2026-05-09 00:00")


def test_a_failure_that_needs_no_reason_keeps_its_code(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 project=别的花园
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    (claim,) = case.ruling().ruling.as_json()["claims"]
    assert claim["rules"]["A3"] == {"answer": "fail", "code": "PROJECT"}


# Times


def test_a_token_that_is_later_than_the_seal_proves_nothing_earlier():
    at, sealed = micros("2026-05-03 10:00"), micros("2026-05-03 12:00")
    told = moment(
        at, sealed, device=DeviceId(""), policy=SHIPPED["classic"], token_at=micros("2026-05-03 13:00"), offline=True
    )
    assert told.counted == Interval(at, sealed)


def test_a_clock_corrects_both_ends_of_a_time_that_is_not_exact():
    clock = Clock("CK1", DeviceId("平板-1"), None, None, 60 * 5, 60 * 6)
    day = micros("2026-05-03")
    told = moment(day, None, device=DeviceId("平板-1"), clocks=[clock], policy=SHIPPED["classic"])
    minute = 60 * 10**6
    assert told.observed == Interval(Micros(day.earliest - 6 * minute), Micros(day.latest - 5 * minute))
    assert told.observed != point(day.earliest)


def test_a_window_from_an_approval_without_an_hour_runs_from_the_days_beginning(case):
    """policy classic report_start=approved counting=hours_24 report_valid_days=7
    2026-05-01 09:00 report R1 agent=甲/李 client=王 approved_at=2026-05-02
    2026-05-05 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().until("R1", "B3") == "2026-05-09 00:00"


def test_a_visit_without_an_hour_is_not_known_to_fall_into_a_standstill(case):
    """2026-05-03 11:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_11:00
    2026-05-03 arrive V1 client=王 means=qr registration=R1
    calendar KA1 kind=stopped since=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().finding("R1", "B1").reason != "waived"


def test_an_agency_that_objects_without_its_name_is_heard_all_the_same(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:20 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    2026-05-25 09:00 object J1 deal=D1 by=agency
    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1"""
    assert case.ruling().status == "disputed"


def test_a_relation_verified_at_the_last_instant_of_the_evidence_is_heard():
    facts = """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    {at} relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    assert load(facts.format(at="2026-05-24 23:59:59.999999")).ruling().outcome == "CHANNEL 甲/李 R1"
    assert load(facts.format(at="2026-05-25 00:00")).ruling().outcome == "NATURAL"


def test_an_agreement_that_is_supposed_leaves_the_claim_with_the_agency_of_the_escort(case):
    """agency 乙
    agent 甲/李 agency=甲 since=2026-01-01 until=2026-05-10
    agent 甲/李 agency=乙 since=2026-05-10
    2026-05-01 09:00 report R1 agent=甲/李 agency=- client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.rule_of("R1") == "A1 no_agreement"
    (supposed,) = [change for change in told.ruling.changes if change.kind == "agreement"]
    assert supposed.outcome.agency == "甲"


def test_where_no_single_change_would_turn_it_the_refused_claim_is_what_decided(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    deciding = replace(case.ruling().ruling, changes=()).deciding
    assert deciding is not None
    assert (deciding.rule, deciding.evidence) == ("A6", ("R1",))
