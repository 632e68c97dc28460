"""Opening a site's database file.

The rules this module keeps (DESIGN §5, LEDGER §2.1):

1. One writer: a lock file for the process, BEGIN IMMEDIATE for every transaction. A second process is refused
   with a sentence, not with SQLITE_BUSY.
2. WAL, synchronous=FULL (what was answered survives a power cut), foreign keys, secure_delete, recursive triggers
   (INSERT OR REPLACE does not slip past them), no memory map; the WAL is kept small by the housekeeper.
3. A file is opened only if it is ours, its schema is known, its triggers are exactly ours, and the SQLite that
   reads it has not the WAL-reset bug (fixed in 3.51.3).
"""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, final

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from mingshi.store import migrations, triggers
from mingshi.store.errors import RefusedStartError
from mingshi.store.schema import APPLICATION_ID

DATABASE: Final = "site.db"
LOCK: Final = "site.lock"
OLDEST_SQLITE: Final = (3, 51, 3)
BUSY_S: Final = 5
WAL_LIMIT: Final = 64 * 1024 * 1024
"""A larger write-ahead log is an alarm: some reader holds it (LEDGER §2.1)."""
_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    f"PRAGMA journal_size_limit = {16 * 1024 * 1024}",
    "PRAGMA wal_autocheckpoint = 0",
)


@final
class Lock:
    """The site's lock: one process at a time, told by its number."""

    def __init__(self, folder: Path) -> None:
        try:
            self._fd = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unreadable(folder / LOCK, error) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._fd, 32, 0).decode("ascii", "replace").strip() or "?"
            os.close(self._fd)
            raise RefusedStartError(
                "in_use",
                f"{folder} 正由另一进程（{holder}）使用。请先停下它，或通过它的管理接口操作；不要复制一份来用。",
                f"{folder} is in use by another process ({holder}). Stop it first, or use its admin socket; do not "
                "run a copy of the folder.",
            ) from None
        with suppress(OSError):  # whose it is, for people to read: on a full disk they read the last one's
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Give it back."""
        os.close(self._fd)


def check_sqlite(version: tuple[int, ...] = tuple(map(int, dbapi2.sqlite_version.split(".")))) -> None:
    """Is SQLite new enough? Raises `RefusedStartError`."""
    if version < OLDEST_SQLITE:
        have, need = (".".join(map(str, one)) for one in (version, OLDEST_SQLITE))
        raise RefusedStartError(
            "old_sqlite",
            f"SQLite {have} 有会损坏数据库的缺陷（{need} 修复）：请按锁定文件重装依赖（make clean 后 make demo）。",
            f"SQLite {have} has a bug that damages databases (fixed in {need}): install the locked dependencies again.",
        )


def connector(path: Path, key: bytes, *, make: bool = False) -> Callable[[], Any]:
    """How to connect to a file with a raw key."""

    def connect() -> Any:
        mode = "rwc" if make else "rw"
        connection = dbapi2.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_S,
            cached_statements=256,
        )
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if make:
            connection.execute("PRAGMA journal_mode = WAL")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    return connect


def engine_of(path: Path, key: bytes, *, make: bool = False) -> Engine:
    """An engine whose transactions begin with BEGIN IMMEDIATE; for reading, ask for `deferred`."""
    engine = create_engine(
        "sqlite+pysqlite://", module=dbapi2, creator=connector(path, key, make=make), poolclass=NullPool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        deferred = connection.get_execution_options().get("deferred", False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    return engine


def create(path: Path, key: bytes) -> None:
    """A new, empty database at the newest schema, for its owner only."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engine = engine_of(path, key, make=True)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.commit()
        migrations.upgrade(connection)
    engine.dispose()
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def bring_up(path: Path, key: bytes) -> None:
    """Bring a file of ours to the newest schema."""
    engine = engine_of(path, key)
    with engine.connect() as connection:
        migrations.upgrade(connection)
    engine.dispose()


def open_existing(path: Path, key: bytes) -> Engine:
    """The engine of a database that is ours, brought to the newest schema. Raises `RefusedStartError`."""
    check_sqlite()
    if not path.exists():
        raise RefusedStartError(
            "no_database",
            f"{path} 不存在：请从备份恢复（mingshi restore），不要重建，否则过去的承诺无从兑现。",
            f"{path} is missing: restore a backup (mingshi restore). Do not make a new one: promises would be lost.",
        )
    engine = engine_of(path, key)
    try:
        with engine.connect() as connection:
            _check_ours(connection, path)
            migrations.upgrade(connection)
            triggers.check(connection)
            # Nothing changes; but a file that cannot be written says so now, not at the first fact.
            connection.exec_driver_sql("UPDATE meta SET value = value WHERE 0")
            connection.rollback()
    except dbapi2.DatabaseError as error:
        raise _unreadable(path, error) from error
    except Exception as error:
        cause = getattr(error, "orig", None)
        if isinstance(cause, dbapi2.DatabaseError):
            raise _unreadable(path, cause) from error
        raise
    return engine


def _check_ours(connection: Connection, path: Path) -> None:
    (found,) = connection.exec_driver_sql("PRAGMA application_id").one()
    if found != APPLICATION_ID:
        raise RefusedStartError(
            "foreign",
            f"{path} 不是 mingshi 的数据库：请检查路径。",
            f"{path} is not a database of mingshi: check the path.",
        )
    newest = migrations.NEWEST
    (version,) = connection.exec_driver_sql("PRAGMA user_version").one()
    if version > newest:
        raise RefusedStartError(
            "newer_schema",
            f"{path} 由更新的程序写成（结构 {version}，本程序只认到 {newest}）：请安装新版本再启动。",
            f"{path} was written by a newer program (schema {version}, this one knows up to {newest}): install the "
            "newer version.",
        )
    connection.rollback()


def _unreadable(path: Path, error: Exception) -> RefusedStartError:
    text = str(error)
    if "full" in text or "No space" in text or os.statvfs(path.parent).f_bavail == 0:
        return RefusedStartError(
            "disk_full",
            f"{path} 所在磁盘已满：请先腾出空间。数据没有改动。",
            f"The disk of {path} is full: make room first. Nothing was changed.",
        )
    if any(word in text for word in ("readonly", "ead-only", "unable to open", "disk I/O error", "Permission")):
        return RefusedStartError(
            "read_only",
            f"{path} 不能写（{text}）：请检查磁盘是否只读或有故障、文件归属是否正确。数据没有改动。",
            f"{path} cannot be written ({text}): is the disk read-only or failing, who owns it? Nothing changed.",
        )
    return RefusedStartError(
        "damaged",
        f"{path} 读不出来（{text}）：钥匙不是它的，或文件已损坏。请保留原件，用 mingshi restore 恢复最近的备份。",
        f"{path} cannot be read ({text}): the key is not its own, or the file is damaged. Keep the original and "
        "restore the newest backup with mingshi restore.",
    )
