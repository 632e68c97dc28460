"""A visitor known under one number is registered under a second one; the identity card is the same."""

from judged_office import JUDGE, Stopped, judged, refused, show

FACTS = """
2026-05-01 10:00 arrive   V1 client=王 means=otp
2026-05-01 10:03 identify I1 client=王 id_key=ID-1 stage=check_in
2026-05-05 09:00 report   R1 agent=甲/李 client=王#2
2026-05-05 10:00 arrive   V2 client=王#2 means=otp agent=甲/李
2026-05-20 15:00 buy      D1 client=王#2 claimed_agent=甲/李
2026-05-20 15:10 identify I2 client=王#2 id_key=ID-1
"""
DEFENCE = (f"{JUDGE}.links._same_person", lambda dossier, relations, broken: ({}, []))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "2")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
