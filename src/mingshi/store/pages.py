"""The pages of an encrypted file, decrypted one by one: what a thief who has the key would read.

The rules this module keeps (LEDGER amendment 1):

1. Every page of the file is read, in use or free, and every frame of the write-ahead log, committed or not: SQLite
   itself shows only what is in use, and a deletion is proven on what is not.
2. A scan of the encrypted bytes would find nothing whatever stood there; only decrypted pages prove anything.

The layout is SQLCipher 4's: 4,096-byte pages, AES-256-CBC, the last 80 bytes of a page its IV and its HMAC; the first
16 bytes of the file the salt.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE: Final = 4096
_RESERVE: Final = 80
_IV: Final = 16
_SALT: Final = 16
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_OVERLAP: Final = 64
"""How much of a page's end is kept in front of the next: what is looked for may lie across two."""


class Page(NamedTuple):
    """A decrypted page and where it stands."""

    place: str
    data: bytes


def pages(path: Path, key: bytes) -> Iterator[Page]:
    """Every page of a database file and of its write-ahead log."""
    with path.open("rb") as file:
        number = 0
        while len(page := file.read(PAGE)) == PAGE:
            number += 1
            yield Page(f"{path.name} page {number}", _opened(page, key, first=number == 1))
    wal = path.with_name(path.name + "-wal")
    if not wal.exists():
        return
    with wal.open("rb") as file:
        file.seek(_WAL_HEADER)
        frame = 0
        while len(data := file.read(_FRAME_HEADER + PAGE)) == _FRAME_HEADER + PAGE:
            frame += 1
            first = int.from_bytes(data[:4]) == 1
            yield Page(f"{wal.name} frame {frame}", _opened(data[_FRAME_HEADER:], key, first=first))


def _opened(page: bytes, key: bytes, *, first: bool) -> bytes:
    start = _SALT if first else 0
    iv = page[-_RESERVE : -_RESERVE + _IV]
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
    return decryptor.update(page[start:-_RESERVE]) + decryptor.finalize()


class Found(NamedTuple):
    """Something that should be gone."""

    place: str
    what: str


def scan(shown: Iterable[Page], sought: Sequence[tuple[str, bytes]]) -> Iterator[Found]:
    """Where any of these bytes stand. A long value is looked for by its first and last bytes as well, which lie in one
    page even where the value lies across several.
    """
    parts: dict[bytes, str] = {}
    for what, value in sought:
        parts[value] = what
        if len(value) > 2 * _OVERLAP:
            parts[value[:_OVERLAP]] = what
            parts[value[-_OVERLAP:]] = what
    for page in shown:
        for value, what in parts.items():
            if value in page.data:
                yield Found(page.place, what)
