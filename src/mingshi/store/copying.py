"""Copies of a record: a whole one under another key, and its person keys apart (LEDGER amendment 6).

The rules this module keeps:

1. A copy of the database holds no person key: rows are written into a new file without it, so that no byte of one is
   ever in it; deleting them from a copy of the file would leave them in its free pages.
2. A copy is one snapshot; writing goes on meanwhile. It is synced, read back and its tree rebuilt before it counts.
3. Person keys leave only under the key of their own artefact, with the number of the newest person in them: so that
   a key that is missing tells whether its person was erased, or came later.
4. Erasures are replayed: whoever has no key in the newer artefact was erased after the copy was made, and what stands
   under their keys goes before the record serves anybody. So does whatever came to its end alone (`ended`).
"""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlcipher3 import dbapi2

from mingshi.app.holders import RECORDS, WRITTEN_ABOUT
from mingshi.kernel.timeline import Micros
from mingshi.ledger.tree import Tree, leaf_hashes
from mingshi.store import migrations, terms, triggers
from mingshi.store.database import bring_up, connector
from mingshi.store.errors import RefusedStartError
from mingshi.store.keyring import KEY_VERSION
from mingshi.store.log_store import frontier_in, last_sealed
from mingshi.store.schema import APPLICATION_ID, PERSONAL
from mingshi.store.transaction import destroy, records_of

_MAGIC: Final = b"mingshi/person-keys/v1\n"
_ROW: Final = struct.Struct(">QH")
_ENDED: Final = struct.Struct(">QBQH")
_CHUNK: Final = 10_000


class Head(NamedTuple):
    """What a copy holds."""

    size: int
    root: bytes
    sealed_at: Micros
    persons: int
    """The highest number a person ever had."""


class Keys(NamedTuple):
    """An artefact of person keys, opened."""

    origin: str
    made_at: Micros
    persons: int
    wrapped: dict[int, bytes]
    ended: list[tuple[int, int, int, str]]
    """Parts that came to their end one by one: entry, place, when, why."""


