"""One phone at the door checks in five clients, one after the other, with one code."""

from stage import Stopped, in_hall, show

from mingshi.domain.evidence import DoorCode

DEFENCE = ("mingshi.passes.door_code.DoorCodes.spend", lambda self, ticket, browser, use, now: DoorCode.VALID)


def attack() -> Stopped | None:
    def tried(hall):
        code = hall.door.show(hall.now).code
        states = []
        for client in range(5):
            ticket = hall.door.redeem(code, "one phone", hall.now).ticket
            states.append(hall.door.spend(ticket, "one phone", f"client {client}", hall.now))
            hall.later(10)
        good = states.count(DoorCode.VALID)
        return None if good > 1 else Stopped("limited", "one use of a code by a device", f"{good} of 5 was let in")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
