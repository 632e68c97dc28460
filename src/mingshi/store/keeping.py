"""`web.db`: what is kept for a while, beside the record and under a key of its own (`credentials.keeping.Keeping`).

The rules this module keeps:

1. It is a file of its own: a session that is opened waits for no fact that is sealed, and no fact for a session.
2. It may be lost: then everybody signs in anew, and staff enrol again. It is no part of a backup.
3. A file that an earlier program wrote, under a key made of the record's index key, is put under its own key when it is
   opened; killed meanwhile, it stands under one of the two.
"""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, final

from sqlcipher3 import dbapi2

from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros
from mingshi.store.keyring import Keyring

FILE: Final = "web.db"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS kept (
  kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_until ON kept (until);
DROP TABLE IF EXISTS counted;
CREATE TABLE IF NOT EXISTS counts (
  kind TEXT NOT NULL, key TEXT NOT NULL, until INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counts_until ON counts (until);
"""


def kept_at(folder: Path, ring: Keyring) -> "KeptInFile":
    """The file of a site's folder."""
    return KeptInFile(folder / FILE, ring.pages, ring.pages_before())


def _opened(path: Path, key: bytes, earlier: bytes | None) -> Any:
    connection: Any = _connected(path, key)
    if connection is None and earlier is not None:
        before: Any = _connected(path, earlier)
        if before is not None:
            before.execute("PRAGMA journal_mode = DELETE").fetchall()
            before.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
            connection = before
    if connection is None:
        raise dbapi2.DatabaseError(f"{path.name}: another site's key, or damaged")
    return connection


def _connected(path: Path, key: bytes) -> Any:
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    path.chmod(0o600)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.OperationalError:  # busy, or the disk: nothing that another key would mend
        connection.close()
        raise
    except dbapi2.DatabaseError:
        connection.close()
        return None
    return connection


@final
class KeptInFile:
    """One connection behind a lock: each method is a few microseconds of work."""

    def __init__(self, path: Path, key: bytes, earlier: bytes | None = None) -> None:
        self._mutex = threading.Lock()
        self._connection = _opened(path, key, earlier)
        execute = self._connection.execute
        execute("PRAGMA journal_mode = WAL").fetchall()
        execute("PRAGMA synchronous = NORMAL")
        execute("PRAGMA secure_delete = ON").fetchall()
        self._connection.executescript(_SCHEMA)

    def get(self, kind: str, key: str, now: Micros) -> Mapping[str, Json] | None:
        """What is kept, unless it is over."""
        with self._mutex:
            row = self._connection.execute(
                "SELECT value FROM kept WHERE kind = ? AND key = ? AND until > ?", (kind, key, now)
            ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put(self, kind: str, key: str, value: Mapping[str, Json], until: Micros) -> None:
        """Keep it."""
        with self._mutex:
            self._connection.execute(
                "INSERT INTO kept (kind, key, value, until) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, until = excluded.until",
                (kind, key, json.dumps(value), until),
            )

    def take(self, kind: str, key: str, now: Micros) -> Mapping[str, Json] | None:
        """What is kept, and it is kept no longer."""
        with self._mutex:
            row = self._connection.execute(
                "DELETE FROM kept WHERE kind = ? AND key = ? RETURNING value, until", (kind, key)
            ).fetchone()
        return None if row is None or row[1] <= now else dict(json.loads(row[0]))

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        with self._mutex:
            self._connection.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))

    def every(self, kind: str, now: Micros) -> Mapping[str, Mapping[str, Json]]:
        """All of a kind."""
        with self._mutex:
            rows = self._connection.execute(
                "SELECT key, value FROM kept WHERE kind = ? AND until > ? ORDER BY key", (kind, now)
            ).fetchall()
        return {key: json.loads(value) for key, value in rows}

    def count(self, kind: str, key: str, span: int, now: Micros) -> int:
        """Count one more in the span that holds `now`."""
        with self._mutex:
            (n,) = self._connection.execute(
                "INSERT INTO counts (kind, key, until, n) VALUES (?1, ?2, ?3, 1) ON CONFLICT (kind, key) DO UPDATE SET "
                "n = CASE WHEN until = excluded.until THEN n + 1 ELSE 1 END, until = excluded.until RETURNING n",
                (kind, key, (now // span + 1) * span),
            ).fetchone()
        return int(n)

    def sweep(self, now: Micros) -> None:
        """Remove what is over."""
        with self._mutex:
            self._connection.execute("DELETE FROM kept WHERE until <= ?", (now,))
            self._connection.execute("DELETE FROM counts WHERE until <= ?", (now,))

    def close(self) -> None:
        """Give the file back."""
        with self._mutex:
            self._connection.close()
