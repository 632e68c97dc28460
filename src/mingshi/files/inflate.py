"""The container of a workbook, read without trust: what its table of contents says is checked against its
bytes.

The rules this module keeps:

1. What is checked here is what the reader of cells will see: one table of contents at the very end, no
   comment, no bytes before, no part twice, none overlapping, none encrypted, and every part unpacks to
   exactly the size and checksum declared. A container that could be read in two ways is refused.
2. Memory is bounded: parts are unpacked a block at a time, and sizes are compared with the limits before
   that.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from mingshi.files.limits import (
    MAX_DIRECTORY_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MIB,
    RATIO_FROM_BYTES,
)
from mingshi.files.problem import BadInputError, problem

_END: Final = struct.Struct("<4s4H2LH")
_END64_LOCATOR: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCAL: Final = struct.Struct("<4s5H3L2H")


class Container:
    """An opened workbook file whose table of contents has been checked."""

    def __init__(self, file: BinaryIO, label: str) -> None:
        self._file = file
        self._label = label
        self.size = file.seek(0, 2)
        self._check_end()
        try:
            listed = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error):
            raise self._damaged("directory") from None
        self.parts = {info.filename: info for info in listed}
        # The reader of cells compares names without case, and a name may hide its end behind a null.
        names = {info.orig_filename.lower() for info in listed}
        if len(names) != len(listed) or any("\0" in name for name in names):
            raise self._damaged("part names")
        self._check_sizes()

    def unpacked(self, name: str) -> Iterator[bytes]:
        """A part's bytes, a block at a time; raises `BadInputError` if they are not what the contents say."""
        info = self.parts[name]
        self._file.seek(info.header_offset)
        head = self._file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise self._damaged("local header")
        fields = _LOCAL.unpack(head)
        position = info.header_offset + _LOCAL.size + fields[9] + fields[10]
        inflater = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        size = checksum = 0
        left = info.compress_size
        while left:
            self._file.seek(position)  # parts may be read in turns
            packed = self._file.read(min(left, MIB // 16))
            if not packed:
                raise self._damaged("truncated")
            left -= len(packed)
            position += len(packed)
            for block in self._inflated(inflater, packed):
                size += len(block)
                if size > info.file_size:
                    raise BadInputError([problem(self._label, "zip_bomb", reason="size")])
                checksum = zlib.crc32(block, checksum)
                yield block
        if size != info.file_size or checksum != info.CRC or (inflater and not inflater.eof):
            raise self._damaged("checksum")

    def _inflated(self, inflater: "zlib._Decompress | None", packed: bytes) -> Iterator[bytes]:
        if inflater is None:
            yield packed
            return
        while packed:
            if inflater.eof:
                raise self._damaged("bytes after the end of a part")
            try:
                block = inflater.decompress(packed, MIB)
            except zlib.error:
                raise self._damaged("packed data") from None
            packed = inflater.unconsumed_tail or inflater.unused_data
            if block:
                yield block

    def _check_end(self) -> None:
        """The end record stands at the very end and tells of a table of contents of bearable size."""
        if self.size < _END.size:
            raise self._damaged("truncated")
        self._file.seek(self.size - _END.size)
        mark, _, _, _, count, directory, offset, comment = _END.unpack(self._file.read(_END.size))
        if mark != b"PK\x05\x06" or comment:
            raise self._damaged("end record")
        end = self.size - _END.size
        at64 = end - _END64_LOCATOR.size - _END64.size
        if at64 >= 0:
            self._file.seek(at64)
            record = _END64.unpack(self._file.read(_END64.size))
            locator = self._file.read(_END64_LOCATOR.size)
            if locator[:4] == b"PK\x06\x07":  # some Java writers always add it
                if record[0] != b"PK\x06\x06" or _END64_LOCATOR.unpack(locator)[2] != at64:
                    raise self._damaged("end record")
                count, directory, offset = record[7], record[8], record[9]
                end = at64
        if directory > MAX_DIRECTORY_BYTES or count > MAX_PARTS:
            raise BadInputError([problem(self._label, "zip_bomb", reason=f"{count} parts")])
        if offset + directory != end:
            raise self._damaged("table of contents")

    def _check_sizes(self) -> None:
        packed = unpacked = 0
        for info in self.parts.values():
            if info.flag_bits & 0x1:
                raise BadInputError([problem(self._label, "encrypted_workbook")])
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._damaged("packing method")
            packed += info.compress_size
            unpacked += info.file_size
            if info.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * info.compress_size):
                ratio = info.file_size // max(info.compress_size, 1)
                raise BadInputError([problem(self._label, "zip_bomb", reason=f"1:{ratio}")])
        if packed > self.size:
            raise BadInputError([problem(self._label, "zip_bomb", reason="overlapping parts")])
        if unpacked > MAX_UNPACKED_BYTES:
            raise BadInputError([problem(self._label, "zip_bomb", reason=f"{unpacked // MIB} MiB")])

    def _damaged(self, reason: str) -> BadInputError:
        return BadInputError([problem(self._label, "workbook_damaged", reason=reason)])
