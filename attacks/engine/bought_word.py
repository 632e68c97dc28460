"""A discount for whoever signs: nobody brought me."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-01 09:00 report R1 agent=甲/李 client=王
2026-05-01 10:00 arrive V1 client=王 means=otp agent=甲/李
2026-05-01 10:01 escort K1 client=王 agent=甲/李 means=paper
2026-05-09 15:00 buy    D1 client=王 recorded_source=自然到访
2026-05-09 15:10 state  S1 client=王 origin=nobody stage=signing
"""
DEFENCE = (f"{JUDGE}.flags.site._bought", lambda claim, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "SX-buy")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
