"""Somebody at the door has codes sent to a stranger's phone all afternoon, once a minute."""

from stage import PHONE, Stopped, in_hall, show

DEFENCE = ("mingshi.passes.otp.PER_HOUR", 100)


def attack() -> Stopped | None:
    def tried(hall):
        for _ in range(60):
            hall.otp.send(PHONE, "check_in", address="hall", at_door=True, now=hall.now)
            hall.later(60)
        rang = len(hall.pager.messages)
        return None if rang > 10 else Stopped("limited", "five an hour for a number", f"the phone rang {rang} times")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
