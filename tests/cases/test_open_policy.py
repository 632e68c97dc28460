"""The `open` policy from end to end (RULES.md amendments 3, 8, 10, 11, 13, 15)."""

from tests.cases.dsl import load

JOURNEY = """policy open
    2026-05-02 18:00 report  R1 agent=甲/李 client=隐王
    2026-05-02 18:30 confirm N1 registration=R1 client=王 been_before=no
    2026-05-03 10:00 arrive  V1 client=王 means=otp door_code=valid
    2026-05-03 10:00 escort  K1 agent=甲/李 client=王 means=code buyer_named=yes
    2026-05-03 10:01 state   S1 client=王 origin=agent agent=甲/李 before_staff=yes
    2026-05-20 15:00 buy     D1 client=王"""


BOTH = "deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管"


def journey(*changes):
    text = JOURNEY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load(text).ruling()


def without(line):
    return (next(one for one in JOURNEY.splitlines() if line in one), "")


def test_the_whole_journey_is_a_channel_deal():
    told = journey()
    assert (told.outcome, told.because, told.codes) == ("CHANNEL 甲/李 R1", "C2", {"R1": "0"})
    assert told.finding("R1", "A12").verdict.value == "pass"
    assert told.finding("R1", "A11").reason == "confirmed"
    assert set(told.evidence) >= {"R1", "N1", "V1"}
    assert (told.flags, told.needs) == ([], [])


def test_without_the_clients_confirmation_there_is_no_claim():
    told = journey(without(" N1 "))
    assert (told.codes, told.rule_of("R1")) == ({"R1": "UNCONFIRMED"}, "A12 missing")
    assert told.outcome in ("NATURAL", "REVIEW")
    assert "CHANNEL" not in told.proposal
    assert "confirmed R1" in told.changes


def test_a_client_who_does_not_agree_makes_no_claim():
    told = journey(("client=王 been_before=no", "client=王 agreed=no"))
    assert (told.codes, told.rule_of("R1")) == ({"R1": "UNCONFIRMED"}, "A12 refused")


def test_a_confirmation_by_another_number_than_the_registered_does_not_attach():
    told = journey(("registration=R1 client=王 been", "registration=R1 client=16099999999 been"))
    assert told.outcome != "CHANNEL 甲/李 R1"


def test_the_lead_runs_from_the_confirmation_not_from_the_registration():
    early = ("2026-05-02 18:30 confirm", "2026-05-03 09:30 confirm")
    late = ("2026-05-02 18:30 confirm", "2026-05-03 09:30:01 confirm")
    assert journey(early).outcome == "CHANNEL 甲/李 R1"
    told = journey(late)
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "3"})


def test_a_client_confirming_after_arriving_registered_after_the_fact():
    told = journey(("2026-05-02 18:30 confirm", "2026-05-03 10:05 confirm"))
    assert (told.outcome, told.rule_of("R1")) == ("NATURAL", "B7")


def test_first_confirmed_wins_not_first_registered(case):
    """policy open
    2026-05-02 18:00 report  R1 agent=甲/李 client=隐王
    2026-05-02 18:10 report  R2 agent=乙/周 client=隐王
    2026-05-02 18:30 confirm N2 registration=R2 client=王
    2026-05-02 18:40 confirm N1 registration=R1 client=王
    2026-05-03 10:00 arrive  V1 client=王 door_code=valid
    2026-05-03 10:00 escort  K1 agent=乙/周 client=王 means=code buyer_named=yes
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R1": "4", "R2": "0"})


def test_an_unconfirmed_registration_shuts_nobody_out(case):
    """policy open
    2026-05-02 18:00 report  R1 agent=甲/李 client=隐王
    2026-05-02 18:10 report  R2 agent=乙/周 client=隐王
    2026-05-02 18:30 confirm N2 registration=R2 client=王
    2026-05-03 10:00 arrive  V1 client=王 door_code=valid
    2026-05-03 10:00 escort  K1 agent=乙/周 client=王 means=code buyer_named=yes
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes["R2"]) == ("CHANNEL 乙/周 R2", "0")


