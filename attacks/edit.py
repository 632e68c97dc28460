"""Months later the site hands out the sealed registration with another agent's name in it."""

from dataclasses import replace

from attack_world import Found, World, refused, show

from mingshi.ledger.verify import Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_openings", lambda *_: None)


def attack() -> Found | None:
    world = World()
    index = world.register("A1", "1")
    world.publish()
    proof = Proof.parse(world.receipt(index))
    extra = parse_canonical(proof.extra)
    extra["openings"][0]["value"]["agent"] = "friend"
    return refused("the agent's receipt", verify_text(str(replace(proof, extra=canonical(extra))), world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
