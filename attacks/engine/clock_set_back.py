"""The site sets its tablet ten minutes back, so that an honest agent seems to have missed the lead."""

from judged_office import JUDGE, Stopped, judged, kept, show

from mingshi.domain.moment import moment

FACTS = """
2026-05-03 10:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_10:00:01
2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:35:01
2026-05-20 15:00 buy    D1 client=王 recorded_source=自然到访
"""
DEFENCE = (f"{JUDGE}.arrival.moment", lambda at, sealed_at, **rest: moment(at, None, **rest))


def attack() -> Stopped | None:
    return kept(judged(FACTS), "CHANNEL 甲/李 R1", "amendment 7: against the agent the visit counts as sealed")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
