"""The site promises an agent a place in its log, then never puts the registration there."""

from attack_world import Found, World, show

from mingshi.ledger.receipt import make_overdue
from mingshi.ledger.verify import RefusedError, verify_text


def _excuse(*_: object) -> None:
    raise RefusedError("NOT_OVERDUE", "the site asks for patience")


DEFENCE = ("mingshi.ledger.verify.check_overdue", _excuse)


def attack() -> Found | None:
    world = World()
    world.seal("control", {"lookups": 1})
    index = world.register("A1", "1")
    promise = world.promise(index)
    tree, note = world.forge_tree(list(world.store.entries(0, index)))  # the same log without it
    world.now_s += 90_000
    lines = "".join(world.submit(name, tree, 0, note).body for name in world.links)
    evidence = make_overdue(promise, note + lines)
    if not isinstance(evidence, str):
        return None
    verdict = verify_text(evidence, world.trust)
    assert verdict, verdict
    return Found("the agent's promise and the witnesses' later head", f"overdue {verdict.facts['outcome']}")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
