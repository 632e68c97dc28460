"""The visitor came at eleven; the site then seals its own lead as of nine, with no earlier checkpoint."""

from dataclasses import replace

from attack_world import ORIGIN, Found, World, refused, show

from mingshi.ledger.verify import Note, Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_time", lambda *_: None)


def attack() -> Found | None:
    world = World()
    nine = world.now_s
    world.seal("control", {"lookups": 1})
    for _ in range(12):  # keep-alive checkpoints of the morning
        world.publish(wait_s=600)
    notes = [Note.parse(link.latest(ORIGIN).body) for link in world.links.values()]
    lines = {str(line): line for note in notes for line in note.signatures}
    remembered = str(Note(notes[0].text, tuple(lines.values())))  # what the witnesses remember, put together
    index = world.register("site", "1", at_s=nine)
    note = world.publish()
    opening = world.openings[index][0].json
    entry = parse_canonical(next(iter(world.store.entries(index, index + 1))))
    extra = {"v": 1, "entry": entry, "openings": [opening]}
    receipt = Proof(canonical(extra), index, world.signer.tree.inclusion(index, index + 1), note)
    assert verify_text(str(receipt), world.trust), "it verifies as the site shows it: that is the attack"
    answer = replace(receipt, extra=canonical(extra | {"before": remembered}))
    return refused("what the witnesses remember of that morning", verify_text(str(answer), world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
