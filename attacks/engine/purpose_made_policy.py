"""Before a large deal is signed the site shortens the deal window to a week."""

from judged_office import Stopped, judged, kept, show

FACTS = """
policy classic
2026-05-15 00:00 policy classic version=short visit_protect_days=7 natural_protect_days=7
2026-05-01 09:00 report R1 agent=甲/李 client=王
2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy    D1 client=王
"""
DEFENCE = (
    "mingshi.domain.policy.PolicyHistory.binding",
    lambda self, agency, instant, agreements: self.versions[-1].policy,
)


def attack() -> Stopped | None:
    return kept(judged(FACTS), "CHANNEL 甲/李 R1", "D5")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
