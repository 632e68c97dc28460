"""`web.db`: what is kept for a while, beside the record and under the same key (`credentials.keeping.Keeping`).

The rules this module keeps:

1. It is a file of its own: a session that is opened waits for no fact that is sealed, and no fact for a session.
2. It may be lost: then everybody signs in anew, and staff enrol again. It is no part of a backup.
"""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final, final

from sqlcipher3 import dbapi2

from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros

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


@final
class KeptInFile:
    """One connection behind a lock: each method is a few microseconds of work."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._mutex = threading.Lock()
        self._connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        execute = self._connection.execute
        execute(f"PRAGMA key = \"x'{key.hex()}'\"")
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
