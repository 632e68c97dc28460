"""A consultant enters nothing and hands the visitor to an agent; the visitor kept the receipt."""

from judged_office import JUDGE, Stopped, judged, refused, show

from mingshi.domain.evidence import Binding
from mingshi.domain.judge.arrival import _of_receipt as honest

FACTS = """
2026-05-01 10:00 receipt H1 client=王 bound_to=phone presented_at=2026-05-20_14:00
2026-05-03 09:00 report  R1 agent=甲/李 client=王
2026-05-03 10:00 arrive  V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy     D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (
    f"{JUDGE}.arrival._of_receipt",
    lambda row, person, policy: honest(row._replace(bound_to=Binding.BEARER), person, policy),
)


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "2")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
