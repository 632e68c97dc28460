"""What is wrong with a case: values that tell where, what and what to do, in Chinese and English.

The rules this module keeps:

1. All problems of all files are collected before anything is said; a reader fixes a file once, not twenty
   times.
2. A problem keeps no cell value unmasked (`mask`), so that its text, its JSON and its repr are safe to
   forward.
3. A million equal mistakes cost no more than twenty: the rest are counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, final

from mingshi.files.format import BY_NAME
from mingshi.files.limits import MAX_SHOWN_OF_A_KIND
from mingshi.files.mask import masked, one_line
from mingshi.files.messages import MESSAGES, Language

_NO_ARGS: Final[Mapping[str, object]] = MappingProxyType({})


class CellError(ValueError):
    """A cell that cannot be read: the message's code and its arguments."""

    def __init__(self, code: str, **args: object) -> None:
        super().__init__(code)
        self.code = code
        self.args_of_text = args


class Problem(NamedTuple):
    """One thing wrong (or worth knowing) about one place of one file."""

    file: str
    row: int | None = None
    """As a spreadsheet numbers it, from 1; None: the file as a whole."""
    column: str = ""
    """The header as the file writes it."""
    value: str = ""
    """What stands there, masked."""
    code: str = ""
    args: Mapping[str, object] = _NO_ARGS

    def text(self, language: Language) -> str:
        """Where, what and what to do, on one line."""
        message = MESSAGES[self.code]
        args = {name: one_line(_worded(name, value, language), 200) for name, value in self.args.items()}
        if language == "zh":
            where = one_line(self.file)
            where += f" 第 {self.row} 行" if self.row is not None else ""
            where += f"“{one_line(self.column)}”" if self.column else ""
            where += f"（{self.value}）" if self.value else ""
            return f"{where}：{message.zh.format(**args)}。{message.zh_remedy.format(**args)}。"
        where = one_line(self.file)
        where += f", row {self.row}" if self.row is not None else ""
        where += f", column “{one_line(self.column)}”" if self.column else ""
        where += f" ({self.value})" if self.value else ""
        return f"{where}: {message.en.format(**args)}. To do: {message.en_remedy.format(**args)}."

    def as_json(self) -> dict[str, object]:
        """The same for a machine; `text` holds both languages."""
        return {
            "file": one_line(self.file),
            "row": self.row,
            "column": one_line(self.column),
            "value": self.value,
            "code": self.code,
            "text": {"zh": self.text("zh"), "en": self.text("en")},
        }


def _worded(name: str, value: object, language: Language) -> str:
    """An argument as the reader calls it: sheets have a Chinese name too."""
    if name == "sheet" and language == "zh" and value in BY_NAME:
        return f"{BY_NAME[str(value)].chinese[0]}（{value}）"
    return str(value)


def problem(
    file: str,
    code: str,
    *,
    row: int | None = None,
    column: str = "",
    value: str = "",
    personal: bool = False,
    **args: object,
) -> Problem:
    """A problem whose `value` is masked here, at the one place where problems are made."""
    return Problem(file, row, column, masked(value, personal=personal), code, args)


class BadInputError(Exception):
    """A case that cannot be read; carries every problem found. Nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.diagnostics("en"))

    def diagnostics(self, language: Language) -> str:
        """All problems, one a line."""
        return "\n".join(each.text(language) for each in self.problems)


class Problems:
    """Collects problems; of one kind in one column of one file it lists the first few and counts the rest."""

    def __init__(self) -> None:
        self._listed: dict[tuple[object, ...], Problem] = {}
        self._count: Counter[tuple[str, str, str]] = Counter()

    def __len__(self) -> int:
        return len(self._listed)

    def add(self, each: Problem) -> None:
        """Keep one."""
        kind = (each.file, each.column, each.code)
        place = (each.file, each.row, each.column, each.value, each.code, str(each.args))
        if place in self._listed:
            return  # one cell of a wide row may be read for several sheets
        self._count[kind] += 1
        if self._count[kind] <= MAX_SHOWN_OF_A_KIND:
            self._listed[place] = each

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep several."""
        for each in problems:
            self.add(each)

    def go_on(self, later: "Problems") -> None:
        """Keep what somebody else found further down."""
        counted = Counter(later._count)  # noqa: SLF001 - of its own kind
        for each in later._listed.values():  # noqa: SLF001 - of its own kind
            self.add(each)
            counted[each.file, each.column, each.code] -= 1
        self._count.update(+counted)

    def __iter__(self) -> Iterator[Problem]:
        """By file, row and column; then one line for each kind that was too frequent to list."""
        yield from sorted(self._listed.values(), key=lambda each: (each.file, each.row or 0, each.column, each.code))
        for (file, column, _), count in sorted(self._count.items()):
            if count > MAX_SHOWN_OF_A_KIND:
                yield problem(file, "more_of_same", column=column, count=count - MAX_SHOWN_OF_A_KIND)


@final
@dataclass(frozen=True, slots=True)
class Findings:
    """What was found while reading: what forbids it, and what is worth knowing."""

    problems: Problems = field(default_factory=Problems)
    notices: Problems = field(default_factory=Problems)

    def go_on(self, later: "Findings") -> None:
        """Keep what somebody else found further down the same file."""
        self.problems.go_on(later.problems)
        self.notices.go_on(later.notices)
