"""Backup and restore (docs/operate/backup.md).

    TO/2026-05-01T090000Z-12345/   one backup: site.db (without person keys), keyring.json, site.toml, trust.policy,
                                   manifest.json, written last
    KEYS/person-keys               the person keys as they stand now: replaced by each backup, kept nowhere else

The rules this module keeps:

1. A backup counts once its manifest is there: everything before is `.part` and is refused by `restore`.
2. The two artefacts lie in different places. Erasing somebody takes their key out of the one file that holds it, at
   the next backup (INV-08, second stage); old backups of the database hold no key.
3. A restored record is marked. It takes no fact before its witnesses have said that it is not shorter than what they
   cosigned, and says in its log that it was restored and whom it forgot again.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from mingshi.kernel.canonical import Json, dumps
from mingshi.kernel.timeline import Micros
from mingshi.ledger.verify import b64
from mingshi.site import folder as folders
from mingshi.site.root import REPLAYED, RESTORED, Clock, Site, system_clock, utc
from mingshi.store import copying, keyring
from mingshi.store.database import DATABASE, connector
from mingshi.store.errors import RefusedStartError

MANIFEST: Final = "manifest.json"
PERSON_KEYS: Final = "person-keys"
BACKUP_AT: Final = "backup_at"
_KEPT: Final = (keyring.KEYRING, folders.CONFIG, folders.TRUST)


class Backup(NamedTuple):
    """What a backup holds."""

    path: Path
    entries: int
    root: str
    bytes: int


def backup(site: Site, to: Path, keys: Path) -> Backup:
    """Write one backup and rotate the person keys. Raises `RefusedStartError`, `OSError`: then neither counts."""
    if to.resolve() == keys.resolve():
        raise RefusedStartError(
            "one_place",
            "数据库备份和个人密钥备份不能放在同一处：放在一起，删除就不彻底。",
            "The backup of the database and that of the person keys must lie in two places: together, an erasure would "
            "not be one.",
        )
    now = site.clock()
    to.mkdir(parents=True, exist_ok=True)
    keys.mkdir(parents=True, exist_ok=True)
    part = to / f"{utc(now)}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    path = part / DATABASE
    _empty_file(path)
    head = copying.copy(site.store.connect, path, site.store.ring.backup)
    for name in _KEPT:
        _write(part / name, (site.config.folder / name).read_bytes())
    with closing(site.store.connect()) as connection:
        packed = copying.pack_keys(connection, site.store.key.name, now, site.store.ring.person_keys, site.random_bytes)
    _replace(keys / PERSON_KEYS, packed)
    manifest: Mapping[str, Json] = {
        "v": 1,
        "origin": site.store.key.name,
        "made_at": now,
        "entries": head.size,
        "root": b64(head.root),
        "persons": head.persons,
        "sha256": {name: _digest(part / name) for name in (DATABASE, *_KEPT)},
    }
    _write(part / MANIFEST, dumps(manifest) + b"\n")
    copying.sync(part)
    done = to / f"{utc(now)}-{head.size}"
    part.rename(done)
    copying.sync(to)
    site.store.put_settings({BACKUP_AT: str(now)})
    return Backup(done, head.size, b64(head.root), (done / DATABASE).stat().st_size)


class Restored(NamedTuple):
    """What a restore brought back."""

    entries: int
    root: str
    sealed_at: Micros
    forgotten: int
    """Records that were erased after the backup was made, and are gone again."""


def restore(source: Path, keys: Path, passphrase_file: Path, folder: Path, clock: Clock = system_clock) -> Restored:
    """A site's folder, made of a backup. Raises `RefusedStartError`, `OSError`: then there is no folder."""
    told = _manifest(source)
    if folder.exists() and any(folder.iterdir()):
        raise RefusedStartError(
            "not_empty",
            f"{folder} 不是空文件夹：恢复不会覆盖任何东西，请另选一个，原来的留作证据。",
            f"{folder} is not empty: a restore overwrites nothing. Choose another; keep the old one as evidence.",
        )
    passphrase = _passphrase(passphrase_file)
    ring = keyring.load(source / keyring.KEYRING, passphrase)
    copying.check_pages(source / DATABASE, ring.backup)
    person_keys = copying.unpack_keys(keys, ring.person_keys)
    if person_keys.origin != told["origin"]:
        raise RefusedStartError(
            "other_site",
            f"{keys} 是另一案场（{person_keys.origin}）的个人密钥备份。",
            f"{keys} holds the person keys of another site ({person_keys.origin}).",
        )
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    path, now = part / DATABASE, clock()
    _empty_file(path)
    head = copying.copy(connector(source / DATABASE, ring.backup), path, ring.database)
    with closing(connector(path, ring.database)()) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        replayed = copying.put_keys(connection, person_keys, now)
        marks = {RESTORED: str(told["made_at"]), REPLAYED: json.dumps(replayed)}
        connection.execute("BEGIN IMMEDIATE")
        for name, value in marks.items():
            connection.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
        connection.execute("COMMIT")
        connection.execute("VACUUM")  # what was forgotten again may stand in the gaps of pages (`store.site_store`)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for name in _KEPT:
        _write(part / name, (source / name).read_bytes())
    place = folders.read(source).passphrase_file
    if place.is_relative_to(source):
        (part / place.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
        _write(part / place.relative_to(source), passphrase)
    copying.sync(path)
    copying.sync(part)
    if folder.exists():
        folder.rmdir()
    part.rename(folder)
    copying.sync(folder.parent)
    return Restored(head.size, b64(head.root), head.sealed_at, sum(map(len, replayed.values())))


def _manifest(source: Path) -> Mapping[str, Json]:
    """What the backup says of itself, compared with its files. Raises `RefusedStartError`."""
    try:
        told: dict[str, Json] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        sums = told["sha256"]
        assert isinstance(sums, dict)
        wrong = [name for name, sum_ in sums.items() if _digest(source / name) != sum_]
    except FileNotFoundError as error:
        raise RefusedStartError(
            "half_backup",
            f"{source} 不是完整的备份（缺 {Path(str(error.filename)).name}）：它只写了一半，请用另一份。",
            f"{source} is not a whole backup ({Path(str(error.filename)).name} is missing): it was cut short. "
            "Take another.",
        ) from None
    except (ValueError, KeyError, AssertionError, TypeError) as error:
        raise _bad_backup(source, f"{MANIFEST}: {error}") from None
    if wrong:
        raise _bad_backup(source, ", ".join(wrong))
    return told


def _bad_backup(source: Path, detail: str) -> RefusedStartError:
    return RefusedStartError(
        "damaged_copy",
        f"{source} 与其清单不符（{detail}）：文件坏了或被换过，请用另一份备份。",
        f"{source} is not what its manifest says ({detail}): damaged or swapped. Take another backup.",
    )


def _passphrase(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedStartError(
            "no_passphrase",
            f"读不到口令文件 {path}（{error.strerror}）：没有口令，备份打不开。",
            f"The passphrase file {path} cannot be read ({error.strerror}): without it no backup opens.",
        ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _empty_file(path: Path) -> None:
    """For its owner only, before anything is in it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, data: bytes) -> None:
    """All or nothing, and the old one is gone."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    _write(part, data)
    part.replace(path)
    copying.sync(path.parent)
