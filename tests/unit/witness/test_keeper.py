import threading
from hashlib import sha256

import pytest
from attack_world import ORIGIN, START_S, WITNESSES, seed

from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Deposit, read_deposit
from mingshi.ledger.deposit import Request as DepositRequest
from mingshi.ledger.journal import CorruptError, Journal, MemoryMedium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.tree import Tree
from mingshi.witness.keeper import (
    DEPOSITS_AN_HOUR,
    Gap,
    Hours,
    Keeper,
    KnownLog,
    Request,
    first_record,
    gaps,
)

LOG = SigningKey(ORIGIN, v.ED25519, seed("log"))
KEY = SigningKey(WITNESSES["agency"], v.COSIGNATURE, seed("agency"))
STAMP = SigningKey(WITNESSES["agency"], v.ED25519, seed("stamp"))
TREE = Tree(v.leaf_hash(b"%d" % at) for at in range(20))
OTHER = Tree(v.leaf_hash(b"x%d" % at) for at in range(20))


def medium():
    made = MemoryMedium()
    journal = Journal(made)
    list(journal.replay())
    journal.append(first_record(KEY.verifier))
    return made


def keeper(made=None, logs=None):
    return Keeper(KEY, STAMP, logs or {ORIGIN: KnownLog(keys=(LOG.verifier,))}, made or medium())


def note(size, tree=TREE, key=LOG, origin=ORIGIN):
    return str(signed(str(v.Checkpoint(origin, size, tree.root(size))), key))


def ask(witness, old, size, *, now_s=START_S, tree=TREE, proof=None, text=None):
    proof = tree.consistency(old, size) if proof is None else proof
    return witness.add_checkpoint(str(Request(old, tuple(proof), text or note(size, tree))), now_s)


def test_the_protocol_step_by_step():
    witness = keeper()
    assert ask(witness, 0, 3).status == 200
    assert ask(witness, 0, 5, proof=()) == (409, "3\n", "text/x.tlog.size")
    assert ask(witness, 3, 7).status == 200
    assert ask(witness, 7, 7).status == 200
    assert ask(witness, 7, 20).status == 200
    answer = witness.latest(sha256(ORIGIN.encode()).hexdigest())
    latest = v.Note.parse(answer.body)
    assert v.Checkpoint.parse(latest.text).size == 20
    assert latest.signed_by(LOG.verifier) == (0,)
    assert latest.signed_by(KEY.verifier) == (START_S,)


def test_a_cosignature_verifies_over_the_checkpoint():
    answer = ask(keeper(), 0, 3)
    cosigned = v.Note.parse(f"{v.Note.parse(note(3)).text}\n{answer.body}")
    assert cosigned.signed_by(KEY.verifier) == (START_S,)
    assert answer.body.startswith("— ")
    assert answer.body.endswith("\n")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, ""),
        (400, "old 0\n"),
        (400, f"old 00\n\n{note(3)}"),
        (400, f"old -1\n\n{note(3)}"),
        (400, f"old 0 \n\n{note(3)}"),
        (400, f"new 0\n\n{note(3)}"),
        (400, f"old 0\nAAAA\n\n{note(3)}"),
        (400, "old 0\n" + f"{v.b64(b'h' * 32)}\n" * 64 + f"\n{note(3)}"),
        (400, f"old 0\n\n{note(3)[:-1]}"),
        (400, f"old 4\n\n{note(3)}"),
        (404, f"old 0\n\n{note(3, origin='haitang.example/site/8')}"),
        (403, f"old 0\n\n{note(3, key=SigningKey(ORIGIN, 1, seed('thief')))}"),
        (403, f"old 0\n\n{note(3).replace(v.b64(TREE.root(3)), v.b64(TREE.root(4)))}"),
        (422, f"old 0\n{v.b64(b'h' * 32)}\n\n{note(3)}"),
        (422, f"old 0\n\n{signed(str(v.Checkpoint(ORIGIN, 0, b'r' * 32)), LOG)}"),
        (200, f"old 0\n\n{note(0)}"),
        (200, f"old 0\n\n{note(3)}"),
    ],
)
def test_each_request_gets_the_status_of_the_specification(status, body):
    assert keeper().add_checkpoint(body, START_S).status == status


def test_unknown_signatures_beside_the_logs_are_ignored_and_not_kept():
    witness = keeper()
    stranger = SigningKey("stranger.example/x", 1, seed("stranger"))
    text = note(3) + str(stranger.sign(v.Note.parse(note(3)).text))
    assert ask(witness, 0, 3, text=text).status == 200
    assert "stranger" not in witness.latest(sha256(ORIGIN.encode()).hexdigest()).body


