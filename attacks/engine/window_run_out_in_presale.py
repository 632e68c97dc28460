"""The project is shown but not sold for two months; then every agent's window has run out."""

from judged_office import JUDGE, Stopped, judged, kept, show

from mingshi.kernel.timeline import Zone, natural_days_after

ZONE = Zone()

FACTS = """
policy classic suspension=true
calendar KA1 since=2026-04-01 until=2026-05-31
2026-04-10 09:00 report R1 agent=甲/李 client=王
2026-04-10 10:00 arrive V1 client=王 means=qr registration=R1
2026-06-10 15:00 buy    D1 client=王
"""
DEFENCE = (f"{JUDGE}.windows._suspended", lambda start, days, hearing: (natural_days_after(start, days, ZONE), 0))


def attack() -> Stopped | None:
    return kept(judged(FACTS), "CHANNEL 甲/李 R1", "D1a")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
