"""Reading a form field by field: what is wrong is said at the field, and what was typed is kept.

The rules this module keeps:

1. No value reaches a use case that was not read by one of these methods; there is a limit to everything.
2. An error is a text in both languages that says what to do. A form with one error or more is not sent on.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar, final

from mingshi.domain.ids import Contact
from mingshi.kernel.fen import Fen, fen_of_yuan
from mingshi.kernel.timeline import SECOND, Micros, Zone

E = TypeVar("E", bound=StrEnum)
MOST_TEXT: Final = 500


class Both(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str


NEEDED: Final = Both("请填写这一项。", "Please fill this in.")
CHOOSE: Final = Both("请选择一项。", "Please choose one.")


@final
class Form:
    """The fields that came, and what is wrong with them."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = dict(values or {})
        self.errors: dict[str, Both] = {}

    @property
    def ok(self) -> bool:
        """Whether everything read so far was in order."""
        return not self.errors

    def wrong(self, name: str, zh: str, en: str) -> None:
        """Something is wrong with a field."""
        self.errors.setdefault(name, Both(zh, en))

    def raw(self, name: str) -> str:
        """What was typed, as it is."""
        return self.values.get(name, "")

    def text(self, name: str, *, most: int = MOST_TEXT, needed: bool = True) -> str:
        """A text on one or more lines."""
        value = self.raw(name).strip()
        if needed and not value:
            self.errors.setdefault(name, NEEDED)
        if len(value) > most:
            self.wrong(
                name,
                f"最多 {most} 个字，现在是 {len(value)} 个。",
                f"At most {most} characters; these are {len(value)}.",
            )
        if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in value):
            self.wrong(name, "含有看不见的字符，请重新输入。", "It holds invisible characters; please type it again.")
        return value

    def phone(self, name: str, *, masked: bool = False, needed: bool = True) -> Contact:
        """A mobile number; spaces and dashes are taken out. `masked`: 前三后四 is allowed."""
        value = "".join(letter for letter in self.raw(name) if letter not in " -\u3000").removeprefix("+86")
        value = value.translate(_FULL_WIDTH)
        if not value:
            if needed:
                self.errors.setdefault(name, NEEDED)
            return Contact("")
        full = len(value) == 11 and value.isascii() and value.isdigit() and value[0] == "1" and value[1] in "3456789"
        abroad = value.startswith("+") and value[1:].isdigit() and value.isascii() and 7 <= len(value) - 1 <= 15
        half = (
            len(value) == 11
            and value[:3].isdigit()
            and value[3:7] == "****"
            and value[7:].isdigit()
            and value.isascii()
        )
        if full or abroad or (masked and half):
            return Contact(value)
        if half:
            self.wrong(name, "这里需要完整号码。", "The full number is needed here.")
        elif masked:
            self.wrong(
                name,
                f"手机号为 11 位数字，或前三后四（如 138****1234）；现在是 {len(value)} 位。",
                f"A mobile number has 11 digits, or is like 138****1234; this has {len(value)} characters.",
            )
        else:
            self.wrong(
                name,
                f"手机号为 11 位数字；现在是 {len(value)} 位。",
                f"A mobile number has 11 digits; this has {len(value)} characters.",
            )
        return Contact("")

    def choice(self, name: str, kind: type[E], *, needed: bool = True) -> E | None:
        """One of a closed set."""
        value = self.raw(name)
        if value in {one.value for one in kind}:
            return kind(value)
        if needed or value:
            self.errors.setdefault(name, CHOOSE)
        return None

    def one_of(self, name: str, values: tuple[str, ...], *, needed: bool = True) -> str:
        """One of some words."""
        value = self.raw(name)
        if value in values:
            return value
        if needed or value:
            self.errors.setdefault(name, CHOOSE)
        return ""

    def whole(self, name: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number."""
        value = self.raw(name).strip().translate(_FULL_WIDTH)
        if not value:
            if needed:
                self.errors.setdefault(name, NEEDED)
            return None
        if value.isascii() and value.isdigit() and len(value) <= 12 and low <= int(value) <= high:
            return int(value)
        self.wrong(name, f"请填 {low} 到 {high} 之间的整数。", f"Please give a whole number from {low} to {high}.")
        return None

    def yuan(self, name: str, *, needed: bool = True) -> Fen | None:
        """An amount in yuan, with up to two decimals; as fen."""
        value = self.raw(name).strip().replace("，", ",").translate(_FULL_WIDTH)
        if not value:
            if needed:
                self.errors.setdefault(name, NEEDED)
            return None
        amount = fen_of_yuan(value) if len(value) <= 16 else None
        if amount is not None and amount >= 0:
            return amount
        self.wrong(
            name,
            "请填金额（元），如 2150000 或 2150000.00。",
            "Please give an amount in yuan, like 2150000 or 2150000.00.",
        )
        return None

    def when(self, name: str, zone: Zone, *, needed: bool = False) -> Micros | None:
        """A civil time as the browser's own field writes it: `2026-03-01T09:40`, or a date."""
        value = self.raw(name).strip()
        if not value:
            if needed:
                self.errors.setdefault(name, NEEDED)
            return None
        try:
            civil = datetime.fromisoformat(value)
            start = zone.start(civil.date())
        except (ValueError, OverflowError):
            civil, start = None, Micros(0)
        if civil is None or civil.tzinfo is not None:
            self.wrong(name, "请按 2026-03-01 09:40 的格式填写时间。", "Please give the time like 2026-03-01 09:40.")
            return None
        return Micros(start + (civil.hour * 3600 + civil.minute * 60 + civil.second) * SECOND)


_FULL_WIDTH: Final = {0xFF10 + digit: ord("0") + digit for digit in range(10)} | {0xFF0B: "+", 0xFF0E: ".", 0xFF0A: "*"}
