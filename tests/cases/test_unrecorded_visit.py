"""B3: a visit that the site failed to check in is not held against the agent whose escort the client signed."""


def test_signed_escort_in_time_and_first_recorded_visit_too_late(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 escort K1 agent=甲/李 client=王 means=paper
    2026-05-12 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("REVIEW", {"R1": "7"}, "B3 escorted")
    assert told.proposal == "CHANNEL 甲/李 R1"


def test_signed_escort_and_no_recorded_visit_at_all(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 escort K1 agent=甲/李 client=王 means=paper
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.rule_of("R1")) == ("REVIEW", "B3 escorted")


def test_an_escort_that_the_client_did_not_sign_saves_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-02 10:00 escort K1 agent=甲/李 client=王 means=paper buyer_named=no
    2026-05-12 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "7"})


def test_an_escort_after_the_window_saves_nothing(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-12 10:00 escort K1 agent=甲/李 client=王 means=paper
    2026-05-12 10:00 arrive V1 client=王 agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "7"}
