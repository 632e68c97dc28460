"""H: objections, decisions and silence (RULES.md H1 to H6, amendment 15)."""

import pytest

from tests.cases.dsl import load

WON = """{policy}
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    {more}"""
OPEN_QUESTION = """{policy}
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:05 follow F1 registration=R1 by=甲/李
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    {more}"""
LOST = """{policy}
    2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    {more}"""


def won(more, policy="policy classic"):
    return load(WON.format(policy=policy, more=more)).ruling()


def open_question(more, policy="policy classic"):
    return load(OPEN_QUESTION.format(policy=policy, more=more)).ruling()


def lost(more, policy="policy classic"):
    return load(LOST.format(policy=policy, more=more)).ruling()


# H1 提出


def test_an_objection_on_the_fifteenth_day_is_in_time():
    told = won("2026-06-04 23:59 object J1 deal=D1 by=site")
    assert (told.outcome, told.status, told.needs) == ("CHANNEL 甲/李 R1", "disputed", ["objection"])


def test_an_objection_on_the_sixteenth_day_is_late():
    told = won("2026-06-05 00:00 object J1 deal=D1 by=site")
    assert (told.outcome, told.status, told.needs) == ("CHANNEL 甲/李 R1", "proposed", [])


@pytest.mark.parametrize("side", ["agent", "agency", "buyer", "site"])
def test_agent_agency_buyer_and_site_may_each_object(side):
    assert won(f"2026-05-25 09:00 object J1 deal=D1 by={side}").status == "disputed"


def test_the_time_to_object_is_a_parameter():
    assert won("2026-05-22 23:59 object J1 deal=D1", "policy classic dispute_days=2").status == "disputed"
    assert won("2026-05-23 00:00 object J1 deal=D1", "policy classic dispute_days=2").status == "proposed"


def test_an_objection_to_another_deal_is_none_to_this():
    assert won("2026-05-25 09:00 object J1 deal=D9").status == "proposed"


def test_an_objection_brings_in_what_was_found_since():
    told = won(
        "2026-06-04 09:00 object J1 deal=D1 by=site\n"
        "    2026-05-01 10:00 receipt H1 client=王 bound_to=phone presented_at=2026-06-10_09:00"
    )
    assert told.status == "disputed"
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


# H4, H5 决定


def test_a_decision_against_an_agency_needs_a_reviewer_of_each_side():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n"
        "    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管"
    )
    assert (told.outcome, told.status) == ("NATURAL", "decided")


@pytest.mark.law("L-24")
def test_a_decision_against_an_agency_by_the_site_alone_does_not_stand():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1"
    )
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "disputed")


def test_a_decision_against_an_agency_by_the_agency_alone_does_not_stand_either():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n"
        "    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管 site_reviewer=-"
    )
    assert told.status == "disputed"


@pytest.mark.law("L-24")
def test_a_decision_against_an_agency_cites_evidence():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n"
        "    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL agency_reviewer=甲-主管"
    )
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "disputed")


def test_a_decision_gives_a_reason():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n"
        "    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管 reason=-"
    )
    assert told.status == "disputed"


def test_evidence_that_was_withdrawn_cannot_carry_a_decision(case):
    """2026-05-03 09:00 report   R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive   V1 client=王 means=qr registration=R1
    2026-05-02 10:00 arrive   V2 client=王 means=face_pass pass_id=P1
    2026-05-02 10:01 issue    P1 client=王 pass_id=P1
    2026-05-04 10:01 withdraw Z1 kind=consent pass_id=P1
    2026-05-20 15:00 buy      D1 client=王 ruled_at=2026-05-20_16:00
    2026-05-25 09:00 object   J1 deal=D1 by=site
    2026-05-26 09:00 decide   E1 deal=D1 outcome=NATURAL evidence=V2 agency_reviewer=甲-主管"""
    told = case.ruling()
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "disputed")


def test_a_decision_for_the_agency_needs_the_site_only():
    told = open_question("2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1")
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "decided")


def test_a_decision_for_the_agency_by_the_agency_alone_does_not_stand():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1 site_reviewer=-"
        " agency_reviewer=甲-主管"
    )
    assert (told.outcome, told.status) == ("REVIEW", "review")


def test_a_decision_that_nobody_signed_does_not_stand():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1 site_reviewer=-"
    )
    assert (told.outcome, told.status) == ("REVIEW", "review")
    assert told.ruling.as_json()["refused_decisions"] == [{"id": "E1", "why": "one_sided"}]


