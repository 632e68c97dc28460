"""What has no ground is found at once; what is pending is told from it."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """An index. What said `none` until now was pending, or taken where nothing asked for a ground: it stays."""
    op.execute("CREATE INDEX opening_unfounded ON opening (seq) WHERE basis = 'none'")
    # The trigger is put in again, in its new form, at the end of the upgrade.
    op.execute("DROP TRIGGER IF EXISTS opening_no_update")
    op.execute("UPDATE opening SET basis = 'pending' WHERE basis = 'none'")
