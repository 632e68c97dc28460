"""A rival steers ten honest clients of one agent to the same consultant, so that the two look like a pair."""

from judged_office import JUDGE, Stopped, found, show

from mingshi.domain.judge.patterns import sighting

STEERED = "\n".join(
    f"""
2026-05-{day:02} 09:00 report R{day} agent=甲/李 client=客{day}
2026-05-{day:02} 10:00 arrive V{day} client=客{day} means=qr registration=R{day} staff=顾问-01
2026-05-{day:02} 15:00 buy    D{day} client=客{day} claimed_agent=甲/李 consultant=顾问-01"""
    for day in range(3, 13)
)
OTHERS = "\n".join(
    f"2026-05-{day:02} 11:{minute:02} arrive W{day}x{minute} client=别{day}x{minute} means=otp staff=顾问-{minute % 6 + 2:02}"
    for day in range(3, 13)
    for minute in range(12)
)
FACTS = f"{STEERED}\n{OTHERS}\n"
DEFENCE = (f"{JUDGE}.patterns.sighting", lambda value, records: sighting(value, records)._replace(contradicted=True))


def attack() -> Stopped | None:
    if any(one.id == "F-PAIR" for one in found(FACTS)):
        return None
    return Stopped("limited", "F-PAIR counts contradicted deals only", "ten clean deals together are no pattern")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
