"""证明包: what shows one visitor's consents and visits, for the visitor, the site's counsel, or a court (L-49).

    OUT/held.json            what is held on the number, with ground and end of each item (docs/formats/person.md)
    OUT/consents/*.json      each consent that was given, with the fields of ISO/IEC TS 27560 (docs/formats/consent.md)
    OUT/notices/*.json       the very words that each was given to; its digest is in the consent
    OUT/receipts/*.receipt   the entry of each item under a published checkpoint: `mingshi verify` reads it, off-line
    OUT/manifest.json        what is in it, and what no published checkpoint carries yet

The rules this module keeps: the handler has to prove that it did right (PIPL 69; SPC 6), so the pack is made by one
command from what was sealed; nothing in it was written for it. That it was made is sealed, and names nobody.
"""

from pathlib import Path
from typing import Final, NamedTuple

from mingshi.app.answer import Refused
from mingshi.app.consent_receipt import consent_receipt
from mingshi.app.consents import consents_of
from mingshi.app.facts import ConsentAct, NoticePublished
from mingshi.app.holders import HOLDING, RECORDS
from mingshi.app.see_person import held_on
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.domain.ids import Contact
from mingshi.kernel.canonical import Json, dumps
from mingshi.ledger.verify import PARTS
from mingshi.site import erasing
from mingshi.site.root import Site
from mingshi.store.transaction import SiteTransaction

FORMAT: Final = "mingshi-proof-pack/1"


class Packed(NamedTuple):
    """What a pack holds."""

    consents: int
    receipts: int
    waiting: tuple[int, ...]
    """Places in the log that no published checkpoint carries yet."""


class _Read(NamedTuple):
    held: dict[str, Json]
    consents: dict[str, dict[str, Json]]
    notices: dict[str, str]
    entries: tuple[tuple[int, str, str], ...]
    """Place in the log, kind of record, part: the person's own items, and each act of their consents."""


def pack(site: Site, phone: Contact, out: Path, by: str) -> Packed | Refused:
    """Write the pack. Raises `OSError`, and as `Site.run`."""
    if not by:
        return Refused("who_needed", "L-49")
    if out.exists():
        return Refused("out_exists", "L-39")
    now = max(site.clock(), site.store.last_sealed_at)
    read = site.store.look(lambda transaction: _read(transaction, phone), now=now)
    if not read.entries:
        return Refused("nothing_held", "L-27")
    noted = site.run(note_control, NoteControl("export", by, "person")).answer
    if isinstance(noted, Refused):
        return noted
    for name in ("consents", "notices", "receipts"):
        (out / name).mkdir(parents=True)
    (out / "held.json").write_bytes(dumps(read.held) + b"\n")
    for consent, record in read.consents.items():
        (out / "consents" / f"{consent}.json").write_bytes(dumps(record) + b"\n")
    for digest, text in read.notices.items():
        (out / "notices" / f"{digest}.json").write_text(text, encoding="utf-8")
    waiting = tuple(one[0] for one in read.entries if not _receipt(site, *one, out / "receipts"))
    made = Packed(len(read.consents), len(read.entries) - len(waiting), waiting)
    manifest: dict[str, Json] = {
        "format": FORMAT,
        "at": now,
        "origin": site.store.key.name,
        "consents": sorted(read.consents),
        "receipts": made.receipts,
        "waiting": list(waiting),
    }
    (out / "manifest.json").write_bytes(dumps(manifest) + b"\n")
    return made


def _read(transaction: SiteTransaction, phone: Contact) -> _Read:
    consents = {}
    notices = {}
    entries = {(item.entry, item.record, item.part) for item in transaction.items([phone])}
    for held in consents_of(transaction, phone):
        record = consent_receipt(transaction, held.consent.id, "")
        if isinstance(record, Refused):
            continue
        consents[str(held.consent.id)] = record
        acts = transaction.read(ConsentAct, "consent", held.consent.id)
        entries |= {(transaction.entry_of(ConsentAct, act.id), "ConsentAct", "buyer") for act in acts}
        for row in transaction.every(NoticePublished):
            if row.sha256 == held.consent.notice_sha256:
                notices[row.sha256] = row.text
    return _Read(held_on(transaction, [phone]), consents, notices, tuple(sorted(entries)))


def _receipt(site: Site, entry: int, record: str, part: str, folder: Path) -> bool:
    """Write the receipt of an entry with one part open; False while no published checkpoint carries it."""
    opening = erasing.opening_of(site, entry, PARTS[HOLDING[RECORDS[record]].entry].index(part))
    receipt = None if opening is None else erasing.receipt_of(site, entry, opening)
    if receipt is None:
        return False
    (folder / f"{entry}-{record}.receipt").write_text(receipt, encoding="utf-8")
    return True
