"""Every printer of the ledger with its parser: what is written is read back, byte for byte."""

import pytest
import strategies as s
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.kernel import canonical as kernel
from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Deposit
from mingshi.ledger.deposit import Request as DepositRequest
from mingshi.ledger.journal import Journal, MemoryMedium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.reference import Reference, base45, full_text, receipt_of, unbase45
from mingshi.ledger.store import Row, _payload_of, _rows_of
from mingshi.witness.keeper import Request

PAIRS = {
    "verifier key": (s.vkeys, v.VerifierKey.parse),
    "signature line": (s.signatures, lambda text: v.Signature.parse(text.removesuffix("\n"))),
    "note": (s.notes, v.Note.parse),
    "checkpoint": (s.checkpoints, v.Checkpoint.parse),
    "proof": (s.proofs, v.Proof.parse),
    "policy": (s.policies(), v.Policy.parse),
    "promise": (s.promises, v.Promise.parse),
    "deposit request": (s.deposit_requests, DepositRequest.parse),
    "deposit": (s.deposits, Deposit.parse),
    "add-checkpoint request": (s.requests, Request.parse),
    "short reference": (s.references, Reference.parse),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_printed_is_parsed_back(name):
    values, parse = PAIRS[name]

    @given(values)
    def check(value):
        text = str(value)
        assert parse(text) == value
        assert str(parse(text)) == text

    check()


@given(s.entries())
def test_an_entry_is_read_back_from_its_bytes(entry):
    assert v.Entry.parse(v.parse_canonical(entry.data)) == entry


@given(s.openings)
def test_an_opening_is_read_back_from_its_json(opening):
    assert v.Opening.parse(v.parse_canonical(v.canonical(opening.json))) == opening


@given(s.json_values)
def test_canonical_json_is_read_back_and_is_the_kernels(value):
    data = v.canonical(value)
    assert v.parse_canonical(data) == value
    assert kernel.dumps(value) == data
    assert kernel.loads(data) == value


@given(st.one_of(s.log_keys, s.witness_keys))
def test_a_private_key_is_read_back(key):
    assert SigningKey.parse(key.private_text()) == key


@given(st.binary())
def test_base45_and_base64_are_read_back(data):
    assert unbase45(base45(data)) == data
    assert v.unb64(v.b64(data)) == data


@given(st.lists(st.binary(min_size=1).map(lambda data: data.replace(b"\0", b"0")), max_size=8))
def test_a_journal_gives_its_records_back(records):
    medium = MemoryMedium()
    journal = Journal(medium)
    list(journal.replay())
    for record in records:
        journal.append(record)
    again = Journal(MemoryMedium(bytes(medium.data)))
    assert [payload for _, payload in again.replay()] == records


@given(s.sizes, st.lists(st.tuples(s.entries(), s.notes), min_size=1, max_size=4), s.hashes)
def test_a_batch_is_read_back_from_its_record(first, rows, root):
    kept = tuple(Row(entry.data, str(note)) for entry, note in rows)
    assert _rows_of(_payload_of(first, kept, root)) == (first, kept, root)


@given(s.entries(), s.openings, s.notes, s.sizes)
def test_a_receipt_is_read_back_from_its_full_code(entry, opening, note, index):
    extra = v.canonical({"v": 1, "entry": entry.value, "openings": [opening.json]})
    receipt = str(v.Proof(extra, index, (), str(note)))
    assert receipt_of(full_text(receipt)) == receipt


@given(s.log_keys, s.lines)
def test_a_signature_verifies_and_no_other_text_does(key, line):
    note = signed(f"{line}\n", key)
    assert note.signed_by(key.verifier) == (0,)
    with pytest.raises(v.RefusedError, match="BAD_LOG_SIGNATURE"):
        note._replace(text=f"{line}x\n").signed_by(key.verifier)


@given(s.witness_keys, s.checkpoints, s.seconds)
def test_a_cosignature_tells_its_time(key, checkpoint, at_s):
    note = v.Note(str(checkpoint), (key.cosign(str(checkpoint), at_s),))
    assert v.Note.parse(str(note)).signed_by(key.verifier) == (at_s,)


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=200),
        st.builds(
            lambda a, b: a + b,
            st.sampled_from([v.PROOF_HEADER + "\n", '{"format":"mingshi/promise/v1"']),
            st.text(max_size=80),
        ),
    )
)
def test_no_text_makes_the_verifier_fall_over(text):
    verdict = v.verify_text(text, v.Trust())
    assert verdict is None or not verdict


@given(s.policies(), st.data())
def test_more_cosigners_never_unfill_a_quorum(policy, data):
    names = [witness.name for witness in policy.witnesses]
    some = data.draw(st.sets(st.sampled_from(names)))
    more = some | data.draw(st.sets(st.sampled_from(names)))
    assert not policy.satisfied(some) or policy.satisfied(more)
