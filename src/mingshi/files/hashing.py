"""The digests of the files of a case; of large ones another process works them out while this one reads.

The rules this module keeps:

1. Whoever works it out, it is the same digest (a test compares). If the other process comes to no end, this one does.
2. Reading by place leaves the files' positions alone: two processes share them.
"""

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import BinaryIO, Final

from mingshi.files.limits import MIB
from mingshi.files.source import Input

_BLOCK_BYTES: Final = MIB // 16
_WORTH_FORKING: Final = 32 * MIB


def hashed(file: BinaryIO, name: str) -> Input:
    """The file as an input of the case."""
    digest, size = hashlib.sha256(), 0
    while block := os.pread(file.fileno(), _BLOCK_BYTES, size):
        digest.update(block)
        size += len(block)
    return Input(name, digest.hexdigest(), size)


@contextmanager
def hashing(files: Sequence[tuple[BinaryIO, str]], *, beside: bool) -> Iterator[Callable[[], list[Input]]]:
    """What tells the files as inputs of the case, while they are open. `beside`: another process may do it, from now
    on; not for a process with threads, for it forks.
    """
    if not beside or sum(os.fstat(file.fileno()).st_size for file, _ in files) < _WORTH_FORKING:
        yield lambda: [hashed(*each) for each in files]
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    other = context.Process(target=_hash_all, args=(theirs, files), daemon=True)
    other.start()
    theirs.close()

    def told() -> list[Input]:
        try:
            return [Input(*each) for each in ours.recv()]
        except EOFError:
            return [hashed(*each) for each in files]

    try:
        yield told
    finally:
        ours.close()
        other.terminate()
        other.join()


def _hash_all(to: Connection, files: Sequence[tuple[BinaryIO, str]]) -> None:
    """What the other process does."""
    to.send([tuple(hashed(*each)) for each in files])
