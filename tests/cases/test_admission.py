"""A: what the answer to a registration rests on (RULES.md A1 to A11)."""

from tests.cases.dsl import load

# A1 协议与资质


def test_without_an_agreement_in_force_a_registration_is_void(case):
    """agency 甲 until=2026-05-02
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "NOAGR"}, "A1 no_agreement")
    assert told.because == "C6"
    assert told.changes == {"agreement R1": "CHANNEL 甲/李 R1"}
    assert told.needs == []  # an admission refusal is automatic, explained, contestable (INV-11)


def test_an_agreement_that_ends_on_a_day_is_in_force_to_its_last_minute(case):
    """agency 甲 until=2026-05-03
    2026-05-03 23:20 report R1 agent=甲/李 client=王
    2026-05-03 23:59 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_minute_before_the_agreement_begins_is_too_early(case):
    """agency 甲 since=2026-05-03_09:00
    2026-05-03 08:59 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "A1 no_agreement"


def test_the_minute_the_agreement_begins_is_soon_enough(case):
    """agency 甲 since=2026-05-03_09:00
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_agreement_begun_on_a_day_covers_the_whole_of_it(case):
    """agency 甲 since=2026-05-03
    2026-05-03 00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_one_agencys_agreement_is_not_anothers(case):
    """agency 乙
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "A1 no_agreement"


def test_a_file_without_agreements_asks_for_none(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    finding = told.finding("R1", "A1")
    assert (finding.verdict.value, finding.reason) == ("not_asked", "no_record")


def test_an_agent_on_no_list_has_no_standing(case):
    """agent 甲/张
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "NOAGR"}, "A1 not_employed")


def test_an_agent_whose_employment_had_ended_has_no_standing(case):
    """agent 甲/李 until=2026-05-02
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "A1 not_employed"


def test_an_agent_employed_until_the_end_of_the_day_has_standing_that_day(case):
    """agent 甲/李 until=2026-05-03
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_agent_listed_with_two_agencies_has_to_settle_for_one(case):
    """agent 李 agency=甲公司
    agent 李 agency=丙公司
    2026-05-03 09:00 report R1 agent=李 agency=甲公司 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "NOAGR"}, "A1 two_agencies")


def test_a_suspended_agent_registers_in_vain(case):
    """agent 甲/李 suspended_from=2026-05-03_09:00 suspended_until=2026-05-10
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.rule_of("R1"), told.codes) == ("A1 suspended", {"R1": "NOAGR"})


def test_an_agent_suspended_later_keeps_the_client(case):
    """agent 甲/李 suspended_from=2026-05-03_09:01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_agent_whose_suspension_was_over_may_register(case):
    """agent 甲/李 suspended_from=2026-04-01 suspended_until=2026-05-02
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_owner_who_registers_a_friend_is_a_referral_not_a_channel(case):
    """agent 业主/赵 kind=owner
    2026-05-03 09:00 report R1 agent=业主/赵 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.rule_of("R1")) == ("REFERRAL 业主/赵", "C6", "A1 owner")
    assert told.codes == {"R1": "NOAGR"}


def test_a_registrant_with_a_staff_members_number_is_staff(case):
    """agent 甲/李 phone=李
    staff 顾问-01 phone=李
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1"), told.codes) == ("NATURAL", "A1 is_staff", {"R1": "NOAGR"})


def test_an_undeclared_employee_gets_no_referral_even_under_a_scheme(case):
    """policy classic employee_scheme=true
    agent 员工/钱 kind=employee
    2026-05-03 09:00 report R1 agent=员工/钱 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_an_agency_that_the_agents_list_knows_is_not_missing(case):
    """policy classic required=client,phone,agent,agency,project
    2026-05-03 09:00 report R1 agent=李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 李 R1"


def test_every_rule_is_asked_of_every_claim_also_after_one_has_failed(case):
    """policy classic owner_limit=allow
    agency 甲 until=2026-04-30
    2026-05-03 09:00 report R1 agent=甲/李 client=王 project=别处花园 called=-
    2026-05-03 09:10 arrive V1 client=王 means=qr registration=R1
    2026-07-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert [one.rule for one in told.claim("R1").findings] == [
        *("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12"),
        *("B7", "B1", "B3", "B4", "B5", "D1", "D3", "D4", "C5", "C9"),
    ]
    assert told.failing("R1") == ["A1", "A2", "A3", "B1", "D1", "D4"]


