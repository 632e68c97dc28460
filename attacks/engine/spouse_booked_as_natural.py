"""The agent brought the wife; the husband signs, and the book says that nobody brought him."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-01 09:00 report R1 agent=甲/李 client=妻
2026-05-01 10:00 arrive V1 client=妻 means=qr registration=R1
2026-05-09 15:00 buy    D1 client=夫 recorded_source=自然到访
2026-05-09 15:10 state  S1 client=夫 origin=agent agent=甲/李 stage=signing
"""
DEFENCE = (f"{JUDGE}.flags.site._named_and_left_out", lambda claims, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "SX-swap")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
