"""The record's figures: a sealed commit, a check-in at a large site, the start of a large log.

    mingshi bench record

Prints a line a figure: what, measured, promised. Times vary with the machine and its disk; the ratio compares with
the same rows written through the same library without log and person keys, on the same disk, in turns.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from office import ORIGIN, START, Office, phone
from sqlalchemy.engine import Connection

from mingshi.app.answer import Done
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.publish_policy import first_policy
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.notice.purpose import Basis
from mingshi.domain.policy import CLASSIC
from mingshi.kernel.timeline import DAY, MINUTE, SECOND
from mingshi.ledger import verify as v
from mingshi.ledger.tree import Frontier
from mingshi.site import folder as folders
from mingshi.site.root import Site
from mingshi.store import keyring
from mingshi.store.database import connector, create, engine_of
from mingshi.store.evidence import Rules
from mingshi.store.site_store import raw
from mingshi.store.transaction import SiteTransaction
from mingshi.store.vault import Kept

ARRIVALS, REGISTRATIONS, AGENTS = 170_000, 60_000, 400
ENTRIES = 1_000_000
PROJECT = "海棠湾"
WARM, COMMITS = 200, 1_000
BARE = {
    "fact": "seq = :entry",
    "opening": "seq = :entry",
    "fact_key": "subject = :subject",
    "outbox": "json_extract(payload, '$.first') = :entry",
}
"""The tables of the bare rows, and which rows are a commit's."""
CHANCE = random.Random(7)


def main() -> None:
    """Every figure."""
    wanted = os.environ.get("MINGSHI_BENCH", "commit arrivals start").split()
    with tempfile.TemporaryDirectory() as name:
        for figure, run in (("commit", commit), ("arrivals", arrivals), ("start", start)):
            if figure in wanted:
                (Path(name) / figure).mkdir()
                run(Path(name) / figure)


def say(what: str, measured: str, promised: str) -> None:
    """One figure."""
    print(f"{what:<84}{measured:>16}   {promised}", flush=True)


# A sealed commit


def arrival(number: int, at: int) -> e.Arrival:
    """A check-in by code at the door."""
    one = blank(e.Arrival, id=f"V-{number:014d}", at=at, phone=phone(number), means=Means.OTP, door_code=DoorCode.VALID)
    return one._replace(device=f"device-{number}", agent=f"agent-{number % AGENTS}")


def commit(folder: Path) -> None:
    """One fact sealed, promised and durable, beside two others on the same disk, in turns.

    Rows: skeleton, contents, index and outbox of a rehearsal, column for column, ready made; nothing is worked out,
    looked up, sealed, signed or encrypted for them. Record: the same record through the same code (its JSON, terms and
    index), and no log and no person keys: no entry, edge, promise, person or key, contents as they are.
    """
    for name in ("rehearsal", "sealed"):
        (folder / name).mkdir()
    rows = rehearsed(folder / "rehearsal")
    office = Office(folder / "sealed", roster=False)
    bare, unsealed = (bare_file(folder / name, office.ring.database) for name in ("bare.db", "unsealed.db"))
    sealed, plain, open_ = Taken(), Taken(), Taken()
    rules = Rules()

    def write(number: int) -> None:
        with plain:
            bare.begin()
            for sql, values in rows[number]:
                raw(bare).executemany(sql, values)
            bare.commit()

    def without(use_case, command: object, first: int) -> None:
        unsealed.begin()
        connection = raw(unsealed)
        transaction = SiteTransaction(
            connection, office.ring, Plain(connection), office.store.settings, now=office.now, first=first,
            random_bytes=os.urandom, witnesses={}, rules=rules,
        )  # fmt: skip
        use_case(transaction, command)
        transaction.say("entries", {"first": first, "kinds": [fact.kind for fact in transaction.pending]})
        unsealed.commit()

    def put(number: int) -> None:
        record = arrival(number, office.now)
        with open_:
            without(seal, record, number + 1)

    without(first_policy, CLASSIC, 0)

    def keep(number: int) -> None:
        record = arrival(number, office.now)
        with sealed:
            assert office.store.run(seal, record, now=office.now)

    for number in range(WARM + COMMITS):
        if number == WARM:
            for taken in (sealed, plain, open_):
                taken.clear()
        office.now += SECOND
        for step in (keep, write, put) if number % 2 else (put, write, keep):
            step(number)
        if number % 200 == 199:
            office.store.housekeep(now=office.now, deleting=False)
            for other in (bare, unsealed):
                raw(other).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    told = "one fact sealed, promised, durable", "its rows, ready made", "its record without log and person keys"
    for what, taken in zip(told, (sealed, plain, open_), strict=True):
        say(f"{what}: clock, processor", "{:.2f}, {:.2f} ms".format(*taken.median), "")
    for what, taken in (("rows", plain), ("record without log and person keys", open_)):
        say(f"sealed commit / {what}, by the clock", f"{sealed.median[0] / taken.median[0]:.2f}", "≤ 1.5")
    office.close()


