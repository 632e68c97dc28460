"""Defects that software of the trade has or had (TRADE.md §2.6), each as a test that ours has not."""

from mingshi.domain.policy import SHIPPED, PolicyProblem, policy_of
from mingshi.kernel.canonical import loads
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import tell_agent, tell_buyer, tell_finance
from mingshi.present.texts import Lang, finding_text, time_text
from tests.cases.dsl import load, micros

ZONE = Zone()


def told_to(told, registration, lang=Lang.ZH):
    return "\n".join(tell_agent(loads(told.ruling.to_bytes()), registration, lang, ZONE).lines())


def test_the_deadline_stands_where_the_deadline_belongs_and_no_name_does(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 called=王大测试
    2026-05-09 00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    text = told_to(case.ruling(), "R1")
    assert "到访 2026年5月9日 00:00，晚于报备有效期截止 2026年5月8日" in text
    assert "王大测试" not in text


def test_quick_deals_are_reckoned_in_hours_up_to_the_longest_allowed():
    """Hours multiplied by days in 32 bits overflow at 25 days and never fire."""
    case = load("""policy classic quick_h=240
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-13 08:59:59 buy D1 client=王""")
    assert case.ruling().flags == ["F-QUICK"]
    assert case.ruling().ruling.flags[0].args == {"hours": 239, "quick_h": 240}


def test_quick_deals_end_with_their_last_hour_not_their_last_day(case):
    """policy classic quick_h=240
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-13 09:00:00 buy D1 client=王"""
    assert case.ruling().flags == []


def test_the_longest_windows_do_not_overflow(case):
    """policy classic visit_protect_days=999 report_valid_days=999 natural_protect_days=999
    2023-01-01 09:00 report R1 agent=甲/李 client=王
    2025-09-26 10:00 arrive V1 client=王 means=qr registration=R1
    2028-06-21 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.until("R1", "B3"), told.until("R1", "D1")) == ("2025-09-26 23:59", "2028-06-21 23:59")
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_the_lead_is_no_difference_of_minutes_of_the_hour(case):
    """2026-05-03 09:50 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes == {"R1": "3"}
    assert "间隔 20 分钟，少于 30 分钟" in told_to(told, "R1")


def test_the_lead_holds_across_the_hour(case):
    """2026-05-03 09:50 report R1 agent=甲/李 client=王
    2026-05-03 10:20 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_lead_holds_across_midnight_the_month_and_the_year(case):
    """2025-12-31 23:50 report R1 agent=甲/李 client=王
    2026-01-01 00:20 arrive V1 client=王 means=qr registration=R1
    2026-01-10 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_lead_fails_across_midnight_too(case):
    """2025-12-31 23:50 report R1 agent=甲/李 client=王
    2026-01-01 00:19:59 arrive V1 client=王 means=qr registration=R1
    2026-01-10 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_windows_cross_a_leap_day(case):
    """2028-02-27 09:00 report R1 agent=甲/李 client=王
    2028-02-27 10:00 arrive V1 client=王 means=qr registration=R1
    2028-03-01 10:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.until("R1", "B3"), told.until("R1", "D1")) == ("2028-03-05 23:59", "2028-03-28 23:59")


def test_times_are_told_by_the_twenty_four_hour_clock():
    assert time_text(micros("2026-05-03 21:05"), Lang.ZH, ZONE) == "2026年5月3日 21:05"
    assert time_text(micros("2026-05-03 21:05"), Lang.EN, ZONE) == "3 May 2026 21:05"


def test_a_lead_in_minutes_is_minutes():
    """Hours shown as minutes, or the other way round: the unit belongs to the parameter, and out of range is refused."""
    problems = policy_of("v", SHIPPED["classic"], {"lead_min": "1441"})
    assert problems == [PolicyProblem("lead_min", "1441", "range", "0–1440 min")]
    case = load("""policy classic lead_min=1440
    2026-05-02 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王""")
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_unknown_parameter_is_refused_and_not_silently_nothing():
    assert policy_of("v", SHIPPED["classic"], {"bonus": "3"})[0].reason == "unknown"


