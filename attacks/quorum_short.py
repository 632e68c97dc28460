"""A checkpoint that only the site's own witness cosigned: short by one."""

from dataclasses import replace

from attack_world import WITNESSES, Found, World, refused, show

from mingshi.ledger.verify import Note, Proof, canonical, parse_canonical, verify_text

DEFENCE = ("mingshi.ledger.verify.check_quorum", lambda _, times: max(map(max, times.values()), default=0))


def attack() -> Found | None:
    world = World()
    index = world.seal("control", {"lookups": 3})
    world.publish()
    proof = Proof.parse(world.receipt(index))
    note = Note.parse(proof.note)
    own = tuple(each for each in note.signatures if each.name not in (WITNESSES["agency"], WITNESSES["association"]))
    extra = parse_canonical(proof.extra)
    del extra["promise"]
    short = str(replace(proof, extra=canonical(extra), note=str(Note(note.text, own))))
    return refused("the receipt", verify_text(short, world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
