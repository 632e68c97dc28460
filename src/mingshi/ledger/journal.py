"""One file that only grows, whose records are durable before they are acknowledged (INV-09).

The rules this module keeps:

1. `append` returns only after the record's bytes and their length are on the disk (fdatasync).
2. A write or sync that fails leaves the journal *broken*: what is on the disk is then unknown, so it answers
   no more until it is opened again and has read what is there. (A second fsync after a failed one may
   report success for pages that were dropped.)
3. A record that was never acknowledged may be cut off at the end of the file: opening removes it. Any other
   damage is `CorruptError`, never repaired in silence: an acknowledged record would be lost with it.
4. One process at a time (an advisory lock). Opening makes durable what is there, the file's name included:
   what is read back and acted on does not vanish later.

Frame: `<length> <4 hex digits> <16 hex digits> LF payload LF`: the first digits are of the SHA-256 of the
length, so that a length that rotted is not taken for an unfinished record and all after it cut off; the
others are of the payload's. A payload holds no NUL: that is what a file system leaves in blocks never filled.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol, final

_CHUNK: Final = 1 << 20
_HEADER = re.compile(rb"([1-9][0-9]{0,9}) ([0-9a-f]{4}) ([0-9a-f]{16})\n")
_HEADER_BEGUN = re.compile(rb"[0-9]{0,10}( ([0-9a-f]{0,4}( [0-9a-f]{0,16})?)?)?\0*")
_HEADER_MAX: Final = 33
MAX_RECORD: Final = 1 << 30


class BrokenError(OSError):
    """A write failed before: the journal must be opened again."""


class BusyError(OSError):
    """Another process has the journal open."""


class CorruptError(ValueError):
    """The file is damaged elsewhere than in an unfinished last record; the message says where."""


class Medium(Protocol):
    """What a journal needs of a disk. Any method may raise `OSError`; `append` may have written a part."""

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the end."""

    def append(self, data: bytes) -> None:
        """Add to the end, not yet durable."""

    def sync(self) -> None:
        """Make everything appended or cut durable."""

    def truncate(self, size: int) -> None:
        """Cut off what follows."""

    def close(self) -> None:
        """Give the file back."""


@final
class FileMedium:
    """A file of its own, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.fsync(self._fd)  # what an earlier process wrote and could not sync is durable before it is read
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except BlockingIOError as error:
            os.close(self._fd)
            raise BusyError(f"{path}: 已被另一进程打开 / open in another process") from error
        except OSError:
            os.close(self._fd)
            raise

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`."""
        return os.pread(self._fd, length, offset)

    def append(self, data: bytes) -> None:
        """Write all of it; a disk may take it in pieces."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]

    def sync(self) -> None:
        """Onto the disk: data and length."""
        os.fdatasync(self._fd)

    def truncate(self, size: int) -> None:
        """Cut."""
        os.ftruncate(self._fd, size)

    def close(self) -> None:
        """Close; the lock goes with it."""
        os.close(self._fd)


@final
class MemoryMedium:
    """The same in memory, for tests and demonstrations."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`."""
        return bytes(self.data[offset : offset + length])

    def append(self, data: bytes) -> None:
        """Add to the end."""
        self.data += data

    def sync(self) -> None:
        """Nothing to do."""

    def truncate(self, size: int) -> None:
        """Cut."""
        del self.data[size:]

    def close(self) -> None:
        """Nothing to do."""


@final
class Journal:
    """Records on a medium. Read `replay` to its end once, before the first append."""

    def __init__(self, medium: Medium) -> None:
        self._medium = medium
        self._end = 0
        self._ready = False

    @property
    def broken(self) -> bool:
        """Is it to be opened again before it takes another record?"""
        return not self._ready

    def replay(self) -> Iterator[tuple[int, bytes]]:
        """Every acknowledged record as (offset of its payload, payload); then cuts an unfinished last one.

        Raises `CorruptError` for damage, `OSError` of the medium.
        """
        assert not self._ready, "replayed already"
        window, base, at = b"", 0, 0  # the window's first byte stands at `base` of the file
        while True:
            frame = _HEADER.match(window, at)
            sound = frame is not None and frame[2] == _digits(frame[1], 4)
            need = frame.end() - at + int(frame[1]) + 1 if frame and sound else _HEADER_MAX
            if len(window) - at < need:
                more = self._medium.read(base + len(window), max(need, _CHUNK))
                if more:
                    window, base, at = window[at:] + more, base + at, 0
                    continue
            if at == len(window):
                break
            if not (frame and sound and len(window) - at >= need and _whole(frame, window[at : at + need])):
                self._cut(base + at, window[at:], frame if sound else None, need)
                break
            yield base + frame.end(), window[frame.end() : at + need - 1]
            at += need
        self._end = base + at
        self._ready = True

    def append(self, payload: bytes) -> int:
        """Write one record and make it durable; the offset of its payload. Raises `OSError`: then reopen."""
        assert b"\0" not in payload, "NUL marks bytes that were never written"
        assert 0 < len(payload) <= MAX_RECORD
        if not self._ready:
            raise BrokenError("日志文件须重新打开 / the journal must be opened again")
        length = b"%d" % len(payload)
        header = b"%s %s %s\n" % (length, _digits(length, 4), _digits(payload, 16))
        self._ready = False  # until it is known to be on the disk
        self._medium.append(b"%s%s\n" % (header, payload))
        self._medium.sync()
        self._ready = True
        offset = self._end + len(header)
        self._end = offset + len(payload) + 1
        return offset

    def read(self, offset: int, length: int) -> bytes:
        """Bytes of a record, from the medium itself."""
        data = self._medium.read(offset, length)
        if len(data) != length:
            raise CorruptError(f"byte {offset}: {length} bytes should be there")
        return data

    def close(self) -> None:
        """Give the medium back."""
        self._ready = False
        self._medium.close()

    def _cut(self, start: int, tail: bytes, frame: re.Match[bytes] | None, need: int) -> None:
        """Remove an unfinished last record; raise for anything else. `tail` reaches past that record."""
        if frame is None:
            torn = _HEADER_BEGUN.fullmatch(tail) is not None
        elif len(tail) < need:
            torn = True  # the length is sound, and the file ends before it
        else:
            torn = b"\0" in tail[:need] and not tail[need:].strip(b"\0")
        if not torn or self._medium.read(start + len(tail), _CHUNK).strip(b"\0"):
            raise CorruptError(
                f"第 {start} 字节起的记录已损坏，请用备份核对 / byte {start}: a damaged record: {tail[:60]!r}"
            )
        self._medium.truncate(start)
        self._medium.sync()


def _digits(data: bytes, count: int) -> bytes:
    return sha256(data).hexdigest()[:count].encode()


def _whole(frame: re.Match[bytes], record: bytes) -> bool:
    payload = record[-1 - int(frame[1]) : -1]
    return record.endswith(b"\n") and _digits(payload, 16) == frame[3]