def bare_file(path: Path, key: bytes) -> Connection:
    """A file of the same schema; there are no entries to refer to."""
    create(path, key)
    connection = engine_of(path, key).connect()
    raw(connection).execute("PRAGMA foreign_keys = OFF")
    return connection


class Plain:
    """A vault without keys: contents as they are."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def person(self, name: str) -> None:
        """Nobody has a key here."""
        del name

    def keep(self, entry: int, parts: Sequence[Kept]) -> None:
        """Parts, each under a number made of its persons' names."""
        self._connection.executemany(
            "INSERT INTO opening (seq, at, person, cipher, basis, ground, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (entry, at, int(names[0][12:]) if names[0].startswith("agent:") else entry, plain, *until)
                for at, names, plain, until in parts
            ],
        )

    def open(self, entry: int, at: int, person: int | None, cipher: bytes) -> bytes:
        """As they are."""
        del entry, at, person
        return cipher


class Taken:
    """Times of a step, by the clock and of the processor."""

    def __init__(self) -> None:
        self._times: list[tuple[float, float]] = []

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        wall, processor = self._began
        self._times.append((time.perf_counter() - wall, time.process_time() - processor))

    def clear(self) -> None:
        """What came before does not count."""
        self._times.clear()

    @property
    def median(self) -> tuple[float, ...]:
        """In milliseconds."""
        return tuple(statistics.median(times) * 1000 for times in zip(*self._times, strict=True))


def seal(transaction, record):
    """A check-in's fact, on a consent of the guest's own, and nothing else of a check-in."""
    transaction.on_ground(Basis.CONSENT, f"C-{record.id}")
    transaction.seal(record)
    return Done("sealed")


def rehearsed(folder: Path) -> list[list[tuple[str, list[tuple[object, ...]]]]]:
    """What each commit writes, but for the log and the keys: statements and their rows."""
    office, written = Office(folder, roster=False), []
    for number in range(WARM + COMMITS):
        record = arrival(number, office.now)
        (entry,) = office.store.run(seal, record, now=office.now).answer.entries
        written.append((entry, record.id))
        office.now += SECOND
    connection, all_rows = office.store.connect(), []
    tables = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in BARE}
    for entry, subject in written:
        rows = []
        for name, condition in BARE.items():
            columns = ", ".join(column for column in tables[name] if column != "id")
            marks = ", ".join("?" for column in tables[name] if column != "id")
            sql = f"SELECT {columns} FROM {name} WHERE {condition}"
            found = connection.execute(sql, {"entry": entry, "subject": subject}).fetchall()
            rows.append((f"INSERT INTO {name} ({columns}) VALUES ({marks})", found))
        assert [len(found) for _, found in rows] == [1, 2, 3, 1], rows
        all_rows.append(rows)
    connection.close()
    office.close()
    return all_rows


# A check-in at a large site


