"""How a cell's value is shown in a message: enough to find it again, too little to learn a person from it.

The rules this module keeps:

1. No telephone number, identity number or name is shown whole, in whichever column it stands: people put
   values into wrong columns, and a message may be forwarded (L-23).
2. What is shown is one line of printable characters, so that no terminal or page can be driven by it.
"""

import re
from typing import Final

_SHOWN: Final = 24
_LONG_DIGITS: Final = re.compile(r"\d(?:[\s-]?\d){6,}")
_TIME: Final = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_PLAIN: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*)")
_DIGIT: Final = re.compile(r"\d")


def one_line(text: str, shown: int = 80) -> str:
    """`text` without characters that do not print, cut after `shown`."""
    safe = "".join(char if char.isprintable() else "\ufffd" for char in text[: shown + 1])
    return safe if len(text) <= shown else safe[:shown] + "…"


def masked(value: str, *, personal: bool) -> str:
    """`value` as a message may show it: first character (or first three and last two digits) and stars."""
    text = one_line(value.strip(), _SHOWN)
    if not text:
        return ""
    if _TIME.fullmatch(text):
        return text
    if _LONG_DIGITS.fullmatch(text):
        return _stars(text)
    if personal or _LONG_DIGITS.search(text) or not _PLAIN.fullmatch(text) or not _DIGIT.search(text):
        # Names are words; ids, times and amounts have digits.
        return text[0] + "*" * min(len(text) - 1, 3)
    return text


def _stars(number: str) -> str:
    digits = "".join(_DIGIT.findall(number))
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}" if len(digits) < 14 else f"{digits[:2]}{'*' * 8}"