def test_nobody_decides_on_their_own_record(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 consultant=顾问-01
    2026-05-21 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1 site_reviewer=顾问-01"""
    told = case.ruling()
    assert (told.outcome, told.status) == ("REVIEW", "review")
    assert told.ruling.as_json()["refused_decisions"] == [{"id": "E1", "why": "own_record"}]


def test_the_agent_is_no_reviewer_of_the_agents_own_claim():
    told = open_question("2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲/李")
    assert told.status == "review"


def test_one_person_is_not_a_reviewer_of_each_side():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=经理-01 site_reviewer=经理-01"
    )
    assert told.status == "review"


def test_a_refusal_the_agency_objected_to_is_upheld_by_both_sides_only():
    objected = "2026-05-25 09:00 object J1 deal=D1 by=agency party=甲\n"
    upheld = "    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1"
    assert lost(objected + upheld).status == "disputed"
    assert lost(objected + upheld + " agency_reviewer=甲-主管").status == "decided"
    assert lost(objected + upheld.replace(" evidence=V1", "") + " agency_reviewer=甲-主管").status == "disputed"


def test_a_decision_naming_a_claim_that_is_none_does_not_stand():
    told = open_question("2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R9 evidence=V1")
    assert told.ruling.as_json()["refused_decisions"] == [{"id": "E1", "why": "unknown_claim"}]


def test_a_decision_of_what_is_not_open_does_not_stand():
    told = won("2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管")
    assert (told.outcome, told.status) == ("CHANNEL 甲/李 R1", "proposed")
    assert told.ruling.as_json()["refused_decisions"] == [{"id": "E1", "why": "not_open"}]


def test_the_later_of_two_first_decisions_stands():
    one = "2026-05-26 09:00 decide E9 deal=D1 outcome=CHANNEL registration=R1 evidence=V1"
    two = "2026-05-27 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管"
    assert open_question(f"{one}\n    {two}").outcome == "NATURAL"
    assert open_question(f"{two}\n    {one}").outcome == "NATURAL"


def test_a_neutrals_decision_outranks_a_later_one_of_the_parties():
    neutral = "2026-05-26 09:00 decide E1 deal=D1 stage=neutral outcome=NATURAL evidence=V1 site_reviewer=中立-01"
    first = "2026-05-27 09:00 decide E2 deal=D1 outcome=CHANNEL registration=R1 evidence=V1"
    assert open_question(f"{neutral}\n    {first}").outcome == "NATURAL"


def test_a_decision_made_after_the_cut_does_not_exist_yet():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1\n    now 2026-05-26_08:59"
    )
    assert told.status == "review"


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("OWN registration=顾问-02", "OWN 顾问-02"), ("REFERRAL registration=业主-7", "REFERRAL 业主-7")],
)
def test_a_decision_may_name_another_source(word, outcome):
    told = open_question(f"2026-05-26 09:00 decide E1 deal=D1 outcome={word} evidence=V1 agency_reviewer=甲-主管")
    assert (told.outcome, told.status) == (outcome, "decided")


def test_a_decision_may_split():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=SPLIT registration=R1 share_ppm=300000 evidence=V1"
        " agency_reviewer=甲-主管"
    )
    assert (told.outcome, told.status) == ("SPLIT 30% CHANNEL 甲/李 R1 + 70% NATURAL", "decided")


def test_a_neutral_may_decide_alone_on_deadlock():
    told = won(
        "2026-05-25 09:00 object J1 deal=D1 by=site\n"
        "    2026-06-26 09:00 decide E1 deal=D1 stage=neutral outcome=NATURAL evidence=V1 site_reviewer=中立-01"
    )
    assert (told.outcome, told.status) == ("NATURAL", "decided")


def test_an_appeal_overrides_the_first_decision():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1\n"
        "    2026-05-30 09:00 decide E2 deal=D1 stage=appeal outcome=NATURAL evidence=V1 agency_reviewer=甲-主管"
    )
    assert (told.outcome, told.status) == ("NATURAL", "decided")


def test_an_objection_after_a_decision_leaves_it_standing_but_frozen():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1\n"
        "    2026-05-30 09:00 object J1 deal=D1 by=site"
    )
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.needs == ["objection"]


def test_an_objection_too_late_after_a_decision_changes_nothing():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1\n"
        "    2026-06-30 09:00 object J1 deal=D1 by=site"
    )
    assert (told.outcome, told.status, told.needs) == ("CHANNEL 甲/李 R1", "decided", [])


def test_an_appeal_decided_after_an_objection_ends_it():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1\n"
        "    2026-05-30 09:00 object J1 deal=D1 by=site\n"
        "    2026-06-01 09:00 decide E2 deal=D1 stage=appeal outcome=CHANNEL registration=R1 evidence=V1"
    )
    assert (told.outcome, told.status, told.needs) == ("CHANNEL 甲/李 R1", "decided", [])


def test_an_open_dispute_has_bytes_and_tells_until_when_one_may_object():
    told = won("2026-05-25 09:00 object J1 deal=D1 by=site")
    assert told.when(told.ruling.as_json()["closes_at"]) == "2026-06-04 23:59"
    assert told.ruling.to_bytes()


# H4a 逾期视为同意

SILENT = "policy classic silence_favours_claimant=true"


def test_after_two_days_and_five_more_without_a_decision_the_claimants_proposal_stands():
    told = open_question("now 2026-05-27_16:00:01", SILENT)
    assert (told.status, told.because) == ("deemed", "H4a")
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_silence_never_ends_against_the_claimant(case):
    """policy classic silence_favours_claimant=true
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    now 2026-12-31"""
    told = case.ruling()
    assert (told.status, told.outcome) == ("deemed", "CHANNEL 甲/李 R1")


def test_a_second_before_it_does_not():
    told = open_question("now 2026-05-27_15:59:59", SILENT)
    assert (told.status, told.outcome) == ("review", "REVIEW")


def test_where_silence_means_nothing_a_review_waits():
    assert open_question("now 2026-12-31_16:00").status == "review"


def test_a_decision_in_time_forestalls_silence():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1 agency_reviewer=甲-主管\n"
        "    now 2026-12-31_16:00",
        SILENT,
    )
    assert (told.outcome, told.status) == ("NATURAL", "decided")


def test_a_decision_that_does_not_hold_forestalls_nothing():
    told = open_question(
        "2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1\n    now 2026-12-31_16:00",
        SILENT,
    )
    assert told.status == "deemed"


def test_a_refusal_that_was_never_a_review_is_not_turned_by_silence():
    told = lost("now 2026-12-31_16:00", SILENT)
    assert (told.outcome, told.status) == ("NATURAL", "proposed")


# INV-11


@pytest.mark.law("L-24")
def test_a_denied_claim_waits_for_its_claimant():
    told = lost("")
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


def test_a_claim_whose_claimant_accepted_waits_for_nobody():
    facts = """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
    {more}"""
    assert load(facts.format(more="")).ruling().needs == ["denied_claim"]
    accepted = "2026-05-25 09:00 approve A1 deal=D1 step=accepted by=甲/李"
    assert load(facts.format(more=accepted)).ruling().needs == []


# I6, D9, G3: what else may reach a ruling that is final


def test_a_cancellation_after_the_ruling_leaves_who_brought_the_client():
    told = won("2026-07-01 09:00 cancel T1 deal=D1 kind=contract")
    assert told.outcome == "CHANNEL 甲/李 R1"


def test_erased_evidence_cannot_be_judged_again():
    told = won("2026-07-01 09:00 withdraw Z1 kind=erasure deal=D1 evidence=V1 commitment=c0ffee")
    assert (told.outcome, told.status) == ("NOT_REJUDGEABLE", "erased")


def test_only_an_acceptance_by_the_claimant_is_one():
    facts = """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
    2026-05-25 09:00 approve A1 deal=D1 step={step} by={by}"""
    assert load(facts.format(step="财务", by="甲/李")).ruling().needs == ["denied_claim"]
    assert load(facts.format(step="接受", by="乙/周")).ruling().needs == ["denied_claim"]
    assert load(facts.format(step="接受", by="甲")).ruling().needs == []


def test_a_claim_that_only_the_offices_book_records_is_recorded(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李"""
    assert case.ruling().needs == ["denied_claim"]


def test_a_claim_that_only_the_clients_word_records_is_recorded(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王
    2026-05-03 10:15 state  S1 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王"""
    assert (case.ruling().codes, case.ruling().needs) == ({"R1": "3"}, ["denied_claim"])


def test_a_claim_that_nobody_recorded_waits_for_nobody(case):
    """2026-05-03 10:00 report R1 agent=甲/李 client=王
    2026-05-03 10:10 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王"""
    assert (case.ruling().codes, case.ruling().needs) == ({"R1": "3"}, [])


@pytest.mark.parametrize("share", ["", " share_ppm=0", " share_ppm=1000000"])
def test_a_split_without_a_share_is_no_decision(share):
    told = open_question(
        f"2026-05-26 09:00 decide E1 deal=D1 outcome=SPLIT registration=R1{share} evidence=V1 agency_reviewer=甲-主管"
    )
    assert told.ruling.as_json()["refused_decisions"] == [{"id": "E1", "why": "unknown_claim"}]


def test_a_split_may_name_two_registrations(case):
    """2026-05-03 09:00:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王
    2026-05-26 09:00 decide E1 deal=D1 outcome=SPLIT registration=R1 share_ppm=400000 other_registration=R2 evidence=V1 agency_reviewer=甲-主管"""
    assert case.ruling().outcome == "SPLIT 40% CHANNEL 甲/李 R1 + 60% CHANNEL 乙/周 R2"


def test_a_decision_between_two_needs_nobody_of_a_third_who_was_refused_and_says_nothing(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:10 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王
    2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1"""
    told = case.ruling()
    assert (told.outcome, told.status, told.codes["R2"]) == ("CHANNEL 甲/李 R1", "decided", "4")


def test_a_decision_that_takes_a_proposed_share_away_needs_a_reviewer_of_that_side(case):
    """2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王
    2026-05-26 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1"""
    told = case.ruling()
    assert (told.outcome, told.status, told.proposal) == ("REVIEW", "review", "CHANNEL 乙/周 R2")


def test_a_refusal_another_agency_objected_to_is_upheld_without_this_one(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    2026-05-25 09:00 object J1 deal=D1 by=agency party=丙
    2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1"""
    assert case.ruling().status == "decided"


def test_what_a_decision_cites_is_named_by_its_kind(case):
    """owner O1 client=赵
    agency 甲
    2026-05-02 09:00 lead     L1 client=王
    2026-05-02 09:00 reach    U1 client=王 staff=顾问-02
    2026-05-03 09:00 report   R1 agent=甲/李 client=王
    2026-05-03 09:01 confirm  N1 registration=R1 client=王
    2026-05-03 10:00 arrive   V1 client=王
    2026-05-03 10:00 arrive   V2 client=王 means=reception
    2026-05-03 10:00 escort   K1 agent=甲/李 client=王 buyer_named=no
    2026-05-03 10:00 receipt  H1 client=王
    2026-05-03 10:00 identify I1 client=王 id_key=ID-1
    2026-05-03 10:00 issue    P1 client=王 pass_id=P
    2026-05-03 10:05 state    S1 client=王 origin=nobody
    2026-05-03 11:00 edit     X1 staff=顾问-01 client=王 field=second_phone new=16099998888 buyer_otp=yes
    2026-05-10 11:00 extend   Y1 registration=R1 days=1
    2026-05-20 15:00 buy      D1 client=王
    2026-05-20 15:10 relate   G1 phone_a=王 phone_b=妻 since=2015-10-01
    2026-05-26 09:00 decide   E1 deal=D1 outcome=NATURAL agency_reviewer=甲-主管 evidence=R1+N1+V1+V2+K1+H1+I1+P1+S1+X1+L1+U1+Y1+G1+协议-甲+外"""
    told = case.ruling()
    assert told.status == "decided"
    kinds = {one["id"]: (one["kind"], one.get("grade", "")) for one in told.ruling.as_json()["evidence"]}
    assert kinds == {
        "R1": ("E1", ""), "N1": ("E1", ""), "V1": ("E2", "A"), "V2": ("E4", "C"), "K1": ("escort", ""),
        "H1": ("E21", "A"), "I1": ("E6", ""), "P1": ("pass", ""), "S1": ("E7", ""), "X1": ("E10", ""),
        "L1": ("E20", ""), "U1": ("outreach", ""), "Y1": ("D3", ""), "G1": ("E16", ""), "协议-甲": ("E19", ""),
        "外": ("", ""), "E1": ("H", ""),
    }  # fmt: skip


def test_two_who_cannot_be_told_apart_are_not_settled_by_silence(case):
    """policy classic silence_favours_claimant=true
    2026-05-03 09:00:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    now 2026-12-31"""
    told = case.ruling()
    assert (told.status, told.outcome, told.proposal) == ("review", "REVIEW", "")
    assert told.because == "B5"
    assert told.evidence == ["R1", "R2"]


def test_a_buyer_who_named_two_colleagues_at_once_has_named_neither_by_silence(case):
    """policy open silence_favours_claimant=true
    agent 甲/李
    agent 甲/张
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=甲/张 client=王
    2026-05-03 09:20 arrive V1 client=王 means=otp registration=R1
    2026-05-03 09:20 state  S1 client=王 origin=nobody
    2026-05-20 14:00 state  S2 client=王 origin=agent agent=甲/张
    2026-05-20 14:00 state  S3 client=王 origin=agent agent=甲/李
    2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
    now 2026-12-31"""
    told = case.ruling()
    assert (told.status, told.outcome) == ("deemed", "NATURAL")
