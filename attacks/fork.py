"""Split view: the site and its own witness show the agency one past and the association another."""

from attack_world import Found, World, show

from mingshi.ledger import verify
from mingshi.ledger.receipt import make_receipt

DEFENCE = ("mingshi.ledger.verify.contradict", lambda *_: False)


def attack() -> Found | None:
    verdicts = []
    for agent, cut in (("A1", "association"), ("friend", "agency")):
        world = World(agent)  # the same keys and clock, another past
        world.links[cut].cut = True
        world.register(agent, "1")
        world.publish()
        shown = world.openings[0][:1]
        receipt = make_receipt(world.store, world.signer.tree, 0, shown, world.policy, with_promise=False)
        assert receipt is not None
        verdicts.append(verify.verify_receipt(receipt, world.trust))
    assert all(verdicts), "each party's receipt verifies alone: that is the attack"
    return Found("comparing two receipts", "SPLIT_VIEW") if verify.contradict(*verdicts) else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
