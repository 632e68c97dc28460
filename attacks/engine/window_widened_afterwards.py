"""After the deal the manager widens a friend's window by thirty days."""

from judged_office import JUDGE, Stopped, judged, refused, show

from mingshi.domain.judge.extension import extensions_of


def extensions_of_any_time(draft, hearing, window, end):
    """As if it did not matter when a window was widened."""
    return extensions_of(draft, hearing, window)


FACTS = """
2026-05-01 09:00 report R1 agent=甲/李 client=王
2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
2026-06-05 15:00 buy    D1 client=王 claimed_agent=甲/李
2026-06-06 09:00 extend Y1 registration=R1 days=30
"""
DEFENCE = (f"{JUDGE}.windows.valid_extensions", extensions_of_any_time)


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "8")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
