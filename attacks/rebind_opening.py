"""The site shows one client's registration under the place and time of an earlier one."""

from dataclasses import replace

from attack_world import Found, World, refused, show

from mingshi.ledger.verify import Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_openings", lambda *_: None)


def attack() -> Found | None:
    world = World()
    early, late = world.register("A1", "1"), world.register("friend", "2")
    world.publish()
    proof = Proof.parse(world.receipt(early))
    extra = parse_canonical(proof.extra)
    extra["openings"] = [world.openings[late][0].json]
    return refused("the receipt", verify_text(str(replace(proof, extra=canonical(extra))), world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
