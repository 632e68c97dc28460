"""I: when two numbers are one client, and two people one purchase (RULES.md I1 to I6, amendments 1, 20)."""

import pytest

from tests.cases.dsl import load


def test_one_identity_card_behind_two_numbers_is_one_person(case):
    """2026-05-01 10:00 arrive   V1 client=王
    2026-05-05 09:00 report   R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive   V2 client=王#2 means=qr registration=R1
    2026-05-05 10:05 identify I1 client=王 id_key=ID-1
    2026-05-20 15:00 buy      D1 client=王#2
    2026-05-20 15:05 identify I2 client=王#2 id_key=ID-1"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


def test_an_identity_check_that_did_not_match_links_nobody(case):
    """2026-05-01 10:00 arrive   V1 client=王
    2026-05-05 09:00 report   R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive   V2 client=王#2 means=qr registration=R1
    2026-05-05 10:05 identify I1 client=王 id_key=ID-1
    2026-05-20 15:00 buy      D1 client=王#2
    2026-05-20 15:05 identify I2 client=王#2 id_key=ID-1 matched=no"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_two_identity_cards_are_two_people(case):
    """2026-05-01 10:00 arrive   V1 client=王
    2026-05-05 09:00 report   R1 agent=甲/李 client=赵
    2026-05-05 10:00 arrive   V2 client=赵 means=qr registration=R1
    2026-05-20 15:00 buy      D1 client=赵
    2026-05-20 15:05 identify I1 client=王 id_key=ID-1
    2026-05-20 15:05 identify I2 client=赵 id_key=ID-2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_one_pass_proved_by_code_on_two_numbers_is_one_person(case):
    """2026-05-01 10:00 arrive V1 client=王 means=otp pass_id=P1
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=otp pass_id=P1 registration=R1
    2026-05-20 15:00 buy    D1 client=王#2"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})


def test_the_same_name_links_nobody(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=王 called=王测试
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-02 09:00 report R2 agent=乙/周 client=赵 called=王测试
    2026-05-02 10:00 arrive V2 client=赵 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=赵"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 乙/周 R2", {"R2": "0"})


