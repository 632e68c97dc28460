"""Rows that are impossible by themselves or point nowhere.

The rules this module keeps:

1. A row that cannot be true (sold before the project opened, negative money, ended before it began, of an
   unknown agent or deal) is *rejected*: left out of the case, kept in `Case.rejected` with its reason,
   fatal under `strict`.
2. A reference that a ruling can do without is a notice; the row stays.
3. A time is called earlier only where that is certain: two days that may be the same day are in order.
4. Sheets are checked before those that point at them, so that what points at a rejected row is rejected
   too.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import le
from typing import Final, NamedTuple, cast

from mingshi.domain.ids import Contact, is_masked
from mingshi.files.case import CaseInfo, Table
from mingshi.files.cells import cell_writer
from mingshi.files.format import BY_NAME, SHEETS, Column, Kind
from mingshi.files.money_checks import contradictions, impossible, odd
from mingshi.files.problem import Problem, Problems, problem
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import Interval, before, point

_ANY: Final = ""
"""A record of any sheet."""


class _Reference(NamedTuple):
    sheet: str
    field: str
    target: str
    needed: bool


_REFERENCES: Final = (
    _Reference("registrations", "agent", "agents", needed=True),
    _Reference("escorts", "agent", "agents", needed=True),
    _Reference("arrivals", "agent", "agents", needed=False),
    _Reference("statements", "agent", "agents", needed=False),
    _Reference("deals", "claimed_agent", "agents", needed=False),
    _Reference("commissions_paid", "agent", "agents", needed=False),
    _Reference("confirmations", "registration", "registrations", needed=True),
    _Reference("followups", "registration", "registrations", needed=True),
    _Reference("extensions", "registration", "registrations", needed=True),
    _Reference("arrivals", "registration", "registrations", needed=False),
    _Reference("decisions", "registration", "registrations", needed=False),
    _Reference("decisions", "other_registration", "registrations", needed=False),
    _Reference("payments", "deal", "deals", needed=True),
    _Reference("cancellations", "deal", "deals", needed=True),
    _Reference("cancellations", "new_deal", "deals", needed=False),
    _Reference("approvals", "deal", "deals", needed=True),
    _Reference("decisions", "deal", "deals", needed=True),
    _Reference("commissions_paid", "deal", "deals", needed=True),
    _Reference("invoices", "deal", "deals", needed=False),
    _Reference("objections", "deal", "deals", needed=False),
    _Reference("withdrawals", "deal", "deals", needed=False),
    _Reference("objections", "escort", "escorts", needed=False),
    _Reference("edits", "target", _ANY, needed=False),
    _Reference("decisions", "evidence", _ANY, needed=False),
)

_IN_ORDER: Final = (
    ("deals", "subscribed_at", "contracted_at"),
    ("registrations", "at", "released_at"),
    ("passes", "issued_at", "revoked_at"),
    ("relations", "since", "broken_at"),
    ("agents", "since", "until"),
    ("agents", "suspended_from", "suspended_until"),
    ("staff", "since", "until"),
    ("agreements", "since", "until"),
    ("terms", "since", "until"),
    ("clocks", "since", "until"),
    ("calendar", "since", "until"),
    ("counts", "since", "until"),
)
"""Sheet, and two fields of which the second may not be earlier."""

_NOT_NEGATIVE: Final = (
    ("deals", "price_fen"),
    ("cancellations", "refund_fen"),
    ("terms", "amount_fen"),
    ("terms", "from_unit"),
    ("arrivals", "party_adults"),
    ("counts", "adults"),
    ("counts", "staff"),
)
_OUTCOMES: Final = ("CHANNEL", "NATURAL", "OWN", "REFERRAL", "EMPLOYEE", "SPLIT")
_WHOLE_PPM: Final = 1_000_000

_FIRST: Final = ("agents", "staff", "deals", "registrations", "escorts")
_ORDER: Final = (*_FIRST, *(sheet.name for sheet in SHEETS if sheet.name not in _FIRST))


class _Fault(NamedTuple):
    position: int
    field: str
    code: str
    args: Mapping[str, object]


def checked_tables(
    tables: Mapping[str, Table], info: CaseInfo, rejected: Problems, notices: Problems
) -> dict[str, Table]:
    """The tables without impossible rows."""
    result = dict(tables)
    for money in impossible(result):
        rejected.add(_told(result[money.sheet], _Fault(*money[1:]), info))
    result["payments"] = result["payments"].without({money.position for money in impossible(result)})
    for name in _ORDER:
        table = result[name]
        if not len(table):
            continue
        bad: set[int] = set()
        for fault in _faults(table, result, info):
            bad.add(fault.position)
            rejected.add(_told(table, fault, info))
        result[name] = table.without(bad)
        for fault in _dangling(result[name], result, needed=False):
            notices.add(_told(result[name], fault, info))
    for money in odd(result):
        notices.add(_told(result[money.sheet], _Fault(*money[1:]), info))
    for name in ("edits", "decisions"):
        for fault in _dangling(result[name], result, needed=False, everywhere=True):
            notices.add(_told(result[name], fault, info))
    return result


def check_money(tables: Mapping[str, Table], info: CaseInfo, problems: Problems) -> None:
    """Add what contradicts itself about money; nobody may guess which of two terms or invoices was meant."""
    for fault in contradictions(tables):
        problems.add(_told(tables[fault.sheet], _Fault(*fault[1:]), info))


def _faults(table: Table, tables: Mapping[str, Table], info: CaseInfo) -> Iterator[_Fault]:
    for rule in _RULES:
        yield from rule(table, info)
    yield from _dangling(table, tables, needed=True)


def _dangling(table: Table, tables: Mapping[str, Table], *, needed: bool, everywhere: bool = False) -> Iterator[_Fault]:
    for reference in _REFERENCES:
        if reference.sheet != table.sheet.name or reference.needed != needed or reference.field not in table.present:
            continue
        if (reference.target == _ANY) != everywhere:
            continue
        known = _known(reference.target, tables)
        if reference.target == "agents" and not known:
            continue  # without a list of agents nobody is unknown
        values = table.columns[reference.field]
        lists = _column(table, reference.field).kind is Kind.REFS
        named = set().union(*cast("list[tuple[str, ...]]", values)) if lists else set(values)
        unknown = named - known - {""}
        if unknown:
            for index, value in enumerate(values):
                if unknown.intersection(cast("tuple[str, ...]", value) if lists else (value,)):
                    code = "unknown_reference" if reference.target else "no_such_record"
                    yield _Fault(index, reference.field, code, {"sheet": reference.target} if reference.target else {})


def _known(target: str, tables: Mapping[str, Table]) -> set[object]:
    chosen = tables.values() if target == _ANY else (tables[target],)
    return {name for each in chosen for name in each.columns[each.sheet.key.field]}


def _opening(table: Table, info: CaseInfo) -> Iterator[_Fault]:
    if table.sheet.name == "deals" and info.opened_at is not None:
        opened = info.zone.day(info.opened_at).isoformat()
        for index, at in enumerate(table.columns["subscribed_at"]):
            if _before(at, info.opened_at):
                yield _Fault(index, "subscribed_at", "before_opening", {"opened": opened})


def _in_order(table: Table, _: CaseInfo) -> Iterator[_Fault]:
    for sheet, first, second in _IN_ORDER:
        if sheet == table.sheet.name and first in table.present and second in table.present:
            column = _column(table, first)
            args = {"other": column.header, "other_zh": column.chinese[0]}
            earlier, later = table.columns[first], table.columns[second]
            if _all_instants_in_order(earlier, later):
                continue
            for index, (one, two) in enumerate(zip(earlier, later, strict=True)):
                if two is not None and one is not None and _before(two, one):
                    yield _Fault(index, second, "wrong_order", args)


def _numbers(table: Table, _: CaseInfo) -> Iterator[_Fault]:
    for sheet, field in _NOT_NEGATIVE:
        if sheet == table.sheet.name and field in table.present:
            for index, number in enumerate(cast("list[int | None]", table.columns[field])):
                if number is not None and number < 0:
                    yield _Fault(index, field, "negative", {})
    for column in table.sheet.columns:
        if column.kind is Kind.PERCENT and column.field in table.present:
            for index, share in enumerate(cast("list[int | None]", table.columns[column.field])):
                if share is not None and share > _WHOLE_PPM:
                    yield _Fault(index, column.field, "out_of_range", {"low": "0%", "high": "100%"})
    columns = cast("dict[str, list[int]]", table.columns)
    match table.sheet.name:
        case "extensions":
            for index, days in enumerate(columns["days"]):
                if days < 1:
                    yield _Fault(index, "days", "not_positive", {})
        case "clocks":
            for index, (low, high) in enumerate(zip(columns["offset_low_s"], columns["offset_high_s"], strict=True)):
                if low > high:
                    yield _Fault(index, "offset_low_s", "low_above_high", {})


def _words(table: Table, _: CaseInfo) -> Iterator[_Fault]:
    if table.sheet.name == "decisions":
        for index, outcome in enumerate(table.columns["outcome"]):
            if outcome not in _OUTCOMES:
                yield _Fault(index, "outcome", "unknown_word", {"words": ", ".join(_OUTCOMES)})


def _itself(table: Table, _: CaseInfo) -> Iterator[_Fault]:
    for sheet, one, other in (("relations", "phone_a", "phone_b"), ("cancellations", "deal", "new_deal")):
        if sheet == table.sheet.name:
            for index, (a, b) in enumerate(zip(table.columns[one], table.columns[other], strict=True)):
                if a == b and not is_masked(cast("Contact", a)):
                    yield _Fault(index, other, "same_as_itself", {})


_RULES: Final[tuple[Callable[[Table, CaseInfo], Iterator[_Fault]], ...]] = (
    _opening, _in_order, _numbers, _words, _itself,
)  # fmt: skip


def _all_instants_in_order(earlier: list[object], later: list[object]) -> bool:
    """Whether there is nothing to look at, told of whole columns at once; False also where there may be something."""
    plain = {*map(type, earlier), *map(type, later)} == {int}
    return plain and all(map(le, cast("list[int]", earlier), cast("list[int]", later)))


def _before(one: object, other: object) -> bool:
    return before(_interval(one), _interval(other)) is Answer.YES


def _interval(at: object) -> Interval:
    return at if isinstance(at, Interval) else point(cast("int", at))


def _column(table: Table, field: str) -> Column:
    return next(column for column in BY_NAME[table.sheet.name].columns if column.field == field)


def _told(table: Table, fault: _Fault, info: CaseInfo) -> Problem:
    column = _column(table, fault.field)
    text = cell_writer(table.sheet, column, info.zone, "zh")(table.columns[fault.field][fault.position])
    file, row = table.where(fault.position)
    name = f"{column.chinese[0]} {column.header}"
    return problem(file, fault.code, row=row, column=name, value=text, personal=column.personal, **fault.args)
