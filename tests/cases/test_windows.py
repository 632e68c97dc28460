"""D: the deal window and what widens, stops or revives it (RULES.md D1 to D5, D10, D11, amendments 12 to 14)."""

import pytest

from tests.cases.dsl import load

# D1 成交保护


def test_the_deal_window_ends_with_the_thirtieth_day(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/李 client=赵
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-06-02 23:59:59 buy D1 client=王
    2026-06-03 00:00:00 buy D2 client=赵"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    told = case.ruling("D2")
    assert (told.outcome, told.because, told.codes, told.rule_of("R2")) == ("NATURAL", "C6", {"R2": "8"}, "D1")
    assert told.until("R2", "D1") == "2026-06-02 23:59"
    assert told.changes == {"deal_earlier R2": "CHANNEL 甲/李 R2"}


def test_a_deal_window_of_one_day(case):
    """policy classic visit_protect_days=1 natural_protect_days=1
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/李 client=赵
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-04 23:59 buy    D1 client=王
    2026-05-05 00:00 buy    D2 client=赵"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    assert case.ruling("D2").codes == {"R2": "8"}


def test_a_permanent_deal_window_never_ends(case):
    """policy classic visit_protect_days=permanent
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2028-05-03 10:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "永久")
    assert told.finding("R1", "D1").reason == "permanent"


def test_the_window_may_run_to_the_intent(case):
    """policy classic deal_node=intent
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-10 15:00 buy    D1 client=王 intended_at=2026-06-02_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_window_may_run_to_the_contract(case):
    """policy classic deal_node=contract
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 contracted_at=2026-06-03_00:00"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_node_that_has_no_date_yet_is_for_later(case):
    """policy classic deal_node=contract
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.finding("R1", "D1").reason == "no_node"
    assert told.outcome == "REVIEW"


def test_a_deal_known_by_its_day_only_on_the_last_day_is_in_time(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-02 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# D1a 中止


def test_days_that_were_not_for_sale_do_not_count(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    2026-06-12 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-12 23:59")


def test_the_day_after_a_stretched_window_is_too_late(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    2026-06-13 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_without_the_parameter_the_calendar_stops_nothing(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_suspension_after_the_window_stretches_nothing(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-06-03_00:00 until=2026-06-20_00:00
    2026-06-10 10:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_suspension_that_stretches_into_the_next_counts_both(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    calendar KA2 since=2026-06-05_00:00 until=2026-06-10_00:00
    2026-06-17 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-17 23:59")


def test_two_suspensions_that_overlap_count_once(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    calendar KA2 since=2026-05-15_00:00 until=2026-05-22_00:00
    2026-06-15 00:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.until("R1", "D1")) == ({"R1": "8"}, "2026-06-14 23:59")


def test_days_before_the_visit_are_no_days_of_the_window(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-04-01_00:00 until=2026-05-02_00:00
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().until("R1", "D1") == "2026-06-02 23:59"


def test_an_intent_inside_the_window_freezes_it_to_the_seventh_day_after_selection(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-07-08 23:59 buy    D1 client=王 intended_at=2026-06-02_15:00 selection_at=2026-07-01_10:00"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-07-08 23:59")


def test_the_eighth_day_after_selection_is_too_late(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-07-09 00:00 buy    D1 client=王 intended_at=2026-06-02_15:00 selection_at=2026-07-01_10:00"""
    assert case.ruling().codes == {"R1": "8"}


