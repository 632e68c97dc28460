"""A page far away tries one short code after the other; the two-hundredth would have been right."""

from stage import Stopped, in_hall, show

from mingshi.domain.evidence import DoorCode

DEFENCE = ("mingshi.passes.door_code.DoorCodes._guessing", lambda *_: False)


def attack() -> Stopped | None:
    def tried(hall):
        right = hall.door.show(hall.now).code
        wrong = [f"ACDE{a}{b}" for a in "23456789ACDEFGH" for b in "23456789ACDEFGH"][:199]
        told = [hall.door.redeem(guess, "far away", hall.now) for guess in (*wrong, right)]
        if told[-1].state is DoorCode.VALID:
            return None
        return Stopped("limited", "ten typed codes a minute", f"{sum(one.limited for one in told)} were not judged")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