def copy(source: Callable[[], Any], target: Path, key: bytes) -> Head:
    """Write one snapshot of a record into a new file under `key`, without person keys, at the newest schema.

    Raises `OSError`, `dbapi2.DatabaseError` where the disk fails: then the target is not whole. Raises as `check`.
    """
    with closing(source()) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"ATTACH DATABASE ? AS copy KEY \"x'{key.hex()}'\"", (str(target),))
        connection.execute("PRAGMA copy.synchronous = FULL")
        connection.execute("BEGIN")
        schema = connection.execute(
            "SELECT type, name, sql FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC"
        ).fetchall()
        (version,) = connection.execute("PRAGMA main.user_version").fetchone()
        for kind, name, sql in schema:
            if kind == "table" and not name.startswith("sqlite_"):
                connection.execute(sql.replace(f"CREATE TABLE {name}", f"CREATE TABLE copy.{name}", 1))
                _copy_rows(connection, name)
        for kind, name, sql in schema:
            if kind == "index":
                connection.execute(sql.replace(f"INDEX {name}", f"INDEX copy.{name}", 1))
            if kind == "trigger":
                connection.execute(sql.replace(f"TRIGGER {name}", f"TRIGGER copy.{name}", 1))
        connection.execute(f"PRAGMA copy.user_version = {version}")
        connection.execute(f"PRAGMA copy.application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    if version < migrations.NEWEST:
        bring_up(target, key)
    sync(target)
    return check(target, key)


def check_pages(path: Path, key: bytes) -> None:
    """Read a copy back, of this schema or an earlier one, page by page. Raises `RefusedStartError`."""
    try:
        with closing(connector(path, key)()) as connection:
            if bad := _bad_pages(connection):
                raise _damaged(path, "; ".join(bad))
    except dbapi2.DatabaseError as error:
        raise _damaged(path, str(error)) from error


def check(path: Path, key: bytes) -> Head:
    """Read a copy back whole: pages, triggers, and the tree against its head. Raises `RefusedStartError`."""
    try:
        with closing(connector(path, key)()) as connection:
            bad = _bad_pages(connection)
            found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
            if found != triggers.TRIGGERS:
                bad.append("triggers")
            tree = Tree()
            cursor = connection.execute("SELECT body FROM entry ORDER BY seq")
            while rows := cursor.fetchmany(_CHUNK):
                tree.extend(leaf_hashes(body for (body,) in rows))
            head = frontier_in(connection)
            if (head.size, head.root) != (tree.size, tree.root(tree.size)):
                bad.append(f"{tree.size} entries do not give the head of {head.size}")
            if bad:
                raise _damaged(path, "; ".join(bad))
            return Head(head.size, head.root, last_sealed(connection), _persons(connection))
    except dbapi2.DatabaseError as error:
        raise _damaged(path, str(error)) from error


def pack_keys(connection: Any, origin: str, made_at: Micros, key: bytes, random_bytes: Callable[[int], bytes]) -> bytes:
    """Every person's wrapped key, as one ciphertext."""
    connection.execute("BEGIN")
    rows = connection.execute("SELECT id, wrapped FROM person ORDER BY id").fetchall()
    ended = connection.execute("SELECT seq, at, ended_at, reason FROM ended ORDER BY seq, at").fetchall()
    head = struct.pack(">QQQ", made_at, _persons(connection), len(rows))
    connection.execute("COMMIT")
    body = b"".join(_ROW.pack(person, len(wrapped)) + wrapped for person, wrapped in rows)
    body += b"".join(
        _ENDED.pack(seq, place, at, len(reason.encode())) + reason.encode() for seq, place, at, reason in ended
    )
    name, nonce = origin.encode(), random_bytes(12)
    plain = struct.pack(">H", len(name)) + name + head + body
    return _MAGIC + nonce + AESGCM(key).encrypt(nonce, plain, _MAGIC)


def unpack_keys(path: Path, key: bytes) -> Keys:
    """The artefact. Raises `RefusedStartError` where it is another site's, cut short, or damaged."""
    data = path.read_bytes()
    try:
        nonce, rest = data[len(_MAGIC) :][:12], data[len(_MAGIC) + 12 :]
        plain = AESGCM(key).decrypt(nonce, rest, data[: len(_MAGIC)])
    except (InvalidTag, ValueError):
        raise RefusedStartError(
            "damaged_keys",
            f"{path} 不是本案场的个人密钥备份，或只写了一半、已损坏：请换最近的一份。",
            f"{path} is not this site's backup of person keys, or was cut short or damaged: take the newest one.",
        ) from None
    (length,) = struct.unpack_from(">H", plain)
    origin = plain[2 : 2 + length].decode()
    made_at, persons, count = struct.unpack_from(">QQQ", plain, 2 + length)
    wrapped, at = _rows(plain, 2 + length + 24, count)
    return Keys(origin, Micros(made_at), persons, wrapped, list(_ended(plain, at)))


def put_keys(connection: Any, keys: Keys, now: Micros) -> dict[str, list[str]]:
    """Give a restored record its person keys and replay erasures; ids of what went, by deal. Raises as `check`."""
    persons = {row[0] for row in connection.execute("SELECT id FROM person").fetchall()}
    highest = _persons(connection)
    if highest > keys.persons:
        raise RefusedStartError(
            "keys_too_old",
            f"个人密钥备份比数据库备份旧（到第 {keys.persons} 人，数据库到第 {highest} 人）："
            "请用更新的密钥备份，否则分不清谁被删除、谁是后来的。",
            f"The backup of person keys is older than that of the database (up to person {keys.persons}; the database "
            f"has {highest}): take a newer one; with this one nobody can tell who was erased and who came later.",
        )
    connection.execute("BEGIN IMMEDIATE")
    for person in sorted(persons & keys.wrapped.keys()):
        row = (keys.wrapped[person], KEY_VERSION, person)
        connection.execute("UPDATE person SET wrapped = ?, version = ? WHERE id = ?", row)
    gone = sorted(persons - keys.wrapped.keys())
    found = records_of(connection, gone)
    for person in gone:
        connection.execute("INSERT INTO erasure (person, seq, at) VALUES (?, NULL, ?)", (person, now))
    destroy(connection, gone)
    replayed: dict[str, list[str]] = {}
    for record, subject in found:
        if RECORDS[record] not in WRITTEN_ABOUT:
            connection.execute("DELETE FROM fact_key WHERE record = ? AND subject = ?", (record, subject))
        if record == "Registration":
            connection.execute("DELETE FROM protection_slot WHERE registration = ?", (subject,))
        replayed.setdefault(subject if record == "Deal" else "", []).append(subject)
    for seq, at, ended_at, reason in keys.ended:
        for item in terms.standing(connection, seq, at):
            terms.end(connection, [item], None, reason, Micros(ended_at))
            replayed.setdefault("", []).append(item.subject)
    connection.execute("COMMIT")
    return replayed


def sync(path: Path) -> None:
    """A file or folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_rows(connection: Any, table: str) -> None:
    """The rows of a table, with what is personal left at its default: empty."""
    names = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})").fetchall()]
    kept = ", ".join(name for name in names if f"{table}.{name}" not in PERSONAL)
    connection.execute(f"INSERT INTO copy.{table} ({kept}) SELECT {kept} FROM main.{table}")


def _rows(plain: bytes, at: int, count: int) -> tuple[dict[int, bytes], int]:
    """The keys, and where they end."""
    found = {}
    for _ in range(count):
        person, length = _ROW.unpack_from(plain, at)
        at += _ROW.size
        found[person] = plain[at : at + length]
        at += length
    return found, at


def _ended(plain: bytes, at: int) -> Iterator[tuple[int, int, int, str]]:
    while at < len(plain):
        seq, place, ended_at, length = _ENDED.unpack_from(plain, at)
        at += _ENDED.size
        yield seq, place, ended_at, plain[at : at + length].decode()
        at += length


def _persons(connection: Any) -> int:
    (last,) = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM person), 0), coalesce((SELECT max(person) FROM erasure), 0))"
    ).fetchone()
    return int(last)


def _bad_pages(connection: Any) -> list[str]:
    bad = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    return bad + [row[0] for row in connection.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]


def _damaged(path: Path, detail: str) -> RefusedStartError:
    return RefusedStartError(
        "damaged_copy",
        f"{path} 不能用（{detail}）：请换另一份备份。原案场没有改动。",
        f"{path} cannot be used ({detail}): take another backup. Nothing of the site was changed.",
    )
