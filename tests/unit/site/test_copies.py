"""Backups hold no person key, restores forget again whom the site forgot, half-written ones do not count."""

import json
import os
import shutil
from contextlib import closing
from hashlib import sha256

import pytest
from office import phone
from site_folder import Clock, as_office, make, opened, ring_of

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.kernel.timeline import DAY, HOUR
from mingshi.ledger.signer import Answer
from mingshi.ledger.verify import b64
from mingshi.site.copies import backup, restore
from mingshi.store import copying, database, fsck, migrations
from mingshi.store.errors import RefusedStartError


@pytest.fixture
def places(quick_path):
    make(quick_path / "site", os.urandom)
    return quick_path


def fill(site, *numbers):
    for number in numbers:
        assert site.run(check_in, CheckIn(phone(number), Means.OTP, DoorCode.VALID)).answer


def brought_back(places, made, clock):
    return restore(
        made.path, places / "keys" / "person-keys", places / "site" / "passphrase", places / "restored", clock
    )


def test_a_backup_restores_to_the_same_record(places):
    clock = Clock()
    with opened(places / "site", clock) as site:
        fill(site, 1, 2, 3)
        made = backup(site, places / "to", places / "keys")
        size, root = site.store.size, b64(site.store.log_store.frontier().root)
    assert (made.entries, made.root) == (size, root)
    found = brought_back(places, made, clock)
    assert (found.entries, found.root, found.forgotten) == (size, root, 0)
    with opened(places / "restored", clock) as site:
        assert site.restored
        assert {row.phone for row in as_office(site).read(e.Arrival)} == {phone(1), phone(2), phone(3)}
        fill(site, 4)
        assert not site.restored
        assert list(fsck.check(site.store, clock())) == []
    assert (places / "restored" / "site.db").stat().st_mode & 0o077 == 0


def test_a_backup_holds_no_person_key(places):
    with opened(places / "site") as site:
        fill(site, *range(20))
        with closing(site.store.connect()) as connection:
            wrapped = [row[0] for row in connection.execute("SELECT wrapped FROM person").fetchall()]
        made = backup(site, places / "to", places / "keys")
    assert len(wrapped) >= 20
    plain = decrypted(made.path / "site.db", ring_of(places / "site").backup)
    live = decrypted(places / "site" / "site.db", ring_of(places / "site").database)
    assert all(key in live for key in wrapped), "this way of looking finds them where they are"
    assert not any(key in plain for key in wrapped)


def decrypted(path, key):
    """Every page of a file as plain bytes: the file itself, copied without a key."""
    out = path.with_suffix(".plain")
    out.unlink(missing_ok=True)
    with closing(database.connector(path, key)()) as connection:
        connection.execute(f"ATTACH DATABASE '{out}' AS plain KEY ''")
        connection.execute("SELECT sqlcipher_export('plain')")
    data = out.read_bytes()
    out.unlink()
    return data


def test_whoever_was_erased_after_the_backup_stays_erased(places):
    clock = Clock()
    with opened(places / "site", clock) as site:
        fill(site, 1, 2)
        made = backup(site, places / "to", places / "keys")
        assert site.run(erase_person, ErasePerson((phone(1),))).answer
        clock.now += HOUR
        backup(site, places / "to", places / "keys")
    found = brought_back(places, made, clock)
    assert found.forgotten == 1
    with opened(places / "restored", clock) as site:
        assert [row.phone for row in as_office(site).read(e.Arrival)] == [phone(2)]
        assert [fault.detail for fault in fsck.check(site.store, clock())] == [
            "replayed after a restore, and not sealed yet",
            "a part is missing and no erasure names it",
        ] or len(list(fsck.check(site.store, clock()))) == 2
        fill(site, 3)
        assert list(fsck.check(site.store, clock())) == [], "its first fact seals what was replayed"


def test_keys_older_than_the_backup_are_refused(places):
    with opened(places / "site") as site:
        fill(site, 1)
        backup(site, places / "to", places / "keys")
        shutil.copy(places / "keys" / "person-keys", places / "old-keys")
        fill(site, 2)
        site.clock.now += HOUR
        made = backup(site, places / "to", places / "keys")
    with pytest.raises(RefusedStartError) as caught:
        restore(made.path, places / "old-keys", places / "site" / "passphrase", places / "restored")
    assert caught.value.reason == "keys_too_old"
    assert not (places / "restored").exists()


