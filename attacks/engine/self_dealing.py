"""The agent buys a home and registers their own number."""

from judged_office import JUDGE, Stopped, judged, refused, show, without

from mingshi.domain.judge.admission import ADMISSION

FACTS = """
agent 甲/李 phone=王
agency 甲
2026-05-03 09:00 report R1 agent=甲/李 client=王
2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.assess.ADMISSION", without(ADMISSION, "a9_self"))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "SELF")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
