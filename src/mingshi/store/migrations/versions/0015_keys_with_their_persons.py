"""A person's key stands with the person: a page and a row less for each new guest (docs/adr/0016)."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, text

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Two columns at the end of `person`; the keys are moved there, and their table is left empty."""
    op.add_column("person", Column("wrapped", LargeBinary, nullable=False, server_default=text("x''")))
    op.add_column("person", Column("version", Integer, nullable=False, server_default="0"))
    # The triggers are put in again, in their new form, at the end of the upgrade.
    for name in ("person_no_update", "person_key_no_update", "person_key_delete"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}")
    op.execute(
        "UPDATE person SET (wrapped, version) = (SELECT wrapped, version FROM person_key WHERE person = id) "
        "WHERE id IN (SELECT person FROM person_key)"
    )
    op.execute("DELETE FROM person_key")
