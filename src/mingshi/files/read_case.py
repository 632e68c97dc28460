"""Reading a case: a folder of CSV files, one workbook, or an office's own spreadsheet with a saved map.

The rules this module keeps:

1. All problems of all files are found before anything is said; then `BadInputError` carries them all, and
   there is no case.
2. A folder and a workbook of the same rows give equal cases; the order of rows changes nothing but the
   order of rows.
3. Only plain files inside the case are read, each of them hashed; memory and time are bounded by `limits`.
4. Content derived from capturing faces refuses its whole file, before any of its values is read (L-25).
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final, final

from mingshi.files.case import Case, CaseInfo, Table, empty_table
from mingshi.files.checks import checked_tables
from mingshi.files.contact import MOBILE
from mingshi.files.csv_rows import CsvGrid
from mingshi.files.finish import check_ids, with_keys, with_tokens, without_duplicates
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import BY_NAME, SHEETS, Kind, Sheet
from mingshi.files.headers import Header, bare, find_header, known_names, sheet_called
from mingshi.files.info import INFO_NAME, info_of_rows, info_of_toml, parse_toml
from mingshi.files.limits import HEADER_WITHIN, MAX_CASE_FILES, MAX_COLUMNS, MAX_TOML_BYTES, MIB
from mingshi.files.mapping import MAP_SUFFIX, MappedRows, block_of, rows_of, unit_of
from mingshi.files.problem import BadInputError, Findings, Problems, problem
from mingshi.files.read_rows import Block, Pick, RowReader, merged
from mingshi.files.source import Chunk, Grid, Input, hashed, open_plain
from mingshi.files.times import TimeReader
from mingshi.files.workbook_rows import WorkbookGrid, worksheets

POLICIES_FOLDER: Final = "policies"
POLICY_SHEET: Final = "policy_files"
"""In a workbook: the TOML policies, a line a row."""
_NOT_OURS: Final = frozenset({".md", ".json", ".html"})
_TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods"})


@final
@dataclass(slots=True, kw_only=True)
class _Found:
    """What was found so far in the files of a case."""

    info: CaseInfo | None = None
    grids: list[tuple[Grid, Sequence[MappedRows] | None]] = field(default_factory=list)
    """Tables, and the map of those that have one."""
    policies: dict[str, str] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    failed: bool = False
    """A file could not be read at all: what is missing may be in it."""

    def fail(self, error: BadInputError) -> None:
        """Note why a file cannot be read, and go on with the next."""
        self.failed = True
        self.problems.extend(error.problems)

    @property
    def problems(self) -> Problems:
        """What forbids reading."""
        return self.findings.problems

    @property
    def notices(self) -> Problems:
        """What is worth knowing."""
        return self.findings.notices


def read_case(path: Path, *, strict: bool = False) -> Case:
    """The case at `path`. Raises `BadInputError` with all problems; under `strict` also for rejected rows."""
    found = _Found()
    with ExitStack() as files, _without_cycles():
        try:
            if path.is_dir():
                _find_in_folder(path, found, files)
            else:
                _find_in_file(path, path.name, found, files, alone=True)
        except BadInputError as error:
            found.fail(error)
        info = found.info or CaseInfo()
        tables = _read_tables(found, info)
    _check_needed(tables, found)
    for table in tables.values():
        tables[table.sheet.name] = without_duplicates(with_keys(table), found.problems, found.notices)
    check_ids(tables.values(), found.problems)
    if found.problems:
        raise BadInputError(found.problems)
    if not info.basis and _has_full_numbers(tables):
        found.notices.add(problem(INFO_NAME, "no_basis", column="basis"))
    rejected = Problems()
    tables = checked_tables(tables, info, rejected, found.notices)
    if strict and rejected:
        raise BadInputError(rejected)
    return Case(
        info=info,
        tables=tables,
        policies=dict(sorted(found.policies.items())),
        inputs=tuple(sorted(found.inputs)),
        rejected=tuple(rejected),
        notices=tuple(found.notices),
    )


@contextmanager
def open_grids(path: Path) -> Iterator[list[tuple[str, Grid]]]:
    """The tables of one file, each by the name a map calls it. Raises `BadInputError`."""
    kind = path.suffix.lower()
    if kind not in (*_TEXTS, *_WORKBOOKS):
        raise BadInputError([problem(path.name, "unknown_file_kind" if path.exists() else "not_found")])
    with open_plain(path, path.name) as file:
        if kind in _TEXTS:
            yield [("", CsvGrid(file, path.name, path.stem))]
        else:
            yield [(grid.name, grid) for grid in worksheets(file, path.name)]


def _find_in_folder(path: Path, found: _Found, files: ExitStack) -> None:
    entries = sorted(path.iterdir())
    policies = path / POLICIES_FOLDER
    listed = [each for each in entries if not each.name.startswith((".", "~$")) and each != policies]
    if policies.is_dir() and not policies.is_symlink():
        listed += sorted(policies.glob("*.toml"))
    elif policies.is_symlink():
        found.problems.add(problem(POLICIES_FOLDER, "not_a_file"))
    if len(entries) > MAX_CASE_FILES or len(listed) > MAX_CASE_FILES:
        raise BadInputError([problem(path.name, "too_many_files", limit=MAX_CASE_FILES)])
    for each in listed:
        try:
            _find_in_file(each, each.relative_to(path).as_posix(), found, files, alone=False)
        except BadInputError as error:
            found.fail(error)


def _find_in_file(path: Path, label: str, found: _Found, files: ExitStack, *, alone: bool) -> None:
    kind = path.suffix.lower()
    mapped = path.with_name(path.name + MAP_SUFFIX).exists()
    ours = kind not in _NOT_OURS and (kind != ".txt" or mapped or sheet_called(path.stem) is not None)
    if path.name.endswith(MAP_SUFFIX) or not (ours or alone):
        return
    if is_face(path.stem):
        raise BadInputError([problem(label, "face_columns", headers=path.name)])
    if kind == ".toml":
        _read_toml(path, label, found)
    elif kind in (*_TEXTS, *_WORKBOOKS):
        rows_of_map = _map_of(path, label, found) if mapped else None
        file = files.enter_context(open_plain(path, label))
        found.inputs.append(hashed(file, label))
        if kind in _WORKBOOKS:
            sheets = worksheets(file, label)
            _find_in_workbook(sheets, label, rows_of_map, found)
        elif rows_of_map is None and alone:
            raise BadInputError([problem(label, "needs_map")])
        else:
            found.grids.append((CsvGrid(file, label, path.stem), rows_of_map))
    elif alone and not path.exists():
        raise BadInputError([problem(label, "not_found")])
    elif alone or path.is_symlink() or not (path.is_file() or path.is_dir()):
        raise BadInputError([problem(label, "unknown_file_kind" if path.is_file() else "not_a_file")])
    else:
        found.notices.add(problem(label, "file_not_read"))


def _find_in_workbook(
    sheets: Sequence[WorkbookGrid], label: str, mapped: Sequence[MappedRows] | None, found: _Found
) -> None:
    names = {sheet.name for sheet in sheets}
    for name in {rows.table for rows in mapped or ()} - names:
        found.problems.add(problem(label, "map_source_missing", name=name))
    for grid in sheets:
        if is_face(grid.name):
            found.problems.add(problem(grid.label, "face_columns", headers=grid.name))
        elif mapped is not None:
            mine = [rows for rows in mapped if rows.table == grid.name]
            found.grids.append((grid, mine))
        elif bare(grid.name) in (INFO_NAME, "案例"):
            found.problems.extend(grid.refusals(0))
            found.info = info_of_rows(_all_rows(grid), grid.label, found.problems, found.notices)
        elif bare(grid.name) == bare(POLICY_SHEET):
            found.problems.extend(grid.refusals(0))
            _policies_of_rows(_all_rows(grid), found)
        else:
            found.grids.append((grid, None))


def _read_toml(path: Path, label: str, found: _Found) -> None:
    text = _small_text(path, label, found)
    data = parse_toml(text, label, found.problems)
    if path.parent.name == POLICIES_FOLDER and label.startswith(POLICIES_FOLDER):
        found.policies[path.name] = text
    elif path.stem == INFO_NAME:
        found.info = info_of_toml(data, label, found.problems, found.notices)
    else:
        found.notices.add(problem(label, "file_not_read"))


def _small_text(path: Path, label: str, found: _Found) -> str:
    with open_plain(path, label) as file:
        found.inputs.append(hashed(file, label))
        file.seek(0)
        content = file.read(MAX_TOML_BYTES + 1)
    if len(content) > MAX_TOML_BYTES:
        raise BadInputError([problem(label, "file_too_large", limit=MAX_TOML_BYTES // MIB)])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadInputError([problem(label, "encoding_unknown")]) from None


def _policies_of_rows(rows: Sequence[list[str]], found: _Found) -> None:
    lines: dict[str, list[str]] = {}
    for row in rows[1:]:
        name, line = (*row, "", "")[:2]
        if name:
            lines.setdefault(name, []).append(line)
    found.policies |= {name: "\n".join(each) for name, each in lines.items()}


def _map_of(path: Path, label: str, found: _Found) -> Sequence[MappedRows]:
    """The map saved beside a file."""
    beside = path.with_name(path.name + MAP_SUFFIX)
    label += MAP_SUFFIX
    data = parse_toml(_small_text(beside, label, found), label, found.problems)
    return rows_of(data, label, found.problems) if data else []


def _read_tables(found: _Found, info: CaseInfo) -> dict[str, Table]:
    parts: dict[str, list[Table]] = {}
    times = TimeReader(info.zone)
    for grid, mapped in found.grids:
        try:
            for table in _read_grid(grid, mapped, times, found):
                parts.setdefault(table.sheet.name, []).append(table)
        except BadInputError as error:
            found.fail(error)
    tables = with_tokens({name: merged(each) for name, each in parts.items()})
    return {sheet.name: empty_table(sheet) for sheet in SHEETS} | tables


def _read_grid(grid: Grid, mapped: Sequence[MappedRows] | None, times: TimeReader, found: _Found) -> Iterator[Table]:
    sheet = sheet_called(grid.name)
    chunks = grid.chunks()
    top = next(chunks, Chunk(1, 0, [], None))
    top_rows = top.as_rows()
    if mapped is not None:
        wanted = {bare(name) for rows in mapped for names in (*rows.columns.values(), rows.when) for name in names}
        header = find_header(top_rows, lambda name: bare(name) in wanted)
    else:
        known = known_names(sheet) if sheet else {}
        header = find_header(top_rows, lambda name: bare(name) in known)
    texts = header.above if header else tuple(cell for row in top_rows[:1] for cell in row)
    if faces := [text for text in texts if is_face(text)]:
        raise BadInputError([problem(grid.label, "face_columns", headers="、".join(dict.fromkeys(faces)))])
    if mapped is None and sheet is None:
        found.notices.add(
            problem(grid.label, "sheet_not_read" if isinstance(grid, WorkbookGrid) else "file_not_read")
        )
        return
    if mapped == []:
        return
    if isinstance(grid, WorkbookGrid):
        found.problems.extend(grid.refusals(header.end if header else 0))
        found.notices.extend(grid.notices())
    if header is None:
        raise BadInputError([problem(grid.label, "no_header", within=HEADER_WITHIN)])
    if len(header.names) > MAX_COLUMNS:
        raise BadInputError([problem(grid.label, "too_many_columns", limit=MAX_COLUMNS)])
    before = len(tuple(found.problems))
    if mapped is not None:
        blocks = [block_of(rows, header.names, grid.label, found.problems) for rows in mapped]
    else:
        assert sheet is not None, "a table is read as its sheet or by its map"
        blocks = [_block_of_sheet(sheet, header, grid.label, found)]
    _tell_unread(blocks, header, grid.label, found)
    if len(tuple(found.problems)) == before:
        rows = chain((top,), chunks)
        yield from RowReader(grid.label, blocks, times, found.findings).read(rows, header)


def _block_of_sheet(sheet: Sheet, header: Header, label: str, found: _Found) -> Block:
    known = known_names(sheet)
    picks: dict[str, Pick] = {}
    headers: dict[str, str] = {}
    for index, name in enumerate(header.names):
        column = known.get(bare(name)) if name else None
        if column is None:
            continue
        if column.field in picks:
            both = f"{headers[column.field]}、{name}"
            found.problems.add(problem(label, "column_twice", name=column.header, headers=both))
        picks[column.field] = Pick(indexes=(index,), suffix=unit_of(column, (name,)))
        headers[column.field] = name
    for column in sheet.columns:
        if column.required and column.kind is not Kind.KEY and column.field not in picks:
            found.problems.add(problem(label, "missing_column", name=f"{column.chinese[0]} ({column.header})"))
    return Block(sheet=sheet, picks=picks, headers=headers)


def _tell_unread(blocks: Sequence[Block], header: Header, label: str, found: _Found) -> None:
    read = {index for block in blocks for pick in block.picks.values() for index in pick.indexes}
    unread = [name for index, name in enumerate(header.names) if name and index not in read]
    for code, names in (
        ("trait_columns", [name for name in unread if is_trait(name)]),
        ("columns_not_read", [name for name in unread if not is_trait(name)]),
    ):
        if names:
            found.notices.add(problem(label, code, headers="、".join(names[:30])))


def _check_needed(tables: dict[str, Table], found: _Found) -> None:
    have = {name for name, table in tables.items() if table.present}
    label = INFO_NAME
    if found.failed:
        return  # what is missing may be in a file that could not be read
    before = len(tuple(found.problems))
    if "deals" not in have:
        found.problems.add(problem(label, "sheet_missing", sheet=_called("deals")))
    if not have & {"registrations", "arrivals"}:
        both = f"{_called('registrations')} / {_called('arrivals')}"
        found.problems.add(problem(label, "sheet_missing", sheet=both))

    if len(tuple(found.problems)) > before:  # it may be there under a name that is not known
        found.problems.extend(each for each in found.notices if each.code in ("file_not_read", "sheet_not_read"))


def _called(sheet: str) -> str:
    return f"{BY_NAME[sheet].chinese[0]} ({sheet})"


def _has_full_numbers(tables: Mapping[str, Table]) -> bool:
    """Whether clients' telephone numbers stand in the case unmasked."""
    phones = tables["registrations"].columns["phone"] + tables["arrivals"].columns["phone"]
    return any(MOBILE.fullmatch(str(phone)) for phone in phones)


def _all_rows(grid: Grid) -> list[list[str]]:
    return [row for chunk in grid.chunks() for row in chunk.as_rows()]


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Millions of rows are made and none refers to itself: looking for cycles takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
