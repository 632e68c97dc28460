"""An ending that was replayed after a restore gets its entry, once: the trigger of `ended` lets it."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The trigger is put in again, in its new form, at the end of the upgrade."""
    op.execute("DROP TRIGGER IF EXISTS ended_no_update")
