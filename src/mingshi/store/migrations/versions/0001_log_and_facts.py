"""The log, the facts and the keys."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0001"
down_revision = None

STRICT = {"sqlite_strict": True}
ROWLESS = {"sqlite_strict": True, "sqlite_with_rowid": False}


def _of_entry() -> ForeignKey:
    return ForeignKey("entry.seq", deferrable=True, initially="DEFERRED")


def upgrade() -> None:
    """A new file."""
    op.create_table("meta", Column("name", Text, primary_key=True), Column("value", Text, nullable=False), **STRICT)
    op.create_table(
        "entry",
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("body", LargeBinary, nullable=False),
        Column("promise", Text, nullable=False),
        **STRICT,
    )
    op.create_table(
        "head",
        Column("id", Integer, primary_key=True),
        Column("size", Integer, nullable=False),
        Column("peaks", LargeBinary, nullable=False),
        Column("sealed_at", Integer, nullable=False),
        **STRICT,
    )
    op.create_table(
        "checkpoint",
        Column("id", Integer, primary_key=True),
        Column("size", Integer, nullable=False),
        Column("note", Text, nullable=False),
        **STRICT,
    )
    op.create_index("checkpoint_size", "checkpoint", ["size", "id"])
    op.create_table(
        "fact",
        Column("seq", Integer, _of_entry(), primary_key=True, autoincrement=False),
        Column("record", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("base", Integer, nullable=False),
        Column("parts", Integer, nullable=False),
        Column("sealed_at", Integer, nullable=False),
        **STRICT,
    )
    op.create_index("fact_subject", "fact", ["record", "subject", "seq"])
    op.execute("CREATE UNIQUE INDEX fact_base ON fact (record, subject) WHERE base = 1")
    op.create_table(
        "opening",
        Column("seq", Integer, _of_entry(), nullable=False),
        Column("at", Integer, nullable=False),
        Column("person", Integer),
        Column("cipher", LargeBinary, nullable=False),
        PrimaryKeyConstraint("seq", "at"),
        **ROWLESS,
    )
    op.create_index("opening_of_person", "opening", ["person"])
    op.create_table(
        "opening_person",
        Column("person", Integer, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("at", Integer, nullable=False),
        PrimaryKeyConstraint("seq", "at", "person"),
        **ROWLESS,
    )
    op.create_index("opening_person_of", "opening_person", ["person"])
    op.create_table(
        "fact_key",
        Column("record", Text, nullable=False),
        Column("field", Text, nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("subject", Text, nullable=False),
        PrimaryKeyConstraint("record", "field", "token", "subject"),
        **ROWLESS,
    )
    op.create_index("fact_key_subject", "fact_key", ["record", "subject"])
    op.create_table(
        "person",
        Column("id", Integer, primary_key=True),
        Column("token", LargeBinary, nullable=False, unique=True),
        **STRICT,
    )
    op.create_table(
        "person_key",
        Column("person", Integer, primary_key=True),
        Column("wrapped", LargeBinary, nullable=False),
        Column("version", Integer, nullable=False),
        **STRICT,
    )
    op.create_table(
        "erasure",
        Column("person", Integer, primary_key=True),
        Column("seq", Integer),
        Column("at", Integer, nullable=False),
        **STRICT,
    )
