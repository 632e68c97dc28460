"""An agent registers somebody who has never heard of them, and waits for them to come by themselves."""

from judged_office import JUDGE, Stopped, judged, refused, show, without

from mingshi.domain.judge.attendance import ATTENDANCE

FACTS = """
2026-05-01 09:00 report R1 agent=甲/李 client=王
2026-05-02 10:00 arrive V1 client=王 means=otp
2026-05-02 10:02 state  S1 client=王 origin=nobody before_staff=yes
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.assess.ATTENDANCE", without(ATTENDANCE, "b5_escort"))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "NOESCORT")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
