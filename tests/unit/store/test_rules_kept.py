"""The rules are kept from one transaction to the next, and are those of the snapshot that asks."""

from contextlib import closing

import pytest
from office import Office

from mingshi.app.answer import Done
from mingshi.app.facts import PolicyPublished
from mingshi.kernel.canonical import dumps, loads, mapping
from mingshi.ledger.store import Batch, Row
from mingshi.ledger.tree import Frontier
from mingshi.store.facts import Facts
from mingshi.store.log_store import append_in


@pytest.fixture
def office(quick_path):
    made = Office(quick_path, roster=False)
    yield made
    made.close()


def published(office, version):
    """The office's policy with a longer protection, under another version."""
    (first,) = office.read(PolicyPublished)
    parameters = dumps({**mapping(loads(first.parameters.encode())), "visit_protect_days": 77}).decode()
    row = first._replace(id=f"PP-{version}", version=version, parameters=parameters)
    return row._replace(effective_from=office.now, at=office.now)


def versions(transaction):
    return [version.policy.version for version in transaction.source.policies.versions]


def told(office):
    return office.store.look(versions, now=office.now)


def told_by_the_writer(office):
    read = []

    def tell(transaction, _):
        read.extend(versions(transaction))
        return Done("read")

    assert office.store.run(tell, None, now=office.now).answer
    return read


def test_a_policy_that_was_undone_is_forgotten_and_the_next_in_its_place_is_read(office):
    (before,) = told(office)
    row = published(office, "v-undone")
    seen = []

    def fail(transaction, record):
        transaction.seal(record)
        seen.append(versions(transaction))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        office.store.run(fail, row, now=office.now)
    assert seen == [[before, "v-undone"]], "whoever sealed it judges by it"
    assert told(office) == told_by_the_writer(office) == [before]

    def supposed(transaction):
        transaction.seal(row)
        return versions(transaction)

    assert office.store.look(supposed, now=office.now) == [before, "v-undone"]

    def seal(transaction, record):
        transaction.seal(record)
        return Done("sealed")

    assert office.store.run(seal, published(office, "v-kept"), now=office.now).answer
    assert told(office) == told_by_the_writer(office) == [before, "v-kept"]


def test_a_snapshot_from_before_a_policy_is_read_by_its_own_rules(office):
    (before,) = told(office)

    def seal(transaction, record):
        transaction.seal(record)
        return Done("sealed")

    def while_another_writes(transaction):
        assert transaction.made(PolicyPublished) == 1, "the snapshot is taken"
        assert office.store.run(seal, published(office, "v-later"), now=office.now).answer
        assert told(office) == [before, "v-later"]
        return versions(transaction)

    assert office.store.look(while_another_writes, now=office.now) == [before]
    assert told(office) == [before, "v-later"]


def test_the_rules_are_not_read_again_while_they_are_the_same(office, monkeypatch):
    told(office)
    read = []
    every = Facts.every
    monkeypatch.setattr(Facts, "every", lambda self, kind: read.append(kind) or every(self, kind))
    told(office)
    assert read == []


def test_a_batch_that_does_not_begin_at_the_files_head_is_refused(office):
    batch = Batch(7, (Row(b"entry", "promise"),), (b"p" * 32,), Frontier(8, [b"p" * 32]))
    with closing(office.store.connect()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(ValueError, match="from 7"):
            append_in(connection, batch)
        connection.execute("ROLLBACK")
