"""Commission: every figure is worked by hand in the test's docstring (after 算: 'reckoned')."""

from tests.cases.dsl import load
from tests.cases.money import settle

# Every case starts from the same honest channel deal unless its docstring says otherwise: registered 1 May 09:00,
# arrived with the code 10:00, subscribed 10 May, contracted 18 May, so the ruling closes at the end of 2 June.


def test_fixed_commission_in_two_stages(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    2026-05-18 11:00 pay     M2 deal=D1 amount_fen=60000000 kind=down
    2026-05-10 15:05 state   S1 client=王 origin=agent agent=甲/李 stage=subscription
    2026-05-19 09:00 invoice B1 agency=甲 deal=D1 amount_fen=4000000 number=1 matched=yes
    算: fixed 40,000.00; stage one half = 20,000.00, stage two the rest = 20,000.00; received 650,000 of 2,000,000
    = 32.5 % ≥ 30 %; both wait for the ruling, final from 3 June."""
    money = settle(case)
    assert money.entries("甲") == ["06-03 stage1 20,000.00", "06-03 stage2 20,000.00"]
    assert money.headline == ("40,000.00", "0.00", "0.00", "40,000.00")


def test_four_of_five_conditions_met(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    2026-05-10 15:05 state   S1 client=王 origin=agent agent=甲/李 stage=subscription
    2026-05-19 09:00 invoice B1 agency=甲 deal=D1 amount_fen=1500000 number=1 matched=yes
    算: stage one 20,000.00; invoiced 15,000.00, so 15,000.00 is released and 5,000.00 waits for its invoice."""
    money = settle(case)
    assert money.due("甲") == "15,000.00"
    assert money.missing()["stage1"] == ["invoice"]
    assert money.missing()["stage2"] == ["contract", "received", "invoice"]


def test_nothing_is_due_before_the_ruling_is_final(case):
    """now 2026-05-20
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    算: the time to object runs until 25 May; on 20 May nothing is due."""
    money = settle(case)
    assert money.headline[0] == "0.00"
    assert money.missing()["stage1"] == ["ruling"]


def test_percent_of_money_received_not_of_the_list_price(case):
    """term TJ1 agency=甲 kind=percent since=2026-01-01 rate_ppm=15000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=215000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    2026-05-18 11:00 pay     M2 deal=D1 amount_fen=60000000 kind=down
    2026-06-20 11:00 pay     M3 deal=D1 amount_fen=150000000 kind=loan
    算: until 2 June received 650,000.00 × 1.5 % = 9,750.00, half 4,875.00 each stage on 3 June;
    on 20 June received 2,150,000.00 × 1.5 % = 32,250.00, half 16,125.00 each: 11,250.00 more on each."""
    money = settle(case)
    assert money.entries("甲") == [
        "06-03 stage1 4,875.00",
        "06-03 stage2 4,875.00",
        "06-20 stage1 11,250.00",
        "06-20 stage2 11,250.00",
    ]


def test_intent_money_never_pays(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    2026-05-05 15:10 pay     M1 deal=D1 amount_fen=2000000 kind=intent
    算: 认筹金 is no 认购金 (W1): stage one lacks the earnest money."""
    assert settle(case).missing()["stage1"] == ["earnest"]


def test_loan_approval_counts_as_money_received(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 loan_approved_at=2026-06-10 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    算: received 50,000 of 2,000,000 = 2.5 %; the loan is approved on 10 June: stage two 20,000.00 that day."""
    assert settle(case).entries("甲") == ["06-03 stage1 20,000.00", "06-10 stage2 20,000.00"]


def test_thirty_percent_is_enough_one_fen_less_is_not(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=59999999 kind=earnest
    2026-06-10 15:10 pay     M2 deal=D1 amount_fen=1 kind=balance
    算: 30 % of 2,000,000.00 is 600,000.00; 599,999.99 until 10 June, then 600,000.00."""
    assert settle(case).entries("甲") == ["06-03 stage1 20,000.00", "06-10 stage2 20,000.00"]


def test_full_refund_nets_to_zero(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=65000000 kind=earnest
    2026-07-01 09:00 cancel  T1 deal=D1 kind=contract refund_fen=65000000
    2026-07-02 09:00 pay     M2 deal=D1 amount_fen=-65000000 kind=refund
    算: +20,000.00 +20,000.00 on 3 June, −20,000.00 −20,000.00 on 1 July, against the same payee: 0."""
    money = settle(case)
    assert money.entries("甲") == [
        "06-03 stage1 20,000.00",
        "06-03 stage2 20,000.00",
        "07-01 stage1 -20,000.00",
        "07-01 stage2 -20,000.00",
    ]
    assert money.net() == {"developer": 0, "甲": 0}
    assert money.nothing() == ["cancelled"]


def test_paid_commission_of_a_cancelled_deal_is_overpaid(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=65000000 kind=earnest
    2026-06-05 09:00 paid    PD1 deal=D1 agency=甲 amount_fen=4000000 kind=paid
    2026-07-01 09:00 cancel  T1 deal=D1 kind=contract
    算: due 0, paid 40,000.00: overpaid 40,000.00 (OCA: the original skipped while the negative is paid)."""
    assert settle(case).headline == ("0.00", "40,000.00", "40,000.00", "0.00")


def test_a_refund_never_adds_commission(case):
    """term TJ1 agency=甲 kind=percent since=2026-01-01 rate_ppm=10000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 contracted_at=2026-05-18_10:00 price_fen=480000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=480000 kind=earnest
    2026-07-01 09:00 pay     M2 deal=D1 amount_fen=-160000 kind=refund
    算: 1 % of 4,800.00 = 48.00; after 1,600.00 back 1 % of 3,200.00 = 32.00. A credit note that adds commission
    would leave 64.00 (OCA commission #503: 48 instead of 32)."""
    money = settle(case)
    assert money.due("甲") == "32.00"
    assert money.entries("甲")[-2:] == ["07-01 stage1 -8.00", "07-01 stage2 -8.00"]


def test_split_keeps_every_fen(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000001
    term TJ2 agency=乙 kind=fixed since=2026-01-01 amount_fen=1000001
    policy classic stage1_percent=100
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:00 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=甲/李 client=王
    2026-05-03 10:00 escort K2 agent=乙/周 client=王
    2026-05-20 15:00 buy    D1 client=王 price_fen=200000000
    2026-05-20 15:10 pay    M1 deal=D1 amount_fen=5000000 kind=earnest
    算: 10,000.01 halved is 5,000.005 each, rounded 5,000.01 + 5,000.01 = 10,000.02, one fen too much;
    the largest (first of equals) gives it back: 5,000.00 + 5,000.01."""
    money = settle(case)
    assert (money.due("甲"), money.due("乙")) == ("5,000.00", "5,000.01")


def test_split_by_decision_seventy_thirty(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    term TJ2 agency=乙 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 09:05 report R2 agent=乙/周 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-03 10:00 escort K1 agent=乙/周 client=王
    2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
    2026-05-20 15:00 buy    D1 client=王 price_fen=200000000
    2026-05-20 15:10 pay    M1 deal=D1 amount_fen=5000000 kind=earnest
    2026-05-25 10:00 decide E1 deal=D1 outcome=SPLIT registration=R1 share_ppm=300000 other_registration=R2 agency_reviewer=甲-主管 evidence=S1
    算: R1 30 % of 40,000.00 = 12,000.00, stage one 6,000.00; R2 70 % = 28,000.00, stage one 14,000.00.
    Due from the day of the decision."""
    money = settle(case)
    assert money.entries("甲") == ["05-25 stage1 6,000.00"]
    assert money.entries("乙") == ["05-25 stage1 14,000.00"]


def test_review_pays_nobody_and_says_so(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    2026-05-10 15:10 pay     M1 deal=D1 amount_fen=5000000 kind=earnest
    算: no escort, no statement: REVIEW; nothing is due and the reason is told."""
    money = settle(case)
    assert (money.headline[0], money.nothing()) == ("0.00", ["review"])


def test_natural_deal_owes_no_agency(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 10:00 arrive  V1 client=王
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    2026-06-05 09:00 paid    PD1 deal=D1 agency=甲 amount_fen=4000000 kind=paid
    算: natural: due 0; what was paid is overpaid 40,000.00."""
    money = settle(case)
    assert money.headline == ("0.00", "40,000.00", "40,000.00", "0.00")
    assert money.nothing() == ["not_channel"]


def test_no_terms_is_said_not_paid_as_zero(case):
    """term TJ1 agency=乙 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive  V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy     D1 client=王 price_fen=200000000
    算: the agency has no terms at all (PC: tiers whose key is misspelt pay a silent 0)."""
    assert settle(case).nothing() == ["no_terms"]


TIERS = """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000000 to_unit=2 scope=marginal
    term TJ2 agency=甲 kind=fixed since=2026-01-01 amount_fen=2000000 from_unit=3 scope=marginal"""


def test_marginal_tiers_pay_each_deal_by_its_own_place(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000000 to_unit=2 scope=marginal
    term TJ2 agency=甲 kind=fixed since=2026-01-01 amount_fen=2000000 from_unit=3 scope=marginal
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-01 09:00 report R3 agent=甲/李 client=刘
    2026-05-01 10:00 arrive V3 client=刘 means=qr registration=R3
    2026-05-10 15:00 buy D1 client=王
    2026-05-11 15:00 buy D2 client=张
    2026-05-12 15:00 buy D3 client=刘
    算: places 1, 2, 3: 10,000.00 + 10,000.00 + 20,000.00."""
    money = settle(case)
    assert [money.due("甲", deal) for deal in ("D1", "D2", "D3")] == ["10,000.00", "10,000.00", "20,000.00"]


def test_retroactive_tiers_lift_earlier_deals_on_the_day_the_tier_is_reached(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000000 to_unit=2 scope=retroactive
    term TJ2 agency=甲 kind=fixed since=2026-01-01 amount_fen=2000000 from_unit=3 scope=retroactive
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-25 09:00 report R3 agent=甲/李 client=刘
    2026-05-25 10:00 arrive V3 client=刘 means=qr registration=R3
    2026-05-10 15:00 buy D1 client=王
    2026-05-11 15:00 buy D2 client=张
    2026-06-12 15:00 buy D3 client=刘
    算: D1 10,000.00 due 26 May (25 May closes), D2 27 May; on 12 June the third deal lifts both by 10,000.00."""
    money = settle(case)
    assert money.entries("甲", "D1") == ["05-26 stage1 10,000.00", "06-12 stage1 10,000.00"]
    assert money.entries("甲", "D2") == ["05-27 stage1 10,000.00", "06-12 stage1 10,000.00"]
    assert money.due("甲", "D3") == "20,000.00"


def test_a_cancellation_moves_only_later_deals(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000000 to_unit=1 scope=marginal
    term TJ2 agency=甲 kind=fixed since=2026-01-01 amount_fen=2000000 from_unit=2 scope=marginal
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-25 09:00 report R3 agent=甲/李 client=刘
    2026-05-25 10:00 arrive V3 client=刘 means=qr registration=R3
    2026-05-10 15:00 buy D1 client=王
    2026-05-11 15:00 buy D2 client=张
    2026-06-01 09:00 cancel T1 deal=D1 kind=contract
    2026-06-12 15:00 buy D3 client=刘
    算: D1 was 1st, D2 2nd; D1 is cancelled on 1 June; D3 counts D2 only, so it is 2nd too. D2 keeps its place."""
    money = settle(case)
    assert (money.due("甲", "D1"), money.due("甲", "D2"), money.due("甲", "D3")) == ("0.00", "20,000.00", "20,000.00")


def test_retroactive_tiers_are_not_taken_back_by_a_later_cancellation(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=1000000 to_unit=1 scope=retroactive
    term TJ2 agency=甲 kind=fixed since=2026-01-01 amount_fen=2000000 from_unit=2 scope=retroactive
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-10 15:00 buy D1 client=王
    2026-05-11 15:00 buy D2 client=张
    2026-06-20 09:00 cancel T1 deal=D2 kind=contract
    算: D2 lifted D1 to 20,000.00; its cancellation takes back D2's own 20,000.00 and nothing of D1 (D9: forward)."""
    money = settle(case)
    assert (money.due("甲", "D1"), money.due("甲", "D2")) == ("20,000.00", "0.00")


def test_bonus_and_first_deal_are_lines_of_their_own(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    term TJ2 agency=甲 kind=bonus since=2026-05-01 until=2026-05-31 amount_fen=300000
    term TJ3 agency=甲 kind=first_deal since=2026-01-01 amount_fen=100000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-10 15:00 buy D1 client=王 contracted_at=2026-05-18_10:00
    2026-05-20 15:00 buy D2 client=张 contracted_at=2026-05-28_10:00
    算: D1 40,000.00 + 3,000.00 现金奖 + 1,000.00 开单奖; D2 40,000.00 + 3,000.00."""
    money = settle(case)
    assert money.entries("甲", "D1") == [
        "06-03 bonus 3,000.00",
        "06-03 first_deal 1,000.00",
        "06-03 stage1 40,000.00",
    ]
    assert money.entries("甲", "D2") == ["06-13 bonus 3,000.00", "06-13 stage1 40,000.00"]


def test_platform_chain_passes_on_what_it_does_not_keep(case):
    """policy classic stage1_percent=100
    agency 甲 platform=贝 platform_fee_ppm=100000 agent_share_ppm=600000
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    算: developer → 贝 40,000.00; 贝 keeps 10 % = 4,000.00, passes 36,000.00; 甲 owes the agent 60 % = 21,600.00."""
    money = settle(case)
    assert money.due("贝") == "40,000.00"
    assert money.due("甲", payer="贝") == "36,000.00"
    assert money.due("甲/李", payer="甲") == "21,600.00"
    assert {account: value // 100 for account, value in money.net().items()} == {
        "developer": -40000,
        "贝": 4000,
        "甲": 14400,
        "甲/李": 21600,
    }


def test_chain_of_a_refund_is_taken_back_link_by_link(case):
    """policy classic stage1_percent=100
    agency 甲 platform=贝 platform_fee_ppm=33333 agent_share_ppm=666667
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000001
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-07-01 09:00 cancel T1 deal=D1 kind=contract
    算: every link's entries are undone to the fen."""
    assert set(settle(case).net().values()) == {0}


def test_advance_by_the_platform_settles_its_own_link_only(case):
    """policy classic stage1_percent=100
    agency 甲 platform=贝 platform_fee_ppm=100000
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-12 15:00 paid PD1 deal=D1 agency=甲 payer=贝 kind=advance amount_fen=3600000
    算: 垫佣: 贝 → 甲 36,000.00 paid of 36,000.00 due; the developer still owes 贝 40,000.00."""
    money = settle(case)
    assert money.headline == ("40,000.00", "0.00", "0.00", "40,000.00")
    link = next(p for p in money.settlement.positions if p.payer == "贝")
    assert (link.underpaid, link.overpaid) == (0, 0)


def test_prepayment_is_no_overpayment_while_the_deal_stands(case):
    """now 2026-05-15
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-12 15:00 paid PD1 deal=D1 agency=甲 kind=prepaid amount_fen=1000000
    算: nothing due yet, 10,000.00 prepaid against 40,000.00 to come: overpaid 0, prepaid 10,000.00."""
    money = settle(case)
    assert money.headline == ("0.00", "10,000.00", "0.00", "0.00")
    assert money.prepaid == "10,000.00"


def test_prepayment_of_a_cancelled_deal_is_overpaid(case):
    """term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-12 15:00 paid PD1 deal=D1 agency=甲 kind=prepaid amount_fen=1000000
    2026-05-20 15:00 cancel T1 deal=D1 kind=subscription
    算: nothing can become due any more: overpaid 10,000.00."""
    assert settle(case).headline == ("0.00", "10,000.00", "10,000.00", "0.00")


def test_overpaying_one_agency_does_not_hide_what_another_lacks(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-06-12 15:00 paid PD1 deal=D1 agency=乙 kind=paid amount_fen=4000000
    算: 40,000.00 went to the wrong agency: overpaid 40,000.00 and underpaid 40,000.00, not 0."""
    assert settle(case).headline == ("40,000.00", "40,000.00", "40,000.00", "40,000.00")


def test_swap_recomputes_on_the_new_room(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=percent since=2026-01-01 rate_ppm=10000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王 room=101 price_fen=100000000
    2026-05-10 15:10 pay M1 deal=D1 amount_fen=100000000 kind=balance
    2026-06-10 09:00 cancel T1 deal=D1 kind=swap new_deal=D2
    2026-06-10 09:30 pay M2 deal=D1 amount_fen=-100000000 kind=refund
    2026-06-10 10:00 buy D2 client=王 room=102 price_fen=120000000
    2026-06-10 10:10 pay M3 deal=D2 amount_fen=120000000 kind=balance
    算: D1 1 % = 10,000.00 on 26 May, taken back 10 June; D2 1 % of 1,200,000 = 12,000.00 (closes 25 June)."""
    money = settle(case)
    assert money.entries("甲", "D1") == ["05-26 stage1 10,000.00", "06-10 stage1 -10,000.00"]
    assert money.entries("甲", "D2") == ["06-26 stage1 12,000.00"]


def test_room_resold_to_another_buyer_belongs_to_nobody(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王 room=101
    2026-05-30 09:00 cancel T1 deal=D1 kind=contract
    2026-06-01 11:00 arrive V2 client=赵
    2026-06-02 15:00 buy D2 client=赵 room=101
    算: D1 back to 0; D2 is natural: the ruling belongs to the buyer, not to the room (D11)."""
    money = settle(case)
    assert (money.due("甲"), money.nothing("D1"), money.nothing("D2")) == ("0.00", ["cancelled"], ["not_channel"])


def test_same_buyer_within_thirty_days_revives_the_claim(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王 room=101
    2026-05-30 09:00 cancel T1 deal=D1 kind=contract
    2026-06-20 15:00 buy D2 client=王 room=102
    算: D1 40,000.00 due 26 May, back 30 May; D2 within 30 days: 40,000.00 due 6 July."""
    money = settle(case)
    assert money.entries("甲", "D1") == ["05-26 stage1 40,000.00", "05-30 stage1 -40,000.00"]
    assert money.entries("甲", "D2") == ["07-06 stage1 40,000.00"]


def test_lead_tiers_pay_by_how_early_the_client_confirmed(case):
    """policy open stage1_percent=100 lead_tiers=0:60,1440:80,10080:100
    agent 甲/李
    agency 甲
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report  R1 agent=甲/李 client=王
    2026-05-01 09:10 confirm N1 registration=R1 client=王
    2026-05-03 10:00 arrive  V1 client=王 door_code=valid
    2026-05-03 10:05 state   S1 client=王 origin=agent agent=甲/李
    2026-05-10 15:00 buy     D1 client=王
    算: confirmed 48 h 50 min before the first visit: above 1,440 min, below 10,080: 80 % of 40,000.00 = 32,000.00."""
    assert settle(case).due("甲") == "32,000.00"


def test_consultant_is_paid_under_each_outcome(case):
    """policy classic staff_pay_channel_yuan=500 staff_pay_natural_yuan=1500
    2026-05-01 10:00 arrive V1 client=王
    2026-05-10 15:00 buy D1 client=王 consultant=顾问-01 contracted_at=2026-05-18_10:00
    2026-05-01 09:00 report R2 agent=甲/李 client=张
    2026-05-01 10:00 arrive V2 client=张 means=qr registration=R2
    2026-05-10 15:00 buy D2 client=张 consultant=顾问-01 contracted_at=2026-05-18_10:00
    算: natural D1 1,500.00, channel D2 500.00, both with the contract and a final ruling (3 June)."""
    money = settle(case)
    assert (money.due("顾问-01", "D1"), money.due("顾问-01", "D2")) == ("1,500.00", "500.00")


def test_owners_reward(case):
    """policy classic referral_yuan=2000
    agent 业主/孙 kind=owner
    2026-05-01 09:00 report R1 agent=业主/孙 client=王
    2026-05-03 10:00 arrive V1 client=王
    2026-05-10 15:00 buy D1 client=王 contracted_at=2026-05-18_10:00
    算: 老带新: 2,000.00 to the owner."""
    assert settle(case).entries("业主/孙") == ["06-03 referral 2,000.00"]


def test_terms_of_the_subscription_day_count(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 until=2026-05-09 amount_fen=4000000
    term TJ2 agency=甲 kind=fixed since=2026-05-10 amount_fen=5000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    算: subscribed on 10 May, the first day of the new terms: 50,000.00 (D5)."""
    assert settle(case).due("甲") == "50,000.00"


def test_after_the_agreement_ended_the_last_terms_pay_the_tail(case):
    """policy classic stage1_percent=100
    agent 甲/李
    agency 甲 until=2026-05-05
    term TJ1 agency=甲 kind=fixed since=2026-01-01 until=2026-05-05 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy D1 client=王
    算: within the tail of 30 days (D4): 40,000.00 by the terms that ended with the agreement."""
    assert settle(case).due("甲") == "40,000.00"


def test_stage_one_of_zero_percent_pays_all_at_contract(case):
    """policy classic stage1_percent=0
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王 contracted_at=2026-06-18_10:00
    算: stage one 0; stage two 40,000.00 when the contract's ruling is final: 18 June + 15 days = 3 July, so 4 July."""
    assert settle(case).entries("甲") == ["07-04 stage2 40,000.00"]


def test_money_paid_twice_is_overpaid_once(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-06-12 15:00 paid PD1 deal=D1 agency=甲 kind=paid amount_fen=4000000
    2026-06-13 15:00 paid PD2 deal=D1 agency=甲 kind=paid amount_fen=4000000
    算: due 40,000.00, paid 80,000.00: overpaid 40,000.00."""
    assert settle(case).headline == ("40,000.00", "80,000.00", "40,000.00", "0.00")


def test_objection_holds_stage_one_until_the_decision(case):
    """now 2026-07-01
    policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-20 09:00 object J1 deal=D1 by=site
    算: the site objected in time and nobody decided: nothing due, the stage lacks ruling and no_objection."""
    money = settle(case)
    assert money.headline[0] == "0.00"
    assert money.missing()["stage1"] == ["ruling", "no_objection"]


def test_decision_releases_what_the_objection_held(case):
    """now 2026-07-01
    policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-20 09:00 object J1 deal=D1 by=site
    2026-06-01 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1
    算: decided on 1 June for the claimant: 40,000.00 that day."""
    assert settle(case).entries("甲") == ["06-01 stage1 40,000.00"]


def test_what_the_office_never_recorded_is_not_held_against_the_agency(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    算: no payments, invoices or statements in the case at all: those conditions are not asked."""
    money = settle(case)
    assert (money.due("甲"), money.missing()) == ("40,000.00", {})


def test_a_deal_with_no_price_still_pays_a_fixed_amount(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
    2026-05-10 15:00 buy D1 client=王
    2026-05-10 15:10 pay M1 deal=D1 amount_fen=5000000 kind=earnest
    算: 40,000.00."""
    assert settle(case).due("甲") == "40,000.00"


REVERSED = """now {now}
    policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    term TJ2 agency=乙 kind=fixed since=2026-01-01 amount_fen=3000000
    2026-05-01 09:00 report R1 agent=甲/李 client=王
    2026-05-01 09:00 report R2 agent=乙/周 client=王
    2026-05-01 10:00 arrive V1 client=王
    2026-05-10 15:00 buy D1 client=王
    2026-06-01 09:00 decide E1 deal=D1 outcome=CHANNEL registration=R1 evidence=V1 agency_reviewer=乙-主管
    2026-06-15 09:00 paid P1 deal=D1 agency=甲 amount_fen=4000000 kind=paid
    2026-06-20 09:00 decide E2 deal=D1 stage=appeal outcome=CHANNEL registration=R2 evidence=V1 agency_reviewer=甲-主管"""


def test_a_ruling_reversed_on_appeal_is_undone_in_the_journal_and_not_forgotten():
    """算: 1 June, decided for 甲: 40,000.00 due and paid. 20 June, on appeal for 乙: 甲's 40,000.00 is taken back by a
    second entry, 乙's 30,000.00 becomes due; 40,000.00 overpaid to 甲, 30,000.00 owed to 乙. The June entry of 甲
    stands in July as it stood in June."""
    money = settle(load(REVERSED.format(now="2026-06-10")))
    assert money.entries("甲") == ["06-01 stage1 40,000.00"]
    assert money.headline == ("40,000.00", "40,000.00", "0.00", "0.00")
    money = settle(load(REVERSED.format(now="2026-07-01")))
    assert money.entries("甲") == ["06-01 stage1 40,000.00", "06-20 stage1 -40,000.00"]
    assert money.entries("乙") == ["06-20 stage1 30,000.00"]
    assert money.headline == ("30,000.00", "40,000.00", "40,000.00", "30,000.00")


def test_a_link_broken_after_the_ruling_was_final_takes_the_commission_back(case):
    """policy classic stage1_percent=100
    term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
    2026-05-01 09:00 report R1 agent=甲/李 client=妻
    2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
    2026-05-09 15:00 buy    D1 client=夫
    2026-05-09 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01
    2026-09-01 09:00 edit   X1 staff=经理-01 client=夫 field=unlink target=G1 buyer_otp=yes
    算: final after 24 May: 40,000.00 on 25 May. 1 September: she was not his wife, nobody brought him: back to nothing."""
    money = settle(case)
    assert money.entries("甲") == ["05-25 stage1 40,000.00", "09-01 stage1 -40,000.00"]
    assert money.headline == ("0.00", "0.00", "0.00", "0.00")
