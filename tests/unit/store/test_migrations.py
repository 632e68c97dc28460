"""Every past schema with seeded rows comes to the newest: the log's root is the same, the triggers are there."""

import os
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from office import Office

from mingshi.ledger.tree import Tree, leaf_hashes
from mingshi.store import database, migrations, schema, triggers
from mingshi.store.copying import check
from mingshi.store.errors import RefusedStartError
from mingshi.store.log_store import frontier_in

KEY = bytes(range(32))


def made(path, revision):
    """A file of a past schema, with triggers as that program had them: those whose tables were there."""
    engine = database.engine_of(path, KEY, make=True)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.commit()
        migrations.upgrade(connection, revision)
        connection.rollback()
    engine.dispose()


def seed(path, entries=50):
    """Rows in every table that there is; the root of the log."""
    tree = Tree()
    with closing(database.connector(path, KEY)()) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        unit, edges, keys = (
            name in {row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()}
            for table, name in (("person", "unit"), ("entry", "edge"), ("person", "wrapped"))
        )
        connection.execute("BEGIN IMMEDIATE")
        for seq in range(entries):
            body = f'{{"seq":{seq}}}'.encode()
            tree.extend(leaf_hashes([body]))
            row = {"seq": seq, "body": body, "promise": "promise"} | ({"edge": tree.edge(seq + 1)} if edges else {})
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO entry ({names}) VALUES ({marks})", tuple(row.values()))
            connection.execute(
                "INSERT INTO fact (seq, record, subject, base, parts, sealed_at) VALUES (?, 'Arrival', ?, 1, 3, ?)",
                (seq, f"V-{seq}", seq),
            )
            connection.execute("INSERT INTO opening (seq, at, person, cipher) VALUES (?, 0, ?, x'00')", (seq, seq + 1))
            connection.execute(
                "INSERT INTO fact_key (record, field, token, subject) VALUES ('Arrival', 'phone', x'01', ?)",
                (f"V-{seq}",),
            )
            connection.execute("INSERT INTO person (id, token) VALUES (?, ?)", (seq + 1, os.urandom(16)))
            if unit:
                connection.execute("UPDATE person SET unit = id WHERE id = ?", (seq + 1,))
            key = (b"key of %d" % (seq + 1), seq + 1)
            if keys:
                connection.execute("UPDATE person SET wrapped = ?, version = 1 WHERE id = ?", key)
            else:
                connection.execute("INSERT INTO person_key (wrapped, person, version) VALUES (?, ?, 1)", key)
        if not edges:
            head = entries, b"".join(tree.frontier().peaks)
            connection.execute("INSERT INTO head (id, size, peaks, sealed_at) VALUES (1, ?, ?, 7)", head)
        if "protection_slot" in tables:
            connection.execute("INSERT INTO protection_slot VALUES (1, 'R-1', 'a1', 9, 0)")
            connection.execute("INSERT INTO outbox (message, payload, at) VALUES ('x', '{}', 1)")
        connection.execute("COMMIT")
    return tree.root(entries)


def shape(path):
    with closing(database.connector(path, KEY)()) as connection:
        rows = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        columns = {
            name: [tuple(row[1:]) for row in connection.execute(f"PRAGMA table_info({name})").fetchall()]
            for kind, name in rows
            if kind == "table"
        }
        return sorted(rows), columns


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_every_past_schema_comes_to_the_newest(quick_path, revision):
    path = quick_path / "site.db"
    made(path, revision)
    root = seed(path)
    database.open_existing(path, KEY).dispose()
    head = check(path, KEY)
    assert (head.size, head.root) == (50, root)
    made(quick_path / "new.db", migrations.REVISIONS[-1])
    assert shape(path) == shape(quick_path / "new.db")
    with closing(database.connector(path, KEY)()) as connection:
        assert connection.execute("SELECT count(*) FROM person WHERE unit = id").fetchone() == (50,)
        rows = connection.execute("SELECT id, wrapped, version FROM person ORDER BY id").fetchall()
        assert rows == [(number, b"key of %d" % number, 1) for number in range(1, 51)]
        assert connection.execute("SELECT * FROM person_key").fetchall() == []
        assert connection.execute("PRAGMA user_version").fetchone() == (migrations.NEWEST,)
        for statement in (
            "DELETE FROM entry",
            "UPDATE fact SET record = 'x'",
            "DELETE FROM opening",
            "INSERT INTO head (id, size, peaks, sealed_at) VALUES (2, 1, x'00', 1)",
            *(("DELETE FROM head", "UPDATE head SET size = size - 1") if revision < "0014" else ()),
        ):
            with pytest.raises(database.dbapi2.IntegrityError):
                connection.execute(statement)


