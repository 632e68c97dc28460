"""A phishing page hands the site's challenge to the visitor's phone, and its answer, with the site's name put in, to the
site."""

from stage import Browser, Stopped, in_hall, show

from mingshi.kernel.canonical import dumps

DEFENCE = (
    "mingshi.passes.device_key.statement",
    lambda site, door, challenge, action: dumps({"door": door, "challenge": challenge, "action": action}),
)


def attack() -> Stopped | None:
    def tried(hall):
        victim = Browser()
        pass_id = victim.enrolled(hall).pass_id
        options = hall.device_keys.options("the thief's browser", "check_in", "", hall.now)
        sent = victim.answer(options, site="https://haitang.example.phish", says=hall.origin, pass_id=pass_id)
        told = hall.device_keys.check("the thief's browser", "check_in", sent, hall.now)
        return None if told else Stopped("refused", told.why, "the browser had signed its own address")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
