"""The client checks in from home with yesterday's photograph of the door sign, so that the window is kept."""

from judged_office import JUDGE, Stopped, judged, show

FACTS = """
policy open
2026-05-01 09:00 report  R1 agent=甲/李 client=王
2026-05-01 09:05 confirm N1 registration=R1 client=王
2026-05-02 10:00 arrive  V1 client=王 means=otp door_code=stale agent=甲/李
2026-05-02 10:05 state   S1 client=王 origin=agent agent=甲/李
2026-05-08 15:00 buy     D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.arrival.OWN_PHONE", frozenset())


def attack() -> Stopped | None:
    told = judged(FACTS)
    if told.outcome != "REVIEW" or told.codes["R1"] != "NOVISIT":
        return None
    return Stopped("refused", "B4a", "a contact, no visit; a receipt or another proof is needed")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
