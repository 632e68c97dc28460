"""The month that sold the cameras (TRADE.md §1, S4), to the yuan: what finance has to pay, and what is in doubt.

算: 117 deals a month, 104 of them by agents: 104 ÷ 117 = 88.9 %. At 40,000 a deal 104 × 40,000 = 4,160,000, which the
office had paid. Natural buyers had gone from 63 to 13: 63 − 13 = 50 "whereabouts unknown", and 50 × 40,000 = 2,000,000
in doubt; 4,160,000 − 2,000,000 = 2,160,000 = 54 × 40,000 in no doubt. 104 + 13 = 117.
"""

from collections import Counter

from tests.cases.dsl import load
from tests.cases.money import Money, settle

DEALS, BY_AGENTS, UNKNOWN = 117, 104, 50
AGENTS = ("李", "周", "吴", "郑")
TERMS = """policy classic stage1_percent=100
now 2026-07-31
term TJ1 agency=甲 kind=fixed since=2026-01-01 amount_fen=4000000
"""
SALE = """2026-05-10 15:00 buy    D{n} client=客{n}
"""
BROUGHT = """2026-05-01 09:00 report R{n} agent=甲/{agent} client=客{n}
2026-05-01 10:00 arrive V{n} client=客{n} means=qr registration=R{n}
2026-06-05 09:00 paid   P{n} deal=D{n} agency=甲 amount_fen=4000000 kind=paid
"""
CAME_ALONE = """2026-05-01 10:00 arrive V{n} client=客{n}
"""
DOUBTS = {
    "nobody saw the agent": """2026-05-01 09:00 report R{n} agent=甲/{agent} client=客{n}
2026-05-01 10:00 arrive V{n} client=客{n}
2026-06-05 09:00 paid   P{n} deal=D{n} agency=甲 amount_fen=4000000 kind=paid
""",
    "they had come by themselves before": """2026-04-20 10:00 arrive W{n} client=客{n}
2026-05-01 09:00 report R{n} agent=甲/{agent} client=客{n}
2026-05-01 10:00 arrive V{n} client=客{n} means=qr registration=R{n}
2026-06-05 09:00 paid   P{n} deal=D{n} agency=甲 amount_fen=4000000 kind=paid
""",
}


def month(doubted: str = BROUGHT) -> str:
    """The facts: 54 brought, 50 `doubted`, 13 who came by themselves; each agent has fewer than the cap of 50 (A10)."""
    facts = [BROUGHT] * (BY_AGENTS - UNKNOWN) + [doubted] * UNKNOWN + [CAME_ALONE] * (DEALS - BY_AGENTS)
    return TERMS + "".join(
        (each + SALE).format(n=f"{n:03}", agent=AGENTS[n % 4]) for n, each in enumerate(facts, start=1)
    )


def outcomes(text: str) -> Counter[str]:
    case = load(text)
    return Counter(case.ruling(f"D{n:03}").outcome.split()[0] for n in range(1, DEALS + 1))


def test_as_the_office_paid_it():
    """算: 104 × 40,000 = 4,160,000 due and paid, nothing over, nothing short; 13 natural buyers cost nothing."""
    assert outcomes(month()) == {"CHANNEL": 104, "NATURAL": 13}
    money = settle(load(month()))
    assert money.headline == ("4,160,000.00", "4,160,000.00", "0.00", "0.00")
    assert len([deal for deal, _ in money.settlement.nothing]) == 13


def test_fifty_whose_agent_nobody_saw_wait_for_a_person_and_two_million_with_them():
    """算: 54 × 40,000 = 2,160,000 due; 4,160,000 paid; 2,000,000 paid too early, and to come if the people say so."""
    facts = month(DOUBTS["nobody saw the agent"])
    assert outcomes(facts) == {"CHANNEL": 54, "REVIEW": 50, "NATURAL": 13}
    assert settle(load(facts)).headline == ("2,160,000.00", "4,160,000.00", "2,000,000.00", "0.00")


def test_fifty_who_had_come_by_themselves_are_two_million_overpaid():
    """算: 63 natural = 13 + 50, as before the agents came; 2,160,000 due, 2,000,000 to ask back."""
    facts = month(DOUBTS["they had come by themselves before"])
    assert outcomes(facts) == {"CHANNEL": 54, "NATURAL": 63}
    money: Money = settle(load(facts))
    assert money.headline == ("2,160,000.00", "4,160,000.00", "2,000,000.00", "0.00")
    assert money.nothing("D055")
    assert money.due("甲") == "2,160,000.00"
