"""The client stays at home; the agent at the sign sends a photograph of the door code, which is read three minutes
later."""

from stage import Stopped, in_hall, show

from mingshi.domain.evidence import DoorCode

DEFENCE = ("mingshi.passes.door_code.DoorCodes._left", lambda *_: 1)


def attack() -> Stopped | None:
    def tried(hall):
        photograph = hall.door.show(hall.now).long
        hall.later(180)
        told = hall.door.redeem(photograph, "at home", hall.now)
        if told.state is DoorCode.VALID:
            return None
        return Stopped("refused", "B4a", f"the code is {told.state}: a contact, no visit; no ticket was given")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
