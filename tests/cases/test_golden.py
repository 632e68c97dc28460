"""The 22 golden cases of RULES.md §3.4, under `classic`."""


def test_01_first_registration_without_escort_against_second_with_escort(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-03 09:30 follow F1 registration=R1 by=甲/李
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes == {"R1": "NOESCORT", "R2": "4"}
    assert told.outcome == "REVIEW"
    assert told.proposal == "SPLIT 20% CHANNEL 甲/李 R1 + 80% CHANNEL 乙/周 R2"


def test_01_having_come_to_help_makes_it_thirty_percent(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-08 14:00 follow F1 registration=R1 by=甲/李 kind=on_site_help
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().proposal == "SPLIT 30% CHANNEL 甲/李 R1 + 70% CHANNEL 乙/周 R2"


def test_01_in_compete_mode_the_escort_wins(case):
    """policy classic mode=compete
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("CHANNEL 乙/周 R2", "C3")


def test_02_wife_escorted_husband_buys(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("CHANNEL 甲/李 R1", "C2")
    assert "G1" in told.evidence


def test_03_husband_natural_wife_registered_both_buy(case):
    """2026-05-01 10:00 arrive V1 client=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻
    2026-05-20 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    told = case.ruling()
    assert (told.outcome, told.because, told.reasons) == ("REVIEW", "D13", ["D13 came_before"])
    assert told.proposal == "SPLIT 50% CHANNEL 甲/李 R1 + 50% NATURAL"


def test_04_second_number_listed_by_the_buyer(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王#2
    2026-05-20 15:05 state  S1 client=王#2 origin=agent agent=甲/李 stage=signing phones=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


def test_04_second_number_that_nothing_links_is_the_engines_limit(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_05_registered_after_arrival(case):
    """2026-05-03 10:05 arrive V1 client=王
    2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B7")


def test_06_one_second_too_early(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:29:59 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B1")


def test_06_exactly_thirty_minutes(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:30:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_07_check_ins_across_midnight_are_one_visit_of_the_first_day(case):
    """2026-05-03 20:00 report R1 agent=甲/李 client=王
    2026-05-03 23:50 arrive V1 client=王 means=qr registration=R1
    2026-05-04 00:20 arrive V2 client=王
    2026-06-02 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.until("R1", "D1") == "2026-06-02 23:59"
    assert told.claim("R1").draft.visit.evidence == ("V1", "V2")


def test_08_last_minute_of_the_seventh_day(case):
    """2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-08 23:59 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_08_first_minute_of_the_eighth_day(case):
    """2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-09 00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "7"})


def test_08_counted_in_hours_it_ends_at_six(case):
    """policy classic counting=hours_24
    2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-08 18:00:01 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.until("R1", "B3")) == ({"R1": "7"}, "2026-05-08 18:00")


def test_09_the_developers_employee_is_no_channel(case):
    """agent 员工/钱 kind=employee
    agency 员工
    2026-05-03 09:00 report R1 agent=员工/钱 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "NOAGR"}, "A1 employee")


