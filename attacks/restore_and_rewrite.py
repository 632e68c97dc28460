"""The site restores last night's backup and seals a better-looking morning over it."""

from attack_world import Found, World, show

from mingshi.ledger.journal import MemoryMedium
from mingshi.ledger.signer import Halt, Signer


def _trusting(signer: Signer, witness: object, _: object) -> None:
    signer._heard.add(witness.name)


DEFENCE = ("mingshi.ledger.signer.Signer._hear", _trusting)


def attack() -> Found | None:
    world = World()
    world.register("A1", "1")
    world.publish()
    backup = bytes(world.site_medium.data)
    world.register("A2", "2")
    world.publish()
    world.site_medium = MemoryMedium(backup)
    world.open_site()
    world.register("friend", "2")
    halt = world.open_site()
    if halt is None:
        halt = world.signer.sign(world.now_s)
    return Found("the witnesses, asked at the start", halt.reason) if isinstance(halt, Halt) else None


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