def test_two_masked_numbers_that_look_alike_are_asked_about_not_skipped(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:30 report R2 agent=乙/周 client=160****1234
    2026-05-03 10:00 arrive V1 client=16000001234
    2026-05-03 11:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert told.outcome == "REVIEW"
    assert [told.finding(one, "A11").reason for one in ("R1", "R2")] == ["ambiguous", "ambiguous"]
    assert told.codes == {"R1": "UNMASK", "R2": "4"}  # the first that does not know: R1 may stand before R2 (A6)


def test_a_look_alike_number_is_found_even_where_the_other_client_never_came(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:10 call   C1 client=16011111234
    2026-05-03 10:00 arrive V1 client=16000001234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert case.ruling().codes == {"R1": "UNMASK"}


def test_joint_buyers_of_two_channels_are_found_whoever_is_written_first(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻
    2026-05-20 15:00 buy    D2 client=妻+夫"""
    assert (case.ruling("D1").outcome, case.ruling("D1").because) == ("REVIEW", "D13")
    assert (case.ruling("D2").outcome, case.ruling("D2").because) == ("REVIEW", "D13")


def test_the_commission_is_credited_to_the_agency_of_the_escort_not_to_the_agents_next(case):
    """agent 李 agency=甲公司 until=2026-05-14
    agent 李 agency=丙公司 since=2026-05-15
    agency 甲公司
    agency 丙公司
    2026-05-01 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-14 10:00 report R2 agent=李 agency=甲公司 client=赵
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-16 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    assert case.ruling("D1").ruling.outcome.agency == "甲公司"
    assert case.ruling("D2").ruling.outcome.agency == "丙公司"


def test_on_the_instant_an_agent_changes_agencies_they_belong_to_one(case):
    """agent 李 agency=甲公司 until=2026-05-15_00:00
    agent 李 agency=丙公司 since=2026-05-15_00:00
    agency 甲公司
    agency 丙公司
    2026-05-15 00:00 report R1 agent=李 agency=丙公司 client=王
    2026-05-15 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.ruling.outcome.agency) == ("CHANNEL 李 R1", "丙公司")


def test_the_last_referrer_is_not_the_one_credited(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-19 09:00 report R2 agent=乙/周 client=王
    2026-05-19 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R1", {"R1": "0", "R2": "5"})


def test_agents_who_cannot_see_each_others_clients_are_refused_without_learning_whose_it_is(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    for lang in Lang:
        text = told_to(case.ruling(), "R2", lang)
        assert "5" in text
        for secret in ("甲", "李", "R1", "V1", "5月1日", "1 May"):
            assert secret not in text


def test_the_refused_agent_of_a_natural_client_does_not_learn_when_the_client_came(case):
    """2026-05-01 10:07 arrive V1 client=王
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    for lang in Lang:
        assert "10:07" not in told_to(case.ruling(), "R2", lang)


def test_what_another_agent_missed_is_told_to_that_agent_alone(case):
    """2026-05-01 10:07 arrive V1 client=王
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李"""
    told = case.ruling()
    assert "registered_at_all" in told.changes
    for lang in Lang:
        text = told_to(told, "R2", lang)
        assert "09:37" not in text
        assert "10:07" not in text


def test_self_referral_is_found_under_the_agents_own_number(case):
    """agent 甲/李 phone=李
    2026-05-03 09:00 report R1 agent=甲/李 client=李
    2026-05-03 10:00 arrive V1 client=李 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=李"""
    assert case.ruling().codes == {"R1": "SELF"}


def test_self_referral_is_found_where_the_agent_is_a_co_buyer(case):
    """agent 甲/李 phone=李
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=妻+李"""
    assert case.ruling().codes == {"R1": "SELF"}


def test_a_client_is_no_self_referral_for_sharing_a_name_with_the_agent(case):
    """agent 甲/李 phone=李 name=王测试
    2026-05-03 09:00 report R1 agent=甲/李 client=王 called=王测试
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_why_nothing_is_due_is_always_said(case):
    """2026-05-20 15:00 buy D1 client=王"""
    value = loads(case.ruling().ruling.to_bytes())
    for lang in Lang:
        assert tell_finance(value, lang, ZONE).lines()
        assert tell_buyer(value, lang, ZONE).lines()


def test_every_refusal_says_its_code_and_how_to_object(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    text = told_to(case.ruling(), "R1")
    assert (
        "报备无效（3 防截客）：报备 2026年5月3日 10:10，到访 2026年5月3日 10:25，间隔 15 分钟，少于 30 分钟（差 15 分钟）。"
        in text
    )
    assert "可于 2026年6月4日（含当日）前提出异议" in text


def test_what_a_rule_answered_has_words_in_both_languages(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    value = loads(case.ruling().ruling.to_bytes())
    deciding = value["deciding"]
    assert "15 min between" in finding_text(deciding, Lang.EN, ZONE)


def test_the_offices_own_book_is_no_evidence(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=乙/周 recorded_source=自然到访"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_agent_may_not_be_shut_out_by_an_edited_first_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 09:00 edit   X1 staff=经理-01 client=王 field=first_visit old=2026-05-03 new=2026-05-01
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"
