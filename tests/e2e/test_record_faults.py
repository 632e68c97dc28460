"""What was answered survives: kills under load, a fault at every storage call, a full disk; nothing is doubled.

With strace the real calls fail (EIO, ENOSPC) or the process is killed on them; the quick suite makes the driver's own
calls fail, before they did their work and after.
"""

import random
import shutil

import pytest
import record_faults as faults
import record_kills as kills
import record_load as load
from sqlcipher3 import dbapi2

from mingshi.domain import evidence as e
from mingshi.store import database, fsck
from mingshi.store.errors import RefusedStartError, StoreFailedError

CHECK_IN = 8 * 6 + 2


class Failing(dbapi2.Connection):
    """A driver's connection whose n-th call fails: before it did its work, or after, so that the answer is lost."""

    left = 0
    late = False
    calls = 0

    def _call(self, name, *arguments):
        Failing.calls += 1
        Failing.left -= 1
        call = getattr(super(), name)
        if Failing.left == 0 and not Failing.late:
            raise dbapi2.OperationalError("disk I/O error")
        done = call(*arguments)
        if Failing.left == 0:
            raise dbapi2.OperationalError("disk I/O error")
        return done

    def execute(self, *arguments):
        return self._call("execute", *arguments)

    def executemany(self, *arguments):
        return self._call("executemany", *arguments)

    def commit(self):
        return self._call("commit")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    assert faults.prepare(folder, "check_in") == CHECK_IN
    return folder


@pytest.fixture
def failing(monkeypatch):
    connect = dbapi2.connect
    monkeypatch.setattr(
        database.dbapi2, "connect", lambda *given, **options: connect(*given, factory=Failing, **options)
    )
    Failing.left = 0
    return Failing


def reopened(folder):
    return load.open_store(folder, random.Random(5).randbytes)


@pytest.mark.parametrize("late", [False, True])
def test_a_check_in_whose_nth_call_fails_is_lost_or_kept_but_never_half(made, quick_path, failing, late):
    store = reopened(shutil.copytree(made, quick_path / "whole"))
    failing.calls = 0
    assert load.ask(store, CHECK_IN).answer
    calls = failing.calls
    store.close()
    assert calls > 50
    kept = 0
    for at in range(1, calls + 1, 3):
        folder = shutil.copytree(made, quick_path / f"run{at}")
        store = reopened(folder)
        failing.left, failing.late = at, late
        with pytest.raises(StoreFailedError, match="again"):
            load.ask(store, CHECK_IN)
        failing.left = 0
        with pytest.raises(StoreFailedError):
            load.ask(store, CHECK_IN + 1)  # until it is opened again: what the disk has is unknown
        store.close()
        store = reopened(folder)
        assert list(fsck.check(store, store.last_sealed_at)) == []
        again = load.ask(store, CHECK_IN)
        assert again.answer
        kept += again.repeated
        assert len(store.look(lambda transaction: transaction.every(e.Arrival), now=store.last_sealed_at)) == 14
        store.close()
        shutil.rmtree(folder)
    assert kept <= 1, "only a COMMIT that was not heard keeps what was not answered"


def test_the_checks_notice_an_answer_before_commit(made, quick_path, monkeypatch):
    """The planted bug: COMMIT is put off. What was acknowledged is lost, and that is noticed."""
    folder = shutil.copytree(made, quick_path / "run")
    store = reopened(folder)
    monkeypatch.setattr(type(store._writer), "commit", lambda _: None)
    leaves = load.leaves(load.ask(store, CHECK_IN))
    monkeypatch.undo()
    store.close()
    shown = {str(at): leaf for at, leaf in leaves.items()}
    wrong = kills.check(folder, {CHECK_IN: shown}, CHECK_IN, whole=True)
    assert any("lost" in one for one in wrong), wrong


def test_the_checks_notice_a_request_that_is_not_recognised(made, quick_path, monkeypatch):
    """The planted bug: a repeated request is done again. Its unique key stops it."""
    folder = shutil.copytree(made, quick_path / "run")
    store = reopened(folder)
    monkeypatch.setattr(type(store), "_answered", lambda *_: None)
    assert load.ask(store, CHECK_IN).answer
    with pytest.raises(dbapi2.IntegrityError):
        load.ask(store, CHECK_IN)
    store.close()


def test_a_full_disk_takes_nothing_says_so_and_goes_on_once_there_is_room(made, quick_path):
    store = reopened(shutil.copytree(made, quick_path / "run"))
    raw = store._writer.connection.dbapi_connection
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    number, failed = CHECK_IN, None
    while failed is None:
        size = store.size
        try:
            load.ask(store, number)
            number += 1
        except StoreFailedError as error:
            failed = str(error)
    assert "full" in failed
    assert store.size == size
    assert store.failed is None
    raw.execute("PRAGMA max_page_count = 1000000").fetchall()
    assert load.ask(store, number).answer
    assert list(fsck.check(store, store.last_sealed_at)) == []
    store.close()


def test_a_damaged_page_is_told_and_answers_nothing_wrong(made, quick_path):
    """Every tenth page in turn: it is refused, found by fsck, or not needed; a wrong answer is never given."""
    whole = (made / "site.db").read_bytes()
    folder = shutil.copytree(made, quick_path / "run")
    refused = 0
    for page in range(1, len(whole) // 4096, 10):
        data = bytearray(whole)
        data[page * 4096 + 777] ^= 0x40
        (folder / "site.db").write_bytes(data)
        try:
            store = reopened(folder)
        except RefusedStartError as error:
            refused += "restore" in str(error)
            continue
        assert [fault.check for fault in fsck.check(store, store.last_sealed_at)], f"page {page} is not noticed"
        store.close()
        refused += 1
    assert refused >= 5


@pytest.mark.slow
def test_fifty_kills_under_load(tmp_path):
    acknowledged, wrong = kills.run(tmp_path, 50, seed=11)
    print(f"50 kills, {acknowledged} requests acknowledged")
    assert wrong == []
    assert acknowledged > 200


@pytest.mark.slow
@pytest.mark.parametrize("what", ["check_in", "settle"])
def test_a_fault_at_every_storage_call(what):
    if shutil.which("strace") is None:
        pytest.skip("RAN WITHOUT strace: faults were injected into the driver only")
    tried, calls, wrong = faults.sweep(what)
    print(f"{tried} faults at {calls.total()} calls {dict(calls)}")
    assert wrong == []
    assert {"pwrite64", "fsync"} <= set(calls)
