"""On what ground and until when each part is kept; what came to its end; who is not to be asked."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0010"
down_revision = "0003"

_THREE_YEARS = 3 * 366 * 86_400_000_000

_PERSONAL = (
    "(record IN ('Registration', 'Confirmation', 'Arrival', 'Receipt', 'Escort', 'Statement', 'Identity', 'Pass', "
    "'Lead', 'Call', 'Lookup', 'Edit', 'Relation', 'Owner', 'Outreach', 'Followup', 'Agent', 'Staff', 'Withdrawal') "
    "OR (opening.at > 0 AND record IN ('Deal', 'Invoice', 'CommissionPaid', 'Extension')))"
)


def upgrade() -> None:
    """Three columns at the end of `opening`, two tables. Parts of people get three years from their sealing."""
    op.add_column("opening", Column("basis", Text, nullable=False, server_default=""))
    op.add_column("opening", Column("ground", Text, nullable=False, server_default=""))
    op.add_column("opening", Column("expires_at", Integer))
    op.create_table(
        "ended",
        Column("seq", Integer, nullable=False),
        Column("at", Integer, nullable=False),
        Column("entry", Integer),
        Column("reason", Text, nullable=False),
        Column("ended_at", Integer, nullable=False),
        PrimaryKeyConstraint("seq", "at"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "silence",
        Column("token", LargeBinary, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("until", Integer, nullable=False),
        PrimaryKeyConstraint("token", "purpose"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("CREATE INDEX opening_ground ON opening (ground) WHERE ground != ''")
    # The trigger is put in again, in its new form, at the end of the upgrade.
    op.execute("DROP TRIGGER IF EXISTS opening_no_update")
    op.execute(
        f"UPDATE opening SET expires_at = {_THREE_YEARS} + (SELECT sealed_at FROM fact WHERE fact.seq = opening.seq) "
        f"WHERE EXISTS (SELECT 1 FROM fact WHERE fact.seq = opening.seq AND {_PERSONAL})"
    )
