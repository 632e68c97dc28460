"""Protection slots, cached answers, the outbox."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables only."""
    op.create_table(
        "protection_slot",
        Column("unit", Integer, nullable=False),
        Column("registration", Text, nullable=False, unique=True),
        Column("agent", Text, nullable=False),
        Column("until", Integer),
        Column("contested", Integer, nullable=False),
        sqlite_strict=True,
    )
    op.execute("CREATE UNIQUE INDEX protection_slot_one ON protection_slot (unit) WHERE contested = 0")
    op.create_table(
        "idempotency",
        Column("key", LargeBinary, primary_key=True),
        Column("request", LargeBinary, nullable=False),
        Column("answer", LargeBinary, nullable=False),
        Column("expires_at", Integer, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("idempotency_expiry", "idempotency", ["expires_at"])
    op.create_table(
        "outbox",
        Column("id", Integer, primary_key=True),
        Column("message", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("at", Integer, nullable=False),
        sqlite_strict=True,
    )
