"""An agent sends nine hired visitors with one phone between them, to be the busiest of the month."""

from judged_office import JUDGE, Stopped, found, show

FACTS = """
2026-05-03 10:00 arrive V0 client=雇0 means=otp agent=甲/李 device=机-1
2026-05-03 10:02 arrive V1 client=雇1 means=otp agent=甲/李 device=机-1
2026-05-03 10:04 arrive V2 client=雇2 means=otp agent=甲/李 device=机-1
2026-05-03 10:06 arrive V3 client=雇3 means=otp agent=甲/李 device=机-1
2026-05-03 10:08 arrive V4 client=雇4 means=otp agent=甲/李 device=机-1
2026-05-03 10:10 arrive V5 client=雇5 means=otp agent=甲/李 device=机-1
2026-05-03 10:12 arrive V6 client=雇6 means=otp agent=甲/李 device=机-1
2026-05-03 10:14 arrive V7 client=雇7 means=otp agent=甲/李 device=机-1
2026-05-03 10:16 arrive V8 client=雇8 means=otp agent=甲/李 device=机-1
2026-05-03 10:00 arrive V99 client=王 means=otp
2026-05-20 15:00 buy    D1 client=王
"""
DEFENCE = (f"{JUDGE}.patterns.crowds", lambda records, now: ())


def attack() -> Stopped | None:
    about = [one for one in found(FACTS) if one.id == "F-CROWD"]
    return Stopped("flagged", "F-CROWD", ", ".join(one.subject for one in about)) if about else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
