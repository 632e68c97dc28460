"""Flags, notes and what would change a ruling (RULES.md B2, D12, amendments 5, 14, 16, 23; §3.0)."""

from tests.cases.dsl import load

SEARCHED = """{looked} lookup Q1 client=王 staff={staff} reason=回访
    2026-05-31 11:00 report R1 agent=甲/李 client=王
    2026-05-31 12:30 arrive V1 client=王 means=qr registration=R1 staff=前台-01
    2026-06-05 15:00 buy    D1 client=王 consultant=顾问-01"""


def searched(looked, staff="顾问-01"):
    return load(SEARCHED.format(looked=looked, staff=staff)).ruling().flags


# F-SRCH


def test_a_look_up_a_second_before_the_registration_is_flagged():
    assert searched("2026-05-31 10:59:59") == ["F-SRCH"]


def test_a_look_up_on_the_second_of_the_registration_is_not():
    assert searched("2026-05-31 11:00:00") == []


def test_a_look_up_of_more_than_thirty_days_ago_is_nobodys_preparation():
    assert searched("2026-05-01 11:00:01") == ["F-SRCH"]
    assert searched("2026-05-01 11:00:00") == []


def test_a_look_up_by_a_consultant_who_has_nothing_to_do_with_the_deal_counts_for_nothing():
    assert searched("2026-05-31 09:00", staff="顾问-09") == []


def test_a_look_up_by_whoever_received_the_visitor_counts():
    assert searched("2026-05-31 09:00", staff="前台-01") == ["F-SRCH"]


def test_a_look_up_of_somebody_else_counts_for_nothing(case):
    """2026-05-03 09:30 lookup Q1 client=赵 staff=顾问-01 reason=回访
    2026-05-03 11:00 report R1 agent=甲/李 client=王
    2026-05-03 12:30 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 consultant=顾问-01"""
    assert case.ruling().flags == []


def test_flags_are_raised_only_on_a_claim_that_would_be_paid(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:30 lookup Q1 client=王 staff=顾问-01 reason=回访
    2026-05-03 11:00 report R1 agent=甲/李 client=王
    2026-05-03 12:00 arrive V2 client=王 means=qr registration=R1
    2026-05-03 15:00 buy    D1 client=王 consultant=顾问-01"""
    told = case.ruling()
    assert (told.outcome, told.flags, told.needs) == ("NATURAL", [], [])


def test_a_proposal_for_a_claim_is_flagged_too(case):
    """policy classic lead_cure=review
    2026-05-03 09:30 lookup Q1 client=王 staff=顾问-01 reason=回访
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 before_staff=yes first_contact_at=2026-05-02
    2026-05-20 15:00 buy    D1 client=王 consultant=顾问-01"""
    told = case.ruling()
    assert (told.outcome, told.flags) == ("REVIEW", ["F-SRCH"])
    assert told.needs == ["review", "flag"]


def test_a_call_before_the_registration_is_a_hint(case):
    """2026-05-01 11:00 call   C1 client=王 staff=顾问-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.flags) == ("CHANNEL 甲/李 R1", ["F-CALL"])


# Notes


def test_terms_that_favour_one_side_are_printed_on_every_ruling(case):
    """policy classic natural_protect_days=60 visit_protect_days=30 asymmetric=true
    2026-05-20 15:00 buy D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().notes == ["asymmetric"]


def test_terms_that_favour_one_side_are_printed_while_a_claim_is_judged_by_them(case):
    """policy classic natural_protect_days=60 visit_protect_days=30 asymmetric=true
    2026-05-10 00:00 policy classic version=v2
    2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-20 15:00 buy D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().notes == ["asymmetric"]


def test_an_agent_who_is_named_and_never_registered_is_listed_with_what_it_would_have_done(case):
    """2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {})
    assert told.ruling.as_json()["unregistered"] == ["甲/李"]
    assert told.changes == {"registered_at_all": "CHANNEL 甲/李"}


def test_an_agent_whom_only_the_offices_book_names_is_listed(case):
    """2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李"""
    told = case.ruling()
    assert told.ruling.as_json()["unregistered"] == ["甲/李"]
    assert told.outcome == "NATURAL"


# What would change it


def test_the_winner_is_told_the_nearest_way_to_lose_in_time_and_the_clients_word(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.changes == {"deal_later R1": "NATURAL", "named_nobody R1": "REVIEW"}
    by = {change.kind: change.args for change in told.ruling.changes}
    assert told.when(by["deal_later"]["deadline_at"]) == "2026-06-02 23:59"


def test_where_the_lead_was_tighter_it_is_told_first(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:40 arrive V1 client=王 means=qr registration=R1
    2026-05-08 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.changes == {"registered_later R1": "NATURAL", "named_nobody R1": "REVIEW"}
    by = {change.kind: change.args for change in told.ruling.changes}
    assert told.when(by["registered_later"]["by_at"]) == "2026-05-03 09:10"


def test_with_a_permanent_window_the_lead_is_what_was_tight(case):
    """policy classic visit_protect_days=permanent
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().changes == {"registered_later R1": "NATURAL", "named_nobody R1": "REVIEW"}


