"""B: what makes an arrival, a visit and an escort (RULES.md B1 to B9, amendments 3, 4, 10, 11)."""

# B1, B2, B7 提前报备


def test_a_lead_of_an_hour_is_kept_to_the_second(case):
    """policy classic lead_min=60
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/李 client=赵
    2026-05-03 09:59:59 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:00:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    told = case.ruling("D1")
    assert (told.codes, told.needs) == ({"R1": "3"}, ["denied_claim"])
    assert told.changes == {"registered_earlier R1": "CHANNEL 甲/李 R1"}
    assert told.when(told.ruling.changes[0].args["by_at"]) == "2026-05-03 08:59"
    assert case.ruling("D2").outcome == "CHANNEL 甲/李 R2"


def test_without_a_lead_the_registration_has_still_to_come_first(case):
    """policy classic lead_min=0
    2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B7")


def test_without_a_lead_a_second_before_is_enough(case):
    """policy classic lead_min=0
    2026-05-03 09:59:59 report R1 agent=甲/李 client=王
    2026-05-03 10:00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_registered_on_the_same_second_as_the_arrival_is_after_the_fact(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "3"}, "B7")


def test_exactly_at_the_lead_is_not_in_the_band(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:30:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().flags == []


def test_a_second_after_the_lead_is_in_the_band_and_only_flagged(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:30:01 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.flags) == ("CHANNEL 甲/李 R1", {"R1": "0"}, ["F-BAND"])
    assert told.ruling.flags[0].args == {"gap_min": 30, "lead_min": 30, "band_min": 30}
    assert told.needs == []


def test_the_band_ends_with_its_last_minute(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().flags == ["F-BAND"]


def test_a_second_after_the_band_is_unremarkable(case):
    """2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00:01 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().flags == []


def test_without_a_band_nothing_is_flagged(case):
    """policy classic band_min=0
    2026-05-03 10:00:00 report R1 agent=甲/李 client=王
    2026-05-03 10:30:01 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().flags == []


def test_the_lead_is_measured_to_the_first_arrival_of_the_day(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王
    2026-05-03 16:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B1")


def test_an_early_client_may_come_again_another_day(case):
    """policy classic natural_protect_days=0
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王
    2026-05-04 10:00 report R2 agent=乙/周 client=王
    2026-05-04 11:30 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.codes["R1"] == "3"


# B1a 早到补救


