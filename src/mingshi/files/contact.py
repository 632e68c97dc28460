"""Telephone numbers as offices write them, and the one form in which a case keeps each.

The rules this module keeps:

1. Two spellings of one number become one string; two numbers never become one.
2. A mainland mobile is eleven digits; masked, its first three and last four around `****` (前三后四); a
   landline its area code and number; a number from abroad E.164 with `+`; an export's token `#12.3` or
   `#12` stays.
3. What lost digits on its way is refused with the remedy: scientific notation, a landline without area
   code, several numbers in one cell. Nothing is guessed.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from mingshi.domain.ids import Contact
from mingshi.files.problem import CellError
from mingshi.files.text import plain

MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_TOKEN: Final = re.compile(r"#\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_MASKED: Final = re.compile(r"(1[3-9]\d)\d*[*]+\d*(\d{4})", re.ASCII)
# An x, dot or underscore masks only in runs, so that words and decimals stay what they are.
_MASKING: Final = re.compile(r"[-–—]*(?:[*∗✱•●☆★?]+|[xX×✕✖#]{2,}|·{2,}|_{2,}|[.]{3,})[-–—]*")
_ABROAD: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_LANDLINE: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}", re.ASCII)
_SERVICE: Final = re.compile(r"[48]00\d{7}", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.ASCII | re.IGNORECASE)
_NUMBER_CELL: Final = re.compile(r"(\d+)\.0+", re.ASCII)
_DROPPED: Final = re.compile(r"[\s()\-–—‐‑−]+")
_BETWEEN: Final = re.compile(r"[;,、/|\n]+")
_EXTENSION: Final = re.compile(r"(?:转|-|ext\.?|#|x)\s*(\d{1,6})$", re.IGNORECASE)
_CANONICAL: Final = re.compile(r"(?:(?:1[3-9]\d(?:\d{8}|\*{4}\d{4})|#\d{1,12}(?:\.\d{1,12})?)?\n)*", re.ASCII)


def are_canonical(cells: Sequence[str]) -> bool:
    """Whether every cell is empty or already in the form kept, told by one match over all of them."""
    joined = "\n".join(cells) + "\n"
    return joined.count("\n") == len(cells) and _CANONICAL.fullmatch(joined) is not None


def contact(cell: str) -> Contact:
    """The one form of a single number; empty for an empty cell. Raises `CellError`."""
    text = plain(cell)
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece.strip()]
    if len(pieces) > 1 or _apart(text):
        raise CellError("several_phones")
    return _one(pieces[0]) if pieces else Contact("")


def contacts(cell: str) -> tuple[Contact, ...]:
    """The numbers of a cell, separated by `;` `,` `、` `/` `|` or a line break, in their order, each once."""
    found: dict[Contact, None] = {}
    for piece in _BETWEEN.split(plain(cell)):
        for single in _apart(piece) or (piece,):
            if single.strip():
                found[_one(single.strip())] = None
    return tuple(found)


def _apart(text: str) -> list[str]:
    """Several numbers with nothing but spaces between them; else nothing."""
    pieces = text.split()
    whole = len(pieces) > 1 and all(MOBILE.fullmatch(each) or _TOKEN.fullmatch(each) for each in pieces)
    return pieces if whole else []


def _one(text: str) -> Contact:
    if _TOKEN.fullmatch(text):
        return Contact(text)
    if _SCIENTIFIC.fullmatch(text):
        return _from_scientific(text)
    if match := _NUMBER_CELL.fullmatch(text):
        text = match.group(1)
    extension = _EXTENSION.search(text)
    if extension and (main := _landline(text[: extension.start()])) is not None:
        return Contact(f"{main}-{extension.group(1)}")
    if _MASKING.search(text):
        return _from_masked(text)
    digits = _DROPPED.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    for prefix in ("+86", "86"):
        if digits.startswith(prefix) and MOBILE.fullmatch(digits, len(prefix)):
            return Contact(digits[len(prefix) :])
    if MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return Contact(digits)
    if (main := _landline(text)) is not None:
        return main
    if _ABROAD.fullmatch(digits) and not digits.startswith("+86"):
        return Contact(digits)
    if digits.isdecimal() and len(digits) in (7, 8):
        raise CellError("no_area_code")
    raise CellError("not_phone")


def _landline(text: str) -> Contact | None:
    digits = _DROPPED.sub("", text)
    for prefix in ("+860", "+86", ""):
        if digits.startswith(prefix):
            number = "0" + digits[len(prefix) :] if prefix else digits
            return Contact(number) if _LANDLINE.fullmatch(number) else None
    return None


def _from_scientific(text: str) -> Contact:
    """`1.6000000001E+10` still has every digit; `1.6E+10` does not."""
    mantissa = text.upper().partition("E")[0].replace(".", "")
    value = Decimal(text)
    number = f"{value:f}"
    if len(mantissa) >= 11 and MOBILE.fullmatch(number):
        return Contact(number)
    raise CellError("phone_lost_digits")


def _from_masked(text: str) -> Contact:
    """First three and last four, whatever stands between; digits shown beyond that are let go."""
    stars = _DROPPED.sub("", _MASKING.sub("*", re.sub(r"\s+", "", text)))
    for prefix in ("+86", "0086", "86"):
        stars = stars.removeprefix(prefix) if _MASKED.fullmatch(stars, len(prefix)) else stars
    if match := _MASKED.fullmatch(stars):
        return Contact(f"{match.group(1)}****{match.group(2)}")
    raise CellError("mask_form")
