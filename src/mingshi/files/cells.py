"""Values of a case as cells: the inverse of `columns`.

The rules this module keeps:

1. What is written here is read back by `ColumnReader` as the same value, whichever language words are
   written in.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, cast

from mingshi.domain.evidence import Time  # noqa: TC001 - named in a cast
from mingshi.files.format import NOT_RECORDED, Column, Kind, Sheet
from mingshi.files.messages import Language
from mingshi.files.times import TimeWriter
from mingshi.files.words import CHINESE
from mingshi.kernel.fen import Fen, yuan_text
from mingshi.kernel.timeline import Zone

_YES_NO: Final[dict[Language, tuple[str, str]]] = {"zh": ("否", "是"), "en": ("no", "yes")}
_PPM_OF_PERCENT: Final = 10_000


def cell_writer(sheet: Sheet, column: Column, zone: Zone, language: Language) -> Callable[[object], str]:
    """A function that writes this column's values; `None` and empty values become empty cells."""
    match column.kind:
        case Kind.TIME | Kind.INSTANT:
            times = TimeWriter(zone)
            return lambda value: times.written(cast("Time | None", value))
        case Kind.CONTACTS | Kind.REFS:
            return lambda value: ";".join(cast("tuple[str, ...]", value))
        case Kind.WORD if language == "zh":
            return _chinese_word
        case Kind.YES_NO:
            words = _YES_NO[language]
            return lambda value: "" if value is None else words[bool(value)]
        case Kind.YUAN:
            return lambda value: "" if value is None else yuan_text(cast("Fen", value)).replace(",", "")
        case Kind.PERCENT:
            return _percent
        case Kind.TEXT if sheet.name == "registrations" and column.field == "client":
            return lambda value: NOT_RECORDED if value is None else str(value)
    return lambda value: "" if value is None else str(value)


def _chinese_word(value: object) -> str:
    return CHINESE[type(value)][value][0] if isinstance(value, StrEnum) else ""


def _percent(value: object) -> str:
    if value is None:
        return ""
    whole, rest = divmod(cast("int", value), _PPM_OF_PERCENT)
    decimals = f".{rest:04d}".rstrip("0") if rest else ""
    return f"{whole}{decimals}%"