def test_staff_may_add_a_second_number_only_with_the_buyers_code(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-06 10:00 edit   X1 staff=顾问-01 client=王 field=second_phone new=16044444444
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_relation_declared_without_proof_links_nobody(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    assert case.ruling().outcome == "NATURAL"


def test_a_marriage_after_the_visit_does_not_reach_back(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2026-05-05"""
    assert case.ruling().outcome != "CHANNEL 甲/李 R1"


def test_parents_and_children_are_family(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=母
    2026-05-01 10:00 arrive V1 client=母 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=子
    2026-05-09 15:10 relate G1 phone_a=子 phone_b=母 kind=parent since=1995-10-01"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_siblings_are_family_only_where_the_policy_says_so(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=姐
    2026-05-01 10:00 arrive V1 client=姐 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=弟
    2026-05-09 15:10 relate G1 phone_a=弟 phone_b=姐 kind=sibling since=1995-10-01"""
    assert case.ruling().outcome == "NATURAL"


def test_siblings_are_family_where_the_policy_says_so(case):
    """policy classic siblings=true
    2026-05-01 09:00 report R1 agent=甲/李 client=姐
    2026-05-01 10:00 arrive V1 client=姐 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=弟
    2026-05-09 15:10 relate G1 phone_a=弟 phone_b=姐 kind=sibling since=1995-10-01"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_who_was_divorced_before_the_deal_is_no_family(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-02 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01 broken_at=2026-05-03"""
    assert case.ruling().outcome == "NATURAL"


def test_a_second_number_the_buyer_takes_back_is_unlinked(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王#2
    2026-05-20 15:05 state  S1 client=王#2 origin=agent agent=甲/李 stage=signing phones=王
    2026-05-21 09:00 edit   X1 staff=经理-01 client=王#2 field=unlink target=S1 buyer_otp=yes"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_number_silent_for_ninety_days_may_be_somebody_elses_by_now(case):
    """policy classic natural_protect_days=365 visit_protect_days=365
    2026-01-01 10:00 arrive V1 client=王
    2026-04-02 10:00 report R1 agent=甲/李 client=王
    2026-04-02 11:30 arrive V2 client=王 means=qr registration=R1
    2026-04-20 15:00 buy    D1 client=王"""
    told = case.ruling()
    assert told.outcome != "NATURAL"


def test_a_number_heard_of_on_the_ninetieth_day_is_the_same_clients(case):
    """policy classic natural_protect_days=365 visit_protect_days=365
    2026-01-01 10:00 arrive V1 client=王
    2026-04-01 09:00 report R1 agent=甲/李 client=王
    2026-04-01 10:00 arrive V2 client=王 means=qr registration=R1
    2026-04-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "2"}


def test_two_visits_by_the_same_face_pass_are_linked_by_the_pass_not_the_face(case):
    """2026-05-01 10:00 arrive V1 client=王 means=face_pass pass_id=P1
    2026-05-01 10:00 arrive V9 client=王 means=reception
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_visit_the_buyer_declares_is_linked_backwards(case):
    """2026-05-01 10:00 arrive V1 client=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=妻
    2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=妻
    2026-05-20 15:10 relate G1 phone_a=夫 phone_b=妻 since=2026-05-15
    2026-05-20 15:15 state  S1 client=妻 origin=agent agent=甲/李 stage=signing earlier_visit_at=2026-05-01_10:00"""
    told = case.ruling()
    assert (told.outcome, told.because) == ("REVIEW", "D13")


def test_an_in_law_two_links_away_is_not_of_the_purchase(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=岳母
    2026-05-01 10:00 arrive V1 client=岳母 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-09 15:10 relate G2 phone_a=妻 phone_b=岳母 kind=parent since=1990-10-01"""
    assert case.ruling().outcome == "NATURAL"


def test_a_second_number_added_with_the_buyers_code_is_the_buyers(case):
    """2026-05-01 10:00 arrive V1 client=16011111111
    2026-05-05 09:00 report R1 agent=甲/李 client=16022222222
    2026-05-05 10:00 arrive V2 client=16022222222 means=qr registration=R1
    2026-05-06 10:00 edit   X1 staff=顾问-01 client=16011111111 field=second_phone new=16022222222 buyer_otp=yes
    2026-05-20 15:00 buy    D1 client=16022222222"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})
    assert told.ruling.as_json()["links"] == [{"rule": "I2", "evidence": "X1"}]


def test_a_second_number_added_without_the_buyers_code_is_nobodys(case):
    """2026-05-01 10:00 arrive V1 client=16011111111
    2026-05-05 09:00 report R1 agent=甲/李 client=16022222222
    2026-05-05 10:00 arrive V2 client=16022222222 means=qr registration=R1
    2026-05-06 10:00 edit   X1 staff=顾问-01 client=16011111111 field=second_phone new=16022222222
    2026-05-20 15:00 buy    D1 client=16022222222"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_another_change_of_the_record_links_nobody(case):
    """2026-05-01 10:00 arrive V1 client=16011111111
    2026-05-05 09:00 report R1 agent=甲/李 client=16022222222
    2026-05-05 10:00 arrive V2 client=16022222222 means=qr registration=R1
    2026-05-06 10:00 edit   X1 staff=顾问-01 client=16011111111 field=phone new=16022222222 buyer_otp=yes
    2026-05-20 15:00 buy    D1 client=16022222222"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_pass_issued_to_two_numbers_is_one_holders(case):
    """2026-05-01 10:00 arrive V1 client=王
    2026-05-01 10:00 issue  P1 client=王 pass_id=P
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1
    2026-05-05 10:00 issue  P2 client=王#2 pass_id=P
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().codes == {"R1": "2"}


def test_a_check_in_by_a_pass_without_a_number_is_its_holders(case):
    """2026-05-01 10:00 arrive V1 means=passkey pass_id=P
    2026-05-01 10:00 issue  P1 client=王 pass_id=P
    2026-05-01 10:00 issue  P9 client=王 pass_id=Q
    2026-05-05 09:00 report R1 agent=甲/李 client=王
    2026-05-05 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().codes == {"R1": "2"}


def test_a_broken_identity_link_links_no_more(case):
    """2026-05-01 10:00 arrive   V1 client=王
    2026-05-05 09:00 report   R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive   V2 client=王#2 means=qr registration=R1
    2026-05-05 10:05 identify I1 client=王 id_key=ID-1
    2026-05-20 15:00 buy      D1 client=王#2
    2026-05-20 15:05 identify I2 client=王#2 id_key=ID-1
    2026-05-21 09:00 edit     X1 staff=经理-01 client=王#2 field=unlink target=I2 buyer_otp=yes"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_broken_relation_links_no_more_even_after_the_evidence_closed(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-09-01 09:00 edit   X1 staff=经理-01 client=夫 field=unlink target=G1 buyer_otp=yes"""
    assert case.ruling().outcome == "NATURAL"


def test_a_divorce_after_the_deal_does_not_reach_back(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01 broken_at=2026-09-01"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_visit_on_the_day_of_the_wedding_counts(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2026-05-01"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_relation_without_a_date_of_its_own_counts_from_its_verification(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻"""
    assert case.ruling().outcome != "CHANNEL 甲/李 R1"


def test_a_strangers_list_of_numbers_is_not_the_buyers(case):
    """2026-05-01 10:00 arrive V1 client=赵
    2026-05-01 10:05 state  S1 client=赵 origin=nobody phones=王
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_number_that_the_buyers_listed_number_lists_is_the_buyers(case):
    """2026-05-01 10:00 arrive V1 client=王#3
    2026-05-02 10:05 state  S1 client=王#2 origin=nobody phones=王#3
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 10:00 arrive V2 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王
    2026-05-20 15:10 state  S2 client=王 origin=agent agent=甲/李 stage=signing phones=王#2"""
    assert case.ruling().codes == {"R1": "2"}


def test_a_wifes_list_makes_a_number_hers(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻#2
    2026-05-01 10:00 arrive V1 client=妻#2 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=妻 origin=agent agent=甲/李 phones=妻#2
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    told = case.ruling()
    assert told.outcome == "CHANNEL 甲/李 R1"
    assert told.ruling.as_json()["links"] == [{"rule": "I1", "evidence": "S1"}, {"rule": "I3", "evidence": "G1"}]


def test_a_wifes_list_does_not_make_the_husbands_number_hers(case):
    """2026-05-01 10:00 arrive V1 client=妻
    2026-05-01 10:05 state  S1 client=妻 origin=nobody phones=夫
    2026-05-03 09:00 report R1 agent=甲/李 client=夫
    2026-05-03 10:00 arrive V2 client=夫 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=夫
    2026-05-20 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "NOESCORT"})
    assert len(told.ruling.hearing.unit.people) == 2


def test_a_list_by_one_who_is_family_no_more_makes_nothing_hers(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻#2
    2026-05-01 10:00 arrive V1 client=妻#2 means=qr registration=R1
    2026-05-01 10:05 state  S1 client=妻 origin=agent agent=甲/李 phones=妻#2
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-02 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01 broken_at=2026-05-03"""
    assert case.ruling().outcome == "NATURAL"


def test_relatives_who_visit_apart_on_one_day_are_one_visit_of_the_purchase(case):
    """2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 09:10 arrive V1 client=夫
    2026-05-01 10:00 arrive V2 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫+妻"""
    told = case.ruling()
    assert (told.outcome, told.codes, told.rule_of("R1")) == ("NATURAL", {"R1": "3"}, "B1")


def test_two_spouses_registered_by_two_agents_once_their_marriage_is_known_are_one_client(case):
    """2026-04-30 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-02 09:00 report R2 agent=乙/周 client=妻
    2026-05-03 10:00 arrive V1 client=夫 means=qr registration=R1
    2026-05-05 10:00 arrive V2 client=妻 means=qr registration=R2
    2026-05-20 15:00 buy    D1 client=夫"""
    told = case.ruling()
    assert (told.outcome, told.codes) == ("CHANNEL 甲/李 R1", {"R1": "0", "R2": "4"})


def test_one_face_pass_on_two_numbers_is_one_holder_unless_consent_is_withdrawn():
    facts = """2026-05-01 10:00 arrive V1 client=王 means=id
    2026-05-01 10:00 arrive V2 client=王 means=face_pass pass_id=P
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V3 client=王#2 means=qr registration=R1
    2026-05-05 10:00 arrive V4 client=王#2 means=face_pass pass_id=P
    2026-05-05 10:01 issue  P1 client=王#2 pass_id=P
    {withdrawn}
    2026-05-20 15:00 buy    D1 client=王#2"""
    told = load(facts.format(withdrawn="")).ruling()
    assert (told.outcome, told.codes) == ("NATURAL", {"R1": "2"})
    for kind, outcome in (("consent", "CHANNEL 甲/李 R1"), ("erasure", "NATURAL")):
        withdrawn = f"2026-05-06 09:00 withdraw Z1 kind={kind} pass_id=P"
        assert load(facts.format(withdrawn=withdrawn)).ruling().outcome == outcome


def test_a_pass_that_staff_typed_links_nobody(case):
    """2026-05-01 10:00 arrive V1 client=王 means=reception pass_id=P confirmed_at=2026-05-01_10:10 confirmed_by=otp
    2026-05-01 10:00 receipt H1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1 pass_id=P
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_code_that_staff_could_read_links_nobody(case):
    """2026-05-01 10:00 arrive V1 client=王 means=otp pass_id=P staff_readable=yes
    2026-05-01 10:00 receipt H1 client=王
    2026-05-05 09:00 report R1 agent=甲/李 client=王#2
    2026-05-05 10:00 arrive V2 client=王#2 means=qr registration=R1 pass_id=P
    2026-05-20 15:00 buy    D1 client=王#2"""
    assert case.ruling().outcome == "CHANNEL 甲/李 R1"


def test_a_deal_that_is_not_in_the_records_is_an_error(case):
    """2026-05-20 15:00 buy D1 client=王"""
    with pytest.raises(KeyError, match="D9"):
        case.ruling("D9")


SPOUSE_BROUGHT = """2026-05-01 09:00 report R1 agent=甲/李 client=夫
    2026-05-03 10:00 arrive V1 client=妻 means=qr {register}
    {word}
    2026-05-07 15:00 buy    D1 client=夫
    2026-05-07 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-05-07 15:20 state  S2 client=夫 origin=agent agent=甲/李 stage=signing"""


@pytest.mark.parametrize(
    ("register", "word", "outcome"),
    [
        ("agent=甲/李", "", "CHANNEL 甲/李 R1"),
        ("", "2026-05-03 10:05 state S1 client=妻 origin=agent agent=甲/李 stage=check_in", "CHANNEL 甲/李 R1"),
        ("", "2026-05-03 10:05 state S1 client=妻 origin=nobody stage=check_in", "REVIEW"),
        ("agent=乙/周", "", "REVIEW"),
        ("", "", "REVIEW"),
    ],
    ids=["the register names the agent", "she names the agent", "she names nobody", "another agent", "nothing said"],
)
def test_a_spouse_whom_the_agent_brought_is_the_clients_visit(register, word, outcome):
    """B1: a relative's visit is the claim's own if something says that this agent came along."""
    assert load(SPOUSE_BROUGHT.format(register=register, word=word)).ruling().outcome == outcome


def test_under_the_open_policy_the_registers_word_alone_is_not_enough():
    facts = SPOUSE_BROUGHT.format(register="agent=甲/李 door_code=valid", word="")
    confirmed = "2026-05-01 09:10 confirm F1 registration=R1 client=夫\n    "
    told = load(f"policy open\n    {confirmed}{facts}").ruling()
    assert (told.outcome, told.codes) == ("REVIEW", {"R1": "NOVISIT"})