def test_an_early_client_who_knew_the_agent_before_is_for_a_person(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 before_staff=yes first_contact_at=2026-05-02 first_contact_where=wechat
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B1a", {"R1": "3"})
    assert told.reasons == ["B1a early_client"]
    assert (told.finding("R1", "B1a").verdict.value, told.proposal) == ("unknown", "CHANNEL 甲/李 R1")


def test_an_early_client_first_met_that_morning_is_just_late_registered(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 before_staff=yes first_contact_at=2026-05-03_08:00
    2026-05-20 15:00 buy    D1 client=王"""
    assert (case.ruling().outcome, case.ruling().codes) == ("NATURAL", {"R1": "3"})


def test_an_early_client_asked_after_meeting_staff_is_not_cured(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 first_contact_at=2026-05-02
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_without_the_cure_an_early_client_is_code_three(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 before_staff=yes first_contact_at=2026-05-02
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


def test_a_registration_after_the_fact_is_no_early_client(case):
    """policy classic lead_cure=review
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 report R1 agent=甲/李 client=王
    2026-05-03 10:11 state  S1 client=王 origin=agent agent=甲/李 before_staff=yes first_contact_at=2026-05-02
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("NATURAL", "B7")


def test_who_confirmed_a_day_before_and_comes_before_the_lead_is_for_a_person(case):
    """policy classic lead_cure=review lead_min=1440
    2026-05-02 10:00 report  R1 agent=甲/李 client=王
    2026-05-02 10:00 confirm N1 registration=R1 client=王
    2026-05-03 09:59 arrive  V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}
    assert case.ruling().outcome == "NATURAL"


def test_a_client_confirmed_a_day_before_a_queued_registration_takes_effect_is_for_a_person(case):
    """policy classic lead_cure=review live_cap=1
    2026-05-01 08:00 report  R0 agent=甲/李 client=赵 released_at=2026-05-03_10:00 released_by=agent
    2026-05-02 09:00 report  R1 agent=甲/李 client=王
    2026-05-02 10:10 confirm N1 registration=R1 client=王
    2026-05-03 10:10 arrive  V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B1a", {"R1": "3"})


def test_a_client_confirmed_a_minute_less_than_a_day_before_is_not(case):
    """policy classic lead_cure=review live_cap=1
    2026-05-01 08:00 report  R0 agent=甲/李 client=赵 released_at=2026-05-03_10:00 released_by=agent
    2026-05-02 09:00 report  R1 agent=甲/李 client=王
    2026-05-02 10:11 confirm N1 registration=R1 client=王
    2026-05-03 10:10 arrive  V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    assert case.ruling().outcome == "NATURAL"


# B3 报备有效期


def test_a_report_window_of_one_day_ends_with_the_next_day(case):
    """policy classic report_valid_days=1
    2026-05-01 00:00 report R1 agent=甲/李 client=王
    2026-05-01 00:00 report R2 agent=甲/李 client=赵
    2026-05-02 23:59:59 arrive V1 client=王 means=qr registration=R1
    2026-05-03 00:00:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:00 buy    D2 client=赵"""
    assert case.ruling("D1").outcome == "CHANNEL 甲/李 R1"
    assert (case.ruling("D2").codes, case.ruling("D2").until("R2", "B3")) == ({"R2": "7"}, "2026-05-02 23:59")
    assert case.ruling("D2").changes["visited_in_time R2"] == "CHANNEL 甲/李 R2"


def test_counted_in_hours_the_last_instant_is_inside(case):
    """policy classic counting=hours_24
    2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-08 18:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_report_window_may_start_with_the_approval(case):
    """policy classic report_start=approved
    2026-05-01 18:00 report R1 agent=甲/李 client=王 approved_at=2026-05-02_09:00
    2026-05-09 23:59 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "B3")) == ("CHANNEL 甲/李 R1", "2026-05-09 23:59")


def test_a_report_window_from_approval_ends_too(case):
    """policy classic report_start=approved
    2026-05-01 18:00 report R1 agent=甲/李 client=王 approved_at=2026-05-02_09:00
    2026-05-10 00:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "7"}


def test_a_window_from_submission_does_not_wait_for_an_approval(case):
    """2026-05-01 18:00 report R1 agent=甲/李 client=王 approved_at=2026-05-02_09:00
    2026-05-09 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "7"}


def test_a_window_from_approval_runs_from_submission_where_no_approval_is_recorded(case):
    """policy classic report_start=approved
    2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-08 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.until("R1", "B3")) == ("CHANNEL 甲/李 R1", "2026-05-08 23:59")


def test_a_client_who_never_came_in_time_leaves_a_lapsed_registration(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "7"}, "B3 never_came")
    why = {rule: told.finding("R1", rule).reason for rule in ("B7", "B1", "B4", "B5", "D1")}
    assert why == {"B7": "no_visit", "B1": "no_visit", "B4": "overdue", "B5": "no_visit", "D1": "no_visit"}


def test_on_the_last_day_of_the_report_window_a_deal_without_a_visit_is_for_a_person(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-08 23:59 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "NOVISIT"}, "B4 no_visit")


def test_a_registration_after_the_deal_is_void(case):
    """2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:30 report R1 agent=甲/李 client=王
    2026-05-20 17:00 arrive V1 client=王 means=qr registration=R1"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B7 after_deal")


# B4, B4a 到访确认


def test_a_desk_entry_confirmed_within_a_day_is_a_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=reception agent=甲/李 confirmed_at=2026-05-04_10:00 confirmed_by=otp
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.finding("R1", "B4").args["means"] == ["E4"]


def test_a_desk_entry_confirmed_a_second_too_late_is_a_hint(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=reception agent=甲/李 confirmed_at=2026-05-04_10:00:01 confirmed_by=otp
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "UNPROVEN"}, "B4 unproven")
    assert "visit_proven R1" in told.changes


def test_a_desk_entry_signed_by_the_visitor_is_a_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=reception agent=甲/李 confirmed_at=2026-05-03_10:30 confirmed_by=signature
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_numbered_counterfoil_with_a_signature_is_a_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=paper agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_bare_desk_entry_with_no_confirmation_is_unproven(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=reception agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B4", {"R1": "UNPROVEN"})


def test_a_code_that_staff_can_read_is_worth_a_desk_entry(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=otp agent=甲/李 staff_readable=yes
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_a_check_in_of_unknown_means_is_a_hint(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=unknown agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_an_identity_card_at_the_desk_proves_a_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=id agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B4").args["means"]) == ("CHANNEL 甲/李 R1", ["E6"])


def test_a_receipt_the_visitor_kept_proves_a_visit_the_book_lacks(case):
    """2026-05-03 09:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 receipt H1 client=王 presented_at=2026-05-20_15:00
    2026-05-20 15:00 buy     D1 client=王
    2026-05-20 15:05 state   S1 client=王 origin=agent agent=甲/李 stage=signing"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B4").args["means"]) == ("CHANNEL 甲/李 R1", ["E21"])


