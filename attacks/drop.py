"""The site removes a cosigned registration from its log, puts a later one in its place, and goes on."""

from attack_world import Found, World, show

DEFENCE = ("mingshi.witness.keeper.verify_consistency", lambda *_: True)


def attack() -> Found | None:
    world = World()
    for phone in ("1", "2", "3"):
        world.register("A1", phone)
    world.publish()
    world.register("A2", "4")
    kept = list(world.store.entries(0, 4))
    tree, note = world.forge_tree([kept[0], *kept[2:], kept[3], kept[3]])
    answer = world.submit("agency", tree, 3, note)
    alarms = world.links["agency"].keeper.alarms
    return Found("the agency's witness", alarms[-1].kind) if answer.status == 422 and alarms else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
