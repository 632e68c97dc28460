"""The ledger against implementations by other people, installed for the tests only."""

import sys
from hashlib import sha256

import pytest
import rfc8785
import strategies as s
from attack_world import ORIGIN, World
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from mingshi.ledger import verify as v
from mingshi.ledger.tree import Frontier, Tree

DATA = [sha256(b"%d" % at).digest() for at in range(130)]


@given(s.json_values)
def test_canonical_json_is_that_of_rfc8785(value):
    assert v.canonical(value) == rfc8785.dumps(value)


def test_roots_of_every_size_are_pymerkles():
    theirs, ours, frontier = InmemoryTree(algorithm="sha256"), Tree(), Frontier()
    for data in DATA:
        theirs.append_entry(data)
        ours.extend([v.leaf_hash(data)])
        frontier.append(v.leaf_hash(data))
        assert theirs.get_root() == ours.root(ours.size) == frontier.root


def test_audit_paths_are_pymerkles():
    theirs = InmemoryTree(algorithm="sha256")
    for data in DATA:
        theirs.append_entry(data)
    ours = Tree(map(v.leaf_hash, DATA))
    for size in (1, 2, 3, 64, 65, 100, 127, 128, 130):
        for index in range(0, size, 7):
            leaf, *path = theirs.prove_inclusion(index + 1, size).path
            assert bytes.fromhex(leaf) if isinstance(leaf, str) else leaf == v.leaf_hash(DATA[index])
            got = tuple(bytes.fromhex(each) if isinstance(each, str) else each for each in path)
            assert got == ours.inclusion(index, size)


needs_aics = pytest.mark.skipif(sys.version_info < (3, 12), reason="RAN WITHOUT aics-tlog: it needs Python 3.12")


@needs_aics
@given(st.integers(1, 130), st.data())
def test_proofs_sound_or_broken_are_judged_alike_by_aics_tlog(size, data):
    from aics_tlog import tree as theirs

    ours = Tree(map(v.leaf_hash, DATA[:size]))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    spoil = data.draw(st.integers(-1, 8))
    path, root = list(ours.inclusion(index, size)), ours.root(size)
    steps, first = list(ours.consistency(old, size)), ours.root(old)
    assert theirs.MerkleTree(DATA[:size]).root() == root
    for proof in (path, steps):
        if 0 <= spoil < len(proof):
            proof[spoil] = proof[spoil][::-1]
        elif spoil == 8:
            proof.append(root)
    leaf = v.leaf_hash(DATA[index])
    got = v.verify_inclusion(leaf, index, size, path, root)
    assert got is theirs.verify_inclusion(leaf, index, size, path, root)
    got = v.verify_consistency(old, size, steps, first, root)
    assert got is theirs.verify_consistency(old, size, first, root, steps)


@needs_aics
def test_our_checkpoints_and_cosignatures_are_accepted_by_aics_tlog():
    from aics_tlog.checkpoint import verify_checkpoint
    from aics_tlog.note import parse_note, parse_vkey

    world = World()
    for at in range(9):
        world.register("A1", str(at))
        note = world.publish()
        result = verify_checkpoint(
            parse_note(note),
            parse_vkey(str(world.key.verifier)),
            [parse_vkey(str(key.verifier)) for key in world.witness_keys.values()],
            quorum=3,
            expected_origin=ORIGIN,
        )
        assert (result.ok, result.size, result.cosignature_count) == (True, at + 1, 3), result.error