def arrivals(folder: Path) -> None:
    """A site with 170,000 arrivals and 60,000 registrations; then a Saturday of check-ins, most of them registered."""
    office = Office(folder, roster=False)
    agents = [
        blank(e.Agent, id=f"agent-{at}", agency=f"公司{at % 20}", kind="broker", since=START - 400 * DAY)
        for at in range(AGENTS)
    ]
    agreements = [blank(e.Agreement, id=f"AG-{at}", agency=f"公司{at}", since=START - 400 * DAY) for at in range(20)]

    def load(transaction, rows):
        for row in rows:
            transaction.seal(row, imported=True)
        return Done("loaded")

    def put(rows) -> None:
        assert office.store.run(load, tuple(rows), now=office.now)
        office.now += SECOND

    put(agents + agreements)
    spread = 365 * DAY // ARRIVALS
    began = time.perf_counter()
    for first in range(0, ARRIVALS, 10_000):
        put(
            arrival(number, at)._replace(sealed_at=at, agent="", device=device(number))
            for number in range(first, first + 10_000)
            for at in [START - 366 * DAY + number * spread]
        )
    for first in range(0, REGISTRATIONS, 10_000):
        put(registration(number, START - 366 * DAY + number * 2 * spread) for number in range(first, first + 10_000))
    took = time.perf_counter() - began
    office.store.housekeep(now=office.now, deleting=False)
    size = office.path.stat().st_size >> 20
    say(f"loaded {ARRIVALS:,} arrivals, {REGISTRATIONS:,} registrations ({size} MiB)", f"{took:.0f} s", "")
    waiting = [registration(10_000_000 + number, office.now) for number in range(1_000)]
    put(waiting)
    office.now += 40 * MINUTE
    office.reopen()
    taken: list[float] = []
    synced = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT)
    disk: list[float] = []
    for number in range(1_400):
        known = number % 7 < 5
        row = waiting[number * 5 // 7] if known else None
        command = CheckIn(
            row.phone if row else phone(20_000_000 + number),
            Means.OTP,
            DoorCode.VALID,
            registration=row.id if row else "",
            device=device(30_000_000 + number),
        )
        office.now += 7 * SECOND
        began = time.perf_counter()
        assert office.store.run(check_in, command, now=office.now).answer
        taken.append(time.perf_counter() - began)
        began = time.perf_counter()
        os.pwrite(synced, os.urandom(4096), 0)
        os.fdatasync(synced)
        disk.append(time.perf_counter() - began)
        if number % 100 == 99:
            office.store.housekeep(now=office.now, deleting=False)
    for name, times, promised in (("check-in", taken[100:], "p99 ≤ 20 ms"), ("of which one bare sync", disk[100:], "")):
        times.sort()
        p50, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
        say(f"{name}: median, 99th percentile of {len(times)}", f"{p50:.1f}, {p99:.1f} ms", promised)
    office.close()


def registration(number: int, at: int) -> e.Registration:
    """By one of 400 agents; every agent has 150 in the year."""
    agent = CHANCE.randrange(AGENTS)
    row = blank(e.Registration, id=f"R-{number:014d}", at=at, agent=f"agent-{agent}", agency=f"公司{agent % 20}")
    return row._replace(phone=phone(number), client="王测试", project=PROJECT, sealed_at=at)


def device(number: int) -> str:
    """Every tenth check-in is on one of the office's four tablets, every other on the visitor's own phone."""
    return f"tablet-{number % 40 // 10}" if number % 10 == 0 else f"phone-{number}"


# The start of a large log


def start(folder: Path) -> None:
    """A site whose log holds a million entries: how long until it reads, gives promises, and may sign."""
    home = folder / "site"
    folders.make(home, origin=ORIGIN, project=PROJECT, policy=CLASSIC, now=START, random_bytes=os.urandom)
    config = folders.read(home)
    ring = keyring.load(home / keyring.KEYRING, config.passphrase())
    connection = connector(config.database, ring.database)()
    (promise,) = connection.execute("SELECT promise FROM entry").fetchone()
    frontier = Frontier()
    frontier.append(v.leaf_hash(connection.execute("SELECT body FROM entry").fetchone()[0]))
    began = time.perf_counter()
    for first in range(1, ENTRIES, 20_000):
        numbers = range(first, min(first + 20_000, ENTRIES))
        bodies = [v.Entry(ORIGIN, at, "arrival", (os.urandom(32), os.urandom(32))).data for at in numbers]
        connection.execute("BEGIN IMMEDIATE")
        edges = []
        for body in bodies:
            frontier.append(v.leaf_hash(body))
            edges.append(frontier.edge)
        rows = zip(numbers, bodies, (promise for _ in numbers), edges, strict=True)
        connection.executemany("INSERT INTO entry (seq, body, promise, edge) VALUES (?, ?, ?, ?)", rows)
        rows = ((at, "Arrival", f"V-{at}", 1, 3, START) for at in numbers)
        connection.executemany(
            "INSERT INTO fact (seq, record, subject, base, parts, sealed_at) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    size = config.database.stat().st_size >> 20
    say(f"a log of {ENTRIES:,} entries ({size} MiB) laid down", f"{time.perf_counter() - began:.0f} s", "")

    def clock() -> int:
        return START + DAY

    began = time.perf_counter()
    site = Site.open(home, clock=clock)
    opened = time.perf_counter()
    assert site.store.look(lambda transaction: transaction.source.policies.versions, now=clock())
    reply = site.run(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID))
    assert reply.promises[ENTRIES]
    served = time.perf_counter()
    site.rebuild()
    rebuilt = time.perf_counter()
    assert isinstance(site.sign(), str)
    say("open: lock, keys (argon2id), file, triggers, edges", f"{opened - began:.2f} s", "")
    say("open, read, and give the first promise", f"{served - began:.2f} s", "≤ 3 s")
    say("rebuild the tree and compare, before checkpoints go on", f"{rebuilt - served:.2f} s", "≤ 10 s")
    say("sign the checkpoint", f"{time.perf_counter() - rebuilt:.2f} s", "")
    site.close()


if __name__ == "__main__":
    main()
