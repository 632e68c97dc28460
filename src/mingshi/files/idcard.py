"""Identity-card numbers: checked, then replaced by tokens before anything else sees them.

The rules this module keeps:

1. A number whose length, date or check digit is wrong is refused; one that is right becomes `ID-0001`,
   `ID-0002` … No number survives in a case, a message or an export (L-45).
2. Tokens are numbered by the order of the numbers themselves, never of the rows, so that permuted files
   give the same tokens; tokens that a file already has keep their meaning and are not given twice.
3. Passports and other documents become tokens in the same way; nothing can be checked of them but their
   length.
"""

import re
from collections.abc import Iterable
from typing import Final

from mingshi.domain.ids import IdKey
from mingshi.files.problem import CellError
from mingshi.files.text import has_valid_check_digit, plain

_TOKEN: Final = re.compile(r"ID-[0-9A-Za-z]{1,64}", re.ASCII)
_CARD: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_CARD_LIKE: Final = re.compile(r"\d{11,}[\dX]", re.ASCII)
_DOCUMENT: Final = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)


class Document(str):
    """A document's number between reading a cell and giving it a token; it lives in no `Case`."""

    __slots__ = ()


def card_or_token(cell: str) -> IdKey | Document:
    """A token as it is, "" for an empty cell, or a checked number to be replaced. Raises `CellError`."""
    text = plain(cell)
    if not text or _TOKEN.fullmatch(text):
        return IdKey(text)
    number = re.sub(r"[\s-]", "", text).upper()
    if _CARD.fullmatch(number):
        if not has_valid_check_digit(number):
            raise CellError(
                "bad_id_number",
                reason_zh="日期或校验码不符",
                reason_en="its date or check digit does not fit",
            )
        return Document(number)
    if _CARD_LIKE.fullmatch(number) or not _DOCUMENT.fullmatch(number):
        raise CellError("bad_id_number", reason_zh="不是 18 位", reason_en="it does not have 18 characters")
    return Document(number)


def tokens_for(values: Iterable[object]) -> dict[object, IdKey]:
    """A token for each `Document` among `values`, next to the tokens already there."""
    seen = set(values)
    taken = {value for value in seen if not isinstance(value, Document)}
    tokens: dict[object, IdKey] = {}
    number = 0
    for document in sorted(value for value in seen if isinstance(value, Document)):
        number += 1
        while f"ID-{number:04d}" in taken:
            number += 1
        tokens[document] = IdKey(f"ID-{number:04d}")
    return tokens