def test_a_registration_that_attaches_to_nobody_is_asked_only_what_needs_nobody(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000005678 means=qr registration=R1
    owner O1 client=16000005678
    2026-05-20 15:00 buy    D1 client=16000005678"""
    told = case.ruling()
    findings = {one.rule: one.verdict.value for one in told.claim("R1").findings}
    assert (findings["A4"], findings["A5"], findings["A11"]) == ("not_asked", "not_asked", "fail")
    assert "B1" not in findings


# A2 必填与格式


def test_a_registration_without_the_clients_name_is_incomplete(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 called=-
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "INCOMPLETE"}, "A2 missing")
    assert told.finding("R1", "A2").args["fields"] == ["client"]
    assert "complete R1" in told.changes


def test_the_expected_time_is_asked_for_only_where_the_policy_says_so(case):
    """policy classic required=client,phone,agent,expected_at
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/李 client=赵 expected_at=2026-05-03_10:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    assert case.ruling("D1").codes == {"R1": "INCOMPLETE"}
    assert case.ruling("D2").outcome == "CHANNEL 甲/李 R2"


def test_a_project_that_takes_full_numbers_only_refuses_a_masked_one(case):
    """policy classic masked=deny
    2026-05-03 09:00 report R1 agent=甲/李 client=隐王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "INCOMPLETE"}, "A2 masked")


def test_a_project_that_takes_masked_numbers_only_refuses_a_full_one(case):
    """policy classic masked=only
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "INCOMPLETE"}, "A2 not_masked")


def test_a_masked_registration_is_taken_where_masked_is_allowed(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=隐王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.finding("R1", "A2").reason == "masked"
    assert told.finding("R1", "A11").reason == "redeemed"


# A3 项目一致


def test_a_registration_for_another_project_is_refused(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 project=别处花园
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "PROJECT"}, "A3")


def test_an_escort_to_another_project_shows_no_escort_here(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 project=别处花园
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "NOESCORT"}, "B5 no_statement")


# A4 老业主


def test_an_owner_at_this_project_cannot_be_registered(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    owner O1 client=王 scope=project since=2020-03-01
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "11"}, "A4 project")
    assert told.outcome == "NATURAL"


def test_an_owner_elsewhere_in_the_group_cannot_be_registered_under_deny_group(case):
    """owner O1 client=王 scope=group since=2020-03-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "1"}, "A4 group")


def test_an_owner_elsewhere_in_the_group_may_be_registered_under_deny_project(case):
    """policy classic owner_limit=deny_project
    owner O1 client=王 scope=group since=2020-03-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_owner_at_this_project_may_not_be_registered_under_deny_project(case):
    """policy classic owner_limit=deny_project
    owner O1 client=王 scope=project since=2020-03-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "11"}


def test_where_owners_are_welcome_any_may_be_registered(case):
    """policy classic owner_limit=allow
    owner O1 client=王 scope=project since=2020-03-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "A4").reason) == ("CHANNEL 甲/李 R1", "allowed")


