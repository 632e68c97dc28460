from itertools import pairwise

import pytest

from mingshi.ledger import verify as v
from mingshi.ledger.tree import Frontier, Tree

LEAVES = [v.leaf_hash(b"%d" % at) for at in range(70)]


@pytest.fixture(scope="module")
def tree():
    return Tree(LEAVES)


def test_every_inclusion_proof_of_every_size_verifies_and_no_other_place_does(tree):
    for size in range(1, len(LEAVES) + 1):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert v.verify_inclusion(LEAVES[index], index, size, proof, root)
            assert not v.verify_inclusion(LEAVES[index], index ^ 1, size, proof, root)


def test_every_consistency_proof_verifies_and_binds_both_roots(tree):
    for new in range(1, len(LEAVES) + 1):
        for old in range(1, new + 1):
            proof, first, second = tree.consistency(old, new), tree.root(old), tree.root(new)
            assert v.verify_consistency(old, new, proof, first, second)
            assert not v.verify_consistency(old, new, proof, second[::-1], second)
            assert not v.verify_consistency(old, new, proof, first, first[::-1])
            for at in range(len(proof)):
                broken = (*proof[:at], proof[at][::-1], *proof[at + 1 :])
                assert not v.verify_consistency(old, new, broken, first, second)


def test_a_frontier_grows_as_the_tree_does(tree):
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert frontier.root == tree.root(size)
        frozen = frontier.copy()
        frontier.append(leaf)
        assert (frozen.size, frontier.size) == (size, size + 1)
    assert tree.frontier().root == frontier.root == tree.root(tree.size)


def test_growing_in_pieces_gives_the_same_tree():
    pieces = Tree()
    for start, end in pairwise([0, 1, 2, 7, 8, 33, 70]):
        pieces.extend(LEAVES[start:end])
    assert [pieces.root(size) for size in range(71)] == [Tree(LEAVES).root(size) for size in range(71)]


def test_a_leaf_cannot_pass_for_a_node():
    two = Tree(LEAVES[:2])
    assert v.leaf_hash(LEAVES[0] + LEAVES[1]) != two.root(2)


def test_the_empty_tree_has_the_hash_of_nothing():
    assert Tree().root(0) == Frontier().root == v.EMPTY_ROOT
