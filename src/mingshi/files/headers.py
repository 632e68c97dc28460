"""Finding the header of a table and telling which of its names are columns of the format.

The rules this module keeps:

1. A header stands within the first ten rows, under titles and notes, in one row or in two that belong
   together (merged cells over a second line). It is the place where the most names are known.
2. Names are compared without spaces, marks of obligation and units; a unit of ten thousand yuan is kept and
   applied.
3. Values are never looked at to tell what a column is.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from mingshi.files.format import SHEETS, Column, Sheet
from mingshi.files.limits import HEADER_WITHIN

_REMARK: Final = re.compile(r"[(\[【<〔].*?[)\]】>〕]")
_UNIT: Final = re.compile(
    r"必填|选填|可选|元|人民币|rmb|cny|yuan|单位:?元|%|人|套|日期|时间|文本|文本格式|yyyy.*|年月日|required|optional"
)
_TEN_THOUSAND: Final = re.compile(r"万元?|单位:?万元?|万元人民币")
_NOISE: Final = re.compile(r"[\s_*:;'\"“”‘’.,/\\|·—–-]+")


class Header(NamedTuple):
    """The header of one table."""

    end: int
    """The row number (from 1) of its last line; data begin below."""
    names: tuple[str, ...]
    """One a column, as the file writes them; "" for a column without a name."""
    above: tuple[str, ...]
    """All texts in and above the header."""


def bare(name: str) -> str:
    """A name without what does not tell columns apart: case, spaces, punctuation, remarks on units."""
    text = _without_format_marks(name)
    text = _REMARK.sub(lambda match: "" if _is_unit(match.group()[1:-1]) else match.group(), text)
    return _NOISE.sub("", text)


def in_ten_thousands(name: str) -> bool:
    """Whether a header says that its amounts are in 万元."""
    text = _without_format_marks(name)
    return any(_TEN_THOUSAND.fullmatch(remark[1:-1].strip()) for remark in _REMARK.findall(text))


def names_of(column: Column) -> tuple[str, ...]:
    """Every name by which a header may call a column, bare."""
    return tuple(dict.fromkeys(map(bare, (column.header, column.field, *column.chinese))))


def known_names(sheet: Sheet) -> dict[str, Column]:
    """Bare name → column of one sheet."""
    return {name: column for column in sheet.columns for name in names_of(column)}


def find_header(rows: Sequence[Sequence[str]], is_known: Callable[[str], bool]) -> Header | None:
    """The header among the first rows: where `is_known` holds for the most names."""
    best: tuple[int, Header] | None = None
    above: list[str] = []
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        above.extend(filter(None, (cell.strip() for cell in row)))
        candidates = [Header(index + 1, _one_line(row), tuple(above))]
        if index + 1 < min(len(rows), HEADER_WITHIN):
            names = _two_lines(row, rows[index + 1], is_known)
            candidates.append(Header(index + 2, names, (*above, *filter(None, rows[index + 1]))))
        for header in candidates:
            score = len({bare(name) for name in header.names if name and is_known(name)})
            if score and (best is None or score > best[0]):
                best = score, header
    return best[1] if best else None


def sheet_called(name: str) -> Sheet | None:
    """The sheet of the format that a file or worksheet is named after."""
    return _SHEET_NAMES.get(bare(name))


def _one_line(row: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _two_lines(upper: Sequence[str], lower: Sequence[str], is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Names of two lines: both together where that is known, else the lower; an upper spans rightwards."""
    names: list[str] = []
    span = ""
    for index in range(max(len(upper), len(lower))):
        top = " ".join(upper[index].split()) if index < len(upper) else ""
        low = " ".join(lower[index].split()) if index < len(lower) else ""
        span = top or (span if low else "")
        joined = f"{span}{low}"
        names.append(joined if low and span and is_known(joined) else low or span)
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _is_unit(remark: str) -> bool:
    text = remark.strip()
    return bool(_UNIT.fullmatch(text) or _TEN_THOUSAND.fullmatch(text))


def _without_format_marks(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).lower()
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


ALL_NAMES: Final = frozenset(name for sheet in SHEETS for name in known_names(sheet))
"""Every name of a column of any sheet, bare."""
_SHEET_NAMES: Final = {bare(name): sheet for sheet in SHEETS for name in (sheet.name, *sheet.chinese)}