def test_09_a_declared_employee_under_a_scheme(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee declared=yes
    2026-05-03 09:00 report R1 agent=员工/钱 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "EMPLOYEE 员工/钱"


def test_10_no_check_in_ever_and_no_registration(case):
    """2026-05-20 15:00 buy      D1 client=王
    2026-05-20 15:05 identify I1 client=王 id_key=ID-1"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("NATURAL", "C6")


def test_10_no_check_in_ever_with_a_live_registration(case):
    """2026-05-15 09:00 report   R1 agent=甲/李 client=王
    2026-05-20 15:00 buy      D1 client=王
    2026-05-20 15:05 identify I1 client=王 id_key=ID-1"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "NOVISIT"})


OTP_PATH = """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=otp agent=甲/李
    2026-05-10 15:00 buy    D1 client=王"""


def test_11_face_consent_withdrawn_with_other_evidence(case):
    """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive   V1 client=王 means=otp agent=甲/李
    2026-05-01 10:01 arrive   V2 client=王 means=face_pass pass_id=P1
    2026-05-01 10:01 issue    P1 client=王 pass_id=P1
    2026-05-04 12:00 withdraw Z1 kind=consent pass_id=P1
    2026-05-10 15:00 buy      D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert "V2" not in told.evidence
    assert "withdrawn" in told.notes


def test_11_face_consent_withdrawn_as_the_sole_link(case):
    """2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1
    2026-05-01 10:01 arrive   V2 client=王 means=reception
    2026-05-01 10:01 issue    P1 client=王 pass_id=P1
    2026-05-04 12:00 withdraw Z1 kind=consent pass_id=P1
    2026-05-05 09:00 report   R1 agent=甲/李 client=王
    2026-05-05 10:00 arrive   V3 client=王 means=qr registration=R1
    2026-05-10 15:00 buy      D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_12_refusing_a_face_is_the_same_path(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr agent=甲/李
    2026-05-10 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_13_tablet_measured_seven_minutes_fast(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s=410 offset_high_s=430
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_13_tablet_at_most_ten_minutes_fast(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s=0 offset_high_s=600
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "3"}, "B1")


def test_14_cancelled_and_sold_to_another_natural_buyer(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-30 09:00 cancel T1 deal=D1 kind=contract
    2026-06-01 11:00 arrive V2 client=赵
    2026-06-02 15:00 buy    D2 client=赵 room=1-101"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    assert case.ruling("D2").outcome == "NATURAL"
    assert case.ruling("D2").codes == {}


def test_15_same_buyer_buys_again(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-20 09:00 cancel T1 deal=D1 kind=contract
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    told = case.ruling("D2")
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.finding("R1", "D1").reason == "revived"


def test_16_expired_client_comes_back(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-10 09:00 report R2 agent=甲/李 client=王
    2026-05-10 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R2", {"R1": "7", "R2": "0"})


def test_17_two_people_behind_one_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:30 report R2 agent=乙/周 client=160****1234
    2026-05-01 11:00 arrive V1 client=16000001234 means=otp registration=R2
    2026-05-01 11:00 escort K1 client=16000001234 agent=乙/周
    2026-05-01 14:00 arrive V2 client=16011111234 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=16000001234
    2026-05-10 15:00 buy    D2 client=16011111234"""
    first, second = case.ruling("D1"), case.ruling("D2")
    assert (first.outcome, first.codes) == ("CHANNEL 乙/周 R2", {"R2": "0"})
    assert (second.outcome, second.codes) == ("CHANNEL 甲/李 R1", {"R1": "0"})
    assert "R1" not in first.ruling.to_bytes().decode()


def test_18_consultant_searched_first(case):
    """2026-05-03 09:30 lookup Q1 client=王 staff=顾问-01 reason=回访
    2026-05-03 11:00 report R1 agent=甲/李 client=王
    2026-05-03 12:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 consultant=顾问-01"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R1", {"R1": "0"})
    assert "F-SRCH" in told.flags
    assert told.needs == ["flag"]


def test_19_window_widened_after_the_deal(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-05 15:00 buy    D1 client=王
    2026-06-06 09:00 extend Y1 registration=R1 days=30"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "8"})
    assert told.finding("R1", "D3").reason == "refused"
    assert told.finding("R1", "D3").evidence == ("Y1",)


def test_20_erased_after_the_dispute(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-10 15:00 buy    D1 client=王
    2026-06-20 09:00 withdraw Z1 kind=erasure deal=D1 evidence=V1 commitment=c0ffee"""
    told = case.ruling()
    assert (told.outcome, told.status, told.evidence) == ("NOT_REJUDGEABLE", "erased", ["V1"])
    assert told.notes == ["commitment:c0ffee"]


def test_20_a_restriction_during_the_dispute_changes_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王
    2026-05-12 09:00 object J1 deal=D1
    2026-05-13 09:00 withdraw Z1 kind=erasure client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_21_agent_moves_between_escort_and_deal(case):
    """agent 李 agency=甲公司 until=2026-05-15_00:00
    agent 李 agency=丙公司 since=2026-05-15_00:00
    agency 甲公司
    agency 丙公司
    2026-05-01 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.ruling.outcome.agency) == ("CHANNEL 李 R1", "甲公司")


def test_21_unless_the_agreement_says_the_claim_follows_the_agent(case):
    """agent 李 agency=甲公司 until=2026-05-15_00:00
    agent 李 agency=丙公司 since=2026-05-15_00:00
    agency 甲公司 claims_follow_agent=yes
    agency 丙公司
    2026-05-01 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().ruling.outcome.agency == "丙公司"


def test_22_counts_never_touch_a_person(case):
    """count CT1 since=2026-05-03_09:00 until=2026-05-03_18:00 adults=40
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy D1 client=王"""
    assert case.ruling().outcome == "NATURAL"
