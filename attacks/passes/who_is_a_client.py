"""A rival asks for sign-in codes to a list of numbers, to learn from the answers which of them are clients here."""

from stage import Stopped, in_hall, show

from mingshi.credentials.codes import NotSent
from mingshi.passes.otp import Otp

_send = Otp.send


def _telling(self, phone, purpose, **how):
    return _send(self, phone, purpose, **how) if self._known(phone) else NotSent("not_mobile", 0)


DEFENCE = ("mingshi.passes.otp.Otp.send", _telling)


def attack() -> Stopped | None:
    def tried(hall):
        numbers = [f"1600000{n:04}" for n in range(10)]
        hall.known = {numbers[3], numbers[7]}
        told = [hall.otp.send(one, "sign_in", address="rival", at_door=False, now=hall.now) for one in numbers]
        kinds = {type(one).__name__ for one in told}
        return Stopped("refused", "rule 4", "ten equal answers, two messages") if len(kinds) == 1 else None

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
