"""The agent gives the good code in their own phone and sends the page's address, with its ticket, to the client."""

from stage import Stopped, in_hall, show

from mingshi.domain.evidence import DoorCode

DEFENCE = ("mingshi.passes.door_code.DoorCodes._mac", lambda self, minute, browser: "0" * 32)


def attack() -> Stopped | None:
    def tried(hall):
        ticket = hall.door.redeem(hall.door.show(hall.now).code, "the agent's phone", hall.now).ticket
        hall.later(300)
        state = hall.door.admits(ticket, "at home", hall.now)
        return None if state is DoorCode.VALID else Stopped("refused", "rule 3", "a ticket belongs to one browser")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
