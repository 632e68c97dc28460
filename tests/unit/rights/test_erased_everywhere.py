"""Of erased people nothing is left: not in pages, write-ahead log, journals, logs, temporary files, new backups, a restored
old one, exports, nor in the memory of a server that was started again, which is what a core file would hold (INV-08).

Two builds. The *real* one encrypts: there the words are sought everywhere, and in the pages the ciphertexts, wrapped keys
and tokens that each erasure took down before it acted. The *clear* one has the same schema and the same code but writes
every field and token as it is, so that a forgotten row shows itself as words.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack

import leftovers
import pytest
import restarted
from agency import with_agency
from lawful import publish
from markers import person, plant
from office import Office
from site_folder import make, opened

from mingshi.app import facts as f
from mingshi.domain import evidence as e
from mingshi.ledger.verify import Trust, verify_text
from mingshi.site import copies, erasing, records
from mingshi.site.running import Running
from mingshi.site.telling import Teller

FEW = 1
MANY = int(os.environ.get("MINGSHI_PEOPLE", "20"))
"""A thousand in `make soak`."""


class Sited(Office):
    """An office whose every act goes through a site, and into its lines."""

    def __init__(self, site, clock):
        self.site, self.clock = site, clock
        self.path, self.ring, self.store = site.config.database, site.store.ring, site.store

    @property
    def now(self):
        return self.clock.now

    @now.setter
    def now(self, at):
        self.clock.now = at

    def do(self, use_case, command, *, key=""):
        answer = self.site.run(use_case, command, key=key).answer
        self.clock.now += 1_000_000
        return answer


class Still:
    """A clock that stands until it is turned."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture(params=["clear", "real"])
def build(request, monkeypatch):
    if request.param == "clear":
        restarted.keyless(monkeypatch.setattr)
    return request.param


def _sign(site):
    site.rebuild()
    site.hear()
    site.sign()


def _receipts(site):
    """What an agent and the developer hold: parts of their own, opened, under a checkpoint."""
    held = {}
    look = site.store.look
    for kind, part in ((e.Registration, 0), (e.Deal, 0), (f.RulingGiven, 0)):
        rows = look(lambda t, kind=kind: t.every(kind), now=site.clock())
        entry = look(lambda t, kind=kind, rows=rows: t.entry_of(kind, rows[0].id), now=site.clock())
        held[kind.__name__] = erasing.receipt_of(site, entry, erasing.opening_of(site, entry, part))
    assert all(held.values())
    return held


def _memory_of_restarted(folder, build, what, *, shoot=False):
    """What a server that was started again holds of them, once it has read all there is."""
    out = folder / "again" / "export"
    (folder / "again" / "tmp").mkdir(parents=True)
    with (folder / "again" / "lines").open("wb") as lines:
        child = subprocess.Popen(
            [sys.executable, restarted.__file__, str(folder / "site"), str(out), build],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lines, text=True, cwd=folder,
        )  # fmt: skip
    try:
        assert child.stdout.readline().startswith("ready"), (folder / "again" / "lines").read_text()
        found = leftovers.in_memory(child.pid, what)
        if shoot:
            child.stdin.write("abort\n")
        child.stdin.close()
        child.wait(60)
    finally:
        child.kill()
        child.stdout.close()
    assert child.returncode == (-signal.SIGABRT if shoot else 0)
    return found


def _traces(site, people):
    numbers = [(who.phone, who.second) for who in people]
    look = site.store.look
    return [value for both in numbers for _, value in look(lambda t, both=both: t.traces(both), now=site.clock())]


def _erase(site, running, office, people):
    """Some as a site erases, page scan and proof and all, the others' facts alone; then the night comes."""
    for who in people[:FEW]:
        gone = erasing.erase(site, (who.phone, who.second), operator="owner")
        assert gone.answer, gone
        assert gone.found == ()
    for who in people[FEW:]:
        assert site.run(erasing.erase_person, erasing.ErasePerson((who.phone, who.second))).answer
    office.wait(days=7, hours=1)  # what was registered by a masked number is nobody's; it ends by itself
    _sign(site)
    running.sweep(office.now)
    assert erasing.write_anew(site, office.now, at_once=True)
    office.wait(hours=1)


