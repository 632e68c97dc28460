"""Rows of a CSV file as offices export it.

The rules this module keeps:

1. The encoding is found, not guessed: a byte-order mark decides; else text that is valid UTF-8 is UTF-8,
   else GB18030. Where both readings are sensible text the file is refused, with the remedy.
2. Memory is bounded whatever the file holds: blocks of a mebibyte, lines and cells of limited length.
3. The delimiter (comma, tab, semicolon, bar) is the one that parts the most of the first rows alike.
"""

import codecs
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO, Final, NamedTuple

from mingshi.files.limits import MAX_COLUMNS, MAX_CSV_ROWS, MAX_LINE_CHARS, MIB
from mingshi.files.problem import BadInputError, problem
from mingshi.files.source import Chunk, blocks, width
from mingshi.files.text import undone

_DELIMITERS: Final = ",\t;|"
_SAMPLE: Final = 20
_BELOW_E0: Final = bytes(range(0xE0))
_LATIN: Final = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][A-Za-z]")
_BLOCK_BYTES: Final = MIB // 16
_WORTH_PARTING: Final = 8 * MIB
_PARTABLE: Final = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030"}
"""Encodings in which no other character holds the byte of a line's end, and how to read on in the middle."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Cut(NamedTuple):
    """A place in a file between two rows."""

    offset: int
    """Bytes above it."""
    row: int
    """The number of the row below it."""
    size: int
    """Bytes of the file."""


class CsvGrid:
    """One CSV file."""

    def __init__(self, file: BinaryIO, label: str, name: str) -> None:
        self.label = label
        self.name = name
        self._file = file
        self._encoding = _encoding(file, label)
        self._delimiter = self._find_delimiter()

    def chunks(self) -> Iterator[Chunk]:
        """All rows; raises `BadInputError` where the text is no table within the limits."""
        return self._chunks(1, self._texts(blocks(self._file)))

    def before(self, cut: "Cut") -> Iterator[Chunk]:
        """The rows above a cut."""
        return self._chunks(1, self._texts(_between(self._file, 0, cut.offset)))

    def behind(self, cut: "Cut") -> Iterator[Chunk]:
        """The rows from a cut on; another process may read those above it at the same time."""
        return self._chunks(cut.row, self._texts(_between(self._file, cut.offset, cut.size), start=False))

    def cut(self, share: float) -> "Cut | None":
        """The first end of a line behind a share of a large file; None where the file is not worth parting, or where
        an end of a line may be no end of a row, because there are quotation marks or other line ends.
        """
        if self._encoding not in _PARTABLE:
            return None
        size = os.fstat(self._file.fileno()).st_size
        if size < _WORTH_PARTING:
            return None
        wanted, at, row, offset, last = int(size * share), 0, 1, 0, b""
        for block in _between(self._file, 0, size):
            if b'"' in block:
                return None
            if b"\r" in block:
                alone = block.count(b"\r") - block.count(b"\r\n")
                if alone > 1 or (alone == 1 and block[-1:] != b"\r"):
                    return None
            if last == b"\r" and block[:1] != b"\n":
                return None
            if not offset:
                end = block.find(b"\n", max(0, wanted - at)) + 1 if at + len(block) > wanted else 0
                row += block.count(b"\n", 0, end or len(block))
                offset = at + end if end else 0
            at, last = at + len(block), block[-1:]
        return Cut(offset, row, size) if offset and offset < size else None

    def _chunks(self, first: int, texts: Iterator[str]) -> Iterator[Chunk]:
        for text in texts:
            # The first rows hold the header and are wanted as rows.
            chunk = (_regular(text, self._delimiter, first) if first > 1 else None) or self._parsed(text, texts, first)
            if first - 1 + chunk.length > MAX_CSV_ROWS:
                raise BadInputError([problem(self.label, "too_many_rows", limit=MAX_CSV_ROWS)])
            yield chunk
            first += chunk.length

    def _parsed(self, text: str, texts: Iterator[str], first: int) -> Chunk:
        """The rows of a text by the rules of quoting; a cell that goes on takes the next text along."""
        rows: list[list[str]] = []
        try:
            rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error) and (more := next(texts, "")):
                return self._parsed(text + more, texts, first)
            row = first + len(rows)
            raise BadInputError([problem(self.label, "broken_quotes", row=row, reason=error)]) from None
        if width(rows) > MAX_COLUMNS:
            rows = [self._narrow(row, first + index) for index, row in enumerate(rows)]
        if "'" in text:  # one may stand before what would be a formula
            rows = [[undone(cell) if cell[:1] == "'" else cell for cell in row] for row in rows]
        return Chunk(first, len(rows), rows, None)

    def _narrow(self, row: list[str], number: int) -> list[str]:
        """A row without the empty cells at its end; one that is still too wide is refused."""
        filled = next((index + 1 for index in range(len(row) - 1, -1, -1) if row[index]), 0)
        if filled > MAX_COLUMNS:
            raise BadInputError([problem(self.label, "too_many_columns", row=number, limit=MAX_COLUMNS)])
        return row[:filled]

    def _find_delimiter(self) -> str:
        sample = list(islice(io.StringIO(next(self._texts(blocks(self._file)), ""), newline=""), _SAMPLE))
        best, best_score = ",", (0, 0)
        for delimiter in _DELIMITERS:
            try:
                widths = Counter(map(len, csv.reader(sample, delimiter=delimiter)))
            except csv.Error:
                continue  # a cell beyond the limit; `chunks` will name its row
            score = max(((count, cells) for cells, count in widths.items() if cells > 1), default=(0, 0))
            if score > best_score:
                best, best_score = delimiter, score
        return best

    def _texts(self, pieces: Iterator[bytes], *, start: bool = True) -> Iterator[str]:
        """Text in pieces of whole lines."""
        decoder = codecs.getincrementaldecoder(self._encoding if start else _PARTABLE[self._encoding])()
        rest = ""
        for block in chain(pieces, (b"",)):
            try:
                text = rest + decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                raise BadInputError([problem(self.label, "encoding_unknown")]) from None
            if "\0" in text:
                raise BadInputError([problem(self.label, "nul_bytes")])
            # A \r at the end may be half of a \r\n: only what follows it decides.
            end = (max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1) if block else len(text)
            text, rest = text[:end], text[end:]
            if len(rest) > MAX_LINE_CHARS:
                raise BadInputError([problem(self.label, "line_too_long", limit=MAX_LINE_CHARS)])
            if start and text:
                text = re.sub(r"\Asep=[,;\t|]\s*?\r?\n", "", text)  # a hint for Excel, shown by it as no row
                start = False
            if text:
                yield text


def _between(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """Part of a file; its position is left alone, for two processes share it."""
    for at in range(start, end, _BLOCK_BYTES):
        yield os.pread(file.fileno(), min(_BLOCK_BYTES, end - at), at)


def _regular(text: str, delimiter: str, first: int) -> Chunk | None:
    """Rows of equal length without a quotation mark, parted all at once: six times as fast as one by one."""
    if '"' in text:
        return None
    text = text.replace("\r\n", "\n").removesuffix("\n")
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    cells.append("\n")
    step = text.partition("\n")[0].count(delimiter) + 2
    ends = cells[step - 1 :: step]
    if "\r" in text or step > MAX_COLUMNS or len(cells) % step or ends.count("\n") != len(ends):
        return None
    columns = [cells[index::step] for index in range(step - 1)]
    if "'" in text:
        columns = [[undone(cell) if cell[:1] == "'" else cell for cell in column] for column in columns]
    return Chunk(first, len(ends), None, columns)


def _encoding(file: BinaryIO, label: str) -> str:
    """The encoding by whose rules the whole file is text."""
    start = next(blocks(file), b"")[:4]
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if start == b"PK\x03\x04":
        raise BadInputError([problem(label, "workbook_named_csv")])
    if _decodes(file, "utf-8"):
        if not _only_two_byte_characters(file) or not _decodes(file, "gb18030"):
            return "utf-8"
        # `小学` in GB18030 is `Сѧ` in UTF-8: the bytes do not decide, unless they are Latin words (`Müller`).
        if any(_LATIN.search(block.decode(errors="ignore")) for block in blocks(file)):
            return "utf-8"
        raise BadInputError([problem(label, "encoding_ambiguous")])
    if _decodes(file, "gb18030"):
        return "gb18030"
    raise BadInputError([problem(label, "encoding_unknown")])


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _only_two_byte_characters(file: BinaryIO) -> bool:
    """Whether a valid UTF-8 file has characters beyond ASCII, and none above U+07FF (no Chinese)."""
    beyond_ascii = False
    for block in blocks(file):
        if not block.isascii():
            beyond_ascii = True
            if block.translate(None, _BELOW_E0):
                return False
    return beyond_ascii
