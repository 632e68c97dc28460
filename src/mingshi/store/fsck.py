"""Checking a record from end to end: nothing is believed because it was checked when it was written.

The rules this module keeps, each check named in its finding:

 1. pages      every page decrypts and verifies; SQLite finds the file sound
 2. triggers   they are exactly ours
 3. log        entries are dense; hashed anew they give the kept edges, of which any head is made; published checkpoints
               are of that tree
 4. promises   each is signed by the log and about its own entry
 5. facts      every entry has one fact and every fact its entry
 6. openings   every kept part opens its commitment; one that is missing belongs to somebody erased
 7. erased     who is erased has no key, no opening, no index row; every erasure has its entry
 8. index      the rows by which records are found are those that the records give
 9. slots      each live protection is of a registration that stands; two of one unit are contested

Checks 8 and 9 are of what is made from the facts: `mend` makes it again.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, NamedTuple, cast

from cryptography.exceptions import InvalidTag
from sqlcipher3 import dbapi2

from mingshi.app.holders import RECORDS, subject_of
from mingshi.app.protection import keeps_out, slot_of
from mingshi.app.supposing import claims_on
from mingshi.domain import evidence as e
from mingshi.domain.ids import EvidenceId, is_masked
from mingshi.domain.judge.claim import Claim
from mingshi.domain.policy import Mode
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import Micros
from mingshi.ledger.tree import Tree, leaf_hashes
from mingshi.ledger.verify import (
    PARTS,
    Checkpoint,
    Entry,
    Json,
    Note,
    Promise,
    RefusedError,
    commitment,
    leaf_hash,
    parse_canonical,
)
from mingshi.store.errors import RefusedStartError
from mingshi.store.facts import Facts, part_of
from mingshi.store.log_store import before, frontier_in
from mingshi.store.site_store import SiteStore, raw
from mingshi.store.transaction import SiteTransaction
from mingshi.store.triggers import TRIGGERS
from mingshi.store.vault import Known, Vault


class Fault(NamedTuple):
    """What is wrong, by which check, and where."""

    check: str
    where: str
    detail: str


def check(store: SiteStore, now: Micros) -> Iterator[Fault]:
    """Every fault of a record. Reads everything; changes nothing."""
    try:
        with closing(store.connect()) as connection:
            connection.execute("BEGIN")  # one snapshot: a site that is checked goes on meanwhile
            yield from _pages(connection)
            yield from _triggers(connection)
            tree = yield from _log(connection)
            yield from _promises(connection, store)
            yield from _checkpoints(connection, tree)
            yield from _facts(connection)
            vault = Vault(connection, store.ring, bytes, Known())
            facts = Facts(connection, store.ring, vault)
            yield from _openings(connection, vault, facts)
            yield from _erased(connection)
            yield from _index(connection, facts)
        yield from store.look(lambda transaction: list(_slots(transaction)), now=now)
    except dbapi2.DatabaseError as error:
        yield Fault("pages", store.path.name, str(error))


def mend(store: SiteStore, now: Micros) -> int:
    """Make the index and the slots again from the facts; how many rows are new or gone. Writing waits meanwhile."""
    with store.still():
        return _mend(store, now)


def _mend(store: SiteStore, now: Micros) -> int:
    rows = store.look(_right_index, now=now)
    slots = store.look(_right_slots, now=now)
    changed = 0

    def put(writer: Any) -> None:
        nonlocal changed
        connection = raw(writer)
        kept = set(connection.execute("SELECT record, field, token, subject FROM fact_key").fetchall())
        for row in kept - rows:
            connection.execute("DELETE FROM fact_key WHERE (record, field, token, subject) = (?, ?, ?, ?)", row)
        for row in rows - kept:
            connection.execute("INSERT INTO fact_key (record, field, token, subject) VALUES (?, ?, ?, ?)", row)
        changed = len(kept ^ rows)
        columns = "unit, registration, agent, until, contested"
        standing = set(connection.execute(f"SELECT {columns} FROM protection_slot").fetchall())
        if standing != slots:
            connection.execute("DELETE FROM protection_slot")
            for slot in sorted(slots):
                connection.execute(f"INSERT INTO protection_slot ({columns}) VALUES (?, ?, ?, ?, ?)", slot)
            changed += len(standing ^ slots)

    store.write(put)
    return changed


def _pages(connection: Any) -> Iterator[Fault]:
    for (said,) in connection.execute("PRAGMA cipher_integrity_check").fetchall():
        yield Fault("pages", "file", str(said))
    for (said,) in connection.execute("PRAGMA integrity_check").fetchall():
        if said != "ok":
            yield Fault("pages", "file", str(said))
    for row in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield Fault("pages", str(row[0]), f"row {row[1]} refers to nothing")


def _triggers(connection: Any) -> Iterator[Fault]:
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    for name in sorted({*found, *TRIGGERS}):
        if found.get(name) != TRIGGERS.get(name):
            yield Fault("triggers", name, "differs")


def _log(connection: Any) -> Generator[Fault, None, Tree]:
    tree = Tree()
    kept = before(connection)
    began, expected = max(kept, default=0), 0
    cursor = connection.execute("SELECT seq, body, edge FROM entry ORDER BY seq")
    while rows := cursor.fetchmany(10_000):
        first = tree.size
        tree.extend(leaf_hashes(body for _, body, _ in rows))
        for at, (seq, _, edge) in enumerate(rows, first + 1):
            if seq != expected:
                yield Fault("log", f"entry {seq}", f"after {expected - 1}")
                expected = seq
            expected += 1
            if seq + 1 == at and edge != (tree.edge(at) if seq >= began else b""):
                yield Fault("log", f"entry {seq}", "the entries up to it do not give the edge that it holds")
    try:
        head = frontier_in(connection)
    except RefusedStartError as error:
        yield Fault("log", "head", str(error))
        return tree
    if (tree.size, tree.root(tree.size)) != (head.size, head.root):
        yield Fault("log", "head", f"{tree.size} entries do not give the head of {head.size}")
    return tree


def _promises(connection: Any, store: SiteStore) -> Iterator[Fault]:
    for seq, body, text in connection.execute("SELECT seq, body, promise FROM entry"):
        try:
            note = Note.parse(text)
            promise = Promise.parse(note.text)
            about = (promise.origin, promise.index, promise.leaf) == (store.key.name, seq, leaf_hash(body))
            if not about or not note.signed_by(store.key.verifier):
                yield Fault("promises", f"entry {seq}", "of another entry, or not signed")
        except RefusedError as error:
            yield Fault("promises", f"entry {seq}", str(error))


def _checkpoints(connection: Any, tree: Tree) -> Iterator[Fault]:
    for number, note in connection.execute("SELECT id, note FROM checkpoint"):
        head = Checkpoint.parse(Note.parse(note).text)
        if head.size > tree.size or head.root != tree.root(head.size):
            yield Fault("log", f"checkpoint {number}", f"of another tree of size {head.size}")


def _facts(connection: Any) -> Iterator[Fault]:
    for (seq,) in connection.execute(
        "SELECT seq FROM entry WHERE seq NOT IN (SELECT seq FROM fact) "
        "UNION SELECT seq FROM fact WHERE seq NOT IN (SELECT seq FROM entry)"
    ):
        yield Fault("facts", f"entry {seq}", "entry without fact, or fact without entry")


def _openings(connection: Any, vault: Vault, facts: Facts) -> Iterator[Fault]:
    gone = {id_ for row in facts.every(e.Withdrawal) if row.kind is e.WithdrawalKind.ERASURE for id_ in row.evidence}
    rows = connection.execute(
        "SELECT e.seq, e.body, f.parts, f.subject, o.at, o.person, o.cipher FROM entry AS e "
        "JOIN fact AS f ON f.seq = e.seq LEFT JOIN opening AS o ON o.seq = e.seq ORDER BY e.seq, o.at"
    )
    ended: dict[int, int] = {}
    for seq, at in connection.execute("SELECT seq, at FROM ended").fetchall():
        ended[seq] = ended.get(seq, 0) | 1 << at
    held: dict[int, int] = {}
    wanted: dict[int, tuple[int, str]] = {}
    for seq, body, parts, subject, at, person, cipher in rows:
        wanted[seq] = parts, subject
        held.setdefault(seq, 0)
        if at is None:
            continue
        held[seq] |= 1 << at
        try:
            plain = vault.open(seq, at, person, cipher)
            entry = Entry.parse(parse_canonical(body))
        except (InvalidTag, RefusedError, ValueError):
            yield Fault("openings", f"entry {seq} part {at}", "does not open under its key")
            continue
        if plain is None:
            yield Fault("openings", f"entry {seq} part {at}", "its key is gone and it still stands")
            continue
        salt, value = part_of(plain)
        if commitment(salt, PARTS[entry.kind][at], cast("Json", value)) != entry.cms[at]:
            yield Fault("openings", f"entry {seq} part {at}", "is not what the entry commits to")
    for seq, (parts, subject) in wanted.items():
        if held[seq] | ended.get(seq, 0) != parts and subject not in gone:
            yield Fault("openings", f"entry {seq}", "a part is missing and no erasure names it")
        if held[seq] & ended.get(seq, 0):
            yield Fault("erased", f"entry {seq}", "a part that has ended still stands")


def _erased(connection: Any) -> Iterator[Fault]:
    for table, column in (
        ("person", "id"),
        ("opening", "person"),
        ("opening_person", "person"),
    ):
        for (person,) in connection.execute(
            f"SELECT {column} FROM {table} WHERE {column} IN (SELECT person FROM erasure)"
        ):
            yield Fault("erased", f"person {person}", f"still stands in {table}")
    for (person,) in connection.execute("SELECT person FROM erasure WHERE seq IS NULL"):
        yield Fault("erased", f"person {person}", "replayed after a restore, and not sealed yet")
    for entry, at in connection.execute("SELECT seq, at FROM ended WHERE entry IS NULL"):
        yield Fault("erased", f"entry {entry} part {at}", "ended again after a restore, and not sealed yet")
    for (person,) in connection.execute("SELECT id FROM person WHERE length(wrapped) = 0"):
        yield Fault("erased", f"person {person}", "has no key and was not erased")
    for (person,) in connection.execute("SELECT person FROM person_key"):
        yield Fault("erased", f"person {person}", "has a key where none may stand")


def _index(connection: Any, facts: Facts) -> Iterator[Fault]:
    kept = set(connection.execute("SELECT record, field, token, subject FROM fact_key").fetchall())
    right = _rows(facts)
    for record, field, _, subject in sorted(kept ^ right, key=repr):
        yield Fault("index", f"{record} {subject}", f"{field} is found wrongly")


def _rows(facts: Facts) -> set[tuple[str, str, bytes, str]]:
    return {
        (name, field, token, subject_of(record))
        for name, kind in RECORDS.items()
        for record in facts.every(kind)
        for field, token in facts.keys(record)
    }


def _right_index(transaction: SiteTransaction) -> set[tuple[str, str, bytes, str]]:
    return _rows(transaction.facts)


def _right_slots(transaction: SiteTransaction) -> set[tuple[int, str, str, Micros | None, int]]:
    """The slots that the evidence gives (A6): who keeps others out now, and who stands already and may still do so."""
    standing = {slot[1] for slot in transaction.standing_slots()}
    units: dict[int, list[Claim]] = {}
    for unit, claim, lives in _protecting(transaction):
        if lives is Answer.YES or claim.registration.id in standing:
            units.setdefault(unit, []).append(claim)
    return {
        (unit, slot.registration, slot.agent, slot.until, int(len(claims) > 1))
        for unit, claims in units.items()
        for slot in (slot_of(claim, transaction.now) for claim in claims)
    }


def _protecting(transaction: SiteTransaction) -> list[tuple[int, Claim, Answer]]:
    """Every registration that keeps others out now, or may: the evidence does not always tell (B5)."""
    numbers = {row.phone for row in transaction.every(e.Confirmation)}
    numbers |= {row.phone for row in transaction.every(e.Registration)}
    found: dict[tuple[int, EvidenceId], tuple[int, Claim, Answer]] = {}
    for contact in sorted(numbers):
        for unit in [] if is_masked(contact) else transaction.units((contact,)):
            for claim in claims_on((contact,), transaction.source, transaction.now):
                lives = keeps_out(claim, transaction.now)
                if claim.draft.policy.mode is Mode.PROTECT and lives is not Answer.NO:
                    found[unit, claim.registration.id] = unit, claim, lives
    return list(found.values())


def _slots(transaction: SiteTransaction) -> Iterator[Fault]:
    standing = {(slot[0], slot[1]) for slot in transaction.standing_slots()}
    protecting = {(unit, claim.registration.id): lives for unit, claim, lives in _protecting(transaction)}
    for unit, registration in sorted(standing - protecting.keys()):
        yield Fault("slots", registration, f"protects unit {unit} and should not")
    for (unit, registration), lives in sorted(protecting.items()):
        if lives is Answer.YES and (unit, registration) not in standing:
            yield Fault("slots", registration, f"should protect unit {unit} and does not")
