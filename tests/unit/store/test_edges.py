"""Each entry holds its edge of the tree: what is wrong with one is refused, or found."""

import pytest
from office import Office, phone
from sqlcipher3 import dbapi2

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.domain.evidence import DoorCode, Means
from mingshi.ledger.tree import Tree, leaf_hashes
from mingshi.store.errors import RefusedStartError
from mingshi.store.log_store import frontier_in
from mingshi.store.site_store import raw

INSERT = "INSERT INTO entry (seq, body, promise, edge) VALUES (?, x'00', '', ?)"


@pytest.fixture
def office(quick_path):
    made = Office(quick_path)
    for number in range(9):
        assert made.do(check_in, CheckIn(phone(number), Means.OTP, DoorCode.VALID))
    yield made
    made.close()


def test_every_entry_of_a_use_case_that_seals_several_holds_its_own(office):
    assert office.do(record_deal, RecordDeal((phone(1), phone(2)), office.now))
    size = office.store.size
    tree = Tree(leaf_hashes(office.store.log_store.entries(0, size)))
    connection = office.store.connect()
    rows = connection.execute("SELECT edge FROM entry ORDER BY seq").fetchall()
    assert [edge for (edge,) in rows] == [tree.edge(at) for at in range(1, size + 1)]
    assert frontier_in(connection) == tree.frontier()
    connection.close()
    assert office.faults() == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE entry SET edge = zeroblob(32) WHERE seq = 5", "log"),
        ("UPDATE entry SET edge = x'' WHERE seq = 2", "log"),
        ("UPDATE entry SET edge = (SELECT edge FROM entry WHERE seq = 1) WHERE seq = 3", "log"),
        ("INSERT INTO head (id, size, peaks, sealed_at) VALUES (1, 1, zeroblob(32), 1)", "log"),
        ("UPDATE entry SET body = x'00' WHERE seq = 4", "log"),
    ],
)
def test_a_wrong_edge_is_found(office, change, check):
    office.tamper(change)
    assert check in {fault.check for fault in office.faults()}


def test_a_log_whose_edge_is_gone_does_not_start_and_says_what_to_do(office):
    last = office.store.size - 1
    office.tamper(f"UPDATE entry SET edge = x'' WHERE seq = {last}")
    assert "log" in {fault.check for fault in office.faults()}
    with pytest.raises(RefusedStartError, match=f"Entry {last} .*restore a backup") as caught:
        office.reopen()
    assert caught.value.reason == "damaged_log"


def test_no_entry_without_an_edge_and_none_before_the_last(office):
    connection, size = raw(office.store._writer), office.store.size
    for wrong in (b"", bytes(31)):
        with pytest.raises(dbapi2.IntegrityError, match="holds no edge"):
            connection.execute(INSERT, (size, wrong))
    (last,) = connection.execute("SELECT max(sealed_at) FROM fact").fetchone()
    fact = "INSERT INTO fact (seq, record, subject, base, parts, sealed_at) VALUES (?, 'Clock', 'x', 1, 0, ?)"
    for at, refused in ((last - 1, True), (last, False)):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(fact, (size, at))
        if refused:
            with pytest.raises(dbapi2.IntegrityError, match="before the last"):
                connection.execute(INSERT, (size, bytes(32)))
        else:
            connection.execute(INSERT, (size, bytes(32)))
        connection.execute("ROLLBACK")
