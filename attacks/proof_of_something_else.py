"""A valid proof, a valid checkpoint, enough witnesses, and an entry that none of them is about."""

from dataclasses import replace

from attack_world import ORIGIN, Found, World, refused, show

from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.verify import Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_inclusion", lambda *_: None)


def attack() -> Found | None:
    world = World()
    index = world.register("A1", "1")
    world.publish()
    proof = Proof.parse(world.receipt(index))
    made = Fact(kind="registration", parts=(Part(world.salt(), {"agent": "friend"}), Part(world.salt(), {})))
    extra = parse_canonical(proof.extra)
    del extra["promise"]
    extra |= {"entry": made.entry(ORIGIN, index).value, "openings": [made.openings(0)[0].json]}
    return refused("the receipt", verify_text(str(replace(proof, extra=canonical(extra))), world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
