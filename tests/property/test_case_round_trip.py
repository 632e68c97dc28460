"""Exporting what was read and reading it again gives the same case, as a folder and as a workbook."""

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingshi.domain import evidence as e
from mingshi.files.case import Case, CaseInfo, Table, case_of, table_of
from mingshi.files.checks import _OUTCOMES
from mingshi.files.columns import empty_value
from mingshi.files.format import NO_ANSWER_WHEN_EMPTY, NOT_RECORDED, SHEETS, Column, Kind, Sheet
from mingshi.files.problem import CellError
from mingshi.files.read_case import read_case
from mingshi.files.text import free_text, name
from mingshi.files.write_case import write_folder, write_workbook
from mingshi.kernel.timeline import Interval, Micros, Zone

HOSTILE = [
    *(
        "=1+1",
        "+86",
        "-2",
        "@SUM(A1)",
        "'=1",
        "''",
        "'",
        "＝1",
        "\t=1",
        'a"b',
        "a,b",
        "x\ny",
        "x\r\ny",
        "a;b",
    ),
    *("😀👩‍👩‍👧", "１２３", "ﬁ", "_x000D_", "n/a", "N/A", "TRUE", "1e5", "00123", "2026-05-03", "合计"),
    *(" 　x　 ", "\u202ax\u202c", "e\u0301", "\u00a0", "sep=;", "null", "%", "\\"),
]


def _clean(clean):
    """Texts as a case keeps them: whatever `clean` makes of any text that it does not refuse."""

    def attempt(text):
        try:
            return clean(text)
        except CellError:
            return ""

    anything = st.text(max_size=8) | st.sampled_from(HOSTILE) | st.text("'=+-@＝＋\t\r\n\"x", max_size=5)
    return anything.map(attempt)


MOBILE = st.integers(0, 99_999_999).map(lambda n: f"160{n:08d}")
CONTACT = (
    MOBILE
    | MOBILE.map(lambda phone: f"{phone[:3]}****{phone[-4:]}")
    | st.sampled_from(["+85291234567", "057188880000", "057188880000-12", "4001234567", "#3", "#3.1", "01088880000"])
)
NAME = _clean(name)
INSTANT = st.integers(0, 10**13).map(lambda n: Micros(1_700_000_000_000_000 + n * 7)) | st.integers(0, 10**6).map(
    lambda n: Micros(1_700_000_000_000_000 + n * 1_000_000)
)


def times(zone: Zone) -> st.SearchStrategy[object]:
    day = INSTANT.map(lambda at: Interval(zone.start(zone.day(at)), zone.end(zone.day(at))))
    span = st.tuples(INSTANT, st.integers(0, 10**12)).map(lambda it: Interval(it[0], Micros(it[0] + it[1])))
    return INSTANT | day | span


def values(sheet: Sheet, column: Column, zone: Zone) -> st.SearchStrategy[object]:
    """Any value that a row can hold in this column without being impossible."""
    if (sheet.name, column.field) == ("decisions", "outcome"):
        return st.sampled_from(_OUTCOMES)
    if (sheet.name, column.field) == ("agreements", "since"):
        return INSTANT
    filled = {
        Kind.REF: NAME,
        Kind.TEXT: _clean(free_text).filter(lambda text: text != NOT_RECORDED),
        Kind.TIME: times(zone),
        Kind.INSTANT: INSTANT,
        Kind.CONTACT: CONTACT,
        Kind.CONTACTS: st.lists(CONTACT, min_size=1, max_size=3, unique=True).map(tuple),
        Kind.REFS: st.lists(st.sampled_from(["R1", "甲-2", "V 3"]), max_size=3, unique=True).map(tuple),
        Kind.ID_CARD: st.sampled_from(["ID-0001", "ID-0002", "ID-x9"]),
        Kind.WORD: st.sampled_from(list(column.words)) if column.words else st.none(),
        Kind.YES_NO: st.booleans(),
        Kind.WHOLE: st.integers(1, 10**12),
        Kind.YUAN: st.integers(0, 10**13),
        Kind.PERCENT: st.integers(0, 1_000_000),
    }[column.kind]
    if column.required:
        return filled.filter(lambda value: value not in ("", ()))
    if column.kind is Kind.YES_NO:
        return filled | st.none() if (sheet.name, column.field) in NO_ANSWER_WHEN_EMPTY else filled
    if column.kind in (Kind.REF, Kind.TEXT, Kind.CONTACT, Kind.ID_CARD):
        return filled | st.just("")
    return filled | st.just(() if column.kind in (Kind.CONTACTS, Kind.REFS) else None)


POINTING = {
    "agent",
    "claimed_agent",
    "registration",
    "deal",
    "other_registration",
    "escort",
    "target",
    "new_deal",
    "evidence",
}
# Terms that overlap and invoices that share a number are errors of a case, not cases.
APART = {
    ("terms", "agency"): "渠道-{}".format,
    ("terms", "amount_fen"): lambda number: 100 + number,
    ("terms", "rate_ppm"): lambda number: 10_000 * (1 + number),
    ("terms", "to_unit"): lambda _: None,
    ("invoices", "number"): "TEST-{}".format,
}
ENDS = {"until", "broken_at", "revoked_at", "released_at", "suspended_until", "contracted_at", "offset_low_s"}


