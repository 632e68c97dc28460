"""The unsigned head into the entries: each holds the largest complete subtree that ends with it (docs/adr/0015)."""

from alembic import op
from sqlalchemy import Column, LargeBinary, text

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """A column at the end of a table that has triggers, added in place. No entry changes, and `head` stays as it is.

    Older entries hold no edge; the subtrees that end among them and that a later head asks for are all in the head
    that is kept: a block of the tree of n leaves that ends within its first m is a block of the tree of m too.
    """
    op.add_column("entry", Column("edge", LargeBinary, nullable=False, server_default=text("x''")))
    # Nothing moves the head any more; the triggers that keep it are put in at the end of the upgrade.
    op.execute("DROP TRIGGER IF EXISTS head_grows")
