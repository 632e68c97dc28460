"""An insider deletes the visit; the client still has the receipt, and the log of edits the deletion."""

from judged_office import JUDGE, Stopped, flagged, judged, show

FACTS = """
2026-05-01 10:00 receipt H1 client=王 bound_to=bearer presented_at=2026-05-20_14:00
2026-05-05 08:30 edit    X1 staff=顾问-02 client=王 field=delete target=V0
2026-05-05 09:00 report  R1 agent=甲/李 client=王
2026-05-05 10:00 arrive  V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy     D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.flags.flag.contradicted_twice", lambda flags: False)


def attack() -> Stopped | None:
    told = judged(FACTS)
    return flagged(told, "F-RCPT", "hold") if "hold" in told.needs else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
