"""One column of cells into values, by the kind of the column.

The rules this module keeps:

1. A chunk of cells is first read as a whole by C-level means; only if some cell resists, one by one: the
   common case is fast, and every bad cell is still named.
2. An empty cell is "" for text, ids and contacts, `()` for lists, `None` for times, numbers and words, and
   for yes and no what docs/formats/case.md says.
3. A value depends on its cell and column alone: what other rows hold never changes it.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import filterfalse
from typing import Final, TypeAlias

from mingshi.files.contact import are_canonical, contact, contacts
from mingshi.files.forbidden import is_face
from mingshi.files.format import NO_ANSWER_WHEN_EMPTY, NOT_RECORDED, YES_WHEN_EMPTY, Column, Kind, Sheet
from mingshi.files.idcard import card_or_token
from mingshi.files.problem import CellError
from mingshi.files.text import are_plain, free_text, name, plain
from mingshi.files.times import TimeReader
from mingshi.files.words import NO, YES, words_of
from mingshi.kernel.fen import Fen, fen_of_yuan
from mingshi.kernel.timeline import Interval

Fault: TypeAlias = tuple[int, CellError]
"""Index of a bad cell in its chunk, and what is wrong with it."""

_MOST_REMEMBERED: Final = 200_000
_LARGEST: Final = 10**13
"""Of any number: 10¹³ 分 is a hundred billion yuan, beyond every project, and sums of it stay below 2⁵³."""

_MONEY: Final = re.compile(r"([+-]?)¥?([\d,]+(?:\.\d+)?)(万?)(?:元|yuan|cny|rmb)?", re.ASCII | re.IGNORECASE)
_WHOLE: Final = re.compile(r"([+-]?\d{1,14})(?:\.0+)?", re.ASCII)
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)0*(%?)", re.ASCII)
_SEPARATOR: Final = re.compile(r"[;,、|\n]+")


def empty_value(sheet: Sheet, column: Column) -> object:
    """What an empty cell, or a column that a file does not have, holds."""
    match column.kind:
        case Kind.TEXT | Kind.KEY | Kind.REF | Kind.CONTACT | Kind.ID_CARD:
            return ""
        case Kind.CONTACTS | Kind.REFS:
            return ()
        case Kind.YES_NO if (sheet.name, column.field) in NO_ANSWER_WHEN_EMPTY:
            return None
        case Kind.YES_NO:
            return (sheet.name, column.field) in YES_WHEN_EMPTY
    return None


def absent_value(sheet: Sheet, column: Column) -> object:
    """What every row holds in a column that its file does not have."""
    return None if _may_be_unrecorded(sheet, column) else empty_value(sheet, column)


class ColumnReader:
    """Reads chunk after chunk of one column."""

    def __init__(self, sheet: Sheet, column: Column, times: TimeReader) -> None:
        self._column = column
        self._times = times
        self._empty = empty_value(sheet, column)
        self._unrecorded = _may_be_unrecorded(sheet, column)
        self._seen = _Memory(self._one_by_kind())

    def read(self, cells: Sequence[str]) -> tuple[list[object], list[Fault]]:
        """The values of a chunk (`None` where a cell is bad), and the bad cells with their reasons."""
        faults: list[Fault] = []
        try:
            values = self._all(cells)
        except CellError:
            values, faults = self._singly(cells)
        if self._unrecorded and NOT_RECORDED in values:
            values = [None if value == NOT_RECORDED else value for value in values]
        if self._column.required and self._empty in values:
            bad = {index for index, _ in faults}
            missing = (i for i, value in enumerate(values) if value == self._empty and i not in bad)
            faults.extend((index, CellError("required_empty")) for index in missing)
        return values, faults

    def _all(self, cells: Sequence[str]) -> list[object]:
        kind = self._column.kind
        if kind in (Kind.TIME, Kind.INSTANT):
            return self._times.regular(cells)
        if kind is Kind.CONTACT and are_canonical(cells):
            return list(cells)
        if kind is Kind.CONTACTS and are_canonical(cells):
            return [(cell,) if cell else () for cell in cells]
        # Repeated ids are kept once; ids and names that differ in every row are not worth remembering.
        if (kind in (Kind.KEY, Kind.TEXT) or (kind is Kind.REF and not self._seen.holds(cells))) and are_plain(cells):
            return list(map(str.strip, cells))
        return list(map(self._seen.__getitem__, cells))

    def _singly(self, cells: Sequence[str]) -> tuple[list[object], list[Fault]]:
        values: list[object] = []
        faults: list[Fault] = []
        for index, cell in enumerate(cells):
            try:
                values.append(self._seen[cell])
            except CellError as error:
                values.append(None)
                faults.append((index, error))
        return values, faults

    def _one_by_kind(self) -> Callable[[str], object]:
        match self._column.kind:
            case Kind.KEY | Kind.REF:
                return name
            case Kind.TEXT:
                return free_text
            case Kind.REFS:
                return _names
            case Kind.TIME:
                return self._times.time
            case Kind.INSTANT:
                return self._instant
            case Kind.CONTACT:
                return contact
            case Kind.CONTACTS:
                return contacts
            case Kind.ID_CARD:
                return card_or_token
            case Kind.WORD:
                return self._word_reader()
            case Kind.YES_NO:
                return self._yes_no
            case Kind.WHOLE:
                return _whole
            case Kind.YUAN:
                return _yuan
            case Kind.PERCENT:
                return _percent

    def _instant(self, cell: str) -> object:
        at = self._times.time(cell)
        if isinstance(at, Interval):
            raise CellError("needs_exact_time")
        return at

    def _word_reader(self) -> Callable[[str], object]:
        assert self._column.words is not None, "a WORD column names its closed set"
        words = words_of(self._column.words)
        listed = ", ".join(words)

        def read(cell: str) -> object:
            text = "".join(plain(cell).lower().split())
            if not text:
                return None
            if text in words:
                return words[text]
            if is_face(text):
                raise CellError("face_columns", headers=self._column.header)
            raise CellError("unknown_word", words=listed)

        return read

    def _yes_no(self, cell: str) -> object:
        text = plain(cell).lower()
        if not text:
            return self._empty
        if text in YES or text in NO:
            return text in YES
        raise CellError("not_yes_no")


class _Memory(dict[str, object]):
    """Cells seen and their values, up to a number."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    @property
    def full(self) -> bool:
        return len(self) >= _MOST_REMEMBERED

    def holds(self, cells: Sequence[str]) -> bool:
        """Whether all are seen, or there is room for them; new ones that need no cleaning are taken in together."""
        new = list(filterfalse(self.__contains__, cells))
        if not new:
            return True
        if len(self) + len(new) > _MOST_REMEMBERED:
            return False
        if are_plain(new):
            self.update(zip(new, map(str.strip, new), strict=True))
        return True

    def __missing__(self, cell: str) -> object:
        value = self._read(cell)
        if not self.full:
            self[cell] = value
        return value


