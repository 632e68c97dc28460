"""The Merkle tree of a log and its proofs (RFC 6962 §2.1).

The rules this module keeps:

1. Roots and proofs follow the recursive definitions of RFC 6962; `verify.py` checks them with the iterative
   ones, so that one slip cannot hide in both.
2. Leaves are only added at the end; a root or proof of any earlier size can be had for ever.
3. `Frontier` knows only the right edge (≤ 64 hashes): enough to give the next root, cheap to copy.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from mingshi.ledger.verify import EMPTY_ROOT, node_hash

_HASH = 32


def ends(size: int) -> Iterator[int]:
    """Where the complete subtrees end that make up a tree of `size` leaves, highest first."""
    end = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            end += 1 << height
            yield end


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """`verify.leaf_hash` of many, without a call for each."""
    return [sha256(b"\0" + entry).digest() for entry in entries]


class Frontier:
    """The right edge of a growing tree: the complete subtrees that end it, highest first."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)
        assert len(self._peaks) == size.bit_count()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frontier) and (self.size, self._peaks) == (other.size, other._peaks)

    __hash__ = None  # type: ignore[assignment]  # it grows

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The complete subtrees' hashes, for keeping it elsewhere."""
        return tuple(self._peaks)

    @property
    def edge(self) -> bytes:
        """The root of the largest complete subtree that ends with the last leaf; there is one."""
        return self._peaks[-1]

    def copy(self) -> "Frontier":
        """One that grows by itself."""
        return Frontier(self.size, self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend([leaf])

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes."""
        size, peaks = self.size, self._peaks
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:  # two complete subtrees of one height make the next
                node = sha256(b"\1" + peaks.pop() + node).digest()
                full >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    @property
    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


class Tree:
    """All hashes of complete subtrees, 32 bytes each: about 64 bytes of memory a leaf."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self.extend(leaves)

    @property
    def size(self) -> int:
        """How many leaves."""
        return len(self._levels[0]) // _HASH

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the end."""
        levels = self._levels
        levels[0] += b"".join(leaves)
        assert len(levels[0]) % _HASH == 0
        for height, row in enumerate(levels):  # grows while it is read: one more level where two nodes meet
            pairs = len(row) // (2 * _HASH)
            if pairs and height + 1 == len(levels):
                levels.append(bytearray())
            if pairs:
                above, pair = levels[height + 1], 2 * _HASH
                first = len(above) // _HASH * pair
                above += b"".join(
                    [sha256(b"\1" + row[at : at + pair]).digest() for at in range(first, pairs * pair, pair)]
                )

    def root(self, size: int) -> bytes:
        """The root when the tree had `size` leaves."""
        assert 0 <= size <= self.size
        return self._range(0, size) if size else EMPTY_ROOT

    def frontier(self) -> Frontier:
        """Its right edge."""
        return Frontier(self.size, map(self.edge, ends(self.size)))

    def edge(self, size: int) -> bytes:
        """The root of the largest complete subtree that ended the tree when it had `size` leaves, at least one."""
        assert 0 < size <= self.size
        return self._range(size - (size & -size), size)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The audit path of the leaf at `index` in the tree of `size` leaves (RFC 6962 §2.1.1)."""
        assert 0 <= index < size <= self.size
        return tuple(self._path(index, 0, size))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the tree of `new` leaves extends that of `old` (RFC 6962 §2.1.2)."""
        assert 0 <= old <= new <= self.size
        return tuple(self._subproof(old, 0, new, whole=True)) if 0 < old < new else ()

    def _range(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]); `start` is a multiple of the range's size rounded up to a power of two."""
        height = (end - start - 1).bit_length()
        if end - start == 1 << height:
            at = (start >> height) * _HASH
            return bytes(self._levels[height][at : at + _HASH])
        split = start + (1 << (height - 1))
        return node_hash(self._range(start, split), self._range(split, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH(m, D[start:end]), with m counted from the tree's first leaf."""
        if end - start == 1:
            return []
        split = start + _largest_power_below(end - start)
        if index < split:
            return [*self._path(index, start, split), self._range(split, end)]
        return [*self._path(index, split, end), self._range(start, split)]

    def _subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        """SUBPROOF(m, D[start:end], b): `whole` while the old tree's own root is known to the verifier."""
        if old == end:
            return [] if whole else [self._range(start, end)]
        split = start + _largest_power_below(end - start)
        if old <= split:
            return [*self._subproof(old, start, split, whole=whole), self._range(split, end)]
        return [*self._subproof(old, split, end, whole=False), self._range(start, split)]


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
