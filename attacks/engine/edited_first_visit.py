"""An insider moves the first visit behind the registration of a friendly agent; the edit log alone remembers."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-05 08:30 edit   X1 staff=顾问-02 client=王 field=first_visit old=2026-05-01 new=2026-05-05
2026-05-05 09:00 report R1 agent=甲/李 client=王
2026-05-05 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.flags.edited", lambda claim, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "F-EDIT")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
