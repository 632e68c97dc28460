"""The site goes on showing the agency last week's checkpoint as its newest, hiding what came after."""

from attack_world import Found, World, show

from mingshi.ledger import verify

DEFENCE = ("mingshi.ledger.verify.check_fresh", lambda *_, **__: None)


def attack() -> Found | None:
    world = World()
    world.register("A1", "1")
    shown = world.publish()
    week = 7 * 86_400
    try:
        head = verify.check_head(shown, verify.Policy.parse(world.policy), world.now_s + week)
        verify.check_fresh(head, world.now_s + week, max_age_s=620)
    except verify.RefusedError as no:
        return Found("whoever asks for a fresh head", no.code)
    return None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
