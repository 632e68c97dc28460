"""A site's record, open: one writer that runs use cases, each in one transaction.

The rules this module keeps (INV-09):

1. A use case is answered after COMMIT. Before that nothing it did can be seen; if it fails nothing is left.
2. A request that is repeated under the same key is answered with the answer it had, and does nothing; the same key
   with another request is refused.
3. After a storage failure the record answers no more until it is opened again: what the disk has is unknown.
4. Time does not run backwards: an instant before the last sealed one is refused, but for `SLACK`, which honest
   clocks drift; then the last sealed instant is `now`.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlcipher3 import dbapi2

from mingshi.app.answer import Answer, Refused, answer_of
from mingshi.app.legible import illegible
from mingshi.app.ports import Transaction
from mingshi.kernel.canonical import dumps, loads
from mingshi.kernel.timeline import DAY, SECOND, Micros
from mingshi.kernel.typed_json import dumps_typed
from mingshi.ledger.entry import Fact
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.log import Log
from mingshi.ledger.verify import ED25519, VerifierKey
from mingshi.store.database import connector, open_existing
from mingshi.store.errors import StoreFailedError
from mingshi.store.evidence import Rules
from mingshi.store.keyring import Keyring
from mingshi.store.log_store import DatabaseLog, append_in, last_sealed
from mingshi.store.transaction import SiteTransaction
from mingshi.store.vault import Known, Vault

C = TypeVar("C")
SLACK: Final = 2 * SECOND
KEPT_ANSWERS: Final = 7 * DAY
"""How long a repeated request is recognised."""


class Reply(NamedTuple):
    """What a caller gets: the answer, and the promise for each entry it sealed."""

    answer: Answer
    promises: Mapping[int, str]
    repeated: bool = False


@final
class SiteStore:
    """One site's record. Raises `RefusedStartError` where it may not be opened."""

    def __init__(
        self,
        path: Path,
        ring: Keyring,
        random_bytes: Callable[[int], bytes],
        *,
        witnesses: Mapping[str, VerifierKey] | None = None,
    ) -> None:
        self.path = path
        self.ring = ring
        self._random = random_bytes
        self._witnesses = witnesses or {}
        self._engine: Engine = open_existing(path, ring.database)
        self._writer: Connection = self._engine.connect()
        self._mutex = threading.RLock()
        self._known = Known()
        self._rules, self._own_rules = Rules(), Rules(sole=True)
        self._connect = connector(path, ring.database)
        self.settings: Mapping[str, str] = self._settings()
        self.key = SigningKey(self.settings["origin"], ED25519, ring.log)
        self.log_store = DatabaseLog(self._connect, self.write)
        self._log = Log(self.key, self.log_store)
        with closing(self._connect()) as connection:
            self._last = last_sealed(connection)
        self.failed: StoreFailedError | None = None

    @property
    def size(self) -> int:
        """How many facts are sealed."""
        return self._log.size

    @property
    def last_sealed_at(self) -> Micros:
        """When the last fact was sealed; 0 where there is none."""
        return self._last

    def run(
        self,
        use_case: Callable[[Transaction, C], Answer],
        command: C,
        *,
        now: Micros | Callable[[], Micros],
        key: str = "",
    ) -> Reply:
        """Run a use case in one transaction. `key`: names the request, so that a repeated one does nothing.

        A clock given as `now` is read once it is this request's turn: whoever waited for a slow disk is not thereby
        somebody whose clock went back. Raises `StoreFailedError` where the disk failed: nothing was answered.
        """
        if isinstance(command, tuple) and (wrong := illegible(command)) is not None:
            return Reply(wrong, {})
        with self._mutex:
            self._sound()
            at = now() if callable(now) else now
            if at < self._last - SLACK:
                return Reply(Refused("clock_back", "L-34", args={"last_at": self._last, "now_at": at}), {})
            at = max(at, self._last)
            asked = self._asked(key, use_case, command) if key else None
            return self._in_transaction(lambda: self._run(use_case, command, at, asked))

    def look(self, reader: Callable[[SiteTransaction], C], *, now: Micros) -> C:
        """Read in one snapshot, on a connection of its own; what it seals or changes is undone.

        Its instant is `now`, or that of the last fact in the snapshot, whichever is later.
        """
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            last = last_sealed(connection)
            vault = Vault(connection, self.ring, self._random, Known())
            return reader(self._transaction(connection, vault, max(now, last), self._rules))

    def write(self, work: Callable[[Connection], None]) -> None:
        """One transaction of the store's own: a checkpoint, housekeeping. Raises `StoreFailedError`."""
        with self._mutex:
            self._sound()

            def run() -> None:
                self._writer.begin()
                work(self._writer)
                self._writer.commit()

            self._in_transaction(run)

    def still(self) -> AbstractContextManager[object]:
        """While it is entered nobody else writes."""
        return self._mutex

    def connect(self) -> Any:
        """A driver's connection for reading; the caller closes it."""
        return self._connect()

    def housekeep(self, *, now: Micros, deleting: bool) -> int:
        """Move the write-ahead log into the file and cut it; its bytes before. `deleting`: the clock is trusted."""
        if deleting:
            self.write(lambda connection: _expire(connection, now))
        wal = self.path.with_name(self.path.name + "-wal")
        with self._mutex:
            self._sound()
            before = wal.stat().st_size if wal.exists() else 0
            raw(self._writer).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return before

    def rewrite(self, *, now: Micros) -> None:
        """Write the whole file anew (VACUUM): freed bytes are overwritten as they are freed, but where SQLite rebuilt
        a page of an index, copies of its cells may stay in the page's gap. Takes room for a second file.
        """
        with self._mutex:
            self._sound()
            raw(self._writer).execute("VACUUM")
        self.housekeep(now=now, deleting=False)

    def put_settings(self, settings: Mapping[str, str]) -> None:
        """Set what the site knows of itself."""

        def put(connection: Connection) -> None:
            for name, value in settings.items():
                raw(connection).execute(
                    "INSERT INTO meta (name, value) VALUES (?, ?) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )

        self.write(put)
        self.settings = self._settings()

    def close(self) -> None:
        """Give the file back."""
        with self._mutex:
            self._writer.close()
            self._engine.dispose()

    def _run(
        self,
        use_case: Callable[[Transaction, C], Answer],
        command: C,
        now: Micros,
        asked: tuple[bytes, bytes] | None,
    ) -> Reply:
        self._writer.begin()
        connection = raw(self._writer)
        if asked is not None and (known := self._answered(connection, *asked)) is not None:
            self._writer.rollback()
            return known
        vault = Vault(connection, self.ring, self._random, self._known)
        try:
            transaction = self._transaction(connection, vault, now, self._own_rules)
            answer = use_case(transaction, command)
            facts = transaction.pending
            if not facts:
                self._writer.rollback()
                vault.undone()
                return Reply(answer, {})
            reply = self._seal(connection, answer, facts, now, asked)
        except BaseException:
            vault.undone()
            raise
        return reply

    def _seal(
        self, connection: Any, answer: Answer, facts: list[Fact], now: Micros, asked: tuple[bytes, bytes] | None
    ) -> Reply:
        batch = self._log.prepare(facts, now // SECOND)
        append_in(connection, batch)
        entries = tuple(range(batch.first, batch.first + len(batch.rows)))
        answer = answer._replace(entries=entries)
        kinds = [fact.kind for fact in facts]
        connection.execute(
            "INSERT INTO outbox (message, payload, at) VALUES (?, ?, ?)",
            ("entries", dumps_typed({"first": batch.first, "kinds": kinds}).decode(), now),
        )
        if asked is not None:
            key, request = asked
            connection.execute(
                "INSERT INTO idempotency (key, request, answer, expires_at) VALUES (?, ?, ?, ?)",
                (key, request, self._hidden(key, dumps(answer.as_json())), now + KEPT_ANSWERS),
            )
        reply = Reply(answer, dict(zip(entries, [row.promise for row in batch.rows], strict=True)))
        self._writer.commit()
        self._log.accept(batch)
        self._last = now
        return reply

    def _answered(self, connection: Any, key: bytes, request: bytes) -> Reply | None:
        row = connection.execute("SELECT request, answer FROM idempotency WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        if row[0] != request:
            return Reply(Refused("key_reused", "INV-09"), {}, repeated=True)
        plain = AESGCM(self.ring.answers).decrypt(row[1][:12], row[1][12:], key)
        answer = answer_of(loads(plain))
        marks = ", ".join("?" * len(answer.entries))
        rows = connection.execute(f"SELECT seq, promise FROM entry WHERE seq IN ({marks})", answer.entries)
        return Reply(answer, dict(rows.fetchall()), repeated=True)

    def _hidden(self, key: bytes, plain: bytes) -> bytes:
        nonce = self._random(12)
        return nonce + AESGCM(self.ring.answers).encrypt(nonce, plain, key)

    def _asked(self, key: str, use_case: Callable[[Transaction, C], Answer], command: C) -> tuple[bytes, bytes]:
        """Keyed digests of a request's key and of what it asks."""
        name = f"{use_case.__module__}.{use_case.__qualname__}"
        return self.ring.blind(f"request-key/{key}"), self.ring.blind(f"request/{name}/{command!r}")

    def _transaction(self, connection: Any, vault: Vault, now: Micros, rules: Rules) -> SiteTransaction:
        return SiteTransaction(
            connection,
            self.ring,
            vault,
            self.settings,
            now=now,
            first=self._log.size,
            random_bytes=self._random,
            witnesses=self._witnesses,
            rules=rules,
        )

    def _in_transaction(self, work: Callable[[], C]) -> C:
        try:
            return work()
        except (DatabaseError, dbapi2.DatabaseError) as error:
            cause = getattr(error, "orig", error)
            failed = _failed(cause)
            if not self._undone():
                self.failed = failed
            if _of_storage(cause):
                if not _harmless(cause):
                    self.failed = failed
                raise failed from error
            raise
        except BaseException:
            if not self._undone():
                self.failed = _failed(RuntimeError("a transaction could not be undone"))
            raise

    def _undone(self) -> bool:
        """Roll back. False where even that failed."""
        try:
            self._writer.rollback()
        except (DatabaseError, dbapi2.DatabaseError):
            return False
        return True

    def _sound(self) -> None:
        if self.failed is not None:
            raise self.failed

    def _settings(self) -> dict[str, str]:
        with closing(self._connect()) as connection:
            return dict(connection.execute("SELECT name, value FROM meta").fetchall())


def raw(connection: Connection) -> Any:
    """The driver's connection under SQLAlchemy's."""
    return connection.connection.dbapi_connection


def _expire(connection: Connection, now: Micros) -> None:
    raw(connection).execute("DELETE FROM idempotency WHERE expires_at < ?", (now,))
    raw(connection).execute("DELETE FROM silence WHERE until < ?", (now,))


def _of_storage(error: BaseException) -> bool:
    """Whether the disk failed, and not a rule of ours: a page that cannot be read is `malformed` to SQLCipher."""
    return isinstance(error, dbapi2.OperationalError) or type(error) is dbapi2.DatabaseError


def _harmless(error: Exception) -> bool:
    """A failure after which the file is known to be as before: nothing could be written at all."""
    text = str(error)
    return "readonly" in text or "is full" in text or "locked" in text


def _failed(error: Exception) -> StoreFailedError:
    return StoreFailedError(
        f"数据没有写成，也没有答复（{error}）：请检查磁盘（空间、只读、硬件），再启动；同一请求可以重发。\n"
        f"Nothing was written and nothing was answered ({error}): check the disk (space, read-only, hardware) and "
        "start again; the same request may be sent again."
    )
