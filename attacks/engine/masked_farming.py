"""An agent registers masked numbers by the hundred; one of them is bound to walk in."""

from judged_office import JUDGE, Stopped, judged, refused, show, without

from mingshi.domain.judge.admission import ADMISSION

FACTS = """
policy open
2026-05-01 09:00 report R1 agent=甲/李 client=隐王
2026-05-02 10:00 arrive V1 client=王 means=otp door_code=valid
2026-05-02 10:02 state  S1 client=王 origin=agent agent=甲/李
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李
"""
DEFENCE = (f"{JUDGE}.assess.ADMISSION", without(ADMISSION, "a12_confirmed"))


def attack() -> Stopped | None:
    return refused(judged(FACTS), "R1", "UNCONFIRMED")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