def test_who_became_an_owner_after_the_registration_was_none_then(case):
    """owner O1 client=王 scope=project since=2026-05-04
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_group_list_without_a_basis_of_its_own_bars_nobody(case):
    """owner O1 client=王 scope=group since=2020-03-01 basis=-
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_projects_own_list_needs_no_other_basis(case):
    """owner O1 client=王 scope=project since=2020-03-01 basis=-
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "11"}


# A5 项目老客户


def test_a_visit_inside_natural_protection_bars_the_agent(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-31 23:59 report R1 agent=甲/李 client=王
    2026-06-01 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-05 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("NATURAL", "C6", {"R1": "2"})
    assert told.rule_of("R1") == "A5 visited"
    assert told.finding("R1", "A5").evidence == ("V1",)
    assert "without_earlier_visit R1" in told.changes


def test_on_the_day_after_natural_protection_the_client_is_free(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-06-01 00:00 report R1 agent=甲/李 client=王
    2026-06-01 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-05 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("CHANNEL 甲/李 R1", "C2")


def test_permanent_natural_protection_never_lapses(case):
    """policy classic natural_protect_days=permanent visit_protect_days=permanent
    2025-01-01 10:00 arrive V1 client=王 means=id
    2026-06-01 00:00 report R1 agent=甲/李 client=王
    2026-06-01 10:00 arrive V2 client=王 means=qr registration=R1
    2026-06-05 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "2"}


def test_no_days_of_natural_protection_end_with_the_day_of_the_visit(case):
    """policy classic natural_protect_days=0
    2026-05-01 10:00 arrive V1 client=王
    2026-05-01 23:59 report R1 agent=甲/李 client=王
    2026-05-02 00:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V2 client=王 means=qr registration=R2
    2026-06-01 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes == {"R1": "2", "R2": "0"}
    assert told.outcome == "CHANNEL 乙/周 R2"


def test_a_natural_client_the_site_released_may_be_registered(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:00 edit   X1 staff=经理-01 client=王 field=release
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_release_after_the_registration_is_too_late_for_it(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:01 edit   X1 staff=经理-01 client=王 field=release
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "2"}


def test_a_release_before_the_visit_releases_nothing_of_it(case):
    """2026-05-01 09:59 edit   X1 staff=经理-01 client=王 field=release
    2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "2"}


def test_a_release_of_the_wifes_record_is_none_of_the_husbands(case):
    """2026-04-01 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-01 10:00 arrive V1 client=夫
    2026-05-03 09:00 edit   X1 staff=经理-01 client=妻 field=release
    2026-05-03 09:00 report R1 agent=甲/李 client=夫
    2026-05-03 10:00 arrive V2 client=夫 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫"""
    assert case.ruling().codes == {"R1": "2"}


def test_an_online_lead_proved_by_a_code_is_the_sites_own_protection(case):
    """2026-05-01 10:00 lead   L1 client=王 otp=yes
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "6"}, "A5 contacted")


def test_a_bought_list_bars_nobody(case):
    """2026-05-01 10:00 lead   L1 client=王 source=名单
    2026-05-01 11:00 call   C1 client=王 staff=顾问-01
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_desk_entry_nobody_confirmed_bars_nobody(case):
    """2026-05-01 10:00 arrive V1 client=王 means=reception
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_visit_sealed_after_the_registration_does_not_bar_it(case):
    """2026-05-01 10:00 arrive V1 client=王 sealed_at=2026-05-03_09:01
    2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R1 sealed_at=2026-05-05_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# A6, A7 他渠


def test_a_rivals_live_registration_is_in_the_way(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-08 23:59 report R2 agent=乙/周 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R2")) == ({"R1": "7", "R2": "4"}, "A6")
    assert "without_rival R2" in told.changes


def test_a_rivals_lapsed_registration_is_not(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-09 00:00 report R2 agent=乙/周 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "7", "R2": "0"})


def test_a_rivals_void_registration_is_not_in_the_way(case):
    """agency 甲 until=2026-04-30
    agency 乙
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "NOAGR", "R2": "0"})


def test_what_a_rival_let_go_is_free_at_once(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 乙/周 R2"


def test_what_a_rival_let_go_a_minute_later_was_not_yet_free(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:01 released_by=agent
    2026-05-02 09:00 report R2 agent=乙/周 client=王
    2026-05-02 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes["R2"] == "4"


def test_competing_partners_may_all_register(case):
    """policy classic mode=compete
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:05 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 乙/周 R2"
    assert told.finding("R2", "A6").reason == "compete"
    assert told.finding("R2", "A7").reason == "compete"