@pytest.mark.law("L-33")
def test_another_tree_of_the_same_size_is_refused_and_kept_as_evidence_of_a_fork():
    witness = keeper()
    ask(witness, 0, 5)
    assert ask(witness, 5, 5, tree=OTHER, proof=()).status == 422
    fork, inconsistent = witness.alarms
    assert (fork.kind, inconsistent.kind) == ("FORK", "INCONSISTENT")
    assert v.Note.parse(fork.note).signed_by(LOG.verifier), "the log itself signed the evidence"


@pytest.mark.law("L-33")
def test_a_rewritten_past_is_refused_however_it_is_dressed():
    witness = keeper()
    ask(witness, 0, 5)
    for proof in (OTHER.consistency(5, 9), TREE.consistency(5, 9), (), (b"h" * 32,)):
        assert ask(witness, 5, 9, tree=OTHER, proof=proof).status == 422
    assert ask(witness, 0, 9, tree=OTHER, proof=()).status == 409
    assert ask(witness, 3, 9, tree=OTHER).status == 409
    assert {alarm.kind for alarm in witness.alarms} == {"INCONSISTENT"}
    assert ask(witness, 5, 9).status == 200, "the true log goes on"


def test_an_older_size_with_another_root_is_evidence_too():
    witness = keeper()
    ask(witness, 0, 3)
    ask(witness, 3, 9)
    assert ask(witness, 0, 3, tree=OTHER, proof=()).status == 409
    assert [alarm.kind for alarm in witness.alarms] == ["FORK"]


def test_what_was_cosigned_is_remembered_after_a_restart():
    made = medium()
    first = keeper(made)
    ask(first, 0, 5)
    ask(first, 5, 5, tree=OTHER, proof=())
    again = keeper(made)
    assert ask(again, 0, 9, proof=()).body == "5\n"
    assert again.alarms == first.alarms
    assert ask(again, 5, 5, tree=OTHER, proof=()).status == 422
    assert len(again.alarms) == len(first.alarms), "an alarm rings once"


def test_nothing_is_answered_that_is_not_stored():
    made = medium()
    witness = keeper(made)

    def full(_):
        raise OSError(28, "full")

    made.append, real = full, made.append
    assert ask(witness, 0, 5).status == 503
    made.append = real
    assert ask(witness, 0, 5).status == 503, "until it is opened again"
    assert deposit(witness).status == 503
    assert witness.latest(sha256(ORIGIN.encode()).hexdigest()).status == 404
    assert ask(keeper(made), 0, 5).status == 200


