"""Facts in the database: written as skeleton, openings and index rows; read back as records.

The rules this module keeps:

1. A record is read from the openings of its own entry and of those that add to it, in the order of the log; what
   is judged is what was sealed.
2. A record whose buyer's part was erased is no evidence any more and is not found; of a deal the deal's part stays.
3. A later fact adds what stood empty, nothing else (G5).
4. At a site that requires grounds, what was taken without one is in quarantine until the next sweep destroys it: it is
   read by nobody but the person it tells of (L-25; docs/adr/0034).
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar, final

import msgspec

from mingshi.app.holders import AMENDABLE, BLIND, HOLDING, INDEXED, WRITTEN_ABOUT, subject_of
from mingshi.app.record_json import decode
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, is_masked, visible
from mingshi.domain.judge.records import WITH_PHONE
from mingshi.domain.notice.purpose import Basis
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros
from mingshi.ledger.verify import PARTS
from mingshi.store.keyring import Keyring
from mingshi.store.vault import Vault

R = TypeVar("R", bound=tuple[object, ...])
_SALT: Final = 32
_NOBODY: Final = "#0."
_KEPT_IN_PARTS: Final = (e.Deal, e.Withdrawal, *WRITTEN_ABOUT)
"""Of a deal, and of what was written about it, the deal's part stays; of an erasure the buyer's was never kept."""
_COLUMNS: Final = "f.subject, f.seq, f.base, f.parts, f.sealed_at, o.at, o.person, o.cipher, o.basis"
_JOIN: Final = "fact AS f LEFT JOIN opening AS o ON o.seq = f.seq"
_BY_KEY: Final = (
    # CROSS JOIN keeps this order: the planner would read every fact of the kind to be spared the sorting.
    f"SELECT {_COLUMNS} FROM fact_key AS k CROSS JOIN {_JOIN} "
    "WHERE f.record = k.record AND f.subject = k.subject AND k.record = ? AND k.field = ? AND k.token = ? "
    "ORDER BY f.subject, f.seq, o.at"
)
_LAST: Final = 2**62
_BY_SUBJECT: Final = (
    f"SELECT {_COLUMNS} FROM {_JOIN} WHERE f.record = ? AND f.subject = ? ORDER BY f.subject, f.seq, o.at"
)
_ALL: Final = f"SELECT {_COLUMNS} FROM {_JOIN} WHERE f.record = ? ORDER BY f.subject, f.seq, o.at"


class _Row(NamedTuple):
    subject: str
    seq: int
    base: int
    parts: int
    sealed_at: Micros
    at: int | None
    person: int | None
    cipher: bytes | None
    basis: str | None


@final
class Facts:
    """Reading and indexing over one connection. `founded`: parts without a lawful ground are as if they were gone."""

    def __init__(self, connection: Any, ring: Keyring, vault: Vault, *, founded: bool = False) -> None:
        self._founded = founded
        self._connection = connection
        self._ring = ring
        self._vault = vault

    def find(self, kind: type[R], field: str, value: str, *, most: int | None = None) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value; no more than `most` of them."""
        if not value:
            return ()
        if field == "id" and "id" not in INDEXED.get(kind, ()):
            return list(self._records(kind, _BY_SUBJECT, kind.__name__, value))
        assert field == "shows" or field in INDEXED[kind], f"{kind.__name__} is not found by {field}"
        found = self._records(kind, _BY_KEY, kind.__name__, field, self._token(field, value))
        return list(islice(found, most))

    def every(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""
        return list(self._records(kind, _ALL, kind.__name__))

    def named(self, kind: type[R], subject: str) -> R | None:
        """The record of a subject."""
        return next(self._records(kind, _BY_SUBJECT, kind.__name__, subject), None)

    def any(self, kind: type[tuple[object, ...]]) -> bool:
        """Is there one that can be read?"""
        row = self._connection.execute(
            "SELECT 1 FROM fact AS f JOIN opening AS o ON o.seq = f.seq WHERE f.record = ? AND f.base = 1 LIMIT 1",
            (kind.__name__,),
        ).fetchone()
        return row is not None

    def sealed_times(self, kind: type[tuple[object, ...]], field: str, value: str) -> list[Micros]:
        """When the records under a value were sealed here, in order; nothing is decrypted."""
        rows = self._connection.execute(
            "SELECT f.sealed_at FROM fact_key AS k CROSS JOIN fact AS f WHERE f.record = k.record "
            "AND f.subject = k.subject AND f.base = 1 AND k.record = ? AND k.field = ? AND k.token = ? ORDER BY 1",
            (kind.__name__, field, self._token(field, value)),
        )
        return [Micros(at) for (at,) in rows.fetchall()]

    def count(self, kind: type[tuple[object, ...]], field: str, value: str) -> int:
        """How many records are under a value, erased ones included."""
        row = self._connection.execute(
            "SELECT count(*) FROM fact_key WHERE record = ? AND field = ? AND token = ?",
            (kind.__name__, field, self._token(field, value)),
        ).fetchone()
        return int(row[0])

    def newest(self, kind: type[tuple[object, ...]]) -> int | None:
        """The place of the last fact of a kind; None where there is none."""
        row = self._connection.execute("SELECT max(seq) FROM fact WHERE record = ?", (kind.__name__,)).fetchone()
        return None if row[0] is None else int(row[0])

    def standing(self, kind: type[tuple[object, ...]], most: int) -> int:
        """How many records of a kind were made and had nothing added to them since, `most` at most; erased ones not."""
        (standing,) = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM fact AS f WHERE f.record = ?1 AND f.base = 1 "
            "AND EXISTS (SELECT 1 FROM opening AS o WHERE o.seq = f.seq) AND NOT EXISTS "
            "(SELECT 1 FROM fact AS g WHERE g.record = ?1 AND g.subject = f.subject AND g.base = 0) LIMIT ?2)",
            (kind.__name__, most),
        ).fetchone()
        return int(standing)

    def made(self, kind: type[tuple[object, ...]]) -> int:
        """How many records of a kind were ever made: one range of one index."""
        row = self._connection.execute("SELECT count(*) FROM fact WHERE record = ? AND base = 1", (kind.__name__,))
        return int(row.fetchone()[0])

    def index(self, record: tuple[object, ...]) -> None:
        """Write the rows by which a record is found."""
        name, subject = type(record).__name__, subject_of(record)
        self._connection.executemany(
            "INSERT OR IGNORE INTO fact_key (record, field, token, subject) VALUES (?, ?, ?, ?)",
            [(name, field, token, subject) for field, token in self.keys(record)],
        )

    def keys(self, record: tuple[object, ...]) -> Iterator[tuple[str, bytes]]:
        """The fields and tokens under which a record stands."""
        for field in INDEXED.get(type(record), ()):
            if field == "new" and record.field is not e.EditField.SECOND_PHONE:  # type: ignore[attr-defined]  # of an Edit
                continue
            for value in _values(getattr(record, field)):
                if value.startswith(_NOBODY):
                    continue
                yield field, self._token(field, value)
        for contact in told_contacts(record):
            yield "shows", self._token("shows", visible(contact))

    def _token(self, field: str, value: str) -> bytes:
        if field == "shows":
            return self._ring.blind(f"shows/{value}")
        return self._ring.blind(f"value/{value}") if field in BLIND else value.encode()

    def since(self, kind: type[R], entry: int, end: int | None = None) -> Sequence[R]:
        """The records of a kind from a place in the log on, and before `end`, in its order."""
        rows = self._connection.execute(
            "SELECT subject FROM fact WHERE seq >= ? AND seq < ? AND record = ? AND base = 1 ORDER BY seq",
            (entry, _LAST if end is None else end, kind.__name__),
        ).fetchall()
        return [one for (subject,) in rows for one in self._records(kind, _BY_SUBJECT, kind.__name__, subject)]

    def _records(self, kind: type[R], sql: str, *arguments: object) -> Iterator[R]:
        rows = map(_Row._make, self._connection.execute(sql, arguments).fetchall())
        for _, facts in groupby(rows, key=itemgetter(0)):
            record = self._record(kind, facts)
            if record is not None:
                yield record

    def _record(self, kind: type[R], rows: Iterable[_Row]) -> R | None:
        """One record from its entries in order; None where a part of it is gone."""
        merged: dict[str, Json] = {}
        sealed: Micros | None = None
        subject = ""
        for _, group in groupby(rows, key=lambda row: row.seq):
            parts = list(group)
            first = parts[0]
            subject = first.subject
            fields: dict[str, Json] = {}
            held = 0
            for row in parts:
                value = self._part(row)
                if value is not None:
                    fields |= value
                    held |= 1 << int(row.at or 0)
            if first.base:
                if held != first.parts and not _stands(kind, held):
                    return None
                merged, sealed = fields, first.sealed_at
            else:
                allowed = AMENDABLE.get(kind, frozenset())
                merged |= {name: value for name, value in fields.items() if name in allowed and name not in merged}
        if sealed is None:
            return None
        if kind is e.Deal and not merged.get("buyers"):
            merged["buyers"] = [_nobody(subject)]
        record = decode(kind, merged)
        if "sealed_at" in merged or not hasattr(kind, "sealed_at"):
            return record
        return record._replace(sealed_at=sealed)  # type: ignore[attr-defined,no-any-return]  # a NamedTuple with that field

    def _part(self, row: _Row) -> dict[str, Json] | None:
        if row.cipher is None or row.at is None or (self._founded and row.basis == Basis.NONE):
            return None
        plain = self._vault.open(row.seq, row.at, row.person, row.cipher)
        return None if plain is None else part_of(plain)[1]


