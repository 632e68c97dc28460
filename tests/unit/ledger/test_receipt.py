import pytest
from attack_world import NAMES, ORIGIN, World

from mingshi.ledger import verify as v
from mingshi.ledger.receipt import make_overdue, make_receipt


@pytest.fixture
def world():
    world = World()
    world.seal("control", {"lookups": 1})
    world.publish()
    return world


def extra_of(receipt):
    return v.parse_canonical(v.Proof.parse(receipt).extra)


def test_each_party_takes_home_its_own_part_only(world):
    index = world.register("A1", "138 0000 0001")
    world.publish()
    agents, buyers = world.receipt(index, 0), world.receipt(index, 1)
    assert "138" not in v.Proof.parse(agents).extra.decode()
    assert [each["value"] for each in extra_of(buyers)["openings"]] == [{"phone": "138 0000 0001"}]
    assert v.verify_receipt(agents, world.trust)
    assert v.verify_receipt(buyers, world.trust)


def test_there_is_no_receipt_before_the_quorum(world):
    index = world.register("A1", "1")
    for name in ("agency", "association"):
        world.links[name].cut = True
    world.publish()
    shown = world.openings[index][:1]
    assert make_receipt(world.store, world.signer.tree, index, shown, world.policy) is None
    world.links["association"].cut = False
    world.publish()
    assert make_receipt(world.store, world.signer.tree, index, shown, world.policy) is None, "its own agency's too"
    assert make_receipt(world.store, world.signer.tree, index, shown, world.policy, with_promise=False)
    world.links["agency"].cut = False
    world.publish()
    assert v.verify_receipt(world.receipt(index), world.trust)


def test_a_receipt_asked_for_late_still_tells_the_time_of_sealing(world):
    index = world.register("A1", "1")
    sealed_by_s = v.check_head(world.publish(), v.Policy.parse(world.policy), None).sealed_by_s
    at_once = world.receipt(index)
    world.now_s += 40 * 86_400
    world.register("A2", "2")
    world.publish()
    assert world.receipt(index) == at_once
    facts = v.verify_receipt(at_once, world.trust).facts
    assert facts["sealed_by_s"] == sealed_by_s
    assert sealed_by_s - 40 < facts["sealed_after_s"] < sealed_by_s


@pytest.mark.law("L-32")
def test_after_erasure_the_other_party_still_opens_and_the_phone_can_still_be_shown(world):
    index = world.register("A1", "138 0000 0001")
    world.publish()
    world.openings[index] = world.openings[index][:1]  # the buyer's salt and part are gone
    receipt = world.receipt(index)
    assert v.verify_receipt(receipt, v.Trust(policy=world.policy, phone="138 0000 0001"))
    assert v.verify_receipt(receipt, v.Trust(policy=world.policy, phone="138")).reason == "PHONE_MISMATCH"


def test_a_promise_verifies_at_once_and_is_evidence_when_it_was_not_kept(world):
    index = world.register("A1", "1")
    promise = world.promise(index)
    assert v.verify_text(promise, world.trust)
    early = world.publish()
    assert make_overdue(promise, early).reason == "NOT_OVERDUE"
    world.now_s += 90_000
    evidence = make_overdue(promise, world.publish())
    verdict = v.verify_text(evidence, world.trust)
    assert (verdict.facts["outcome"], verdict.facts["index"]) == ("UNANSWERED", index)
    assert v.verify_text(world.receipt(index), world.trust), "and this is the site's answer"


def test_two_receipts_of_one_honest_log_never_contradict(world):
    verdicts = []
    for phone in "123":
        index = world.register("A1", phone)
        world.publish()
        verdicts.append(v.verify_receipt(world.receipt(index), world.trust))
    assert all(verdicts)
    assert not any(v.contradict(one, other) for one in verdicts for other in verdicts)


def test_contradiction_needs_the_same_log_and_two_receipts(world):
    index = world.register("A1", "1")
    world.publish()
    other = World("other past")
    other.register("A9", "9")
    other.register("A1", "1")
    other.publish()
    one, two = (
        v.verify_receipt(world.receipt(index), world.trust),
        v.verify_receipt(other.receipt(1), other.trust),
    )
    assert v.contradict(one, two)
    promise = v.verify_promise(world.promise(index), world.trust)
    assert not v.contradict(one, promise)
    assert not v.contradict(v.verify_receipt(world.receipt(index), v.Trust()), two), "an unverified one proves nothing"


def test_a_head_is_fresh_or_it_is_named_stale(world):
    head = v.check_head(world.publish(), v.Policy.parse(world.policy), world.now_s)
    v.check_fresh(head, world.now_s + 620, 620)
    with pytest.raises(v.RefusedError, match="STALE"):
        v.check_fresh(head, world.now_s + 621, 620)


def test_the_seal_time_is_when_the_quorum_was_full_not_when_the_first_cosigned():
    policy = v.Policy.parse(World().policy)
    times = {"agency": (100, 400), "association": (300,), "hq": (200, 900)}
    assert v.check_quorum(policy, times) == 200
    assert v.check_quorum(policy, {"agency": (500, 100), "hq": (50,)}) == 100
    with pytest.raises(v.RefusedError, match="QUORUM_NOT_MET"):
        v.check_quorum(policy, {"agency": (100,), "association": (300,)})


def test_a_house_is_known_by_domain_and_subdomain():
    for own in ("haitang.example/w", "hq.haitang.example/w", "example/w", "HAITANG.example/w"):
        assert v._same_house(own, ORIGIN), own
    for other in ("lianjia.example/w", "nothaitang.example/w", "haitang.example.org/w"):
        assert not v._same_house(other, ORIGIN), other
    assert NAMES
