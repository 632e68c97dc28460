import pytest
from attack_world import ORIGIN, seed

from mingshi.ledger import verify as v
from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import CorruptError, FileMedium, Journal, MemoryMedium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.store import FileStore, MemoryStore, _payload_of
from mingshi.ledger.tree import Tree

KEY = SigningKey(ORIGIN, v.ED25519, seed("log"))
NOW_S = 1_790_000_000


def fact(at):
    return Fact(kind="control", parts=(Part(seed(f"salt {at}"), {"lookups": at}),))


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryStore()
        return
    made = FileStore(FileMedium(tmp_path / "log"))
    yield made
    made.close()


def filled(store, *sizes):
    log = Log(KEY, store)
    at = 0
    for size in sizes:
        log.seal([fact(at + more) for more in range(size)], NOW_S + at)
        at += size
    return log


def test_entries_are_numbered_without_gaps_and_read_back(store):
    log = filled(store, 1, 3, 2)
    assert log.size == store.frontier().size == 6
    entries = [v.Entry.parse(v.parse_canonical(each)) for each in store.entries(0, 6)]
    assert [entry.seq for entry in entries] == list(range(6))
    for start in range(7):
        for end in range(start, 7):
            assert list(store.entries(start, end)) == [entry.data for entry in entries[start:end]]
    assert store.frontier().root == Tree(entry.leaf for entry in entries).root(6)


def test_the_promise_names_place_leaf_delay_and_the_claimants_witness(store):
    witness = SigningKey("lianjia.example/witness", v.COSIGNATURE, seed("agency")).verifier
    log = filled(store, 2)
    given = Fact(kind="registration", parts=(Part(b"a" * 32, {}), Part(b"b" * 32, {})), witness=witness)
    batch = log.seal([given], NOW_S)
    note = v.Note.parse(batch.rows[0].promise)
    assert note.signed_by(KEY.verifier) == (0,)
    leaf = v.leaf_hash(batch.rows[0].entry)
    assert v.Promise.parse(note.text) == v.Promise(ORIGIN, 2, leaf, NOW_S, 86_400, witness)
    assert store.promise(2) == batch.rows[0].promise
    assert v.Promise.parse(v.Note.parse(store.promise(0)).text).witness is None


def test_preparing_changes_nothing_until_accepted(store):
    log = filled(store, 1)
    one, two = log.prepare([fact(1)], NOW_S), log.prepare([fact(1)], NOW_S)
    assert one == two
    store.append(one)
    log.accept(one)
    assert log.size == 2
    with pytest.raises(AssertionError, match="order"):
        log.accept(two)


def test_a_batch_that_does_not_fit_is_refused(store):
    log = filled(store, 2)
    batch = log.prepare([fact(9)], NOW_S)
    grown = batch.frontier.copy()
    grown.append(seed("leaf"))
    for wrong in (
        batch._replace(first=1),
        batch._replace(first=3),
        batch._replace(rows=()),
        batch._replace(frontier=grown),
    ):
        with pytest.raises(ValueError, match="batch from"):
            store.append(wrong)
    store.append(batch)


def test_published_checkpoints_come_back_in_order(store):
    filled(store, 1, 1, 1)
    tree = Tree(map(v.leaf_hash, store.entries(0, 3)))
    assert store.published() is None
    notes = [str(signed(str(v.Checkpoint(ORIGIN, size, tree.root(size))), KEY)) for size in (0, 1, 1, 3)]
    for note in notes:
        store.publish(note)
    assert store.published() == notes[3]
    assert list(store.published_without(0)) == notes[:1]
    assert list(store.published_without(1)) == [notes[2], notes[1], notes[0]]
    assert list(store.published_with(0)) == notes[1:]
    assert list(store.published_with(2)) == notes[3:]
    assert list(store.published_with(3)) == []


def test_a_checkpoint_that_waited_for_its_witnesses_may_be_published_late(store):
    filled(store, 1, 1, 1)
    tree = Tree(map(v.leaf_hash, store.entries(0, 3)))
    one, three = (str(signed(str(v.Checkpoint(ORIGIN, size, tree.root(size))), KEY)) for size in (1, 3))
    for note in (one, three, one):
        store.publish(note)
    assert store.published() == three
    assert list(store.published_with(0)) == [one, one, three]


def test_an_origin_that_could_pass_for_another_header_is_refused():
    for name in ("mingshi/promise/v1", "haitang.example"):
        with pytest.raises(AssertionError):
            Log(SigningKey(name, v.ED25519, seed("log")), MemoryStore())


def test_a_file_reopened_is_the_same_log(tmp_path):
    first = FileStore(FileMedium(tmp_path / "log"))
    filled(first, 2, 3)
    tree = Tree(map(v.leaf_hash, first.entries(0, 5)))
    note = str(signed(str(v.Checkpoint(ORIGIN, 5, tree.root(5))), KEY))
    first.publish(note)
    first.close()
    again = FileStore(FileMedium(tmp_path / "log"))
    assert (again.frontier().size, again.frontier().root, again.published()) == (5, tree.root(5), note)
    assert Log(KEY, again).size == 5
    again.close()


def test_an_entry_edited_on_the_disk_with_its_checksums_mended_is_found_at_the_start():
    medium = MemoryMedium()
    log = filled(FileStore(medium), 3)
    batch = log.prepare([fact(3)], NOW_S)
    other = log.prepare([fact(4)], NOW_S)
    journal = Journal(medium)
    list(journal.replay())
    journal.append(_payload_of(batch.first, other.rows, batch.frontier.root))
    with pytest.raises(CorruptError, match="root"):
        FileStore(medium)


def test_a_record_that_is_no_batch_is_not_passed_over():
    medium = MemoryMedium()
    journal = Journal(medium)
    list(journal.replay())
    journal.append(b"batch 0 2 " + v.b64(v.EMPTY_ROOT).encode() + b"\n{}\n\nonly one")
    with pytest.raises(CorruptError, match="not a batch"):
        FileStore(medium)


def test_a_file_cut_short_while_it_is_open_is_told():
    medium = MemoryMedium()
    store = FileStore(medium)
    filled(store, 2)
    medium.truncate(100)
    with pytest.raises(CorruptError, match="should be there"):
        list(store.entries(0, 2))