def _may_be_unrecorded(sheet: Sheet, column: Column) -> bool:
    return sheet.name == "registrations" and column.field == "client"


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (name(piece) for piece in _SEPARATOR.split(plain(cell))))))


def _whole(cell: str) -> int | None:
    text = plain(cell).replace(",", "")
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise CellError("not_whole")
    return _bounded(int(match.group(1)))


def _yuan(cell: str) -> Fen | None:
    text = plain(cell).replace(" ", "")
    if not text:
        return None
    match = _MONEY.fullmatch(text)
    if match is None:
        raise CellError("not_yuan")
    sign, number, ten_thousand = match.groups()
    if ten_thousand:
        number = f"{Decimal(number.replace(',', '')) * 10_000:f}"
    fen = fen_of_yuan(sign + number)
    if fen is None:
        raise CellError("not_yuan")
    return Fen(_bounded(fen))


def _percent(cell: str) -> int | None:
    text = plain(cell).replace(" ", "")
    if not text:
        return None
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise CellError("not_percent")
    value = Decimal(match.group(1))
    if not match.group(2) and 0 < value <= 1:
        raise CellError("percent_sign")  # a spreadsheet stores 50% as 0.5
    return int(value * 10_000)


def _bounded(number: int) -> int:
    if abs(number) > _LARGEST:
        raise CellError("number_too_large")
    return number
