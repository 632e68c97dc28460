"""C: who wins when several could (RULES.md C1 to C9, D13)."""

from tests.cases.dsl import load

# C2, C3 报备保护, 到访为王


def test_in_protect_mode_the_first_registration_wins_even_if_the_other_escorted_first(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes["R2"] == "4"
    assert told.outcome in ("CHANNEL 甲/李 R1", "REVIEW")


def test_in_compete_mode_the_first_escort_wins_whoever_registered_first(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("CHANNEL 乙/周 R2", "C3")


def test_in_compete_mode_who_registered_and_never_came_gets_nothing(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 乙/周 R2"


def test_a_registration_valid_at_its_own_arrival_is_not_hurt_by_an_earlier_invalid_one(case):
    """2026-05-01 09:50 report R1 agent=甲/李 client=赵
    2026-05-03 09:50 report R2 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=赵"""
    assert case.ruling().codes == {"R1": "7"}


# C4 自然在先


def test_a_natural_visit_before_every_registration_wins(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-02 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-03 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V3 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2", "R2": "2"})


def test_a_natural_visit_whose_window_ended_wins_nothing(case):
    """2026-04-01 10:00 arrive V1 client=王
    2026-05-02 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_natural_visit_that_staff_had_sought_is_the_sites_own(case):
    """2026-04-28 19:00 reach  U1 client=王 staff=顾问-02 source=外展
    2026-05-01 10:00 arrive V1 client=王
    2026-05-02 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "OWN 顾问-02"
    assert told.codes == {"R1": "2"}


# C5 保护失效后再报


def test_an_old_partner_keeps_a_deal_that_fell_inside_the_old_window(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-31 12:00 buy    D1 client=王
    2026-06-01 09:00 report R2 agent=乙/周 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_an_agent_who_let_the_client_go_keeps_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-05_09:00 released_by=agent
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "8"}, "C5 released")


def test_an_agent_who_let_the_client_go_before_they_came_keeps_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "7"}, "C5 released")


def test_a_release_on_the_second_of_the_deal_is_a_release(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-20_15:00 released_by=agent
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "8"}


def test_a_release_of_which_nobody_says_by_whom_is_for_a_person(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-05_09:00
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "8"}, "C5 by_whom")


def test_a_release_and_a_deal_of_one_day_cannot_be_told_apart(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-20 released_by=agent
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "C5", {"R1": "8"})


