"""The agency's witness is down; the site pastes its cosignature of yesterday under today's checkpoint."""

from dataclasses import replace

from attack_world import WITNESSES, Found, World, refused, show

from mingshi.ledger.verify import Note, Proof, verify_text


def _unchecked(note: Note, key: object) -> tuple[int, ...]:
    mine = [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.id)]
    return tuple(int.from_bytes(each.value[:8], "big") if key.kind == 4 else 0 for each in mine)


DEFENCE = ("mingshi.ledger.verify.Note.signed_by", _unchecked)


def attack() -> Found | None:
    world = World()
    world.register("A1", "1")
    yesterday = Note.parse(world.publish())
    index = world.register("A2", "2")
    world.publish()
    proof = Proof.parse(world.receipt(index))
    stale = next(each for each in yesterday.signatures if each.name == WITNESSES["agency"])
    note = Note.parse(proof.note)
    pasted = tuple(stale if each.name == stale.name else each for each in note.signatures)
    receipt = str(replace(proof, note=str(Note(note.text, pasted))))
    return refused("the receipt", verify_text(receipt, world.trust))


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