@pytest.mark.parametrize("began", [0, 1, 2, 3, 6, 8, 13, 31])
def test_the_head_of_a_log_begun_before_entries_held_edges_goes_on(quick_path, began):
    path, tree = quick_path / "site.db", Tree()
    made(path, "0013")
    seed(path, began)
    tree.extend(leaf_hashes(f'{{"seq":{seq}}}'.encode() for seq in range(began)))
    database.open_existing(path, KEY).dispose()
    with closing(database.connector(path, KEY)()) as connection:
        for seq in range(began, 70):
            assert frontier_in(connection) == tree.frontier()
            body = b"%d" % seq
            tree.extend(leaf_hashes([body]))
            row = (seq, body, tree.edge(seq + 1))
            connection.execute("INSERT INTO entry (seq, body, promise, edge) VALUES (?, ?, '', ?)", row)
        assert connection.execute("SELECT count(*) FROM entry WHERE edge = x''").fetchone() == (began,)
    assert check(path, KEY).root == tree.root(70)


def test_the_schema_in_the_code_is_that_of_the_migrations(quick_path):
    path = quick_path / "site.db"
    made(path, migrations.REVISIONS[-1])
    engine = database.engine_of(path, KEY)
    inspector = sa.inspect(engine)
    told = {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}
    told.pop("schema_version")
    assert told == {table.name: {column.name for column in table.columns} for table in schema.METADATA.sorted_tables}
    indexes = {one["name"] for name in told for one in inspector.get_indexes(name)}
    assert {one.name for one in schema.INDEXES} == {one for one in indexes if one}
    engine.dispose()


def batch(path, table):
    """What a careless migration does: Alembic's batch mode makes the table anew."""
    engine = database.engine_of(path, KEY)
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table, recreate="always") as altered:
            altered.add_column(sa.Column("note", sa.Text))
    engine.dispose()


@pytest.mark.parametrize("table", ["entry", "checkpoint", "person"])
def test_a_batch_migration_drops_triggers_in_silence_and_is_caught_at_the_start(quick_path, table):
    path = quick_path / "site.db"
    made(path, migrations.REVISIONS[-1])
    batch(path, table)
    with pytest.raises(RefusedStartError) as caught:
        database.open_existing(path, KEY)
    assert caught.value.reason == "triggers_differ"
    assert f"{table}_" in str(caught.value)


def test_an_upgrade_that_is_cut_short_goes_on_from_where_it_was(quick_path, monkeypatch):
    path = quick_path / "site.db"
    made(path, "0001")
    root = seed(path)
    put_in = triggers.put_in

    def failing(connection):
        put_in(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(triggers, "put_in", failing)
    with pytest.raises(RuntimeError):
        database.open_existing(path, KEY)
    monkeypatch.undo()
    with closing(database.connector(path, KEY)()) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (migrations.NEWEST - 1,), (
            "the last step was undone whole"
        )
    database.open_existing(path, KEY).dispose()
    assert check(path, KEY).root == root


def test_no_migration_uses_batch_mode_or_touches_an_entry():
    from pathlib import Path

    for path in (Path(migrations.__file__).parent / "versions").glob("0*.py"):
        text = path.read_text(encoding="utf-8")
        assert "batch" not in text
        assert "UPDATE entry" not in text
        assert "op.drop" not in text


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entry WHERE seq = 0",
        "UPDATE entry SET promise = 'x'",
        "INSERT INTO entry (seq, body, promise) VALUES (10000, x'00', '')",
        "INSERT OR REPLACE INTO entry (seq, body, promise) VALUES (0, x'00', '')",
        "DELETE FROM fact",
        "UPDATE fact SET sealed_at = 0",
        "DELETE FROM opening",
        "UPDATE opening SET cipher = x'00'",
        "DELETE FROM opening_person",
        "DELETE FROM person",
        "UPDATE person SET token = x'00'",
        "UPDATE person SET wrapped = x''",
        "UPDATE person SET wrapped = x'', version = version + 1",
        "UPDATE person SET wrapped = x'02'",
        "UPDATE person SET wrapped = x'02', version = 0",
        "INSERT INTO person_key (person, wrapped, version) VALUES (1, x'02', 1)",
        "UPDATE entry SET edge = x''",
        "INSERT INTO head (id, size, peaks, sealed_at) VALUES (1, 1, x'00', 1)",
        "INSERT OR REPLACE INTO head (id, size, peaks, sealed_at) VALUES (1, 1, x'00', 1)",
    ],
)
def test_nothing_that_was_sealed_is_changed_by_any_statement(office, statement):
    with closing(office.store.connect()) as connection, pytest.raises(database.dbapi2.IntegrityError):
        connection.execute(statement)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    from office import phone

    from mingshi.app.record_deal import RecordDeal, record_deal

    made_ = Office(tmp_path_factory.mktemp("office"))
    assert made_.do(record_deal, RecordDeal((phone(1), phone(2)), made_.now))
    yield made_
    made_.close()
