"""G3, G7 and amendment 7 (INV-07: late counts late): clocks, seals, off-line records, withdrawals (also H's cut in time)."""

from tests.cases.dsl import load

CLOCK = """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s={low} offset_high_s={high}
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 {arrived} arrive V1 client=王 means=qr registration=R1 device={device}
    2026-05-20 15:00 buy    D1 client=王"""


def clocked(low, high, arrived, device="平板-1"):
    return load(CLOCK.format(low=low, high=high, arrived=arrived, device=device)).ruling()


def test_a_clock_sixty_seconds_out_is_taken_at_its_word():
    assert clocked(60, 60, "10:30:30").outcome == "CHANNEL 甲/李 R1"


def test_a_clock_sixty_one_seconds_fast_is_put_right():
    assert clocked(61, 61, "10:30:30").codes == {"R1": "3"}
    assert clocked(61, 61, "10:31:01").outcome == "CHANNEL 甲/李 R1"


def test_a_slow_clock_is_put_right_too():
    assert clocked(-120, -120, "10:28:00").outcome == "CHANNEL 甲/李 R1"
    assert clocked(-120, -120, "10:27:59").codes == {"R1": "3"}


def test_a_clock_known_within_bounds_that_do_not_matter_decides_by_itself():
    assert clocked(0, 600, "10:40:00").outcome == "CHANNEL 甲/李 R1"
    assert clocked(-600, 0, "10:19:59").codes == {"R1": "3"}


def test_a_clock_known_within_bounds_that_matter_leaves_it_to_a_person():
    told = clocked(0, 600, "10:39:59")
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B1", {"R1": "3"})
    assert clocked(-600, 0, "10:20:00").outcome == "REVIEW"


def test_another_devices_clock_does_not_matter():
    assert clocked(410, 430, "10:31:00", device="平板-2").outcome == "CHANNEL 甲/李 R1"


def test_a_clock_a_quarter_of_an_hour_out_still_tells_something():
    told = clocked(900, 900, "10:50:00")
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_a_clock_more_than_a_quarter_of_an_hour_out_makes_a_hint():
    told = clocked(901, 901, "10:50:00")
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "UNPROVEN"})


def test_a_clocks_error_applies_while_it_was_measured(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-02 offset_low_s=410 offset_high_s=430
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# Sealed time


def test_a_check_in_the_site_seals_late_counts_late_against_the_agent(case):
    """2026-05-03 10:00 arrive V1 client=王 sealed_at=2026-05-03_12:00
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-03 11:00 escort K1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert told.outcome != "NATURAL"


def test_a_check_in_sealed_on_time_counts_on_time(case):
    """2026-05-03 10:00 arrive V1 client=王 sealed_at=2026-05-03_10:00
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "3"})


def test_the_check_in_that_was_sealed_first_tells_when_the_visit_had_begun(case):
    """2026-05-03 10:00 arrive V1 client=王 sealed_at=2026-05-03_12:00
    2026-05-03 10:05 arrive V2 client=王 sealed_at=2026-05-03_10:05
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B7")


def test_an_agent_registered_after_the_first_sealed_check_in_less_the_lead(case):
    """2026-05-03 09:35 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:35
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_12:00
    2026-05-03 10:05 arrive V2 client=王 sealed_at=2026-05-03_10:05
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_the_message_providers_log_fixes_an_earlier_time(case):
    """2026-05-03 10:00 arrive V1 client=王 sealed_at=2026-05-03_12:00 token=sms_log token_at=2026-05-03_10:00
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "3"})


def test_an_offline_check_in_is_between_its_claim_and_its_seal(case):
    """2026-05-03 10:00 arrive V1 client=王 offline=yes sealed_at=2026-05-03_12:00
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert told.outcome == "REVIEW"


def test_an_offline_check_in_with_an_independent_token_is_as_early_as_the_token(case):
    """2026-05-03 10:00 arrive V1 client=王 offline=yes sealed_at=2026-05-03_12:00 token=witness token_at=2026-05-03_10:00
    2026-05-03 11:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "NATURAL"


def test_sealed_evidence_is_not_called_one_sides_file(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    told = case.ruling()
    assert (told.outcome, told.notes) == ("CHANNEL 甲/李 R1", [])


def test_files_of_one_side_are_called_that(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().notes == ["unsealed"]


def test_a_deal_the_site_seals_after_the_window_was_not_made_later_than_it_says(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-06-02 15:00 buy    D1 client=王 sealed_at=2026-06-05_09:00"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_a_receipt_shown_late_counts_from_when_it_was_issued(case):
    """2026-05-01 10:00 receipt H1 client=王 bound_to=phone presented_at=2026-05-20_15:00 sealed_at=2026-05-01_10:00
    2026-05-03 09:00 report  R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive  V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy     D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "NATURAL"


