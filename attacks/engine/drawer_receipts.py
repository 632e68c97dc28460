"""At signing the site hands the buyer a receipt of a visit that never was, dated before the agent."""

from judged_office import JUDGE, Stopped, judged, kept, show

from mingshi.domain.evidence import Binding
from mingshi.domain.judge.arrival import _of_receipt as honest


def as_bound(row):
    """As if anybody's slip of paper were bound to this visitor's phone."""
    return row._replace(bound_to=Binding.PHONE, sealed_at=row.visit_at)


FACTS = """
2026-05-01 10:00 receipt H1 client=王 bound_to=bearer staff=前台-01 presented_at=2026-05-20_14:00 sealed_at=2026-05-20_14:00
2026-05-03 09:00 report  R1 agent=甲/李 client=王 sealed_at=2026-05-03_09:00:02
2026-05-03 10:00 arrive  V1 client=王 means=qr registration=R1 sealed_at=2026-05-03_10:00:02
2026-05-20 15:00 buy     D1 client=王 recorded_source=自然到访 sealed_at=2026-05-20_15:00
"""
DEFENCE = (f"{JUDGE}.arrival._of_receipt", lambda row, person, policy: honest(as_bound(row), person, policy))


def attack() -> Stopped | None:
    told = judged(FACTS)
    return kept(told, "CHANNEL 甲/李 R1", "amendment 4, and SX-drawer") if "SX-drawer" in told.flags else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
