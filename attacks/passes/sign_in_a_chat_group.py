"""充场: the live code goes to a chat group of three hundred, who all check in within the minute."""

from stage import Stopped, in_hall, show

from mingshi.domain.evidence import DoorCode

DEFENCE = ("mingshi.passes.door_code.CROWD", 1_000_000)


def attack() -> Stopped | None:
    def tried(hall):
        code = hall.door.show(hall.now).long
        told = [hall.door.redeem(code, f"member {n}", hall.now) for n in range(300)]
        good = sum(one.state is DoorCode.VALID for one in told)
        return None if good == 300 else Stopped("limited", "the crowd limit", f"{good} of 300 were let in")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