def test_an_intent_after_the_window_freezes_nothing(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-07-05 10:00 buy    D1 client=王 intended_at=2026-06-03_00:00 selection_at=2026-07-01_10:00"""
    assert case.ruling().codes == {"R1": "8"}


# D2 复访刷新


def test_a_revisit_refreshes_nothing_by_default(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_an_escorted_revisit_restarts_the_window_once(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-19 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-19 23:59")


def test_a_second_revisit_restarts_it_no_more(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-10 10:00 arrive V3 client=王 means=qr registration=R1
    2026-06-20 00:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.until("R1", "D1")) == ({"R1": "8"}, "2026-06-19 23:59")


def test_a_revisit_without_the_agent_refreshes_nothing(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 arrive V2 client=王
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_revisit_the_sites_register_gives_to_the_agent_refreshes_too(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 10:00 arrive V2 client=王 agent=甲/李
    2026-06-19 23:59 buy    D1 client=王"""
    assert case.ruling().until("R1", "D1") == "2026-06-19 23:59"


def test_an_escort_to_another_project_on_that_day_refreshes_nothing(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 10:00 arrive V2 client=王
    2026-05-20 10:00 escort K1 client=王 agent=甲/李 project=别处花园
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_revisit_after_the_window_refreshes_nothing(case):
    """policy classic refresh=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-10 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


# D3 延期

EXTENDED = """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    {line}
    {buy} buy D1 client=王"""


def extended(line, buy):
    return load(EXTENDED.format(line=line, buy=buy)).ruling()


def test_an_extension_agreed_in_time_widens_the_window():
    told = extended("2026-05-31 23:59 extend Y1 registration=R1 days=90", "2026-08-29 23:59")
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-08-29 23:59")
    assert told.finding("R1", "D3").verdict.value == "pass"
    assert "Y1" in told.evidence


def test_the_day_after_an_extended_window_is_too_late():
    told = extended("2026-05-31 23:59 extend Y1 registration=R1 days=90", "2026-08-30 00:00")
    assert told.codes == {"R1": "8"}


def test_an_extension_of_ninety_one_days_is_refused_whole():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=91", "2026-06-01 00:00")
    assert (told.codes, told.finding("R1", "D3").reason) == ({"R1": "8"}, "refused")


def test_an_extension_of_a_window_that_has_ended_is_refused():
    told = extended("2026-06-01 00:00 extend Y1 registration=R1 days=30", "2026-06-10 10:00")
    assert (told.codes, told.finding("R1", "D3").reason) == ({"R1": "8"}, "refused")


def test_an_extension_needs_two_people():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=30 approver2=经理-01", "2026-06-10 10:00")
    assert (told.codes, told.finding("R1", "D3").reason) == ({"R1": "8"}, "refused")


def test_an_extension_needs_a_second_approver_at_all():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=30 approver2=-", "2026-06-10 10:00")
    assert told.finding("R1", "D3").reason == "refused"


def test_an_extension_needs_a_first_approver_at_all():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=30 approver1=-", "2026-06-10 10:00")
    assert told.finding("R1", "D3").reason == "refused"


def test_an_extension_needs_a_reason():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=30 reason=-", "2026-06-10 10:00")
    assert told.finding("R1", "D3").reason == "refused"


def test_a_second_extension_is_one_too_many():
    two = "2026-05-20 09:00 extend Y1 registration=R1 days=10\n    2026-05-21 09:00 extend Y2 registration=R1 days=10"
    told = extended(two, "2026-06-11 00:00")
    assert (told.codes, told.until("R1", "D1")) == ({"R1": "8"}, "2026-06-10 23:59")


def test_an_extension_sealed_after_the_window_is_too_late():
    told = extended("2026-05-20 09:00 extend Y1 registration=R1 days=30 sealed_at=2026-06-01_00:00", "2026-06-10 10:00")
    assert (told.codes, told.finding("R1", "D3").reason) == ({"R1": "8"}, "refused")


def test_an_extension_of_the_report_window_lets_a_late_client_come(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-08 10:00 extend Y1 registration=R1 window=report days=10
    2026-05-18 23:59 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "B3")) == ("CHANNEL 甲/李 R1", "2026-05-18 23:59")


def test_an_extension_of_the_report_window_ends_too(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-08 10:00 extend Y1 registration=R1 window=report days=10
    2026-05-19 00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "7"}


def test_an_extension_of_one_window_is_none_of_the_other(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-05 10:00 extend Y1 registration=R1 window=report days=60
    2026-06-01 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_suspension_an_extension_and_the_window_add_up(case):
    """policy classic suspension=true
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_00:00 until=2026-05-20_00:00
    2026-05-25 10:00 extend Y1 registration=R1 days=5
    2026-06-15 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-15 23:59")


# D4 协议尾期


def test_a_confirmed_client_is_paid_for_to_the_last_day_of_the_tail(case):
    """agency 甲 until=2026-05-10
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-02 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert told.when(told.finding("R1", "D4").args["deadline_at"]) == "2026-06-09 23:59"
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-02 23:59")


def test_the_day_after_the_tail_is_too_late(case):
    """policy classic visit_protect_days=60
    agency 甲 until=2026-05-10
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/李 client=赵
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-06-09 23:59:59 buy D1 client=王
    2026-06-10 00:00:00 buy D2 client=赵"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    told = case.ruling("D2")
    assert (told.outcome, told.codes, told.rule_of("R2")) == ("NATURAL", {"R2": "NOAGR"}, "D4")


def test_a_client_registered_but_not_brought_before_the_agreement_ended_has_no_tail(case):
    """agency 甲 until=2026-05-03
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-05 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "NOAGR"})
    assert told.rule_of("R1").startswith("D4")


def test_a_renewed_agreement_has_no_gap_and_needs_no_tail(case):
    """policy classic visit_protect_days=90
    agency 甲 until=2026-05-10
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    agency 甲 id=续签 since=2026-05-11
    2026-07-01 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# D5 规则不溯及


def test_a_window_shortened_after_the_registration_does_not_reach_back(case):
    """policy classic
    2026-05-02 00:00 policy classic version=v2 visit_protect_days=10 natural_protect_days=10
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-30 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_window_in_force_at_the_registration_applies(case):
    """policy classic
    2026-05-02 00:00 policy classic version=v2 visit_protect_days=10 natural_protect_days=10
    2026-05-02 00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-30 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_version_binds_an_agency_from_the_seventh_day_after_its_signature(case):
    """policy classic
    2026-05-01 00:00 policy classic version=v2 lead_min=60
    agency 甲 policy=v2 countersigned_at=2026-05-03_09:00
    2026-05-10 08:59:59 report R1 agent=甲/李 client=王
    2026-05-10 09:00:00 report R2 agent=甲/李 client=赵
    2026-05-10 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-10 09:40 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    assert case.ruling("D2").codes == {"R2": "3"}


def test_a_version_an_agency_never_signed_does_not_bind_it(case):
    """policy classic
    2026-05-01 00:00 policy classic version=v2 lead_min=60
    agency 甲 policy=classic countersigned_at=2026-01-01_09:00
    2026-05-10 09:00:00 report R1 agent=甲/李 client=王
    2026-05-10 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


SILENT = """policy classic
    2026-05-01 00:00 policy classic version=v2 lead_min=60 countersigned={asked}
    agency 甲 {agreement}
    2026-05-10 09:00:00 report R1 agent=甲/李 client=王
    2026-05-10 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""


@pytest.mark.parametrize(
    ("asked", "agreement", "bound"),
    [
        ("no", "since=2026-01-01", True),  # an office's file that names no signature: only the date is left
        ("yes", "since=2026-01-01", False),  # who never signed anything keeps what its agreement was signed on
        ("yes", "since=2026-01-01 policy=v2", False),  # named by the developer's list, signed by nobody
        ("yes", "since=2026-01-01 policy=v2 countersigned_at=2026-05-02_09:00", True),
        ("yes", "since=2026-01-01 policy=v2 countersigned_at=2026-05-04_09:00", False),  # six days
        ("yes", "since=2026-05-01_00:00", True),  # it came when the version was in force
        ("yes", "since=2026-04-30_23:59", False),
        ("yes", "since=2026-05-05 policy=classic", False),  # it came later, and on the older terms
        ("yes", "since=2026-05-05 policy=classic countersigned_at=2026-05-04_09:00", False),
        ("yes", "since=2026-05-05 policy=classic countersigned_at=2026-05-06_09:00", False),
        ("yes", "since=2026-05-05 policy=classic countersigned_at=2026-05-11_09:00", True),  # what is signed later
    ],
)
def test_a_version_that_asks_for_signatures_binds_nobody_by_its_date(asked, agreement, bound):
    found = load(SILENT.format(asked=asked, agreement=agreement)).ruling()
    assert found.codes == {"R1": "3" if bound else "0"}


def test_a_second_agreement_makes_no_newcomer_of_an_agency(case):
    """policy classic
    2026-05-01 00:00 policy classic version=v2 lead_min=60 countersigned=yes
    agency 甲 since=2026-01-01
    agency 甲 since=2026-05-05
    2026-05-10 09:00:00 report R1 agent=甲/李 client=王
    2026-05-10 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "0"}


def test_who_comes_on_the_terms_of_an_older_version_is_bound_by_that_one(case):
    """policy classic
    2026-05-01 00:00 policy classic version=v2 lead_min=35 countersigned=yes
    2026-05-03 00:00 policy classic version=v3 lead_min=60 countersigned=yes
    agency 甲 since=2026-05-05 policy=v2
    2026-05-10 09:00:00 report R1 agent=甲/李 client=王
    2026-05-10 09:00:00 report R2 agent=甲/李 client=赵
    2026-05-10 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-10 09:34 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    assert case.ruling("D1").codes == {"R1": "0"}
    assert case.ruling("D2").codes == {"R2": "3"}


# D10, D11 换房, 退后再购


def test_a_client_who_buys_again_on_the_thirtieth_day_revives_the_registration(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-20 09:00 cancel T1 deal=D1 kind=contract
    2026-06-19 23:59 buy    D2 client=王 room=1-102"""
    told = case.ruling("D2")
    assert (told.outcome, told.finding("R1", "D1").reason) == ("CHANNEL 甲/李 R1", "revived")
    assert "T1" in told.evidence


def test_a_client_who_buys_again_on_the_thirty_first_does_not(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-20 09:00 cancel T1 deal=D1 kind=contract
    2026-06-20 00:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_cancellation_by_the_partner_revives_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-20 09:00 cancel T1 deal=D1 kind=contract by_partner=yes
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_cancelled_room_revives_nothing_for_somebody_else(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=甲/李 client=赵
    2026-05-02 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-05-20 09:00 cancel T1 deal=D1 kind=contract
    2026-06-14 15:00 buy    D2 client=赵 room=1-101"""
    assert case.ruling("D2").codes == {"R2": "8"}


def test_a_swap_of_rooms_within_thirty_days_carries_the_ruling_over(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 cancel T1 deal=D1 kind=swap new_deal=D2
    2026-06-10 09:00 buy    D2 client=王 room=1-102"""
    told = case.ruling("D2")
    assert (told.outcome, told.finding("R1", "D1").reason) == ("CHANNEL 甲/李 R1", "swapped")


def test_a_swap_booked_up_to_thirty_days_after_the_room_was_given_back_carries_over(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00 report R2 agent=甲/李 client=赵
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王 room=1-101
    2026-05-20 15:00 buy    D2 client=赵 room=1-201
    2026-05-25 09:00 cancel T1 deal=D1 kind=swap new_deal=D3
    2026-05-25 09:00 cancel T2 deal=D2 kind=swap new_deal=D4
    2026-06-24 23:59 buy    D3 client=王 room=1-102
    2026-06-25 00:00 buy    D4 client=赵 room=1-202"""
    assert case.ruling("D3").outcome == "CHANNEL 甲/李 R1"
    assert case.ruling("D4").codes == {"R2": "8"}


def test_without_days_of_revival_nothing_revives_the_day_after(case):
    """policy classic revive_days=0
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-05 09:00 cancel T1 deal=D1 kind=contract
    2026-06-06 00:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


# D12 短期成交


def test_a_deal_less_than_a_day_after_the_registration_is_flagged(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-04 08:59:59 buy D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.flags, told.needs) == ("CHANNEL 甲/李 R1", ["F-QUICK"], ["flag"])


def test_a_deal_a_day_after_the_registration_is_not(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-04 09:00:00 buy D1 client=王"""
    assert case.ruling().flags == []


def test_two_hints_ask_for_a_look_before_payment(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-03 12:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, sorted(told.flags), told.needs) == ("CHANNEL 甲/李 R1", ["F-BAND", "F-QUICK"], ["flag"])


def test_the_time_the_system_stood_still_is_no_time_not_for_sale(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 kind=stopped since=2026-05-10 until=2026-05-20
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_suspension_without_an_end_lasts_to_the_subscription(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-06-01
    2026-06-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-22 23:59")


def test_a_day_of_which_any_part_was_not_for_sale_does_not_count(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-10_23:00 until=2026-05-11_01:00
    2026-06-04 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-04 23:59")
    args = told.finding("R1", "D1").args
    assert (args["standing_still_days"], args["days"], "extended_days" in args) == (2, 30, False)


def test_the_day_of_the_visit_is_no_day_of_the_window(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    calendar KA1 since=2026-05-01 until=2026-05-03
    2026-06-03 00:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_an_intent_before_the_visit_freezes_nothing(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-07-05 10:00 buy    D1 client=王 intended_at=2026-05-03_09:59 selection_at=2026-07-01_10:00"""
    assert case.ruling().codes == {"R1": "8"}


def test_an_intent_without_a_selection_day_freezes_nothing(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-07-05 10:00 buy    D1 client=王 intended_at=2026-05-20_09:59"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_selection_before_the_window_ends_shortens_nothing(case):
    """policy classic suspension=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-30 10:00 buy    D1 client=王 intended_at=2026-05-05_15:00 selection_at=2026-05-10_10:00"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-02 23:59")


def test_an_extension_while_the_node_has_no_date_counts(case):
    """policy classic deal_node=contract
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 extend Y1 registration=R1 days=30
    2026-05-25 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.until("R1", "D1"), told.finding("R1", "D3").args["days"]) == ("2026-06-30 23:59", 30)


def test_an_extension_on_the_second_of_the_deal_comes_too_late(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-25 15:00 extend Y1 registration=R1 days=30
    2026-05-25 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.until("R1", "D1"), told.finding("R1", "D3").reason) == ("2026-05-31 23:59", "refused")


def test_of_two_refused_extensions_the_first_is_named(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-02 10:00 extend Y1 registration=R1 days=10
    2026-06-03 10:00 extend Y2 registration=R1 days=20
    2026-06-05 15:00 buy    D1 client=王"""
    finding = case.ruling().finding("R1", "D3")
    assert (finding.reason, finding.evidence, dict(finding.args)) == ("refused", ("Y1",), {"days": 10})


def test_an_extension_of_no_days_is_none(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 extend Y1 registration=R1 days=0
    2026-06-05 15:00 buy    D1 client=王"""
    assert case.ruling().finding("R1", "D3").reason == "refused"


def test_two_extensions_where_two_are_allowed_add_up(case):
    """policy classic extension_times=2
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 10:00 extend Y1 registration=R1 days=10
    2026-05-21 10:00 extend Y2 registration=R1 days=20
    2026-06-30 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-30 23:59")
    assert told.finding("R1", "D3").evidence == ("Y1", "Y2")


def test_an_earlier_deal_that_fell_outside_the_window_revives_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-05 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 cancel T1 deal=D1 kind=contract
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_cancelled_intent_revives_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 cancel T1 deal=D1 kind=intent
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_cancelled_subscription_revives(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 cancel T1 deal=D1 kind=subscription
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    told = case.ruling("D2")
    finding = told.finding("R1", "D1")
    assert (told.outcome, finding.reason) == ("CHANNEL 甲/李 R1", "revived")
    assert told.when(finding.args["until"]) == "2026-07-10 23:59"
    assert told.when(finding.args["deadline_at"]) == "2026-05-31 23:59"
    assert told.when(finding.args["node_at"]) == "2026-05-10 15:00"


def test_a_room_bought_before_the_other_was_given_back_was_no_revival(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-14 15:00 cancel T1 deal=D1 kind=contract
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_swap_into_another_room_than_this_carries_nothing_over(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 cancel T1 deal=D1 kind=swap new_deal=D9
    2026-06-14 15:00 buy    D2 client=王 room=1-102"""
    assert case.ruling("D2").codes == {"R1": "8"}


def test_a_swap_booked_before_the_old_room_was_given_back_carries_over(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy    D1 client=王 room=1-101
    2026-06-10 09:00 buy    D2 client=王 room=1-102
    2026-06-12 09:00 cancel T1 deal=D1 kind=swap new_deal=D2"""
    told = case.ruling("D2")
    assert (told.outcome, told.finding("R1", "D1").reason) == ("CHANNEL 甲/李 R1", "swapped")


def test_an_agreement_with_an_end_and_one_without_needs_no_tail(case):
    """agency 甲 until=2026-05-10
    agency 甲 id=框架
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-30 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "D4").verdict.value) == ("CHANNEL 甲/李 R1", "not_asked")


def test_a_claim_that_follows_its_agent_is_of_the_agency_at_the_node(case):
    """policy classic deal_node=contract
    agent 李 agency=甲公司 until=2026-05-24
    agent 李 agency=丙公司 since=2026-05-25
    agency 甲公司 claims_follow_agent=yes
    agency 丙公司
    2026-05-01 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-28_10:00"""
    assert case.ruling().ruling.outcome.agency == "丙公司"


def test_a_clause_agreed_after_the_escort_takes_no_claim_along(case):
    """agent 李 agency=甲公司 until=2026-05-15_00:00
    agent 李 agency=丙公司 since=2026-05-15_00:00
    agency 甲公司
    agency 甲公司 id=补充 since=2026-05-02 claims_follow_agent=yes
    agency 丙公司
    2026-05-01 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().ruling.outcome.agency == "甲公司"