def test_whoever_has_no_code_for_a_shared_masked_number_is_told_to_give_the_whole(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:05 state  S1 client=16000001234 origin=agent agent=甲/张
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert told.codes == {"R1": "UNMASK"}
    assert "full_number R1" not in told.changes or told.changes["full_number R1"] != told.outcome


def test_a_natural_client_is_told_nothing_would_change_where_nobody_claims(case):
    """2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().changes == {}


def test_the_decider_names_the_comparison_on_which_it_turned(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    deciding = told.ruling.deciding
    assert (deciding.rule, deciding.code.value) == ("B1", "3")
    assert told.changes == {"registered_earlier R1": "CHANNEL 甲/李 R1"}


# The cut


def test_before_the_cut_nothing_later_exists(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:00 receipt H1 client=王 presented_at=2026-05-25_10:00
    2026-05-20 15:00 buy    D1 client=王
    now 2026-05-24"""
    told = case.ruling()
    assert (told.outcome, told.ruling.final) == ("CHANNEL 甲/李 R1", False)


def test_after_the_time_to_object_a_ruling_that_needs_nobody_is_final(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    now 2026-06-05_00:00"""
    assert case.ruling().ruling.final is True


def test_on_the_last_day_to_object_it_is_not(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    now 2026-06-04_23:59"""
    assert case.ruling().ruling.final is False


def test_a_ruling_that_waits_for_a_person_is_never_final(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王
    now 2026-12-31"""
    assert case.ruling().ruling.final is False


def test_without_a_cut_nobody_knows_what_is_final(case):
    """2026-05-20 15:00 buy D1 client=王"""
    assert case.ruling().ruling.final is None


def test_the_time_to_object_runs_from_the_contract_where_no_ruling_is_dated(case):
    """2026-05-20 15:00 buy D1 client=王 contracted_at=2026-05-28_10:00"""
    told = case.ruling()
    assert told.when(told.ruling.as_json()["closes_at"]) == "2026-06-12 23:59"


def test_suppositions_about_sealed_facts_are_sealed_too(case):
    """2026-05-03 10:10 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_10:10
    2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:25
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert (told.notes, told.changes) == ([], {"registered_earlier R1": "CHANNEL 甲/李 R1"})


def test_an_agent_named_too_late_to_register_is_told_the_time_and_who(case):
    """2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    args = dict(case.ruling().ruling.changes[0].args)
    assert (args.pop("agent"), case.ruling().when(args.pop("by_at")), args) == ("甲/李", "2026-05-03 09:30", {})


def test_a_visit_in_time_and_its_proof_are_what_an_overdue_claim_lacked(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.changes == {"visited_in_time R1": "CHANNEL 甲/李 R1"}
    assert told.when(told.ruling.changes[0].args["deadline_at"]) == "2026-05-08 23:59"


def test_a_proof_of_the_visit_is_what_an_unproven_claim_lacked(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=reception agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().changes == {"visit_proven R1": "CHANNEL 甲/李 R1"}


def test_without_the_rival_or_the_visit_or_ones_own_earlier_registration_is_what_a_refused_claim_lacked(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:10 report R2 agent=乙/周 client=王
    2026-05-01 09:20 report R3 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes == {"R1": "0", "R2": "4", "R3": "9"}
    assert {change.rule for change in told.ruling.changes} >= {"A6", "A8"} or told.changes


LISTED = """2026-05-01 10:00 arrive V1 client=王#1
    2026-05-01 10:05 state  S1 client=王#1 origin={origin} phones=王#2
    2026-05-03 {time} report R1 agent=甲/李 client=王#2
    2026-05-03 12:00 arrive V2 client=王#2 means=qr registration=R1
    {extra}
    2026-05-20 15:00 buy    D1 client=王#2 claimed_agent=甲/李 consultant=顾问-01"""


def test_who_gave_the_clients_number_as_their_own_before_the_registration_is_asked_about():
    told = load(LISTED.format(origin="nobody", time="09:00", extra="")).ruling()
    assert (told.outcome, told.flags, told.needs) == ("CHANNEL 甲/李 R1", ["F-DECL"], ["flag"])


def test_strangers_words_and_the_sites_own_log_together_hold_nothing_back():
    looked = "2026-05-02 10:00 lookup Q1 staff=顾问-01 client=王#2"
    told = load(LISTED.format(origin="nobody", time="09:00", extra=looked)).ruling()
    assert (told.outcome, sorted(told.flags), told.needs) == ("CHANNEL 甲/李 R1", ["F-DECL", "F-SRCH"], ["flag"])


def test_a_number_given_after_the_registration_says_nothing_about_it():
    later = LISTED.replace("2026-05-01", "2026-05-04").format(origin="nobody", time="09:00", extra="")
    assert not load(later).ruling().flags
