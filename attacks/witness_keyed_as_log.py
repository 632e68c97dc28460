"""The site hires a "witness" under a fine name, whose key is the log's own."""

from attack_world import Found, World, policy_text, refused, seed, show

from mingshi.ledger.keys import SigningKey
from mingshi.ledger.verify import COSIGNATURE, RefusedError, Trust, verify_text

DEFENCE = ("mingshi.ledger.verify.check_separate_keys", lambda *_: None)


def attack() -> Found | None:
    world = World()
    hired = SigningKey("notary.example/witness", COSIGNATURE, seed("log"))
    world.witness_keys["agency"] = hired
    honest = world.policy
    keys = {name: str(key.verifier) for name, key in world.witness_keys.items()}
    try:
        world.policy = policy_text(keys, str(world.key.verifier))
        world.media["agency"].data.clear()
        world.links["agency"].keeper = world.keeper("agency")
        world.links["association"].cut = True
        world.open_site()
    except RefusedError as no:
        return Found("reading the rule of trust", no.code)
    index = world.register("A1", "1")
    world.publish()
    assert honest != world.policy
    return refused("the receipt", verify_text(world.receipt(index), Trust(policy=world.policy)))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
