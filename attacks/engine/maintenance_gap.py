"""The system is under maintenance just while the agent's client arrives; the deal is booked as natural."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
calendar KA1 kind=stopped since=2026-05-03_09:30 until=2026-05-03_12:00
2026-05-03 09:00 report R1 agent=甲/李 client=王 expected_at=2026-05-03_10:00
2026-05-08 15:00 buy    D1 client=王 recorded_source=自然到访
"""
DEFENCE = (f"{JUDGE}.flags.site._gap", lambda claim, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "SX-gap")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
