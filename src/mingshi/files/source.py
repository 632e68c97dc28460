"""Opening files that may be hostile, and the shape in which CSV files and worksheets hand over their rows.

The rules this module keeps:

1. Only plain files are opened: no link is followed, no pipe or device read, so that a case names only its
   own files.
2. Every file that is opened is hashed too (`hashing`): the SHA-256 of every input stands beside the rulings (RULES.md
   amendment 23).
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol

from mingshi.files.limits import MAX_FILE_BYTES, MIB
from mingshi.files.problem import BadInputError, problem

_BLOCK_BYTES: Final = MIB // 16


class Input(NamedTuple):
    """A file that was read."""

    name: str
    """Relative to the case."""
    sha256: str
    size: int
    """In bytes."""


class Chunk(NamedTuple):
    """Some rows of a table, as rows or (where all are of one length) as columns."""

    first: int
    """The row number of the first, as a spreadsheet counts, from 1."""
    length: int
    rows: list[list[str]] | None
    columns: list[list[str]] | None

    def as_rows(self) -> list[list[str]]:
        """The rows one by one."""
        if self.rows is not None:
            return self.rows
        assert self.columns is not None, "a chunk has one of the two"
        return [list(row) for row in zip(*self.columns, strict=True)]


class Grid(Protocol):
    """A table as a file has it: rows of text cells, the header somewhere near the top."""

    @property
    def label(self) -> str:
        """The file, and the worksheet where there is one, as messages name it."""

    @property
    def name(self) -> str:
        """What may name a sheet of the format: the file's stem or the worksheet's name."""

    def chunks(self) -> Iterator[Chunk]:
        """All rows from the top, in pieces of bounded size. May be called again."""


def open_plain(path: Path, label: str) -> BinaryIO:
    """Open a plain file for reading; anything else raises `BadInputError`."""
    try:
        # Without O_NONBLOCK, opening a pipe that somebody laid there would wait for ever.
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise BadInputError([problem(label, "not_found")]) from None
    except OSError as error:
        code = "not_a_file" if path.is_symlink() or path.is_dir() else "not_readable"
        raise BadInputError([problem(label, code, reason=error.strerror)]) from None
    facts = os.fstat(number)
    plain = stat.S_ISREG(facts.st_mode)
    if not plain or facts.st_size > MAX_FILE_BYTES:
        os.close(number)
        code = "file_too_large" if plain else "not_a_file"
        raise BadInputError([problem(label, code, limit=MAX_FILE_BYTES // MIB)])
    return os.fdopen(number, "rb")


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """The file from its start, in pieces that stay in the processor's cache (else half as fast)."""
    file.seek(0)
    while block := file.read(_BLOCK_BYTES):
        yield block


def width(rows: Sequence[Sequence[str]]) -> int:
    """Cells of the longest row."""
    return max(map(len, rows), default=0)
