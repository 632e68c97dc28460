"""The site loads a bought list as leads on the eve, to say later that the agent's client was known."""

from judged_office import JUDGE, Stopped, judged, kept, show

from mingshi.domain.judge.hearing import Touch
from mingshi.domain.moment import Moment, span


def every_lead_counts(dossier, unit, traces, policy):
    """As if a name typed into a list were an act of the person."""
    known = [(row, unit.who(row.phone)) for row in dossier.leads]
    return tuple(Touch(row.id, who, Moment(span(row.at), span(row.at))) for row, who in known if who is not None)


FACTS = """
2026-05-02 20:00:00 lead L0 client=名单0 staff=顾问-03 source=名单
2026-05-02 20:00:01 lead L1 client=名单1 staff=顾问-03 source=名单
2026-05-02 20:00:02 lead L2 client=名单2 staff=顾问-03 source=名单
2026-05-02 20:00:03 lead L3 client=名单3 staff=顾问-03 source=名单
2026-05-02 20:00:04 lead L4 client=名单4 staff=顾问-03 source=名单
2026-05-02 20:00:05 lead L5 client=名单5 staff=顾问-03 source=名单
2026-05-02 20:00:06 lead L6 client=名单6 staff=顾问-03 source=名单
2026-05-02 20:00:07 lead L7 client=名单7 staff=顾问-03 source=名单
2026-05-02 20:00:08 lead L8 client=名单8 staff=顾问-03 source=名单
2026-05-02 20:00:09 lead L9 client=名单9 staff=顾问-03 source=名单
2026-05-02 20:00:10 lead L10 client=名单10 staff=顾问-03 source=名单
2026-05-02 20:00:11 lead L11 client=名单11 staff=顾问-03 source=名单
2026-05-02 20:00:12 lead L12 client=名单12 staff=顾问-03 source=名单
2026-05-02 20:00:13 lead L13 client=名单13 staff=顾问-03 source=名单
2026-05-02 20:00:14 lead L14 client=名单14 staff=顾问-03 source=名单
2026-05-02 20:00:15 lead L15 client=名单15 staff=顾问-03 source=名单
2026-05-02 20:00:16 lead L16 client=名单16 staff=顾问-03 source=名单
2026-05-02 20:00:17 lead L17 client=名单17 staff=顾问-03 source=名单
2026-05-02 20:00:18 lead L18 client=名单18 staff=顾问-03 source=名单
2026-05-02 20:00:19 lead L19 client=名单19 staff=顾问-03 source=名单
2026-05-02 20:00:20 lead L20 client=名单20 staff=顾问-03 source=名单
2026-05-02 20:00:21 lead L21 client=名单21 staff=顾问-03 source=名单
2026-05-02 20:00:22 lead L22 client=名单22 staff=顾问-03 source=名单
2026-05-02 20:00:23 lead L23 client=名单23 staff=顾问-03 source=名单
2026-05-02 20:00:24 lead L24 client=名单24 staff=顾问-03 source=名单
2026-05-02 20:00:25 lead L25 client=名单25 staff=顾问-03 source=名单
2026-05-02 20:00:26 lead L26 client=名单26 staff=顾问-03 source=名单
2026-05-02 20:00:27 lead L27 client=名单27 staff=顾问-03 source=名单
2026-05-02 20:00:28 lead L28 client=名单28 staff=顾问-03 source=名单
2026-05-02 20:00:29 lead L29 client=名单29 staff=顾问-03 source=名单
2026-05-02 20:00:30 lead L30 client=王 staff=顾问-03 source=名单
2026-05-03 09:00 report R1 agent=甲/李 client=王
2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy    D1 client=王 recorded_source=自渠
"""
DEFENCE = (f"{JUDGE}.hearing._touches", every_lead_counts)


def attack() -> Stopped | None:
    told = judged(FACTS)
    return kept(told, "CHANNEL 甲/李 R1", "A5, and SX-list") if "SX-list" in told.flags else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
