"""The site takes the money in May and books the deal the day after the agent's window has ended."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-01 09:00 report R1 agent=甲/李 client=王
2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 pay    M1 deal=D1 amount_fen=2000000 kind=intent
2026-06-01 10:00 buy    D1 client=王 recorded_source=自然到访
"""
DEFENCE = (f"{JUDGE}.flags.site._late", lambda claim, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "SX-late")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
