import pytest
from attack_world import NAMES, ORIGIN, WITNESSES, World, seed

from mingshi.ledger import verify as v
from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import MemoryMedium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.signer import Answer, Halt, Signer
from mingshi.ledger.store import FileStore, MemoryStore


@pytest.fixture
def world():
    world = World()
    world.register("A1", "1")
    world.publish()
    return world


def reasons(*halts):
    return [halt.reason if isinstance(halt, Halt) else halt for halt in halts]


def test_a_checkpoint_is_signed_published_and_cosigned(world):
    note = world.publish()
    head = v.check_head(note, v.Policy.parse(world.policy), world.now_s)
    assert (head.checkpoint.size, set(head.times)) == (1, set(NAMES))
    assert world.store.published() == note


def test_nothing_is_signed_before_enough_witnesses_answered(world):
    for link in world.links.values():
        link.cut = True
    assert reasons(world.open_site(), world.signer.sign(world.now_s)) == ["UNHEARD", "UNHEARD"]
    world.links["agency"].cut = False
    assert reasons(world.signer.ask(world.links)) == ["UNHEARD"]  # hq and the association could have cosigned
    world.links["hq"].cut = False
    assert world.signer.ask(world.links) is None  # hq sits in every quorum
    assert isinstance(world.signer.sign(world.now_s + 1), str)


def test_with_witnesses_cut_off_promises_go_out_and_checkpoints_wait(world):
    for link in world.links.values():
        link.cut = True
    world.open_site()
    assert v.verify_promise(world.promise(world.register("A2", "2")), world.trust)
    assert reasons(world.signer.sign(world.now_s)) == ["UNHEARD"]


def test_a_restored_backup_is_refused(world):
    backup = bytes(world.site_medium.data)
    world.register("A2", "2")
    world.publish()
    world.site_medium = MemoryMedium(backup)
    assert reasons(world.open_site(), world.signer.sign(world.now_s)) == ["ROLLED_BACK", "ROLLED_BACK"]


def test_a_restored_backup_that_has_grown_again_is_refused(world):
    backup = bytes(world.site_medium.data)
    world.register("A2", "2")
    world.publish()
    world.site_medium = MemoryMedium(backup)
    world.open_site()
    world.register("A3", "3")
    world.register("A4", "4")
    assert reasons(world.open_site()) == ["FORKED"]


def test_a_backup_restored_under_a_running_signer_is_refused_by_the_witnesses_size(world):
    world.register("A2", "2")
    world.publish()
    cosigned = world.links["agency"].latest(ORIGIN)
    lagging = World()  # the same log up to its first entry, whose signer knows of no more
    lagging.register("A1", "1")
    lagging.publish()
    lagging.links["agency"].keeper = world.links["agency"].keeper
    note = lagging.signer.sign(lagging.now_s + 5)
    round_ = lagging.signer.cosign(note, lagging.links, lagging.now_s + 5)
    assert "409" in round_.faults["agency"]
    assert reasons(lagging.signer.sign(lagging.now_s + 9)) == ["ROLLED_BACK"]
    assert cosigned.status == 200


def rotten(real):
    return lambda self, start, end: (each.replace(b"reg", b"rag") for each in real(self, start, end))


def test_a_bit_that_rots_before_signing_is_found_and_a_person_must_look(world, monkeypatch):
    world.register("A2", "2")
    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "entries", rotten(FileStore.entries))
        assert reasons(world.signer.catch_up(), world.signer.sign(world.now_s + 5)) == ["BIT_ROT", "BIT_ROT"]
    assert reasons(world.signer.sign(world.now_s + 9)) == ["BIT_ROT"]


def test_a_bit_that_rots_after_reading_is_found_by_the_proof(world, monkeypatch):
    world.register("A2", "2")
    assert world.signer.catch_up() is None
    monkeypatch.setattr(FileStore, "entries", rotten(FileStore.entries))
    assert reasons(world.signer.sign(world.now_s + 5)) == ["BIT_ROT"]


def test_at_most_one_checkpoint_a_second(world):
    world.register("A2", "2")
    one = world.signer.sign(world.now_s + 5)
    world.register("A3", "3")
    assert world.signer.sign(world.now_s + 5) == one
    assert world.signer.sign(world.now_s + 6) != one


def test_keep_alive_cosigns_the_same_checkpoint_anew(world):
    first = v.check_head(world.publish(), v.Policy.parse(world.policy), None)
    second = v.check_head(world.publish(wait_s=600), v.Policy.parse(world.policy), None)
    assert first.checkpoint == second.checkpoint
    assert second.sealed_by_s == first.sealed_by_s + 600