def test_an_agent_who_let_the_client_go_after_the_deal_keeps_it(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-25_09:00 released_by=agent
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_site_cannot_let_go_a_client_an_agent_holds(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-05_09:00 released_by=site
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# C6 来源阶梯


def test_staff_who_sought_the_client_before_the_visit_own_it(case):
    """2026-04-28 19:00 reach  U1 client=王 staff=顾问-02
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.evidence) == ("OWN 顾问-02", "C6", ["U1", "V1"])


def test_staff_who_called_after_the_visit_sought_nobody(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 reach  U1 client=王 staff=顾问-02
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_named_on_line_before_the_visit_referred_the_client(case):
    """2026-04-28 19:00 lead   L1 client=王 referrer=业主-7
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("REFERRAL 业主-7", "C6")


def test_own_outreach_comes_before_an_owners_referral(case):
    """2026-04-27 19:00 lead   L1 client=王 referrer=业主-7
    2026-04-28 19:00 reach  U1 client=王 staff=顾问-02
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "OWN 顾问-02"


def test_an_owners_referral_comes_before_an_employees(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee declared=yes
    2026-04-27 19:00 report R1 agent=员工/钱 client=王
    2026-04-28 19:00 lead   L1 client=王 referrer=业主-7
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "REFERRAL 业主-7"


def test_a_declared_employee_named_on_line_before_the_visit(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee declared=yes
    2026-04-28 19:00 lead   L1 client=王 referrer=员工/钱
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "EMPLOYEE 员工/钱"


def test_an_undeclared_employee_named_on_line_is_neither_employee_nor_owner(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee
    2026-04-28 19:00 lead   L1 client=王 referrer=员工/钱
    2026-05-01 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_a_declared_employee_the_client_names_before_meeting_staff(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee declared=yes
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:01 state  S1 client=王 origin=employee referrer=员工/钱 before_staff=yes
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.evidence) == ("EMPLOYEE 员工/钱", ["S1", "V1"])


def test_an_owner_named_at_the_first_check_in_and_again_at_subscription_stays_named(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:01 state  S1 client=王 origin=owner referrer=业主-7 before_staff=yes
    2026-05-20 14:01 state  S2 client=王 origin=owner referrer=业主-7 stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.evidence) == ("REFERRAL 业主-7", ["S1", "V1"])


def test_an_owner_whom_the_client_no_longer_names_at_subscription_is_none(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:01 state  S1 client=王 origin=owner referrer=业主-7 before_staff=yes
    2026-05-20 14:01 state  S2 client=王 origin=nobody stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_the_client_names_only_after_meeting_staff_is_none(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:01 state  S1 client=王 origin=owner referrer=业主-7
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_the_client_names_on_another_day_is_none(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-02 10:01 state  S1 client=王 origin=owner referrer=业主-7 before_staff=yes
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_the_client_names_without_saying_whom_is_none(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:01 state  S1 client=王 origin=owner before_staff=yes
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_who_registers_after_the_visit_is_too_late(case):
    """agent 业主/赵 kind=owner
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 report R1 agent=业主/赵 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_owner_named_after_the_visit_came_too_late(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-02 19:00 lead   L1 client=王 referrer=业主-7
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_a_buyer_of_whom_nothing_is_known_is_natural(case):
    """2026-05-20 15:00 buy D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.evidence, told.codes) == ("NATURAL", "C6", [], {})


# C7 指名更换


def test_a_client_who_names_another_before_subscription_puts_both_side_by_side(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-20 14:00 state  S2 client=王 origin=agent agent=乙/周 stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    # Until 认购 a word may be corrected, so the last one stands (amendment 21); it does not undo an escort.
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B5 names_other_but_escorted")
    assert told.proposal == "CHANNEL 甲/李 R1"  # D7: who only registered has no share


def test_an_escorted_agent_against_the_named_one_who_came_too_is_half_and_half(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 14:00 state  S2 client=王 origin=agent agent=乙/周 stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "REVIEW"
    assert told.proposal == "SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 乙/周 R2"


def test_an_escorted_agent_against_the_named_one_who_helped_on_site(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-06 09:00 follow F1 registration=R2 by=乙/周 kind=on_site_help
    2026-05-20 14:00 state  S2 client=王 origin=agent agent=乙/周 stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().proposal == "SPLIT 70% CHANNEL 甲/李 R1 + 30% CHANNEL 乙/周 R2"


def test_a_word_changed_between_subscription_and_contract_moves_no_money_by_itself(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-28_10:00
    2026-05-25 14:00 state  S2 client=王 origin=nobody stage=later"""
    told = case.ruling()
    assert (told.outcome, told.because, told.reasons) == ("REVIEW", "C7", ["C7 changed"])
    assert told.proposal == "CHANNEL 甲/李 R1"
    assert told.changes["statement_unchanged"] == "CHANNEL 甲/李 R1"


def test_a_word_changed_after_signing_changes_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-25_13:59
    2026-05-25 14:00 state  S2 client=王 origin=nobody stage=later"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_word_changed_at_signing_is_heard(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-25_13:59
    2026-05-25 14:00 state  S2 client=王 origin=nobody stage=signing"""
    assert case.ruling().because == "C7"


def test_a_natural_client_who_later_names_an_agent_who_claims_is_for_a_person(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=nobody
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-28_10:00
    2026-05-25 14:00 state  S2 client=王 origin=agent agent=甲/李 stage=later"""
    told = case.ruling()
    assert (told.outcome, told.because, told.proposal) == ("REVIEW", "C7", "NATURAL")


def test_a_natural_client_who_later_names_somebody_who_never_registered_changes_nothing(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=nobody
    2026-05-20 15:00 buy    D1 client=王 contracted_at=2026-05-28_10:00
    2026-05-25 14:00 state  S2 client=王 origin=agent agent=甲/李 stage=later"""
    told = case.ruling()
    assert (told.outcome, told.ruling.as_json()["unregistered"]) == ("NATURAL", ["甲/李"])


def test_a_word_corrected_before_subscription_is_the_only_word(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=nobody
    2026-05-02 10:05 state  S2 client=王 origin=agent agent=甲/李 stage=later
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_word_corrected_on_the_second_of_the_subscription_is_still_a_correction(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=nobody
    2026-05-20 15:00 state  S2 client=王 origin=agent agent=甲/李 stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_client_who_takes_a_word_back_puts_it_before_a_person(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 14:00 state  S2 client=王 origin=nobody stage=subscription
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "REVIEW"


def test_two_statements_of_one_day_that_contradict_each_other_are_for_a_person(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 state  S1 client=王 origin=agent agent=甲/李
    2026-05-01 state  S2 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.proposal) == ("REVIEW", "C7", "CHANNEL 甲/李 R1")
    assert told.changes["statement_unchanged"] == "CHANNEL 甲/李 R1"


def test_two_statements_of_one_second_after_subscription_that_contradict_each_other(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:05 state  S1 client=王 origin=agent agent=甲/李 stage=signing
    2026-05-20 15:05 state  S2 client=王 origin=nobody stage=signing"""
    assert (case.ruling().outcome, case.ruling().because) == ("REVIEW", "C7")


def test_two_statements_of_one_day_that_agree_are_one(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 state  S1 client=王 origin=agent agent=甲/李
    2026-05-01 state  S2 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_colleague_named_later_changes_nothing_for_the_agency(case):
    """agent 甲/李
    agent 甲/张
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:05 state  S2 client=王 origin=agent agent=甲/张 stage=signing"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_client_who_says_the_same_twice_has_changed_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 14:00 state  S2 client=王 origin=agent agent=甲/李 stage=signing
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_client_who_would_rather_not_say_later_has_changed_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 14:00 state  S2 client=王 origin=declined stage=signing
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# C8 并列


def test_two_registrations_of_one_second_both_escorted_are_split_in_half(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:00 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=甲/李 client=王
    2026-05-01 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 乙/周 R2", "C8")


def test_two_registrations_of_one_second_with_one_escort_are_for_a_person(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:00 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "REVIEW"


def test_two_registrations_a_second_apart_are_no_tie(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:01 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=甲/李 client=王
    2026-05-01 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes["R2"]) == ("CHANNEL 甲/李 R1", "4")


def test_competing_partners_who_came_together_share(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:10 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=甲/李 client=王
    2026-05-01 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 乙/周 R2", "C8")


def test_one_agents_double_tap_is_no_tie(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:00 report R2 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome in ("CHANNEL 甲/李 R1", "CHANNEL 甲/李 R2")


def test_three_who_cannot_be_told_apart_are_for_a_person(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:00 report R2 agent=乙/周 client=王
    2026-05-01 09:00:00 report R3 agent=丙/吴 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=甲/李 client=王
    2026-05-01 10:00 escort K2 agent=乙/周 client=王
    2026-05-01 10:00 escort K3 agent=丙/吴 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.reasons) == ("REVIEW", "C8", ["C8 tie"])
    assert sorted(told.evidence) == ["R1", "R2", "R3"]


def test_two_of_one_second_of_whom_the_client_names_one(case):
    """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00:00 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "REVIEW"


def test_a_registration_known_by_its_day_and_one_by_the_minute_of_that_day_cannot_be_told_apart(case):
    """2026-05-01 report R2 agent=甲/李 client=王
    2026-05-01 15:00 report R1 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome.startswith("SPLIT 50%"), told.because) == (True, "C8")


def test_registrations_known_by_their_day_only_cannot_be_told_apart(case):
    """2026-05-01 report R1 agent=甲/李 client=王
    2026-05-01 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 乙/周 R2"
    assert told.because == "C8"


# C9 放弃

ABANDONED = """policy classic follow_days={days}
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    {follow}
    {agent} follow F8 registration=R1 by=案场 kind=warning_agent
    {site} follow F9 registration=R1 by=案场 kind=warning_site
    {rival}
    2026-05-28 15:00 buy    D1 client=王"""
RIVAL = """2026-05-15 09:00 report R2 agent=乙/周 client=王
    2026-05-20 10:00 arrive V2 client=王 means=qr registration=R2"""


def abandoned(days="7", follow="", rival="", agent="2026-05-10 09:00", site="2026-05-10 09:00"):
    return load(ABANDONED.format(days=days, follow=follow, rival=rival, agent=agent, site=site)).ruling()


def test_a_client_nobody_followed_for_a_week_before_both_were_warned_is_free():
    told = abandoned()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "12"}, "C9 overdue")


def test_a_free_client_whom_another_registered_is_lost():
    told = abandoned(rival=RIVAL)
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "10", "R2": "0"})
    assert told.rule_of("R1") == "C9 taken"


def test_who_registered_before_the_client_was_free_took_nothing():
    told = abandoned(rival=RIVAL.replace("2026-05-15 09:00", "2026-05-09 09:00"))
    assert told.codes == {"R1": "12", "R2": "5"}


def test_where_the_policy_does_not_say_so_nobody_is_lost_for_want_of_calls():
    assert abandoned(days="none").outcome == "CHANNEL 甲/李 R1"


def test_a_warning_on_the_last_day_of_the_week_comes_too_early():
    early = "2026-05-08 23:59"
    assert abandoned(agent=early, site=early).outcome == "CHANNEL 甲/李 R1"
    assert abandoned(agent=early, site="2026-05-09 00:00").codes == {"R1": "12"}
    assert abandoned(agent="2026-05-09 00:00", site=early).codes == {"R1": "12"}


def test_a_week_counts_from_the_last_contact():
    contact = "2026-05-04 09:00 follow F1 registration=R1 by=甲/李"
    assert abandoned(follow=contact).outcome == "CHANNEL 甲/李 R1"
    assert abandoned(follow=contact, agent="2026-05-12 00:00").codes == {"R1": "12"}


def test_help_on_site_is_a_contact():
    contact = "2026-05-04 09:00 follow F1 registration=R1 by=甲/李 kind=on_site_help"
    assert abandoned(follow=contact).outcome == "CHANNEL 甲/李 R1"


def test_a_warned_agent_who_calls_at_once_keeps_the_client():
    assert abandoned(follow="2026-05-10 11:00 follow F1 registration=R1 by=甲/李").outcome == "CHANNEL 甲/李 R1"
    assert abandoned(follow="2026-05-14 11:00 follow F1 registration=R1 by=甲/李").codes == {"R1": "12"}


def test_a_warning_after_the_deal_frees_nobody():
    assert abandoned(site="2026-05-28 15:00").outcome == "CHANNEL 甲/李 R1"


def test_one_warning_is_not_two(case):
    """policy classic follow_days=7
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 09:00 follow F8 registration=R1 by=案场 kind=warning_agent
    2026-05-10 09:00 follow F9 registration=R1 by=案场 kind=warning_agent
    2026-05-28 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "C9").verdict.value) == ("CHANNEL 甲/李 R1", "pass")


# D13 联名


def test_two_buyers_brought_by_two_agents_are_for_a_person(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.because, told.reasons) == ("REVIEW", "D13", ["D13 two_agents"])
    assert told.proposal == "SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 乙/周 R2"


def test_two_buyers_brought_by_one_agent_are_one_deal_of_that_agent(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=甲/李 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_two_buyers_of_two_colleagues_registered_in_one_second_are_no_matter_of_names(case):
    """agent 甲/李
    agent 甲/张
    2026-05-01 09:00:00 report R1 agent=甲/李 client=夫
    2026-05-01 09:00:00 report R2 agent=甲/张 client=妻
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-01 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("SPLIT 50% CHANNEL 甲/李 R1 + 50% CHANNEL 甲/张 R2", "C8")


def test_of_two_colleagues_who_brought_two_buyers_the_first_has_the_deal(case):
    """agent 甲/李
    agent 甲/张
    2026-05-01 09:00:01 report R1 agent=甲/李 client=夫
    2026-05-01 09:00:00 report R2 agent=甲/张 client=妻
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-01 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().outcome == "CHANNEL 甲/张 R2"


def test_a_doubt_about_the_colleague_who_came_first_is_a_doubt_about_the_deal(case):
    """agent 甲/李
    agent 甲/张
    2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫
    2026-05-02 09:00 report R2 agent=甲/张 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("REVIEW", "B5")


def test_a_co_buyer_who_never_came_and_was_never_registered_changes_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_co_buyer_who_came_by_themselves_before_is_for_a_person(case):
    """2026-05-01 10:00 arrive V1 client=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.reasons) == ("REVIEW", ["D13 came_before"])


def test_a_co_buyer_who_came_by_themselves_afterwards_changes_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-05 10:00 arrive V2 client=夫
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_co_buyer_whose_natural_protection_was_over_changes_nothing(case):
    """2026-04-01 10:00 arrive V1 client=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_co_buyers_agent_whose_window_had_ended_has_no_share(case):
    """2026-04-01 09:00 report R1 agent=甲/李 client=夫
    2026-04-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "8", "R2": "0"})


def test_of_several_other_agents_the_named_one_has_the_rest(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:10 report R2 agent=乙/周 client=王
    2026-05-01 09:20 report R3 agent=丙/吴 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:05 state  S1 client=王 origin=agent agent=丙/吴
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().proposal == "CHANNEL 丙/吴 R3"


def test_a_joint_purchase_tells_when_the_other_came_and_what_without_it(case):
    """2026-05-01 arrive V1 client=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert told.reasons == ["D13 came_before"]
    assert told.when(told.ruling.choice.reasons[0].args["visited_at"]) == "2026-05-01 00:00"
    assert told.changes == {"without_earlier_visit": "CHANNEL 甲/李 R1"}
    assert told.ruling.changes[0].rule == "D13"


def test_two_of_a_joint_purchase_one_in_doubt(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=reception agent=乙/周
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("REVIEW", "B4")


def test_the_same_agencys_colleagues_with_two_of_a_joint_purchase_are_one(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-01 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=甲/张 client=妻
    2026-05-02 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_competing_registration_with_no_escort_shown_holds_up_nobody(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 escort K1 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "NOESCORT", "R2": "0"})


def test_a_competing_escort_that_may_have_come_first_holds_it_up(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王 means=reception agent=甲/李
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("REVIEW", "B4")


def test_of_competing_escorts_the_earlier_time_on_paper_wins_over_the_shared_visit(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:20 escort K1 agent=甲/李 client=王
    2026-05-01 10:10 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("CHANNEL 乙/周 R2", "C3")
