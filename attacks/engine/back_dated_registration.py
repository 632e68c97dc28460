"""The visitor came at ten; at eleven the agent's registration is entered as of nine."""

from judged_office import JUDGE, Stopped, judged, refused, show

from mingshi.domain.moment import span

FACTS = """
2026-05-03 09:00 report R1 agent=甲/李 client=王 sealed_at=2026-05-03_11:00
2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00:05
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.claim.submission", lambda row, hearing: span(row.at))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "3")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