def _stands(kind: type[tuple[object, ...]], held: int) -> bool:
    """Whether a record of which a part is gone is still a record: its main part is there."""
    if kind not in _KEPT_IN_PARTS or kind is e.Withdrawal:
        return False
    own = HOLDING[kind]
    return bool(held & 1 << PARTS[own.entry].index(own.default))


def told_contacts(record: tuple[object, ...]) -> list[Contact]:
    """The full numbers by which a record may complete a masked one (A11)."""
    told: tuple[Contact, ...] = ()
    if isinstance(record, e.Deal):
        told = record.buyers
    elif isinstance(record, WITH_PHONE):
        told = (record.phone,)  # type: ignore[attr-defined]  # every kind of WITH_PHONE has one
    return [one for one in told if one and not is_masked(one) and not one.startswith(_NOBODY)]


def _nobody(subject: str) -> str:
    """Who bought, where that was erased: a token that is nobody else's and leads nowhere."""
    return f"{_NOBODY}{int.from_bytes(sha256(subject.encode()).digest()[:4])}"


def part_of(plain: bytes) -> tuple[bytes, dict[str, Json]]:
    """Salt and value of a part."""
    value: dict[str, Json] = msgspec.json.decode(plain[_SALT:])
    return plain[:_SALT], value


def _values(value: object) -> Sequence[str]:
    if isinstance(value, tuple):
        return [one for one in value if one]
    return [Contact(str(value))] if value else []
