"""截客: an agent asks for a code to a client's phone and guesses it, so as to confirm their own registration; the eighth
guess would have been right."""

from stage import PHONE, Stopped, in_hall, show

DEFENCE = ("mingshi.passes.otp.GUESSES", 1_000_000)


def attack() -> Stopped | None:
    def tried(hall):
        sent = hall.otp.send(PHONE, "confirm", address="x", at_door=False, invited=True, now=hall.now)
        right = hall.pager.messages[-1][1].removeprefix("【海棠湾】")[:6]
        guesses = [f"{(int(right) + n) % 1_000_000:06}" for n in range(1, 8)] + [right]
        heard = [hall.otp.check(sent.challenge, PHONE, "confirm", guess, hall.now) for guess in guesses]
        return None if any(heard) else Stopped("refused", "five guesses a code", "the right one came too late")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