def test_damaged_and_half_written_backups_are_refused(places):
    with opened(places / "site") as site:
        fill(site, 1)
        made = backup(site, places / "to", places / "keys")
    whole = {path.name: path.read_bytes() for path in made.path.iterdir()}

    def refused(reason):
        with pytest.raises(RefusedStartError) as caught:
            brought_back(places, made, Clock())
        assert caught.value.reason == reason
        assert not (places / "restored").exists()
        for name, data in whole.items():
            (made.path / name).write_bytes(data)

    for name, data in whole.items():
        (made.path / name).unlink()
        refused("half_backup")
        (made.path / name).write_bytes(data[: len(data) // 2])
        refused("damaged_copy")
    keys = places / "keys" / "person-keys"
    for data in (b"", keys.read_bytes()[:-1], b"x" + keys.read_bytes()):
        keys.write_bytes(data)
        refused("damaged_keys")


def test_a_page_that_was_damaged_before_the_manifest_is_found(places):
    with opened(places / "site") as site:
        fill(site, *range(50))
        made = backup(site, places / "to", places / "keys")
    ring = ring_of(places / "site")
    data = bytearray((made.path / "site.db").read_bytes())
    data[len(data) // 2] ^= 1
    (made.path / "site.db").write_bytes(data)
    with pytest.raises(RefusedStartError) as caught:
        copying.check(made.path / "site.db", ring.backup)
    assert caught.value.reason == "damaged_copy"


def test_nothing_is_restored_over_anything(places):
    with opened(places / "site") as site:
        made = backup(site, places / "to", places / "keys")
    (places / "restored").mkdir()
    (places / "restored" / "x").write_text("x")
    with pytest.raises(RefusedStartError) as caught:
        brought_back(places, made, Clock())
    assert caught.value.reason == "not_empty"


def test_the_two_places_are_two(places):
    with opened(places / "site") as site, pytest.raises(RefusedStartError) as caught:
        backup(site, places / "to", places / "to")
    assert caught.value.reason == "one_place"


def test_a_restored_record_waits_for_its_witnesses(places):
    class Silent:
        def latest(self, _origin):
            return Answer(0, "not reached")

    clock = Clock()
    with opened(places / "site", clock) as site:
        fill(site, 1)
        trust = site.trust
    key = "agency.example/witness+" + other_key()
    (places / "site" / "trust.policy").write_text(
        trust.replace("quorum none", f"witness agency {key}\nquorum agency"), encoding="utf-8"
    )
    with opened(places / "site", clock, links={"agency": Silent()}) as site:
        fill(site, 2)
        made = backup(site, places / "to", places / "keys")
    brought_back(places, made, clock)
    with opened(places / "restored", clock, links={"agency": Silent()}) as site:
        answer = site.run(check_in, CheckIn(phone(3), Means.OTP, DoorCode.VALID)).answer
        assert answer.reason == "restored_unheard"
        assert site.store.size == made.entries
        assert not site.trust_clock("a", "b")


def other_key():
    from mingshi.ledger import verify as v
    from mingshi.ledger.keys import SigningKey

    return str(SigningKey("agency.example/witness", v.COSIGNATURE, bytes(32)).verifier).split("+", 1)[1]


def test_writing_goes_on_while_a_backup_is_made(places, monkeypatch):
    sealed = []
    original = copying.sync

    with opened(places / "site") as site:
        fill(site, 1)

        def meanwhile(path):
            if not sealed:
                sealed.append(1)
                fill(site, 2)
            original(path)

        monkeypatch.setattr(copying, "sync", meanwhile)
        made = backup(site, places / "to", places / "keys")
        assert made.entries == site.store.size - 1
        site.clock.now += DAY
        assert list(fsck.check(site.store, site.clock())) == []


def test_a_backup_that_an_earlier_program_made_is_brought_up(places):
    """Its file is of an earlier schema: no edges of the tree, the head in a row of its own."""
    clock = Clock()
    with opened(places / "site", clock) as site:
        fill(site, 1, 2, 3)
        made = backup(site, places / "to", places / "keys")
        frontier, last = site.store.log_store.frontier(), site.store.last_sealed_at
    as_earlier(made.path / "site.db", ring_of(places / "site").backup, frontier, last)
    told = json.loads((made.path / "manifest.json").read_text())
    told["sha256"]["site.db"] = sha256((made.path / "site.db").read_bytes()).hexdigest()
    (made.path / "manifest.json").write_text(json.dumps(told))
    found = brought_back(places, made, clock)
    assert (found.entries, found.root, found.sealed_at) == (made.entries, made.root, last)
    with opened(places / "restored", clock) as site:
        fill(site, 4)
        assert list(fsck.check(site.store, clock())) == []


def as_earlier(path, key, frontier, last):
    """The file as a program of schema 0013 wrote it."""
    with closing(database.connector(path, key)()) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for table, column in (("entry", "edge"), ("person", "wrapped"), ("person", "version")):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        row = (frontier.size, b"".join(frontier.peaks), last)
        connection.execute("INSERT INTO head (id, size, peaks, sealed_at) VALUES (1, ?, ?, ?)", row)
        connection.execute("CREATE TRIGGER head_grows BEFORE UPDATE ON head BEGIN SELECT 1; END")
        connection.execute("UPDATE schema_version SET version_num = '0013'")
        connection.execute(f"PRAGMA user_version = {migrations.REVISIONS.index('0013') + 1}")
        connection.execute("VACUUM")
