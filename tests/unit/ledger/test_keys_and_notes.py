import ledger_vectors
import pytest
from attack_world import ORIGIN, seed

from mingshi.ledger import verify as v
from mingshi.ledger.keys import SigningKey, signed

KEY = SigningKey(ORIGIN, v.ED25519, seed("log"))
WITNESS = SigningKey("lianjia.example/witness", v.COSIGNATURE, seed("agency"))


def vkey(name, kind, public=KEY.verifier.public):
    return f"{name}+{v.key_id(name, kind, public).hex()}+{v.b64(bytes([kind]) + public)}"


def test_a_key_of_a_known_kind_is_read():
    assert str(v.VerifierKey.parse(vkey("a.example/b", 1))) == vkey("a.example/b", 1)


@pytest.mark.parametrize(
    "text",
    [
        vkey("a.example/b", 2),
        vkey("a.example/b", 6),
        vkey("", 1),
        vkey("a b", 1),
        vkey("a\u3000b", 1),
        vkey("a.example/b", 1).replace("+", " ", 1),
        vkey("a.example/b", 1).upper(),
        vkey("a.example/b", 1)[:-4],
        "a.example/b",
        "",
    ],
)
def test_a_key_of_another_kind_or_form_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        v.VerifierKey.parse(text)


@pytest.mark.parametrize("low", [bytes(32), bytes([1]) + bytes(31), bytes([0xEC]) + b"\xff" * 30 + b"\xff"])
def test_a_key_under_which_anybody_can_sign_is_refused(low):
    with pytest.raises(ValueError, match="anybody"):
        v.VerifierKey.parse(vkey("a.example/b", 1, low))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "—",
        "— x",
        "— x  AAAAAAA=",
        "-  x AAAAAAA=",
        "- x AAAAAAA=",
        "— x+y AAAAAAA=",
        "—  AAAAAAA=",
        "— x AAAAAA==",
    ],
)
def test_what_is_no_signature_line_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        v.Signature.parse(line)


@pytest.mark.parametrize(
    "note", ["", "\n", "text\n", "text\n\n", "— x AAAAAAA=\n", "text\n— x AAAAAAA=\n", "t\n\n— x AAAAAAA="]
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(v.RefusedError, match="MALFORMED_NOTE"):
        v.Note.parse(note)


def test_a_text_with_empty_lines_ends_at_the_last_one():
    note = signed("one\n\ntwo\n", KEY)
    assert v.Note.parse(str(note)) == note
    assert note.signed_by(KEY.verifier) == (0,)


def test_a_key_keeps_to_its_use_and_its_secret_to_itself():
    with pytest.raises(AssertionError):
        KEY.cosign("x\n1\nAA\n", 1)
    with pytest.raises(AssertionError):
        WITNESS.sign("x\n")
    assert v.b64(KEY.seed) not in repr(KEY) + str(KEY)
    assert SigningKey.parse(WITNESS.private_text()) == WITNESS


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-5], lambda t: t.replace("PRIVATE", "PUBLIC"), lambda t: t.replace("lianjia", "lianjja")],
)
def test_a_damaged_private_key_is_refused_without_showing_it(spoil):
    text = spoil(WITNESS.private_text())
    with pytest.raises(ValueError, match=r".") as error:
        SigningKey.parse(text)
    assert v.b64(WITNESS.seed)[:20] not in str(error.value)


def test_one_signature_among_two_keys_of_a_log_is_enough_but_none_may_fail():
    other = SigningKey(ORIGIN, v.ED25519, seed("other"))
    policy = v.Policy.parse(f"log {KEY.verifier}\nlog {other.verifier}\nquorum none\n")
    both = signed("haitang.example/site/7\n", KEY, other)
    v.check_log_signature(both, policy)
    v.check_log_signature(signed(both.text, other), policy)
    spoilt = v.Note(both.text, (both.signatures[0], both.signatures[1]._replace(value=bytes(64))))
    with pytest.raises(v.RefusedError, match="BAD_LOG_SIGNATURE"):
        v.check_log_signature(spoilt, policy)


def test_json_nested_beyond_all_bounds_is_refused_not_fallen_over():
    for depth in (18, 1000, 200_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            v.parse_canonical(b"[" * depth + b"]" * depth)
    assert v.parse_canonical(b"[" * 17 + b"]" * 17)


def test_what_json_cannot_hold_is_refused():
    for value in (1.5, b"x", {"é": 1}, {1: 1}, 2**53, "\ud800"):
        with pytest.raises(ValueError, match=r"."):
            v.canonical(value)


def test_a_file_of_one_kind_is_not_verified_as_another():
    promise = (ledger_vectors.VECTORS / "promise.json").read_text(encoding="utf-8")
    overdue = (ledger_vectors.VECTORS / "overdue-absent.json").read_text(encoding="utf-8")
    for verify, text in (
        (v.verify_promise, overdue),
        (v.verify_overdue, promise),
        (v.verify_receipt, promise),
    ):
        assert verify(text, v.Trust()).reason.startswith("MALFORMED")
    odd = promise.replace("mingshi/promise/v1", "mingshi/overdue/v1", 1)
    assert v.verify_promise(odd, v.Trust()).reason == "MALFORMED_EXTRA"
