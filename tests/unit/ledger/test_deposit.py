import pytest
from attack_world import ORIGIN, seed

from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Deposit, Request, read_deposit
from mingshi.ledger.keys import SigningKey, signed

STAMP = SigningKey("lianjia.example/witness", v.ED25519, seed("stamp"))
DEPOSIT = Deposit(Request(ORIGIN, seed("submission"), 1000), 1070, 900)


def test_a_stamp_is_read_back_from_its_note():
    assert read_deposit(str(signed(str(DEPOSIT), STAMP)), STAMP.verifier) == DEPOSIT


def test_a_stamp_of_another_key_or_altered_is_refused():
    note = str(signed(str(DEPOSIT), STAMP))
    other = SigningKey(STAMP.name, v.ED25519, seed("other")).verifier
    with pytest.raises(v.RefusedError, match="NO_LOG_SIGNATURE"):
        read_deposit(note, other)
    with pytest.raises(v.RefusedError, match="BAD_LOG_SIGNATURE"):
        read_deposit(note.replace("time 1070", "time 1069"), STAMP.verifier)


@pytest.mark.parametrize("text", ["", "mingshi/deposit/v1\n", f"{DEPOSIT}more\n", str(DEPOSIT).replace("last", "lost")])
def test_what_is_no_deposit_is_refused(text):
    with pytest.raises(ValueError, match="/"):
        Deposit.parse(text)


def test_no_checkpoint_and_no_promise_can_pass_for_a_deposit():
    text = str(v.Checkpoint(ORIGIN, 5, seed("root")))
    with pytest.raises(ValueError, match="/"):
        Deposit.parse(text)
