"""Who has recorded a device key's answer in the hall's Wi-Fi sends it again the next day."""

from stage import Browser, Stopped, in_hall, show

from mingshi.passes.challenges import Challenge

DEFENCE = (
    "mingshi.passes.challenges.Challenges.take",
    lambda self, text, use, browser, action, now: Challenge(text, action, ""),
)


def attack() -> Stopped | None:
    def tried(hall):
        visitor = Browser()
        pass_id = visitor.enrolled(hall).pass_id
        recorded = visitor.answer(hall.device_keys.options("b", "check_in", "", hall.now), pass_id=pass_id)
        hall.device_keys.check("b", "check_in", recorded, hall.now)
        hall.later(86_400)
        told = hall.device_keys.check("b", "check_in", recorded, hall.now)
        return None if told else Stopped("refused", told.why, "a challenge is answered once")

    return in_hall(tried)


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
