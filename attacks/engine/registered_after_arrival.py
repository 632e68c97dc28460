"""The agent sees a visitor walk in and registers them from the pavement."""

from judged_office import JUDGE, Stopped, judged, refused, show, without

from mingshi.domain.judge.attendance import ATTENDANCE

FACTS = """
2026-05-03 10:05 arrive V1 client=王 agent=甲/李
2026-05-03 10:10 report R1 agent=甲/李 client=王
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.assess.ATTENDANCE", without(ATTENDANCE, "b7_before"))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "3")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
