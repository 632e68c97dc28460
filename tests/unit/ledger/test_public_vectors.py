"""The verifier against public test data of the C2SP family, the negative cases included."""

import base64

import pytest
from public_vectors import public

from mingshi.kernel import canonical as kernel_canonical
from mingshi.ledger import verify as v
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.tree import Frontier, Tree

INCLUSION = public("inclusion.json")
CONSISTENCY = public("consistency.json")
ROOTS = public("rfc6962_roots.json")
NOTES = public("signed_note.json")
JCS = public("jcs_rfc8785.json")

DUMMY_ROOTS = "sizes are equal (one) and proof is empty"
"""Its roots are of 12 bytes; a verifier that insists on 32 refuses it rightly."""


def _hash(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.parametrize("case", INCLUSION, ids=lambda case: case["file"])
def test_inclusion_is_as_the_public_case_says(case):
    proof = [_hash(each) for each in case["proof"] or []]
    got = v.verify_inclusion(_hash(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, _hash(case["root"]))
    assert got is not case["wantErr"]


@pytest.mark.parametrize("case", CONSISTENCY, ids=lambda case: f"{case['file']} {case['desc']}")
def test_consistency_is_as_the_public_case_says(case):
    proof = [_hash(each) for each in case["proof"] or []]
    got = v.verify_consistency(case["size1"], case["size2"], proof, _hash(case["root1"]), _hash(case["root2"]))
    assert got is (not case["wantErr"] and case["desc"] != DUMMY_ROOTS)


def test_the_public_files_hold_what_they_should():
    assert (len(INCLUSION), sum(not case["wantErr"] for case in INCLUSION)) == (98, 6)
    assert (len(CONSISTENCY), sum(not case["wantErr"] for case in CONSISTENCY)) == (98, 6)


def test_roots_and_subtrees_are_those_of_rfc_6962():
    leaves = [v.leaf_hash(bytes.fromhex(each)) for each in ROOTS["leaf_inputs_hex"]]
    tree, frontier = Tree(leaves), Frontier()
    for size, root in enumerate(ROOTS["root_hashes_hex_by_size"]):
        assert tree.root(size).hex() == frontier.root.hex() == root
        if size < len(leaves):
            frontier.append(leaves[size])
    for height, row in enumerate(ROOTS["complete_subtree_hashes_hex"]):
        got = [bytes(tree._levels[height][at : at + 32]).hex() for at in range(0, 32 * len(row), 32)]
        assert got == row


@pytest.mark.parametrize("case", NOTES["open"], ids=lambda case: case["name"])
def test_a_signed_note_opens_or_not_as_the_public_case_says(case):
    keys = [v.VerifierKey.parse(key) for key in case["trusted_vkeys"]]
    try:
        note = v.Note.parse(case["note"])
        names = [key.name for key in keys if note.signed_by(key)]
        outcome = "ok" if names else "no-verified-signature"
    except v.RefusedError as no:
        names, outcome = (
            [],
            {"MALFORMED_NOTE": "malformed", "BAD_LOG_SIGNATURE": "invalid-signature"}[no.code],
        )
    assert (outcome, names) == (case["want"], case["verified_names"])


def test_signing_gives_the_public_bytes():
    case = NOTES["signing"]
    key = SigningKey.parse(case["skey"])
    assert str(signed(case["text"], key)) == case["signed"]
    assert key.private_text() == case["skey"]


@pytest.mark.parametrize("case", JCS, ids=lambda case: case["name"])
def test_canonical_json_is_rfc_8785_or_is_refused(case):
    given, want = base64.b64decode(case["input_b64"]), base64.b64decode(case["output_b64"])
    try:
        value = kernel_canonical.loads(given)
    except kernel_canonical.NotCanonicalError:
        with pytest.raises(ValueError, match=r"float|key|canonical"):  # neither has a place in evidence
            v.parse_canonical(given)
        return
    assert kernel_canonical.dumps(value) == v.canonical(value) == want
    assert v.parse_canonical(want) == value