def test_an_unconfirmed_registration_has_no_share_of_anything(case):
    """policy open
    2026-05-02 18:00 report  R1 agent=甲/李 client=隐王
    2026-05-02 18:20 follow  F1 registration=R1 by=甲/李 kind=on_site_help
    2026-05-02 18:10 report  R2 agent=乙/周 client=隐王
    2026-05-02 18:30 confirm N2 registration=R2 client=王
    2026-05-03 10:00 arrive  V1 client=王 door_code=valid
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert told.outcome == "REVIEW"
    assert "甲/李" not in told.proposal


def test_without_the_door_code_the_visit_is_a_contact():
    told = journey((" door_code=valid", ""), ("2026-05-20 15:00 buy", "2026-05-08 15:00 buy"))
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "NOVISIT"})


def test_without_escort_or_statement_a_person_decides():
    told = journey(without(" K1 "), without(" S1 "))
    assert (told.outcome, told.rule_of("R1"), told.proposal) == ("REVIEW", "B5 no_statement", "NATURAL")


def test_a_scan_by_the_agent_alone_is_no_escort():
    told = journey(("buyer_named=yes", "buyer_named=no"), without(" S1 "))
    assert told.rule_of("R1") == "B5 no_statement"


def test_a_scan_by_the_agent_and_the_clients_statement_is_one():
    told = journey(("buyer_named=yes", "buyer_named=no"))
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_the_clients_statement_alone_is_enough():
    told = journey(without(" K1 "))
    assert (told.outcome, told.finding("R1", "B5").reason) == ("CHANNEL 甲/李 R1", "named")


def test_the_sites_own_register_is_no_escort_by_itself_where_the_client_has_the_word():
    told = journey(without(" S1 "), ("means=code buyer_named=yes", "means=site_record buyer_named=no"))
    assert told.rule_of("R1") == "B5 no_statement"


def test_a_client_who_says_nobody_brought_them_is_natural():
    told = journey(without(" K1 "), ("origin=agent agent=甲/李", "origin=nobody"))
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "NOESCORT"})


def test_an_early_client_is_for_a_person():
    told = journey(
        ("2026-05-02 18:30 confirm", "2026-05-03 09:45 confirm"),
        ("before_staff=yes", "before_staff=yes first_contact_at=2026-05-01 first_contact_where=wechat"),
    )
    assert (told.outcome, told.because, told.codes) == ("REVIEW", "B1a", {"R1": "3"})


def test_a_site_that_does_not_decide_loses_the_review():
    told = journey(
        ("2026-05-02 18:30 confirm", "2026-05-03 09:45 confirm"),
        ("before_staff=yes", "before_staff=yes first_contact_at=2026-05-01 first_contact_where=wechat"),
        ("buy     D1 client=王", "buy D1 client=王 ruled_at=2026-05-20_15:00\n    now 2026-05-27_15:00:01"),
    )
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "deemed")


def test_both_sides_may_decide_the_review_against_the_agency():
    told = journey(
        ("2026-05-02 18:30 confirm", "2026-05-03 09:45 confirm"),
        ("before_staff=yes", "before_staff=yes first_contact_at=2026-05-01 first_contact_where=wechat"),
        ("buy     D1", f"decide E1 {BOTH}\n    2026-05-20 15:00 buy D1"),
    )
    assert (told.outcome, told.status, told.because) == ("NATURAL", "decided", "H")


def test_who_visited_before_is_told_nothing_of_and_wins_nothing(case):
    """policy open
    2026-05-01 10:00 arrive  V0 client=王 means=otp door_code=valid
    2026-05-02 18:00 report  R1 agent=甲/李 client=隐王
    2026-05-02 18:30 confirm N1 registration=R1 client=王 been_before=yes
    2026-05-03 10:00 arrive  V1 client=王 means=otp door_code=valid
    2026-05-03 10:00 escort  K1 agent=甲/李 client=王 means=code buyer_named=yes
    2026-05-20 15:00 buy     D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


def test_time_when_nothing_was_for_sale_is_not_counted():
    told = journey(
        ("2026-05-20 15:00 buy     D1", "calendar KA1 since=2026-05-05 until=2026-05-24\n    2026-06-20 15:00 buy D1")
    )
    assert (told.outcome, told.until("R1", "D1")) == ("CHANNEL 甲/李 R1", "2026-06-22 23:59")


def test_a_bearer_receipt_never_defeats_a_confirmed_registration():
    told = journey(
        ("2026-05-20 15:00 buy", "2026-05-01 10:00 receipt H1 client=王 bound_to=bearer\n    2026-05-20 15:00 buy")
    )
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_a_group_owner_may_be_brought_under_the_open_policy():
    told = journey(("policy open", "policy open\n    owner O1 client=王 scope=group since=2020-01-01"))
    assert told.outcome == "CHANNEL 甲/李 R1"