def test_who_was_brought_by_a_rival_is_taken_until_the_deal_window_ends(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-31 23:59 report R2 agent=乙/周 client=王
    2026-06-01 10:00 arrive V2 client=王 means=qr registration=R2
    2026-06-05 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R2")) == ({"R1": "8", "R2": "5"}, "A7")


def test_who_was_brought_by_a_rival_is_free_on_the_day_after_the_deal_window(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-06-01 00:00 report R2 agent=乙/周 client=王
    2026-06-01 10:00 arrive V2 client=王 means=qr registration=R2
    2026-06-05 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "8", "R2": "0"})


# A8 重复报备


def test_an_agents_second_registration_is_refused_while_the_first_lives(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-08 23:59 report R2 agent=甲/李 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R2")) == ({"R1": "7", "R2": "9"}, "A8")
    assert "without_own_earlier R2" in told.changes


def test_where_two_live_registrations_are_allowed_the_third_is_refused(case):
    """policy classic repeats=2
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 09:00 report R2 agent=甲/李 client=王
    2026-05-03 09:00 report R3 agent=甲/李 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R2", {"R1": "7", "R2": "0", "R3": "9"})


def test_the_last_day_of_the_cooldown_is_too_early(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-06-01 23:59 report R2 agent=甲/李 client=王
    2026-06-02 10:00 arrive V1 client=王 means=qr registration=R2
    2026-06-03 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes["R2"], told.rule_of("R2")) == ("9", "A8 cooldown")


def test_the_day_after_the_cooldown_is_not(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-06-02 00:00 report R2 agent=甲/李 client=王
    2026-06-02 10:00 arrive V1 client=王 means=qr registration=R2
    2026-06-03 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R2"


def test_without_a_cooldown_a_released_client_may_be_registered_the_next_day(case):
    """policy classic cooldown_days=0
    2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-05-03 00:00 report R2 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R2"


def test_a_cooldown_binds_only_who_let_the_client_go(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-05-03 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 乙/周 R2"


def test_a_lapsed_window_starts_no_cooldown(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-09 00:00 report R2 agent=甲/李 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R2"


def test_a_cooldown_starts_only_from_a_release_that_came_first(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=赵
    2026-05-01 09:00 report R2 agent=甲/李 client=王 released_at=2026-05-02_09:00 released_by=agent
    2026-05-03 09:00 report R3 agent=甲/李 client=赵
    2026-05-03 10:00 arrive V1 client=赵 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=赵"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R1", {"R1": "0", "R3": "9"})


# A9 自荐


def test_an_agent_cannot_bring_themselves(case):
    """agent 甲/李 phone=李
    2026-05-03 09:00 report R1 agent=甲/李 client=李
    2026-05-03 10:00 arrive V1 client=李 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=李"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "SELF"}, "A9 agent")


def test_an_agent_cannot_bring_themselves_under_a_second_number(case):
    """agent 甲/李 phone=李
    2026-05-03 09:00 report R1 agent=甲/李 client=李#2
    2026-05-03 10:00 arrive V1 client=李#2 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=李#2
    2026-05-20 15:00 identify I1 client=李#2 id_key=ID-1
    2026-05-20 15:00 identify I2 client=李 id_key=ID-1"""
    assert case.ruling().codes == {"R1": "SELF"}


def test_an_agent_cannot_bring_a_colleague(case):
    """agent 甲/李 phone=李
    agent 甲/张 phone=张
    2026-05-03 09:00 report R1 agent=甲/李 client=张
    2026-05-03 10:00 arrive V1 client=张 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=张"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "SELF"}, "A9 colleague")


def test_an_agent_of_another_agency_is_a_client_like_any(case):
    """agent 甲/李 phone=李
    agent 乙/周 phone=周
    2026-05-03 09:00 report R1 agent=甲/李 client=周
    2026-05-03 10:00 arrive V1 client=周 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=周"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_declared_relative_is_allowed_and_flagged(case):
    """agent 甲/李 phone=李
    2026-05-01 09:00 relate G1 phone_a=李 phone_b=王 kind=agent_relative
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.flags, told.needs) == ("CHANNEL 甲/李 R1", ["F-RELATIVE"], ["flag"])
    assert told.finding("R1", "A9").reason == "relative"


def test_an_agents_wife_on_record_is_a_declared_relative(case):
    """agent 甲/李 phone=李
    2026-05-01 09:00 relate G1 phone_a=李 phone_b=妻 kind=spouse since=2015-10-01
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 11:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=妻"""
    told = case.ruling()
    assert (told.outcome, told.flags) == ("CHANNEL 甲/李 R1", ["F-RELATIVE"])


def test_a_colleague_is_found_where_the_registration_names_no_agency(case):
    """agent 李 agency=甲公司
    agent 张 agency=甲公司 phone=张
    2026-05-03 09:00 report R1 agent=李 client=张
    2026-05-03 10:00 arrive V1 client=张 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=张"""
    assert case.ruling().rule_of("R1") == "A9 colleague"


def test_a_former_colleague_is_a_client_like_any(case):
    """agent 甲/李
    agent 甲/张 phone=张 until=2026-05-02
    2026-05-03 09:00 report R1 agent=甲/李 client=张
    2026-05-03 10:00 arrive V1 client=张 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=张"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_another_agents_relative_is_nobodys_concern(case):
    """agent 甲/李 phone=李
    agent 乙/周 phone=周
    2026-05-01 09:00 relate G1 phone_a=周 phone_b=王 kind=agent_relative
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:30 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert (case.ruling().outcome, case.ruling().flags) == ("CHANNEL 甲/李 R1", [])


# A10 频控


def test_over_the_cap_a_registration_waits_and_is_not_void(case):
    """policy classic live_cap=1
    2026-05-01 09:00 report R1 agent=甲/李 client=赵
    2026-05-03 09:00 report R2 agent=甲/李 client=王
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R2"
    assert told.finding("R2", "A10").reason == "queued"


def test_a_client_who_comes_while_the_registration_waits_came_before_it(case):
    """policy classic live_cap=1
    2026-05-01 09:00 report R1 agent=甲/李 client=赵
    2026-05-03 09:00 report R2 agent=甲/李 client=王
    2026-05-08 23:50 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R2")) == ("NATURAL", {"R2": "3"}, "B7")


def test_the_lead_of_a_waiting_registration_runs_from_its_turn(case):
    """policy classic live_cap=1
    2026-05-01 09:00 report R1 agent=甲/李 client=赵 released_at=2026-05-03_10:00 released_by=agent
    2026-05-03 09:00 report R2 agent=甲/李 client=王
    2026-05-03 10:29 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R2")) == ({"R2": "3"}, "B1")


def test_a_turn_that_came_half_an_hour_before_the_client_is_early_enough(case):
    """policy classic live_cap=1
    2026-05-01 09:00 report R1 agent=甲/李 client=赵 released_at=2026-05-03_10:00 released_by=agent
    2026-05-03 09:00 report R2 agent=甲/李 client=王
    2026-05-03 10:30 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R2"


def test_the_fiftieth_live_registration_is_within_the_cap_and_the_next_waits():
    rows = [f"2026-05-01 09:{n:02d} report R{n:02d} agent=甲/李 client=客{n}" for n in range(51)]
    facts = "\n".join(
        [
            *rows,
            "2026-05-01 12:00 arrive V1 client=客49 means=qr registration=R49",
            "2026-05-01 12:00 arrive V2 client=客50 means=qr registration=R50",
            "2026-05-20 15:00 buy D1 client=客49",
            "2026-05-20 15:00 buy D2 client=客50",
        ]
    )
    case = load(facts)
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R49"
    told = case.ruling("D2")
    assert (told.outcome, told.finding("R50", "A10").reason) == ("NATURAL", "queued")
    assert told.codes["R50"] in ("2", "3")  # B7: whoever came first was there before the registration took effect


def test_one_agents_cap_is_not_anothers(case):
    """policy classic live_cap=1
    2026-05-01 09:00 report R1 agent=甲/张 client=赵
    2026-05-03 09:00 report R2 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R2", "A10").reason) == ("CHANNEL 甲/李 R2", "")


def test_over_the_daily_cap_a_registration_waits_for_the_next_day(case):
    """policy classic daily_cap=1
    2026-05-03 09:00 report R1 agent=甲/李 client=赵
    2026-05-03 09:30 report R2 agent=甲/李 client=王
    2026-05-04 00:29 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.finding("R2", "A10").reason, told.codes) == ("queued", {"R2": "3"})


def test_the_day_after_it_has_its_turn(case):
    """policy classic daily_cap=1
    2026-05-03 09:00 report R1 agent=甲/李 client=赵
    2026-05-03 09:30 report R2 agent=甲/李 client=王
    2026-05-04 00:30 arrive V1 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R2"


# A11 隐号


def test_a_code_shown_by_somebody_with_other_digits_does_not_attach(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000005678 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=16000005678"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "MISMATCH"}, "A11 mismatch")


def test_a_masked_number_only_one_client_can_mean_needs_no_more(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234 agent=甲/李
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.finding("R1", "A11").verdict.value == "pass"


def test_a_masked_number_two_clients_may_mean_has_to_be_completed(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "UNMASK"}, "A11 ambiguous")
    assert (told.outcome, told.because, told.proposal) == ("REVIEW", "A11", "NATURAL")


def test_a_client_who_names_the_agent_completes_the_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:05 state  S1 client=16000001234 origin=agent agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234
    2026-05-20 15:00 buy    D2 client=16011111234"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "A11").reason) == ("CHANNEL 甲/李 R1", "named")


def test_a_masked_number_completed_by_one_client_is_no_longer_anothers(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:05 state  S1 client=16000001234 origin=agent agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D2 client=16011111234"""
    told = case.ruling("D2")
    assert (told.outcome, told.codes) == ("NATURAL", {})


def test_of_two_clients_who_name_one_agent_the_first_completes_the_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:05 state  S1 client=16000001234 origin=agent agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-02 10:05 state  S2 client=16011111234 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=16000001234
    2026-05-20 15:00 buy    D2 client=16011111234"""
    assert (case.ruling("D1").outcome, case.ruling("D1").codes) == ("CHANNEL 甲/李 R1", {"R1": "0"})
    assert case.ruling("D2").codes == {}


def test_two_clients_who_name_one_agent_at_once_leave_the_masked_number_open(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:00 arrive V2 client=16011111234
    2026-05-01 10:05 escort K1 client=16000001234 agent=甲/李
    2026-05-01 10:05 escort K2 client=16011111234 agent=甲/李
    2026-05-20 15:00 buy    D1 client=16000001234
    2026-05-20 15:00 buy    D2 client=16011111234"""
    assert case.ruling("D1").rule_of("R1") == case.ruling("D2").rule_of("R1") == "A11 ambiguous"


def test_who_named_the_agent_before_the_registration_completed_nothing(case):
    """2026-04-30 10:00 arrive V1 client=16000001234 agent=甲/李
    2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-02 10:00 arrive V2 client=16011111234 agent=甲/李
    2026-05-20 15:00 buy    D2 client=16011111234"""
    told = case.ruling("D2")
    assert (told.outcome, told.finding("R1", "A11").reason) == ("CHANNEL 甲/李 R1", "escorted")


def test_a_client_registered_in_full_completes_no_masked_number_of_the_same_agent(case):
    """2026-05-01 08:00 report R0 agent=甲/李 client=16000001234
    2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234 agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234 agent=甲/李
    2026-05-20 15:00 buy    D2 client=16011111234"""
    assert case.ruling("D2").outcome == "CHANNEL 甲/李 R1"


def test_who_was_registered_in_full_after_the_visit_had_completed_the_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 escort K1 agent=甲/李 client=16011111234
    2026-05-02 09:00 report R2 agent=甲/李 client=16011111234
    2026-05-03 09:00 report R3 agent=甲/李 client=160****1234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert "R1" not in case.ruling().codes


def test_what_completes_a_masked_number_after_the_evidence_closed_takes_it_from_nobody(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16011111234
    2026-05-20 15:00 buy    D1 client=16011111234
    2026-06-10 10:00 arrive V2 client=16000001234 agent=甲/李"""
    assert case.ruling().finding("R1", "A11").reason == "only_one"


def test_a_confirmed_masked_number_is_complete(case):
    """2026-05-01 09:00 report  R1 agent=甲/李 client=160****1234
    2026-05-01 09:05 confirm N1 registration=R1 client=16000001234
    2026-05-01 10:00 arrive  V1 client=16000001234 agent=甲/李
    2026-05-02 10:00 arrive  V2 client=16011111234
    2026-05-20 15:00 buy     D1 client=16000001234"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "A11").reason) == ("CHANNEL 甲/李 R1", "confirmed")


def test_the_wifes_word_for_an_agent_does_not_complete_the_husbands_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:05 state  S1 client=妻 origin=agent agent=甲/李
    2026-05-01 10:05 escort K1 client=妻 agent=甲/李 buyer_named=no
    2026-05-01 10:06 arrive V3 client=妻 agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234+妻"""
    assert case.ruling().codes == {"R1": "UNMASK"}


def test_an_escort_completes_the_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:00 escort K1 client=16000001234 agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "A11").reason) == ("CHANNEL 甲/李 R1", "escorted")
    assert told.finding("R1", "A11").evidence == ("K1",)


def test_the_visit_registers_word_completes_the_masked_number(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234 agent=甲/李
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "A11").evidence) == ("CHANNEL 甲/李 R1", ("V1",))


def test_another_agents_escort_completes_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 10:00 arrive V1 client=16000001234
    2026-05-01 10:00 escort K1 client=16000001234 agent=乙/周
    2026-05-02 10:00 arrive V2 client=16011111234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert case.ruling().codes == {"R1": "UNMASK"}


def test_one_number_that_two_agents_registered_masked_tells_nobody_whose_it_is(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:30 report R2 agent=乙/周 client=160****1234
    2026-05-03 10:00 arrive V1 client=16000001234
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert case.ruling().finding("R1", "A11").reason == "ambiguous"


def test_a_refused_confirmation_completes_nothing(case):
    """2026-05-01 09:00 report  R1 agent=甲/李 client=160****1234
    2026-05-01 09:05 confirm N1 registration=R1 client=16000001234 agreed=no
    2026-05-01 10:00 arrive  V1 client=16000001234 agent=甲/李
    2026-05-02 10:00 arrive  V2 client=16011111234
    2026-05-20 15:00 buy     D1 client=16000001234"""
    assert case.ruling().finding("R1", "A11").reason == "escorted"


def test_a_confirmation_by_a_number_with_other_digits_is_a_mismatch(case):
    """2026-05-01 09:00 report  R1 agent=甲/李 client=160****1234
    2026-05-01 09:05 confirm N1 registration=R1 client=16000005678
    2026-05-01 10:00 arrive  V1 client=16000005678
    2026-05-20 15:00 buy     D1 client=16000005678"""
    told = case.ruling()
    assert (told.codes, told.finding("R1", "A11").evidence) == ({"R1": "MISMATCH"}, ("N1",))