def test_a_witness_out_of_reach_keeps_its_older_cosignature(world):
    world.links["agency"].cut = True
    note = world.publish(wait_s=600)
    times = v.check_head(note, v.Policy.parse(world.policy), None).times
    assert times["hq"][0] == times["agency"][0] + 600


class Lying:
    def __init__(self, body, status=200):
        self.answer = Answer(status, body)

    def add_checkpoint(self, _):
        return self.answer

    def latest(self, _):
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        (200, "— x y\n"),
        (200, ""),
        (500, "?"),
        (409, "-1\n"),
        (409, "many"),
        (409, "99\n"),
        (0, "cut"),
        (422, "no"),
    ],
)
def test_a_witness_that_answers_nonsense_adds_nothing(world, answer):
    world.register("A2", "2")
    note = world.signer.sign(world.now_s + 5)
    round_ = world.signer.cosign(note, {"agency": Lying(answer[1], answer[0])}, world.now_s + 5)
    assert round_.note == note
    assert set(round_.faults) == {"agency"}
    world.register("A3", "3")
    assert isinstance(world.signer.sign(world.now_s + 9), str), "nor can it stop the log"


def test_an_old_cosignature_is_not_taken_for_a_new_one(world):
    note = v.Note.parse(world.publish())
    line = next(str(each) for each in note.signatures if each.name == WITNESSES["agency"])
    bare = str(signed(note.text, world.key))
    assert world.signer.cosign(bare, {"agency": Lying(line)}, world.now_s + 60).faults == {}
    assert "STALE" in world.signer.cosign(bare, {"agency": Lying(line)}, world.now_s + 600).faults["agency"]


def test_a_key_is_changed_by_overlap(world):
    new = SigningKey(ORIGIN, v.ED25519, seed("new log key"))
    both = f"log {new.verifier}\n{world.policy}"
    world.policy = both
    for name, link in world.links.items():
        keeper = link.keeper
        known = keeper.logs[ORIGIN]
        keeper.logs[ORIGIN] = type(known)(keys=(*known.keys, new.verifier), hours=known.hours)
        assert name in NAMES
    world.signer = Signer([world.key, new], v.Policy.parse(both), world.store)
    assert world.signer.ask(world.links) is None
    world.register("A2", "2")
    overlapping = world.publish()
    world.signer = Signer([new], v.Policy.parse(both), world.store)
    assert world.signer.ask(world.links) is None
    world.log = Log(new, world.store)
    world.register("A3", "3")
    after = world.publish()
    only_old = v.Policy.parse("\n".join(line for line in both.split("\n") if str(new.verifier) not in line))
    assert v.check_head(overlapping, only_old, None).checkpoint.size == 2
    with pytest.raises(v.RefusedError, match="NO_LOG_SIGNATURE"):
        v.check_head(after, only_old, None)
    assert all(v.verify_receipt(world.receipt(index), world.trust) for index in (0, 1, 2))


def test_storage_that_forgot_entries_it_published_is_refused(world):
    world.register("A2", "2")
    two = world.publish()
    for published, reason in (
        (two, "ROLLED_BACK"),
        (str(signed(f"{ORIGIN}\n1\n{v.b64(seed('x'))}\n", world.key)), "FORKED"),
    ):
        store = MemoryStore()
        log = Log(world.key, store)
        log.seal([Fact(kind="control", parts=(Part(seed("s"), {}),))], world.now_s)
        if reason == "FORKED":
            log.seal([Fact(kind="control", parts=(Part(seed("t"), {}),))], world.now_s)
        store.publish(published)
        signer = Signer([world.key], v.Policy.parse("quorum none\n"), store)
        assert reasons(signer.sign(world.now_s)) == [reason]


def test_another_witnesses_cosignature_is_not_this_ones(world):
    world.register("A2", "2")
    note = world.signer.sign(world.now_s + 5)
    line = str(world.witness_keys["hq"].cosign(v.Note.parse(note).text, world.now_s + 5))
    round_ = world.signer.cosign(note, {"agency": Lying(line)}, world.now_s + 5)
    assert (round_.note, set(round_.faults)) == (note, {"agency"})


def test_the_keys_of_one_log_have_one_name(world):
    other = SigningKey("other.example/site/1", v.ED25519, seed("other"))
    with pytest.raises(AssertionError):
        Signer([world.key, other], v.Policy.parse("quorum none\n"), world.store)