@st.composite
def tables(draw: st.DrawFn, sheet: Sheet, zone: Zone) -> Table:
    count = draw(st.integers(0, 4))
    optional = [column.field for column in sheet.columns if not column.required]
    present = {field for field in optional if draw(st.booleans())} | {c.field for c in sheet.columns if c.required}
    present |= {field for name, field in APART if name == sheet.name}
    if sheet.key.kind is Kind.KEY:
        present.add(sheet.key.field)
    rows = []
    for number in range(count):
        row = []
        for column in sheet.columns:
            if column.kind is Kind.KEY:
                row.append(f"{sheet.name}-{number}" + draw(NAME.filter(lambda text: ";" not in text)).strip())
            elif column.field not in present:
                row.append(None if column.field == "client" else empty_value(sheet, column))
            elif column.field in POINTING and column.required:
                row.append(draw(st.sampled_from(["agents", "deals", "registrations"])))
            elif (sheet.name, column.field) in APART:
                row.append(APART[sheet.name, column.field](number))
            elif column.field in ENDS:
                late = 0 if column.kind is Kind.WHOLE else Micros(2_000_000_000_000_000)
                row.append(late if column.required else empty_value(sheet, column))
            else:
                row.append(draw(values(sheet, column, zone)))
        rows.append(tuple(row))
    return table_of(sheet.name, rows, present)


class Drawn:
    """A case that shows itself shortly when an example fails."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __repr__(self) -> str:
        return repr(self.case)


POLICY = '# "=1"\nbase = "open"\n\n[parameters]\nlead_min = 45\n'


@st.composite
def rules(draw: st.DrawFn) -> list[Table]:
    """No sheet of rules, or one that can be read: any other is refused with the case."""
    numbers = draw(st.dictionaries(st.sampled_from(["lead_min", "report_valid_days"]), st.integers(1, 30)))
    base, at = draw(st.sampled_from(["", "classic", "open"])), draw(INSTANT)
    rows = [e.PolicyRow("夏", base, at, name, str(value)) for name, value in numbers.items()]
    return [table_of("policies", rows)] if rows else []


@st.composite
def cases(draw: st.DrawFn) -> Drawn:
    zone = Zone(draw(st.sampled_from([480, 0, -210, 330, 840])))
    info = CaseInfo(
        project=draw(_clean(free_text)),
        zone=zone,
        opened_at=draw(st.none() | st.just(Micros(1_600_000_000_000_000))),
        as_of=draw(st.none() | INSTANT),
        policy=draw(st.sampled_from(["", "classic", "policies/夏.toml"])),
        basis=draw(_clean(free_text)),
        sources=draw(st.dictionaries(st.sampled_from(["deals", "arrivals"]), _clean(free_text).filter(bool))),
    )
    others = [sheet.name for sheet in SHEETS if sheet.name != "policies"]
    names = {"deals", "registrations"} | set(draw(st.lists(st.sampled_from(others), max_size=4)))
    drawn = [draw(tables(sheet, zone)) for sheet in SHEETS if sheet.name in names]
    case = case_of(info, [*drawn, *draw(rules())])
    policies = draw(st.dictionaries(st.sampled_from(["a.toml", "夏.toml"]), st.just(POLICY)))
    if info.policy not in ("", "classic"):
        policies["夏.toml"] = POLICY
    return Drawn(Case(info=case.info, tables=case.tables, policies=policies))


# Rows that point nowhere would be rejected: references are not drawn here but tested with the checks.
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.sampled_from(["zh", "en"]))
def test_what_is_written_is_read_back(drawn: Drawn, language):
    case = drawn.case
    with tempfile.TemporaryDirectory() as name:
        folder, book = Path(name) / "c", Path(name) / "c.xlsx"
        write_folder(case, folder, language)
        write_workbook(case, book, language)
        once = read_case(folder)
        assert read_case(book) == once
        write_folder(once, Path(name) / "d", language)
        write_workbook(once, Path(name) / "d.xlsx", language)
        assert read_case(Path(name) / "d") == once
        assert read_case(Path(name) / "d.xlsx") == once
        assert once.info == case.info
        if not once.rejected:
            for sheet in SHEETS:
                if not any("merged" in notice.code for notice in once.notices):
                    assert once.tables[sheet.name] == case.tables[sheet.name]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.randoms(use_true_random=False))
def test_permuted_rows_give_the_same_case_up_to_their_order(drawn: Drawn, dice: random.Random):
    case = drawn.case
    with tempfile.TemporaryDirectory() as name:
        write_folder(case, Path(name) / "c", "en")
        shuffled = {}
        for sheet, table in case.tables.items():
            order = list(range(len(table)))
            dice.shuffle(order)
            columns = {field: [column[i] for i in order] for field, column in table.columns.items()}
            shuffled[sheet] = Table(sheet=table.sheet, columns=columns, present=table.present)
        write_folder(Case(info=case.info, tables=shuffled, policies=case.policies), Path(name) / "d", "en")
        one, other = read_case(Path(name) / "c"), read_case(Path(name) / "d")
        assert one.info == other.info
        for sheet in one.tables:
            assert sorted(map(repr, one.tables[sheet].records())) == sorted(map(repr, other.tables[sheet].records()))
