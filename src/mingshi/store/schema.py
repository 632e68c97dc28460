"""The tables of a site's database, as SQLAlchemy Core says them (docs/adr/0011).

The rules this module keeps:

1. What happened stands in `entry`, `fact` and `opening`: the log's bytes, the skeleton (kind, id, time), and the
   contents under the keys of whom they concern. Everything else is made from them and can be made again (`fsck`).
2. Tables are STRICT; no column can hold an image or a template, nor a trait of a person (INV-03, INV-05).
3. What may change: see `triggers.py`.
4. A column is added at the end with an empty default; none is renamed, none is dropped (LEDGER §3.1).
"""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

APPLICATION_ID: Final = 0x6D736869
"""`mshi`: what the file says it is."""
METADATA: Final = MetaData()


def _table(name: str, *columns: Column[object] | PrimaryKeyConstraint | Index, rowid: bool = True) -> Table:
    return Table(name, METADATA, *columns, sqlite_strict=True, sqlite_with_rowid=rowid)


def _of_entry() -> ForeignKey:
    """Asked at COMMIT: an entry's place is known before its promise is signed."""
    return ForeignKey("entry.seq", deferrable=True, initially="DEFERRED")


META: Final = _table("meta", Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""Settings and marks: origin, project, zone, whether the file was restored."""

ENTRY: Final = _table(
    "entry",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("promise", Text, nullable=False),
    Column("edge", LargeBinary, nullable=False, server_default=text("x''")),
)
"""The log: canonical bytes, the signed promise given for them, and the unsigned head: `edge` is the root of the largest
complete subtree that ends with the entry (docs/adr/0015)."""

HEAD: Final = _table(
    "head",
    Column("id", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("sealed_at", Integer, nullable=False),
)
"""Where a log was when its entries began to hold their edges: the right edge of its tree. Empty for a later log."""

CHECKPOINT: Final = _table(
    "checkpoint",
    Column("id", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("note", Text, nullable=False),
)
"""Published checkpoints, with or without cosignatures."""

FACT: Final = _table(
    "fact",
    Column("seq", Integer, _of_entry(), primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("sealed_at", Integer, nullable=False),
)
"""The skeleton: which record an entry is of; base 1 makes it, base 0 adds to it. `parts`: a bit for each part that was
kept, so that one that is missing was erased."""

OPENING: Final = _table(
    "opening",
    Column("seq", Integer, _of_entry(), nullable=False),
    Column("at", Integer, nullable=False),
    Column("person", Integer),
    Column("cipher", LargeBinary, nullable=False),
    Column("basis", Text, nullable=False, server_default=""),
    Column("ground", Text, nullable=False, server_default=""),
    Column("expires_at", Integer),
    PrimaryKeyConstraint("seq", "at"),
    rowid=False,
)
"""Salt and value of a part. `person`: under whose key; empty: under those of `opening_person`. `basis`, `ground`: by
what right it is held (L-25); `expires_at`: until when; empty only for what tells of nobody (L-30)."""

OPENING_PERSON: Final = _table(
    "opening_person",
    Column("person", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    PrimaryKeyConstraint("seq", "at", "person"),
    rowid=False,
)

FACT_KEY: Final = _table(
    "fact_key",
    Column("record", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("subject", Text, nullable=False),
    PrimaryKeyConstraint("record", "field", "token", "subject"),
    rowid=False,
)
"""How records are found: plain ids as text, whatever tells of a person by a keyed index."""

PERSON: Final = _table(
    "person",
    Column("id", Integer, primary_key=True),
    Column("token", LargeBinary, nullable=False, unique=True),
    Column("unit", Integer, nullable=False, server_default="0"),
    Column("wrapped", LargeBinary, nullable=False, server_default=text("x''")),
    Column("version", Integer, nullable=False, server_default="0"),
)
"""Whoever has a key. `token`: keyed; `unit`: the purchase unit (the id of its first member); `wrapped`: the key, under
the site's of this version; empty in every backup of the database (LEDGER amendment 6)."""

PERSON_KEY: Final = _table(
    "person_key",
    Column("person", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Where keys stood before they stood with their persons. Empty."""

ERASURE: Final = _table(
    "erasure",
    Column("person", Integer, primary_key=True),
    Column("seq", Integer),
    Column("at", Integer, nullable=False),
)
"""Whose keys were destroyed, and the entry that says so; empty: replayed after a restore, entry to come."""

ENDED: Final = _table(
    "ended",
    Column("seq", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("entry", Integer),
    Column("reason", Text, nullable=False),
    Column("ended_at", Integer, nullable=False),
    PrimaryKeyConstraint("seq", "at"),
    rowid=False,
)
"""Parts that came to their end one by one: term over, consent taken back, no lawful ground; and the entry that says
so, as in `erasure`."""

SILENCE: Final = _table(
    "silence",
    Column("token", LargeBinary, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("until", Integer, nullable=False),
    PrimaryKeyConstraint("token", "purpose"),
    rowid=False,
)
"""Who said no and is not to be asked until then: a keyed token of what their own browser holds (L-08)."""

PROTECTION_SLOT: Final = _table(
    "protection_slot",
    Column("unit", Integer, nullable=False),
    Column("registration", Text, nullable=False, unique=True),
    Column("agent", Text, nullable=False),
    Column("until", Integer),
    Column("contested", Integer, nullable=False),
)
"""One live protection for each purchase unit (RULES §3.3c); two that a link merged stand contested."""

IDEMPOTENCY: Final = _table(
    "idempotency",
    Column("key", LargeBinary, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("expires_at", Integer, nullable=False),
    rowid=False,
)
"""What was answered, for whoever asks again. Digests are keyed."""

OUTBOX: Final = _table(
    "outbox",
    Column("id", Integer, primary_key=True),
    Column("message", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Integer, nullable=False),
)
"""What headquarters is told. Nothing personal (INV-12)."""

INDEXES: Final = (
    Index("fact_subject", FACT.c.record, FACT.c.subject, FACT.c.seq),
    Index("fact_base", FACT.c.record, FACT.c.subject, unique=True, sqlite_where=FACT.c.base == 1),
    Index("opening_of_person", OPENING.c.person),
    Index("opening_person_of", OPENING_PERSON.c.person),
    Index("opening_ground", OPENING.c.ground, sqlite_where=OPENING.c.ground != ""),
    Index("opening_unfounded", OPENING.c.seq, sqlite_where=OPENING.c.basis == "none"),
    Index("fact_key_subject", FACT_KEY.c.record, FACT_KEY.c.subject),
    Index("person_unit", PERSON.c.unit, sqlite_where=PERSON.c.unit != PERSON.c.id),
    Index(
        "protection_slot_one",
        PROTECTION_SLOT.c.unit,
        unique=True,
        sqlite_where=PROTECTION_SLOT.c.contested == 0,
    ),
    Index("checkpoint_size", CHECKPOINT.c.size, CHECKPOINT.c.id),
    Index("idempotency_expiry", IDEMPOTENCY.c.expires_at),
)
PERSONAL: Final = ("person.wrapped", "person.version")
"""Left out of backups."""
