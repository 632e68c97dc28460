"""The schema's history, run by Alembic (docs/adr/0011).

The rules this module keeps:

1. Each step is one transaction; triggers are put in again at its end, and the number of the step is the file's
   `user_version`, so that an older program refuses a newer file.
2. No step uses batch operations: they make the table anew and lose its triggers without a word.
3. No step touches the bytes of an entry: the root before and after is the same (a test compares).
"""

from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from mingshi.store import triggers

REVISIONS: Final = ("0001", "0002", "0003", "0010", "0011", "0012", "0013", "0014", "0015")
NEWEST: Final = len(REVISIONS)


def upgrade(connection: Connection, target: str = REVISIONS[-1]) -> None:
    """Bring the file from wherever it is to `target`, one transaction a step."""
    (version,) = connection.exec_driver_sql("PRAGMA user_version").one()
    connection.rollback()
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    script = ScriptDirectory.from_config(config)
    for number in range(version, REVISIONS.index(target) + 1):
        _step(connection, config, script, number)


def _step(connection: Connection, config: Config, script: ScriptDirectory, number: int) -> None:
    before = REVISIONS[number - 1] if number else "base"
    revision = REVISIONS[number]

    def steps(current: object, context: object) -> object:
        del current, context
        return script._upgrade_revs(revision, before)  # noqa: SLF001  # what Alembic's own command calls

    with connection.begin():
        with EnvironmentContext(config, script, fn=steps, destination_rev=revision) as context:
            context.configure(connection=connection, transactional_ddl=False, version_table="schema_version")
            context.run_migrations()
        if number + 1 == NEWEST:
            triggers.put_in(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {number + 1}")
