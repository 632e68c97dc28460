"""To which purchase unit a person belongs: at first each to their own."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A column at the end of a table that has triggers: added in place, never by making the table anew."""
    op.add_column("person", Column("unit", Integer, nullable=False, server_default="0"))
    # The trigger of `person` lets this column change; a file of an older schema has older triggers or none.
    op.execute("DROP TRIGGER IF EXISTS person_no_update")
    op.execute("UPDATE person SET unit = id")
    op.create_index("person_unit", "person", ["unit"])
