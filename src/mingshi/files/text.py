"""Text cells: what is cleaned silently, what is refused, and how `=` is kept from becoming a formula.

The rules this module keeps:

1. `defused` and `undone` are inverse: whatever text is written into a sheet is read back unchanged. A text
   that a spreadsheet would run (`=`, `+`, `-`, `@`, tab, carriage return, and their full-width forms) is
   written with an apostrophe before it, the spreadsheet's own mark for text.
2. White space around, zero-width marks anywhere and the marks a telephone puts around copied numbers go; a
   direction override or control character inside a name is refused, because it shows other text than it
   holds.
3. Ids and words are compared after NFKC, so that full-width and half-width forms are one; free text keeps
   its form.
4. An identity-card number in any text is refused: it may stand in its own column only.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from stdnum.cn import ric

from mingshi.files.limits import MAX_CELL_CHARS
from mingshi.files.problem import CellError

_DANGER: Final = "=+\\-@\t\r＝＋－＠"
_MUST_DEFUSE: Final = re.compile(f"'*[{_DANGER}]|''")
_DEFUSED: Final = re.compile(f"'(?=['{_DANGER}])")

_ZERO_WIDTH: Final = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF, 0x180E])
_DIRECTION: Final = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_ERROR_VALUE: Final = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_DASHES: Final = re.compile(r"[-–—−/\\]{1,4}")  # how offices fill a cell that has nothing to say
_ID_NUMBER: Final = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)", re.ASCII)
_JOINERS: Final = frozenset("\u200c\u200d")  # parts of emoji and of some scripts


def defused(text: str) -> str:
    """`text` as it may be written into a cell."""
    return "'" + text if _MUST_DEFUSE.match(text) else text


def undone(cell: str) -> str:
    """The text that `defused` was given."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def plain(cell: str) -> str:
    """A cell of which only letters and digits matter: NFKC, without invisible marks, dashes alone as nothing."""
    text = cell.strip()
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text.translate(_ZERO_WIDTH).translate(_DIRECTION)).strip()
    return "" if _DASHES.fullmatch(text) else _no_error_value(text)


def name(cell: str) -> str:
    """An id or word: as `plain`, but a direction mark or control character inside is refused."""
    text = unicodedata.normalize("NFKC", cell.translate(_ZERO_WIDTH)).strip()
    text = unicodedata.normalize("NFKC", _trimmed(text)).strip()
    _refuse_hidden(text, allowed="")
    return checked(text)


def free_text(cell: str) -> str:
    """Free text in its own form; every line end becomes a line feed."""
    text = _trimmed(_LINE_ENDS.sub("\n", cell.translate(_ZERO_WIDTH)))
    _refuse_hidden(text, allowed="\n\t")
    return checked(text)


def checked(text: str) -> str:
    """`text` unless it is too long, an error value, damaged, or holds an identity-card number."""
    if len(text) > MAX_CELL_CHARS:
        raise CellError("cell_too_long", limit=MAX_CELL_CHARS)
    if "\ufffd" in text:
        raise CellError("damaged_text")
    if any(has_valid_check_digit(number) for number in _ID_NUMBER.findall(text)):
        raise CellError("id_number_in_text")
    return _no_error_value(text)


def has_valid_check_digit(number: str) -> bool:
    """Whether 18 characters are an identity-card number by check digit and birth date (GB 11643).

    The region is not asked: region codes changed over the years and no list of them is complete.
    """
    try:
        ric.get_birth_date(number)
    except ValueError:
        return False
    return bool(ric.calc_check_digit(number) == number[-1].upper())


def are_plain(cells: Sequence[str]) -> bool:
    """Whether no cell needs any of the above but stripping, told by a few looks at all of them together."""
    joined = "".join(cells)
    if "#" in joined or "\ufffd" in joined or not joined.isprintable():
        return False
    if not (joined.isascii() or unicodedata.is_normalized("NFKC", joined)):
        return False
    longest = max(map(len, cells), default=0)
    return longest < 18 or (longest <= MAX_CELL_CHARS and not _ID_NUMBER.search("\n".join(cells)))


def _trimmed(text: str) -> str:
    """Without white space and direction marks at both ends."""
    before = None
    while before != text:
        before, text = text, text.strip()
        while text and ord(text[0]) in _DIRECTION:
            text = text[1:]
        while text and ord(text[-1]) in _DIRECTION:
            text = text[:-1]
    return text


def _refuse_hidden(text: str, allowed: str) -> None:
    if text.isprintable():
        return
    for char in text:
        if char.isprintable() or char in allowed or (allowed and char in _JOINERS):
            continue
        category = unicodedata.category(char)
        if category in ("Zs", "Co") or (allowed and "\U000e0020" <= char <= "\U000e007f"):
            continue  # other spaces, private use, and the letters inside flag emoji
        if category == "Cn" and ord(char) & 0xFFFE != 0xFFFE:
            continue  # a character newer than this Python
        raise CellError("hidden_character", name=unicodedata.name(char, f"U+{ord(char):04X}"))


def _no_error_value(text: str) -> str:
    if text.startswith("#") and _ERROR_VALUE.match(text):
        raise CellError("error_value")
    return text
