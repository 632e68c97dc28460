"""Finding what a case is made of: which files and worksheets hold tables, which say what the case is.

The rules this module keeps:

1. Only plain files inside the case are opened, each of them hashed; what is not known by name is left alone
   and said.
2. A file that cannot be read does not keep the others from being looked at: all problems are told at once.
3. A name that a file gives (of a policy) never becomes a path that leads out of the case.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, final

from mingshi.files.case import CaseInfo
from mingshi.files.csv_rows import CsvGrid
from mingshi.files.forbidden import is_face
from mingshi.files.hashing import hashed
from mingshi.files.headers import bare, sheet_called
from mingshi.files.info import INFO_NAME, info_of_rows, info_of_toml, is_inside, parse_toml
from mingshi.files.limits import MAX_CASE_FILES, MAX_TOML_BYTES, MIB
from mingshi.files.mapping import MAP_SUFFIX, MappedRows, rows_of
from mingshi.files.problem import BadInputError, Findings, Problems, problem
from mingshi.files.source import Grid, Input, open_plain
from mingshi.files.workbook_rows import WorkbookGrid, worksheets

POLICIES_FOLDER: Final = "policies"
POLICY_SHEET: Final = "policy_files"
"""In a workbook: the TOML policies, a line a row."""
_NOT_OURS: Final = frozenset({".md", ".json", ".html"})
_TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods"})


@final
@dataclass(slots=True, kw_only=True)
class Found:
    """What was found so far in the files of a case."""

    info: CaseInfo | None = None
    grids: list[tuple[Grid, Sequence[MappedRows] | None]] = field(default_factory=list)
    """Tables, and the map of those that have one."""
    policies: dict[str, str] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    """Files that were read."""
    files: list[tuple[BinaryIO, str]] = field(default_factory=list)
    """Files that hold tables, open, and what messages call them."""
    findings: Findings = field(default_factory=Findings)
    failed: bool = False
    """A file could not be read at all: what is missing may be in it."""

    def tell(self, label: str, info: CaseInfo) -> None:
        """Keep what the case says of itself; it may say so in one place only."""
        if self.info is not None:
            self.problems.add(problem(label, "info_twice"))
        self.info = info

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


def find(path: Path, files: ExitStack) -> Found:
    """What is at `path`; opened files are closed with `files`."""
    found = Found()
    try:
        if path.is_dir():
            _find_in_folder(path, found, files)
        else:
            _find_in_file(path, path.name, found, files, alone=True)
    except BadInputError as error:
        found.fail(error)
    return found


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


def _find_in_folder(path: Path, found: Found, files: ExitStack) -> None:
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


def _find_in_file(path: Path, label: str, found: Found, files: ExitStack, *, alone: bool) -> None:
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
        found.files.append((file, label))
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
    sheets: Sequence[WorkbookGrid], label: str, mapped: Sequence[MappedRows] | None, found: Found
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
            found.tell(grid.label, info_of_rows(_all_rows(grid), grid.label, found.problems, found.notices))
        elif bare(grid.name) == bare(POLICY_SHEET):
            found.problems.extend(grid.refusals(0))
            _policies_of_rows(_all_rows(grid), grid.label, found)
        else:
            found.grids.append((grid, None))


def _read_toml(path: Path, label: str, found: Found) -> None:
    text = _small_text(path, label, found)
    data = parse_toml(text, label, found.problems)
    if path.parent.name == POLICIES_FOLDER and label.startswith(POLICIES_FOLDER):
        found.policies[path.name] = text
    elif path.stem == INFO_NAME:
        found.tell(label, info_of_toml(data, label, found.problems, found.notices))
    else:
        found.notices.add(problem(label, "file_not_read"))


def _small_text(path: Path, label: str, found: Found) -> str:
    with open_plain(path, label) as file:
        found.inputs.append(hashed(file, label))
        content = file.read(MAX_TOML_BYTES + 1)
    if len(content) > MAX_TOML_BYTES:
        raise BadInputError([problem(label, "file_too_large", limit=MAX_TOML_BYTES // MIB)])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadInputError([problem(label, "encoding_unknown")]) from None


def _policies_of_rows(rows: Sequence[list[str]], label: str, found: Found) -> None:
    lines: dict[str, list[str]] = {}
    for row in rows[1:]:
        name, line = (*row, "", "")[:2]
        if name:
            lines.setdefault(name, []).append(line)
    for name, each in lines.items():
        if not is_inside(name) or "/" in name or not name.endswith(".toml"):
            found.problems.add(problem(label, "unsafe_path", column="file", value=name))
            continue
        text = "\n".join(each)
        parse_toml(text, f"{label} {name}", found.problems)
        found.policies[name] = text


def _map_of(path: Path, label: str, found: Found) -> Sequence[MappedRows]:
    """The map saved beside a file."""
    beside = path.with_name(path.name + MAP_SUFFIX)
    label += MAP_SUFFIX
    data = parse_toml(_small_text(beside, label, found), label, found.problems)
    return rows_of(data, label, found.problems) if data else []


def _all_rows(grid: Grid) -> list[list[str]]:
    return [row for chunk in grid.chunks() for row in chunk.as_rows()]
