"""Before its first checkpoint the site swaps two registrations, so that its friend's comes first."""

from attack_world import Found, World, refused, show

from mingshi.ledger.verify import Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_entry", lambda *_: None)


def attack() -> Found | None:
    world = World()
    first, second = world.register("A1", "1"), world.register("friend", "1")
    tree, note = world.forge_tree(list(world.store.entries(0, 2))[::-1])
    world.now_s += 20
    lines = "".join(world.submit(name, tree, 0, note).body for name in world.links)
    extra = parse_canonical(world.promise(first).encode())
    extra = {"v": 1, "entry": extra["entry"], "openings": extra["openings"]}
    swapped = str(Proof(canonical(extra), second, tree.inclusion(second, 2), note + lines))
    return refused("the agent's receipt", verify_text(swapped, world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