def test_a_receipt_out_of_a_drawer_counts_from_when_the_log_had_it(case):
    """2026-05-01 10:00 receipt H1 client=王 bound_to=phone presented_at=2026-05-20_15:00 sealed_at=2026-05-20_15:00
    2026-05-03 09:00 report  R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive  V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy     D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_registration_a_witness_stamped_counts_from_the_stamp(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_09:00
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


# Withdrawal


def test_a_final_ruling_stands_when_consent_is_withdrawn_afterwards_and_says_so(case):
    """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-01 10:00 arrive   V2 client=王 means=reception
    2026-05-01 10:01 issue    P1 client=王 pass_id=P1
    2026-05-10 15:00 buy      D1 client=王 ruled_at=2026-05-10_16:00
    2026-07-01 12:00 withdraw Z1 kind=consent pass_id=P1"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert "withdrawn" in told.notes


def test_an_open_ruling_is_made_again_without_what_was_withdrawn(case):
    """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-01 10:00 arrive   V2 client=王 means=reception
    2026-05-01 10:01 issue    P1 client=王 pass_id=P1
    2026-05-04 12:00 withdraw Z1 kind=consent pass_id=P1
    2026-05-10 15:00 buy      D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "UNPROVEN"})
    assert "V1" not in told.evidence


def test_the_client_who_says_an_earlier_visit_was_erased_is_believed_in_a_note_only(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:05 state  S1 client=王 origin=agent agent=甲/李 stage=signing earlier_erased=yes"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert "earlier_erased" in told.notes


# What came after the evidence closed


def test_a_visit_entered_after_the_ruling_changes_nothing_and_is_named(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00 ruled_at=2026-05-20_16:00
    2026-05-01 10:00 arrive V0 client=王 sealed_at=2026-07-01_10:00"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert "late_evidence" in told.notes
    assert "V0" not in told.evidence


# Where the order cannot be told


def test_a_visit_known_by_its_day_only_on_the_day_of_the_registration(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B7", {"R1": "3"})
    assert told.rule_of("R1") == "B7"


def test_a_visit_known_by_its_day_only_on_the_last_hours_of_a_window_of_hours(case):
    """policy classic counting=hours_24
    2026-05-01 18:00 report R1 agent=甲/李 client=王
    2026-05-08 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B3", {"R1": "7"})


def test_a_contact_known_by_its_day_only_on_the_day_of_the_registration(case):
    """2026-05-03 lead   L1 client=王 otp=yes
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "A5", {"R1": "6"})
    assert told.rule_of("R1") == "A5 contacted"


def test_an_earlier_visit_proved_only_after_the_registration_is_for_a_person(case):
    """2026-05-01 10:00 arrive  V1 client=王 means=reception confirmed_at=2026-05-02_09:00 confirmed_by=otp
    2026-05-01 10:00 receipt H1 client=王 bound_to=bearer
    2026-05-01 18:00 report  R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive  V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "A5", {"R1": "2"})
    assert told.rule_of("R1") == "A5 visited"


def test_a_rivals_visit_nobody_confirmed_may_stand_in_the_way(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=reception agent=甲/李
    2026-05-05 09:00 report R2 agent=乙/周 client=王
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "UNPROVEN", "R2": "5"})
    assert (told.finding("R2", "A7").verdict.value, told.rule_of("R2")) == ("unknown", "A7")