def test_a_counterfoil_written_by_a_clock_gone_mad_is_a_hint(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s=0 offset_high_s=1000
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:30 arrive V1 client=王 means=paper agent=甲/李 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_a_bearer_receipt_alone_proves_no_visit_for_the_agent_either(case):
    """2026-05-03 09:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 receipt H1 client=王 bound_to=bearer
    2026-05-03 10:05 state   S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "UNPROVEN"})


def test_a_face_pass_and_a_check_in_of_unknown_means_prove_nothing_together(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-03 10:00 arrive V2 client=王 means=unknown
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_a_face_pass_and_a_desk_entry_prove_together(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-03 10:00 arrive V2 client=王 means=reception
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B4").args["means"]) == ("CHANNEL 甲/李 R1", ["E4", "E5"])


def test_a_face_pass_and_somebody_elses_desk_entry_prove_nothing_together(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-03 10:00 arrive V2 client=赵 means=reception
    2026-05-20 15:00 buy    D1 client=王+赵"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_two_counterfoils_of_one_desk_are_one_hint(case):
    """2026-05-01 10:00 arrive V1 client=王 means=paper
    2026-05-01 10:10 arrive V9 client=王 means=paper
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_with_a_door_code_required_a_code_from_home_is_a_contact_and_no_visit(case):
    """policy classic door_code=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=otp agent=甲/李
    2026-05-08 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "NOVISIT"})


def test_with_a_door_code_it_is_a_visit(case):
    """policy classic door_code=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=otp agent=甲/李 door_code=valid
    2026-05-08 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_stale_door_code_is_none(case):
    """policy classic door_code=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr agent=甲/李 door_code=stale
    2026-05-08 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "NOVISIT"}


def test_the_desks_own_scan_needs_no_door_code(case):
    """policy classic door_code=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=id agent=甲/李
    2026-05-08 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_contact_by_code_without_a_door_code_is_the_sites_protection_not_a_visit(case):
    """policy classic door_code=true
    2026-05-01 10:00 arrive V1 client=王 means=otp
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1 door_code=valid
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.codes, told.rule_of("R1")) == ({"R1": "6"}, "A5 contacted")


# B5, B6 带看


def test_an_escort_by_code_and_the_clients_word_needs_nobody_else(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 means=code buyer_named=yes
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B5").reason) == ("CHANNEL 甲/李 R1", "shown")
    assert "K1" in told.evidence


def test_where_the_clients_word_is_needed_a_scan_alone_shows_no_escort(case):
    """policy classic escort_by_client=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 means=code buyer_named=no
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B5 no_statement")


def test_the_sites_own_register_shows_an_escort(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 means=site_record buyer_named=no
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_signed_paper_shows_an_escort(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 means=paper buyer_named=yes
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_objection_on_the_last_hour_reopens_the_escort(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 buyer_named=no
    2026-05-04 10:00 object J1 escort=K1 by=site
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B5 objected")
    assert told.codes == {"R1": "NOESCORT"}


def test_an_objection_a_second_late_is_silence(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 buyer_named=no
    2026-05-04 10:00:01 object J1 escort=K1 by=site
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_objection_that_the_clients_word_answers_changes_nothing(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王 buyer_named=no
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=甲/李
    2026-05-03 12:00 object J1 escort=K1 by=site
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B5").reason) == ("CHANNEL 甲/李 R1", "named")


def test_a_client_who_came_alone_and_says_nobody_brought_them_is_natural(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=nobody
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("NATURAL", "C6")
    assert (told.codes, told.rule_of("R1")) == ({"R1": "NOESCORT"}, "B5 names_nobody")
    assert told.changes["named R1"] == "CHANNEL 甲/李 R1"
    assert told.needs == []  # nobody recorded the claim: not the book, not the client, not an escort


def test_a_client_who_came_alone_and_says_nothing_is_for_a_person(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1"), told.proposal) == ("REVIEW", "B5 no_statement", "NATURAL")


def test_a_client_who_came_alone_after_a_follow_up_gets_the_split_proposed(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:30 follow F1 registration=R1 by=甲/李
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().proposal == "SPLIT 20% CHANNEL 甲/李 R1 + 80% NATURAL"


def test_rather_not_say_is_no_statement(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=declined
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "B5 no_statement"


def test_rather_not_say_takes_nothing_from_an_escorted_agent(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:05 state  S1 client=王 origin=declined
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_client_who_names_an_owner_where_no_escort_was_shown(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=owner referrer=业主-7 before_staff=yes
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REFERRAL 业主-7", "B5 names_other")


def test_an_escorted_client_who_says_nobody_brought_them_is_for_a_person(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:05 state  S1 client=王 origin=nobody
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B5 names_nobody_but_escorted")


def test_an_escorted_client_who_names_another_agent_is_for_a_person(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B5 names_other_but_escorted")


def test_a_client_who_names_another_agent_of_the_same_agency_names_the_agency(case):
    """agent 甲/李
    agent 甲/张
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=甲/张
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_an_escort_up_to_four_hours_before_the_visit_belongs_to_it(case):
    """2026-05-03 05:00 report R1 agent=甲/李 client=王
    2026-05-03 06:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_escort_more_than_four_hours_before_the_visit_does_not(case):
    """2026-05-03 05:00 report R1 agent=甲/李 client=王
    2026-05-03 05:59:59 escort K1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "B5 no_statement"


def test_an_escort_up_to_four_hours_after_the_visit_belongs_to_it(case):
    """2026-05-03 05:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 14:00 escort K1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_escort_more_than_four_hours_after_the_visit_does_not(case):
    """2026-05-03 05:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 14:00:01 escort K1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "B5 no_statement"


def test_an_escort_known_by_its_day_belongs_to_the_visit_of_that_day(case):
    """2026-05-03 05:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 escort K1 agent=甲/李 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_colleague_who_stands_in_escorts_for_the_agency(case):
    """agent 甲/李
    agent 甲/张
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/张 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_colleague_who_had_left_escorts_for_nobody(case):
    """agent 甲/李
    agent 甲/张 until=2026-05-02
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/张 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().rule_of("R1") == "B5 no_statement"


def test_a_check_in_after_two_visits_belongs_to_the_second(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-04 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-04 11:00 arrive V3 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert [visit.evidence for visit in told.ruling.hearing.visits] == [("V1",), ("V2", "V3")]


def test_a_relatives_visit_with_another_agent_is_not_this_agents(case):
    """2026-04-30 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-02 10:00 arrive V1 client=夫
    2026-05-02 10:00 escort K1 agent=乙/周 client=夫
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V2",)


def test_a_relatives_visit_with_this_agent_is_this_agents(case):
    """2026-04-30 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-02 10:00 arrive V1 client=夫
    2026-05-02 10:00 escort K1 agent=甲/李 client=夫
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫+妻"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V1",)


# B8, B9 到访


def test_check_ins_less_than_four_hours_apart_are_one_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 13:59:59 arrive V2 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V1", "V2")


def test_check_ins_four_hours_apart_are_two(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 14:00:00 arrive V2 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V1",)


def test_check_ins_each_within_four_hours_of_the_last_are_one_visit(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 13:00 arrive V2 client=王
    2026-05-03 16:00 arrive V3 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V1", "V2", "V3")


def test_the_merging_gap_is_a_parameter(case):
    """policy classic visit_merge_h=1
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-03 10:59:59 arrive V2 client=王
    2026-05-03 11:59:59 arrive V3 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().claim("R1").draft.visit.evidence == ("V1", "V2")


def test_two_desk_proofs_of_grade_b_make_a_natural_visit(case):
    """2026-05-01 10:00 arrive  V1 client=王 means=paper
    2026-05-01 10:00 receipt H1 client=王 bound_to=bearer
    2026-05-03 09:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive  V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})
    assert sorted(told.evidence) == ["H1", "V1"]


def test_one_proof_of_grade_b_is_no_natural_visit(case):
    """2026-05-01 10:00 arrive V1 client=王 means=paper
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_bearer_receipt_alone_defeats_nobody(case):
    """2026-05-01 10:00 receipt H1 client=王 bound_to=bearer presented_at=2026-05-20_15:00
    2026-05-03 09:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive  V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_receipt_bound_to_the_visitors_phone_proves_the_earlier_visit(case):
    """2026-05-01 10:00 receipt H1 client=王 bound_to=phone presented_at=2026-05-20_15:00
    2026-05-03 09:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive  V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})