def test_two_requests_at_once_never_roll_back():
    made = medium()
    witness = keeper(made)
    ask(witness, 0, 1)
    answers = {}

    def one(size):
        answers[size] = ask(witness, 1, size).status

    threads = [threading.Thread(target=one, args=(size,)) for size in range(2, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200] + [409] * 17
    sizes = [v.Checkpoint.parse(v.Note.parse(each).text).size for each in cosigned_in(made)]
    assert sizes == sorted(sizes)


def cosigned_in(made):
    for _, payload in Journal(MemoryMedium(bytes(made.data))).replay():
        record = v.parse_canonical(payload)
        if "cosigned" in record:
            yield record["cosigned"][4]


@pytest.mark.law("L-34")
def test_times_never_go_back():
    witness = keeper()
    ask(witness, 0, 3, now_s=START_S)
    later = ask(witness, 3, 5, now_s=START_S - 60)
    text = v.Note.parse(note(5)).text
    assert v.Note.parse(f"{text}\n{later.body}").signed_by(KEY.verifier) == (START_S,)
    assert ask(witness, 5, 7, now_s=START_S - 121).status == 503
    assert [alarm.kind for alarm in witness.alarms] == ["CLOCK"]
    assert ask(witness, 5, 7, now_s=START_S + 1).status == 200


def test_a_key_changed_by_overlap_is_known_by_either():
    new = SigningKey(ORIGIN, v.ED25519, seed("new"))
    witness = keeper(logs={ORIGIN: KnownLog(keys=(LOG.verifier, new.verifier))})
    assert ask(witness, 0, 3).status == 200
    assert ask(witness, 3, 5, text=note(5, key=new)).status == 200


def test_a_file_of_another_witness_is_refused():
    other = SigningKey("x.example/w", v.COSIGNATURE, seed("x"))
    with pytest.raises(CorruptError, match="file of"):
        Keeper(other, STAMP, {}, medium())


def test_a_log_taken_off_the_list_is_unknown_but_not_forgotten():
    made = medium()
    ask(keeper(made), 0, 5)
    assert ask(keeper(made, logs={"other.example/site/1": KnownLog(keys=())}), 5, 7).status == 404
    assert ask(keeper(made), 0, 7, proof=()).body == "5\n"


# Deposits


def deposit(witness, submitted_s=START_S, now_s=START_S + 60, origin=ORIGIN):
    return witness.deposit(str(DepositRequest(origin, seed("submission"), submitted_s)), now_s)


def test_an_unanswered_registration_is_stamped_with_its_time_and_the_logs_last():
    made = medium()
    witness = keeper(made)
    ask(witness, 0, 3, now_s=START_S - 700)
    answer = deposit(witness)
    stamped = read_deposit(answer.body, STAMP.verifier)
    assert stamped == Deposit(DepositRequest(ORIGIN, seed("submission"), START_S), START_S + 60, START_S - 700)
    assert any(answer.body in str(v.parse_canonical(payload)["deposit"]) for payload in payloads(made, "deposit"))


def payloads(made, kind):
    return [each for _, each in Journal(MemoryMedium(bytes(made.data))).replay() if kind in v.parse_canonical(each)]


def test_the_site_has_sixty_seconds_first():
    assert deposit(keeper(), now_s=START_S + 59).status == 425
    assert deposit(keeper(), now_s=START_S + 60).status == 200


def test_deposits_are_bounded_in_an_hour():
    witness = keeper()
    assert {deposit(witness).status for _ in range(DEPOSITS_AN_HOUR)} == {200}
    assert deposit(witness).status == 429
    assert deposit(witness, now_s=START_S + 60 + 3600).status == 200


def test_a_deposit_for_an_unknown_log_or_of_nonsense_is_refused():
    assert deposit(keeper(), origin="x.example/site/1").status == 404
    assert keeper().deposit("nonsense", START_S).status == 400


# Gaps

DAY_S = 86_400
NINE_TO_NINE = Hours(9 * 60, 21 * 60, 480)
MIDNIGHT_S = 1_790_006_400 - 1_790_006_400 % DAY_S - 480 * 60  # in China


def test_opening_time_is_counted_within_opening_hours_only():
    nine = MIDNIGHT_S + 9 * 3600
    assert NINE_TO_NINE.open_s(nine - 3600, nine + 100) == 100
    assert NINE_TO_NINE.open_s(MIDNIGHT_S, MIDNIGHT_S + 3 * DAY_S) == 3 * 12 * 3600
    assert NINE_TO_NINE.open_s(nine + 12 * 3600, nine + DAY_S) == 0
    assert Hours().open_s(nine, nine + 7) == 7


def test_ten_minutes_and_twenty_seconds_of_silence_are_no_gap_and_one_more_is():
    nine = MIDNIGHT_S + 9 * 3600
    assert gaps([nine, nine + 620], NINE_TO_NINE, nine + 700) == ()
    assert gaps([nine, nine + 621], NINE_TO_NINE, nine + 700) == (Gap(nine, nine + 621),)
    assert gaps([nine], NINE_TO_NINE, nine + 621) == (Gap(nine, None),)
    assert gaps([], NINE_TO_NINE, nine) == ()


def test_the_night_is_no_gap():
    evening = MIDNIGHT_S + 21 * 3600 - 60
    morning = MIDNIGHT_S + DAY_S + 9 * 3600 + 60
    assert gaps([evening, morning], NINE_TO_NINE, morning) == ()


def test_a_gap_rings_once_and_stays_visible():
    witness = keeper(logs={ORIGIN: KnownLog(keys=(LOG.verifier,), hours=Hours(0, 1440, 0))})
    ask(witness, 0, 3, now_s=START_S)
    assert witness.watch(START_S + 620) == []
    assert [alarm.kind for alarm in witness.watch(START_S + 700)] == ["GAP"]
    assert witness.watch(START_S + 800) == []
    ask(witness, 3, 3, now_s=START_S + 900)
    assert witness.gaps(START_S + 1000) == {ORIGIN: (Gap(START_S, START_S + 900),)}
    assert [alarm.kind for alarm in witness.watch(START_S + 2000)] == ["GAP"]


def test_a_gap_that_nobody_watched_rings_when_it_ends():
    witness = keeper(logs={ORIGIN: KnownLog(keys=(LOG.verifier,), hours=Hours(0, 1440, 0))})
    ask(witness, 0, 3, now_s=START_S)
    ask(witness, 3, 3, now_s=START_S + 900)
    assert [(alarm.kind, alarm.time_s) for alarm in witness.alarms] == [("GAP", START_S + 900)]


def test_a_record_of_another_version_is_not_passed_over():
    made = medium()
    journal = Journal(made)
    list(journal.replay())
    journal.append(b'{"cosigned":[]}')
    with pytest.raises(CorruptError, match="unknown record"):
        keeper(made)