def test_ones_own_visit_nobody_confirmed_may_make_the_next_registration_a_repeat(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=reception agent=甲/李
    2026-05-05 09:00 report R2 agent=甲/李 client=王
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.finding("R2", "A8").verdict.value == "unknown"
    assert told.codes["R2"] == "9"


def test_a_rival_whose_masked_number_may_be_somebody_elses_may_stand_in_the_way(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    2026-05-01 09:30 report R2 agent=乙/周 client=16000001234
    2026-05-01 11:00 arrive V1 client=16000001234 means=qr registration=R2
    2026-05-01 14:00 arrive V2 client=16011111234
    2026-05-09 15:00 buy    D1 client=16000001234"""
    told = case.ruling()
    assert (told.finding("R2", "A6").verdict.value, told.codes["R2"]) == ("unknown", "4")
    assert told.outcome == "REVIEW"


# Deposits


def test_a_deposit_stamped_by_a_witness_is_the_time_of_submission(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_09:30 sealed_at=2026-05-03_10:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_deposit_later_than_the_seal_is_no_earlier_proof(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_11:00 sealed_at=2026-05-03_09:00
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_while_the_system_stands_still_a_deposited_registration_needs_no_lead(case):
    """calendar KA1 kind=stopped since=2026-05-03_09:00 until=2026-05-03_12:00
    2026-05-03 10:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_10:00
    2026-05-03 10:05 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.finding("R1", "B1").reason) == ("CHANNEL 甲/李 R1", "waived")


def test_while_the_system_runs_a_deposited_registration_needs_its_lead(case):
    """calendar KA1 kind=stopped since=2026-05-03_07:00 until=2026-05-03_09:59
    2026-05-03 10:00 report R1 agent=甲/李 client=王 deposit_at=2026-05-03_10:00
    2026-05-03 10:05 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_while_the_system_stands_still_a_registration_nobody_stamped_needs_its_lead(case):
    """calendar KA1 kind=stopped since=2026-05-03_09:00 until=2026-05-03_12:00
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:05 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


# The end of the evidence, to the microsecond


def test_a_record_known_on_the_last_instant_is_heard_and_one_after_it_is_not():
    facts = """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 10:00 receipt H1 client=王 presented_at={presented}
    2026-05-20 15:00 buy    D1 client=王"""
    last, late = "2026-06-04_23:59:59.999999", "2026-06-05_00:00:00"
    told = load(facts.format(presented=last)).ruling()
    assert (told.outcome, told.notes) == ("NATURAL", ["unsealed"])
    told = load(facts.format(presented=late)).ruling()
    assert (told.outcome, told.notes) == ("CHANNEL 甲/李 R1", ["unsealed", "late_evidence"])


def test_a_ruling_is_final_after_the_last_instant_not_on_it():
    facts = "2026-05-20 15:00 buy D1 client=王\n    now {now}"
    assert load(facts.format(now="2026-06-04_23:59:59.999999")).ruling().ruling.final is False
    assert load(facts.format(now="2026-06-05_00:00:00")).ruling().ruling.final is True


def test_a_look_alike_number_that_became_known_after_the_evidence_closed_changes_nothing():
    facts = """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
    {early}
    2026-07-01 10:00 call   C2 client=16011111234
    2026-05-03 10:00 arrive V1 client=16000001234
    2026-05-03 10:05 state  S1 client=16000001234 origin=agent agent=甲/张
    2026-05-20 15:00 buy    D1 client=16000001234"""
    assert load(facts.format(early="")).ruling().finding("R1", "A11").reason == "only_one"
    early = "2026-05-02 10:00 call C1 client=16011111234"
    assert load(facts.format(early=early)).ruling().finding("R1", "A11").reason == "ambiguous"


def test_what_came_before_the_cut_only_is_not_even_noted(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王
    2026-07-01 10:00 receipt H1 client=王
    now 2026-06-20"""
    assert case.ruling().notes == ["unsealed"]


def test_an_erasure_that_does_not_name_the_consent_takes_no_face_pass_away(case):
    """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-01 10:00 arrive   V2 client=王 means=reception
    2026-05-04 12:00 withdraw Z1 kind=erasure pass_id=P1 client=王
    2026-05-10 15:00 buy      D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_consent_withdrawn_for_a_deal_erases_no_deal(case):
    """2026-05-20 15:00 buy      D1 client=王
    2026-05-21 12:00 withdraw Z1 kind=consent deal=D1"""
    assert (case.ruling().outcome, case.ruling().status) == ("NATURAL", "proposed")


def test_a_withdrawal_on_the_last_day_to_object_still_reopens_the_ruling(case):
    """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1 agent=甲/李
    2026-05-01 10:00 arrive   V2 client=王 means=reception
    2026-05-10 15:00 buy      D1 client=王 ruled_at=2026-05-10_16:00
    2026-05-01 10:01 issue    P1 client=王 pass_id=P1
    2026-05-25 23:59 withdraw Z1 kind=consent pass_id=P1"""
    assert case.ruling().codes == {"R1": "UNPROVEN"}


def test_a_clock_measured_from_the_second_of_the_check_in_on_applies(case):
    """clock CK1 device=平板-1 since=2026-05-03_10:31:00 until=2026-05-10 offset_low_s=410 offset_high_s=430
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_a_clock_measured_until_the_second_of_the_check_in_applies(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-03_10:31:00 offset_low_s=410 offset_high_s=430
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_a_clock_measured_until_a_second_before_the_check_in_does_not(case):
    """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-03_10:30:59 offset_low_s=410 offset_high_s=430
    2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_an_agents_own_device_is_put_right_too(case):
    """clock CK1 device=手机-1 since=2026-05-01 until=2026-05-10 offset_low_s=-600 offset_high_s=-600
    2026-05-03 09:25 report R1 agent=甲/李 client=王 device=手机-1
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "3"}


def test_a_record_shown_later_than_its_seal_was_a_fast_clock(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:25
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00
    2026-05-20 15:00 buy    D1 client=王 sealed_at=2026-05-20_15:00"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"