def _copies_and_exports(site, folder, proofs):
    copies.backup(site, folder / "new", folder / "keys")
    proven = erasing.prove_everywhere(site, folder / "keys" / copies.PERSON_KEYS, operator="owner")
    assert len(proven) == proofs
    for profile, by in (("full", ("甲", "乙")), ("party:甲公司", ("甲",)), ("public", ("甲",))):
        made = records.export(site, folder / "exports" / profile.partition(":")[0], profile, by)
        assert isinstance(made, records.Exported), made


@pytest.mark.law("L-31")
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_of_erased_people_nothing_is_left_anywhere(build, count, quick_path, monkeypatch):
    folder, clock = quick_path, Still(restarted.START)
    (folder / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder / "tmp"))
    make(folder / "site", os.urandom)
    links = with_agency(folder / "site", clock)
    people = [person(number) for number in range(count)]
    with ExitStack() as stack:
        lines = stack.enter_context((folder / "lines").open("w", encoding="utf-8"))
        site = stack.enter_context(opened(folder / "site", clock, links=links))
        running = stack.enter_context(Running(site, Teller(clock, lines), sign_s=3600, housekeep_s=3600))
        office = Sited(site, clock)
        office.staff_the_office()
        office.store.put_settings({"consents": "required"})
        publish(office)
        for who in people:
            plant(office, who, person(5_000 + who.number))
            site.store.housekeep(now=clock.now, deleting=False)  # as every minute of a site's day
        words = {value: str(who.number) for who in people for value in who.sought}
        words |= {site.store.ring.id_key(who.identity).encode(): str(who.number) for who in people}
        keys, plain = [site.store.ring.database, site.store.ring.backup], leftovers.sought(words)
        all_of_it = leftovers.sought(words, _traces(site, people)) if build == "real" else plain
        _sign(site)
        receipts = _receipts(site)
        site.store.housekeep(now=clock.now, deleting=False)
        before = leftovers.in_pages(office.path, keys[0], all_of_it)
        assert len(before) > 10 * count, "this way of looking finds them while they are there"
        copies.backup(site, folder / "old", folder / "keys")
        _erase(site, running, office, people)
        _copies_and_exports(site, folder, min(count, FEW))
        _sign(site)
        for name, receipt in receipts.items():
            assert verify_text(receipt, Trust(policy=site.trust)), name
        assert office.faults() == []
    old = next((folder / "old").iterdir())
    artefact = folder / "keys" / copies.PERSON_KEYS
    copies.restore(old, artefact, folder / "site" / "passphrase", folder / "restored", clock)
    if build == "clear":  # an old copy holds what stood there, as ciphertexts whose keys are gone; here, as words
        for path in old.iterdir():
            path.unlink()
    assert _memory_of_restarted(folder, build, plain, shoot=True) == []
    assert not [path for path in folder.rglob("core*") if path.is_file()], "a core file"
    assert list((folder / "tmp").iterdir()) == []
    looked_at = {path.name for path in folder.rglob("*")}
    assert {"lines", "rulings.jsonl", "person-keys", "site.db", "witness.journal", "public.json"} <= looked_at
    assert leftovers.in_folder(folder, keys, plain) == []
    for path in (folder / "site", folder / "new", folder / "restored"):
        assert leftovers.in_folder(path, keys, all_of_it) == []


@pytest.mark.law("L-31")
def test_memory_is_really_read(quick_path):
    """A process that holds a marker, as letters of one byte and of two, is found to."""
    who, other = person(1), person(2)
    script = "import sys; kept = [sys.argv[1], sys.argv[2] + '先生']; print(flush=True); sys.stdin.readline()"
    child = subprocess.Popen(
        [sys.executable, "-c", script, who.word, other.word], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        child.stdout.readline()
        found = leftovers.in_memory(child.pid, leftovers.sought({who.word.encode(): "1", other.word.encode(): "2"}))
    finally:
        child.communicate("\n")
    assert {(one.place[-1], one.what) for one in found} >= {("1", "1"), ("2", "2")}


def test_no_marker_stands_in_a_timestamp():
    """Digits of an instant are digits of somebody's number: such a number is no marker."""
    for number in (*range(1_000), *range(5_000, 6_000)):
        who = person(number)
        for marker in (who.phone, who.second):
            # Instants here have whole seconds, one microsecond more, or are the last of a day: 16 digits, 17…
            for ending in ("000000", "000001", "999999"):
                for at in range(4, 6):  # where 160 may stand behind 177 or 178
                    assert marker[10 - at :] != ending[: at + 1], (number, ending)
