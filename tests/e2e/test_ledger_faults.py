"""A fault at every storage system call of an append and of a witness's update: nothing acknowledged is lost (INV-09).

With strace the real calls fail (EIO, ENOSPC) or the process is killed on them (SIGKILL); the quick suite does
the same to the medium in memory, torn writes included.
"""

import errno
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import fault_child as child
import pytest
from attack_world import START_S

from mingshi.ledger import verify as v
from mingshi.ledger.journal import FileMedium, Journal, MemoryMedium
from mingshi.ledger.log import Log
from mingshi.ledger.store import FileStore
from mingshi.witness.keeper import Keeper, KnownLog, first_record

CHILD = Path(child.__file__)
FAULTS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "SIGKILL": "signal=SIGKILL"}


def check_log(medium, said):
    """Every acknowledged entry is there, in order, in a sound tree that grows on. Opens the log anew."""
    store = FileStore(medium)
    size = store.frontier().size
    leaves = [v.b64(v.leaf_hash(entry)) for entry in store.entries(0, size)]
    acknowledged = [line.split()[1] for line in said if line.startswith("entry")]
    assert leaves[: len(acknowledged)] == acknowledged
    published = max((int(line.split()[1]) for line in said if line.startswith("published")), default=0)
    assert not published or v.Checkpoint.parse(v.Note.parse(store.published()).text).size >= published
    log = Log(child.LOG, store)
    log.seal([child.fact(99)], START_S)
    assert store.frontier().size == size + 1
    store.close()


def check_witness(keeper, said):
    """What was cosigned is remembered; whatever it was, another past is not cosigned over it."""
    sizes = [int(line.split()[1]) for line in said if line.startswith("cosigned")]
    seen = keeper._seen[child.ORIGIN]
    size = seen.head.size if seen.head else 0
    assert size >= max(sizes, default=0)
    assert seen.head is None or seen.head.root == child.TREE.root(size)
    for old, new in ((0, 20), (size, size), (size, 20)):
        if size and keeper.add_checkpoint(child.request(old, new, child.OTHER), START_S + 99).status == 200:
            raise AssertionError(f"cosigned another past from {old} to {new}")
    assert keeper.add_checkpoint(child.request(size, 20), START_S + 99).status == 200
    keeper.close()


# In memory, for the quick suite


class CrashError(Exception):
    pass


class Faulty:
    """A medium that fails at its n-th writing call, having written only a part."""

    def __init__(self, inner, at, fault, part):
        self.inner, self.left, self.fault, self.part = inner, at, fault, part
        self.synced = len(inner.data)

    def _count(self):
        self.left -= 1
        return self.left == 0

    def append(self, data):
        if self._count():
            self.inner.append(data[: int(len(data) * self.part)])
            self._fail()
        self.inner.append(data)

    def sync(self):
        if self._count():
            self._fail()
        self.synced = len(self.inner.data)

    def truncate(self, size):
        if self._count():
            self._fail()
        self.inner.truncate(size)

    def _fail(self):
        if self.fault == "crash":
            unsynced = len(self.inner.data) - self.synced
            del self.inner.data[self.synced + int(unsynced * self.part) :]
            raise CrashError
        raise OSError(self.fault, "injected")

    def read(self, offset, length):
        return self.inner.read(offset, length)

    def close(self):
        pass


EVERY = [
    pytest.param(at, fault, part, id=f"{name}-{at}-{part}")
    for at in range(1, 8)
    for name, fault in (("EIO", errno.EIO), ("ENOSPC", errno.ENOSPC), ("crash", "crash"))
    for part in (0, 0.4, 1)
]


@pytest.mark.parametrize(("at", "fault", "part"), EVERY)
def test_an_append_that_fails_at_any_call_loses_nothing_acknowledged(at, fault, part):
    memory, said = MemoryMedium(), []
    try:
        store = FileStore(Faulty(memory, at, fault, part))
        log = Log(child.LOG, store)
        for _ in range(2):
            batch = log.seal([child.fact(log.size)], START_S)
            said += [f"entry {v.b64(v.leaf_hash(row.entry))}" for row in batch.rows]
        store.publish(str(child.signed(str(_head(store)), child.LOG)))
        said.append(f"published {store.frontier().size}")
    except (CrashError, OSError):
        pass
    check_log(memory, said)


def _head(store):
    frontier = store.frontier()
    return v.Checkpoint(child.ORIGIN, frontier.size, frontier.root)


@pytest.mark.parametrize(("at", "fault", "part"), EVERY)
def test_a_witness_that_fails_at_any_call_never_contradicts_itself(at, fault, part):
    memory, said = MemoryMedium(), []
    journal = Journal(memory)
    list(journal.replay())
    journal.append(first_record(child.KEY.verifier))
    known = {child.ORIGIN: KnownLog(keys=(child.LOG.verifier,))}
    try:
        keeper = Keeper(child.KEY, child.STAMP, known, Faulty(memory, at, fault, part))
        for old, size in ((0, 3), (3, 9), (9, 20)):
            answer = keeper.add_checkpoint(child.request(old, size), START_S)
            said += [f"cosigned {size}"] if answer.status == 200 else []
    except CrashError:
        pass
    check_witness(Keeper(child.KEY, child.STAMP, known, memory), said)


# With strace, for the whole suite


def traced(what, path, *options):
    """Run the child under strace; what it acknowledged, and the calls on its file and folder."""
    trace = path.with_suffix(".trace")
    command = ["strace", "-f", "-qq", "-o", str(trace), "-P", str(path), "-P", str(path.parent), *options]
    done = subprocess.run(
        [*command, sys.executable, str(CHILD), what, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    calls = re.findall(r"^\d+ +(\w+)\(", trace.read_text(encoding="utf-8"), re.MULTILINE)
    return done.stdout.splitlines(), calls


def every_call(calls):
    counts = Counter()
    for call in calls:
        counts[call] += 1
        yield call, counts[call]


def fresh(folder, what):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "file"
    if what == "witness":
        child.make_witness(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("what", ["append", "append again", "witness"])
def test_a_fault_at_every_storage_call(tmp_path, what):
    if shutil.which("strace") is None:
        pytest.skip("RAN WITHOUT strace: faults were injected into the medium in memory only")
    again = what == "append again"
    what = what.split()[0]
    path = fresh(tmp_path / "run", what)
    if again:
        traced(what, path)
    said, calls = traced(what, path)
    assert len(said) >= 4, "the run without a fault acknowledges everything"
    assert {"openat", "flock", "fsync", "pread64", "write", "fdatasync"} <= set(calls)
    tried = 0
    for call, count in every_call(calls):
        for name, fault in FAULTS.items():
            path = fresh(tmp_path / "run", what)
            before = traced(what, path)[0] if again else []
            said, _ = traced(what, path, "-e", f"inject={call}:{fault}:when={count}")
            if what == "append":
                check_log(FileMedium(path), before + said)
            else:
                check_witness(child.open_keeper(path), said)
            tried += 1
            assert name in FAULTS
    print(f"{tried} faults at {len(calls)} calls")
