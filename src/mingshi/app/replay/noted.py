"""Values that note what is asked of them while the rules judge a deal with them.

The rules this module keeps:

1. Nothing is guessed: each answer is the deal's own. It is noted as a line of code that asks the same of another
   deal's numbers and names, and gives up where the answer is another.
2. What cannot be noted is refused aloud (`NotNotedError`; `TypeError` where C would look inside), and this way is
   not kept. So numbers are no `int` and names no `str`.
3. Names are opaque (`domain.ids`). Which of them are the same belongs to the shape of a deal (`shape`), so it is not
   asked; how one compares with a word of the rules, or which comes first, is.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, NoReturn, TypeAlias

from mingshi.kernel.timeline import DAY, MINUTE, Zone

MOST_LINES: Final = 2_000
"""A way with more questions is not worth keeping."""
QUESTION: Final = "? "
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()


class NotNotedError(Exception):
    """Something was asked that cannot be asked of another deal."""


class Way:
    """The questions of one judgement, with its answers, as the lines of a function."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        """What to work out, and questions: what follows `QUESTION` is what the answer must not be."""
        self.constants: list[object] = []
        self._answers: dict[tuple[str, str, str], bool] = {}
        self._made: dict[str, str] = {}

    def constant(self, value: object) -> str:
        """What stands for a value that is the same for every deal."""
        place = next((place for place, known in enumerate(self.constants) if known is value), len(self.constants))
        if place == len(self.constants):
            self.constants.append(value)
        return f"c[{place}]"

    def once(self, source: str) -> str:
        """What is worked out from others has a name of its own as soon as it is asked about, and is worked out once."""
        if not source.startswith("("):
            return source
        if source not in self._made:
            self._made[source] = f"t{len(self._made)}"
            self._note(f"{self._made[source]} = {source[1:-1]}")
        return self._made[source]

    def known(self, source: str) -> str:
        """The name of what is worked out already, else the working."""
        return self._made.get(source, source)

    def less(self, left: str, right: str, answer: bool) -> bool:
        """Whether `left` comes before `right`."""
        left, right = self.once(left), self.once(right)
        self._ask("<", left, right, answer)
        if answer:
            first, second = sorted((left, right))
            self._answers["<", right, left] = self._answers["==", first, second] = False
        return answer

    def same(self, left: str, right: str, answer: bool) -> bool:
        """Whether both are the same."""
        left, right = self.once(left), self.once(right)
        first, second = sorted((left, right))
        self._ask("==", first, second, answer)
        if answer:
            self._answers["<", left, right] = self._answers["<", right, left] = False
        return answer

    def _ask(self, operator: str, left: str, right: str, answer: bool) -> None:
        if left != right and (operator, left, right) not in self._answers:
            self._answers[operator, left, right] = answer
            self._note(f"{QUESTION}{'not ' if answer else ''}{left} {operator} {right}")

    def _note(self, line: str) -> None:
        if len(self.lines) == MOST_LINES:
            raise NotNotedError("too many questions")
        self.lines.append(line)


def _refused(self: object, *_: object) -> NoReturn:
    raise NotNotedError(f"a {type(self).__name__} has no such answer")


class Number:  # noqa: PLW1641 - it refuses to be hashed
    """A time, an amount or a count of a deal. `source`: what gives it in the lines of the way."""

    __slots__ = ("source", "value", "way")

    def __init__(self, way: Way, source: str, value: int) -> None:
        self.way = way
        self.source = source
        self.value = value

    def __bool__(self) -> bool:
        return not self.way.same(self.source, "0", self.value == 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Number | int):
            return NotImplemented
        return self.way.same(self.source, _source(other), self.value == _value(other))

    def __lt__(self, other: "Number | int") -> bool:
        return self.way.less(self.source, _source(other), self.value < _value(other))

    def __gt__(self, other: "Number | int") -> bool:
        return self.way.less(_source(other), self.source, _value(other) < self.value)

    def __le__(self, other: "Number | int") -> bool:
        return not self > other

    def __ge__(self, other: "Number | int") -> bool:
        return not self < other

    def __add__(self, other: "Number | int") -> "Number":
        return self._with(other, "{} + {}", self.value + _value(other))

    __radd__ = __add__

    def __sub__(self, other: "Number | int") -> "Number":
        return self._with(other, "{} - {}", self.value - _value(other))

    def __rsub__(self, other: int) -> "Number":
        return self._with(other, "{1} - {0}", other - self.value)

    def __mul__(self, other: "Number | int") -> "Number":
        return self._with(other, "{} * {}", self.value * _value(other))

    __rmul__ = __mul__

    def __floordiv__(self, other: int) -> "Number":
        return self._with(_int(other), "{} // {}", self.value // other)  # another deal's number might be nought

    def __neg__(self) -> "Number":
        return Number(self.way, f"(-{self.way.known(self.source)})", -self.value)

    def __abs__(self) -> "Number":
        return -self if self < 0 else self

    def _with(self, other: "Number | int", how: str, value: int) -> "Number":
        known = self.way.known
        return Number(self.way, f"({how.format(known(self.source), known(_source(other)))})", value)

    __hash__ = __str__ = __repr__ = __format__ = _refused


def _value(number: "Number | int") -> int:
    return number.value if isinstance(number, Number) else _int(number)


def _source(number: "Number | int") -> str:
    return number.source if isinstance(number, Number) else str(_int(number))


def _int(number: object) -> int:
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    raise NotNotedError(f"a number and a {type(number).__name__}")


class Name:
    """What a record, an agent or a person is called; never empty."""

    __slots__ = ("source", "value", "way")

    def __init__(self, way: Way, source: str, value: str) -> None:
        self.way = way
        self.source = source
        self.value = value

    def __bool__(self) -> bool:
        return True

    def __hash__(self) -> int:
        return hash((Name, self.source))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Name):
            return other.source == self.source and other.way is self.way
        if not isinstance(other, str):
            return NotImplemented
        return bool(other) and self.way.same(self.source, self.way.constant(other), self.value == other)

    def __lt__(self, other: "Name | str") -> bool:
        if isinstance(other, Name):
            return self.source != other.source and self.way.less(self.source, other.source, self.value < other.value)
        return bool(other) and self.way.less(self.source, self.way.constant(other), self.value < other)

    def __gt__(self, other: "Name | str") -> bool:
        if isinstance(other, Name):
            return other < self
        return not other or self.way.less(self.way.constant(other), self.source, other < self.value)

    def __contains__(self, text: str) -> bool:
        """No name of a shape that is kept hides digits (`shape`), which is all the rules ask (`ids.is_masked`)."""
        return False if text == "*" else _refused(self)

    def startswith(self, text: str) -> bool:
        """As `__contains__`, for the tokens of an export."""
        return False if text == "#" else _refused(self)

    __str__ = __repr__ = __format__ = __getitem__ = _refused


class Day:  # noqa: PLW1641 - as a number
    """A civil day, by its `date.toordinal`."""

    __slots__ = ("ordinal",)

    def __init__(self, ordinal: Number) -> None:
        self.ordinal = ordinal

    def toordinal(self) -> Number:
        """As of a `date`."""
        return self.ordinal

    def __eq__(self, other: object) -> bool:
        return _ordinal(other) == self.ordinal

    def __lt__(self, other: "Day | date") -> bool:
        return self.ordinal < _ordinal(other)

    def __gt__(self, other: "Day | date") -> bool:
        return self.ordinal > _ordinal(other)

    def __le__(self, other: "Day | date") -> bool:
        return self.ordinal <= _ordinal(other)

    def __ge__(self, other: "Day | date") -> bool:
        return self.ordinal >= _ordinal(other)

    def __add__(self, other: timedelta) -> "Day":
        return Day(self.ordinal + other.days)

    def __sub__(self, other: timedelta) -> "Day":
        return Day(self.ordinal - other.days)

    __hash__ = __str__ = __repr__ = __format__ = _refused


def _ordinal(day: object) -> Number | int:
    if isinstance(day, Day):
        return day.ordinal
    if isinstance(day, date):
        return day.toordinal()
    raise NotNotedError(f"a day and a {type(day).__name__}")


class NotingZone(Zone):
    """A zone whose days may be noted. A subclass has no fields of its own: it is equal to what it stands for."""

    __slots__ = ()

    def day(self, at: int) -> Any:  # a `Day` where a time is noted, else a date
        """The civil day of an instant."""
        if not isinstance(at, Number):
            return super().day(at)
        return Day((at + self.offset_min * MINUTE) // DAY + _EPOCH_ORDINAL)


Taken: TypeAlias = Callable[[list[Any], list[Any]], Any]
"""A way as a function: from a deal's numbers and names to what the rules say of it; None if they would go another."""
