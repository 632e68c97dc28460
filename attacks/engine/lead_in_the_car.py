"""The interceptor keeps the visitors in the car until the thirty minutes are over."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-03 10:05 report R1 agent=甲/李 client=王
2026-05-03 10:40 arrive V1 client=王 means=qr registration=R1
2026-05-03 10:42 state  S1 client=王 origin=agent agent=甲/李 first_contact_at=2026-05-03_10:03 first_contact_where=car_park before_staff=yes
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.flags.contradicting_words", lambda claim, hearing: ())


def attack() -> Stopped | None:
    return flagged(judged(FACTS), "F-DECL")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
