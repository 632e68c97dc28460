"""The interceptor's friend sets the reception tablet forty minutes fast, so that the lead seems kept."""

from judged_office import Stopped, judged, refused, show

FACTS = """
clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s=2390 offset_high_s=2410
2026-05-03 10:00 report R1 agent=甲/李 client=王
2026-05-03 10:45 arrive V1 client=王 means=qr registration=R1 device=平板-1
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = ("mingshi.domain.moment._corrected", lambda observed, clock, policy: (observed, False))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "3")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
