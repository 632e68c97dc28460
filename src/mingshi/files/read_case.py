"""Reading a case: a folder of CSV files, one workbook, or an office's own spreadsheet with a saved map.

The rules this module keeps:

1. All problems of all files are found before anything is said; then `BadInputError` carries them all, and
   there is no case.
2. A folder and a workbook of the same rows give equal cases; the order of rows changes nothing but the
   order of rows.
3. Memory and time are bounded by `limits`, whatever the files hold.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from mingshi.files.case import Case, CaseInfo, Table, empty_table
from mingshi.files.checks import check_money, checked_tables
from mingshi.files.contact import MOBILE
from mingshi.files.finish import check_ids, with_keys, with_tokens, without_duplicates
from mingshi.files.format import BY_NAME, SHEETS
from mingshi.files.found import Found, find
from mingshi.files.hashing import hashed, hashing
from mingshi.files.info import INFO_NAME
from mingshi.files.judging import policies_of
from mingshi.files.problem import BadInputError, Problems, problem
from mingshi.files.read_rows import merged
from mingshi.files.read_table import read_table
from mingshi.files.times import TimeReader
from mingshi.kernel.cycles import without_cycles


def read_case(path: Path, *, strict: bool = False, jobs: int = 1) -> Case:
    """The case at `path`. Raises `BadInputError` with all problems; under `strict` also for rejected rows.

    `jobs`: with more than one, large files are read by two processes; not for a process with threads, for it forks.
    """
    with without_cycles():
        return _read(path, strict=strict, jobs=jobs)


def _read(path: Path, *, strict: bool, jobs: int) -> Case:
    with ExitStack() as files:
        found = find(path, files)
        inputs = files.enter_context(hashing(found.files, beside=jobs > 1))
        info = found.info or CaseInfo()
        tables = _read_tables(found, info, jobs)
        found.inputs += inputs()
    _check_needed(tables, found)
    for table in tables.values():
        tables[table.sheet.name] = without_duplicates(with_keys(table), found.problems, found.notices)
    check_ids(tables.values(), found.problems)
    check_money(tables, info, found.problems)
    _check_rules(tables, info, found)
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


def read_sheets(path: Path, wanted: Sequence[str]) -> Case:
    """Some sheets of a case, without deals or visits: an office's lists. Raises `BadInputError` with all problems."""
    with ExitStack() as files:
        found = find(path, files)
        tables = _read_tables(found, found.info or CaseInfo())
        found.inputs += [hashed(*each) for each in found.files]
    given = {name for name, table in tables.items() if table.present}
    if others := sorted(given - set(wanted)):
        found.problems.add(problem(path.name, "sheet_unwanted", sheet=", ".join(map(_called, others))))
    if not given and not found.failed:
        found.problems.add(problem(path.name, "sheet_missing", sheet=" / ".join(map(_called, wanted))))
        found.problems.extend(found.notices)
    for name in wanted:
        tables[name] = without_duplicates(with_keys(tables[name]), found.problems, found.notices)
    check_ids(tables.values(), found.problems)
    if found.problems:
        raise BadInputError(found.problems)
    return Case(
        info=found.info or CaseInfo(),
        tables=tables,
        inputs=tuple(sorted(found.inputs)),
        notices=tuple(found.notices),
    )


def _read_tables(found: Found, info: CaseInfo, jobs: int = 1) -> dict[str, Table]:
    parts: dict[str, list[Table]] = {}
    times = TimeReader(info.zone)
    for grid, mapped in found.grids:
        try:
            for table in read_table(grid, mapped, times, found.findings, jobs):
                parts.setdefault(table.sheet.name, []).append(table)
        except BadInputError as error:
            found.fail(error)
    tables = with_tokens({name: merged(each) for name, each in parts.items()})
    return {sheet.name: empty_table(sheet) for sheet in SHEETS} | tables


def _check_needed(tables: dict[str, Table], found: Found) -> None:
    have = {name for name, table in tables.items() if table.present}
    label = INFO_NAME
    if found.failed:
        return  # what is missing may be in a file that could not be read
    before = len(found.problems)
    if "deals" not in have:
        found.problems.add(problem(label, "sheet_missing", sheet=_called("deals")))
    if not have & {"registrations", "arrivals"}:
        both = f"{_called('registrations')} / {_called('arrivals')}"
        found.problems.add(problem(label, "sheet_missing", sheet=both))
    if len(found.problems) > before:  # it may be there under a name that is not known
        found.problems.extend(each for each in found.notices if each.code in ("file_not_read", "sheet_not_read"))


def _check_rules(tables: Mapping[str, Table], info: CaseInfo, found: Found) -> None:
    """The rules the case names and its `policies` sheet, told with the rest; `judging` reads them again to judge."""
    table = tables["policies"]
    unread = [index for index, row in enumerate(table.records()) if None in row]  # told already, cell by cell
    rules = {**tables, "policies": table.without(unread)}
    try:
        policies_of(Case(info=info, tables=rules, policies=found.policies))
    except BadInputError as error:
        found.problems.extend(error.problems)


def _called(sheet: str) -> str:
    return f"{BY_NAME[sheet].chinese[0]} ({sheet})"


def _has_full_numbers(tables: Mapping[str, Table]) -> bool:
    """Whether clients' telephone numbers stand in the case unmasked."""
    phones = tables["registrations"].columns["phone"] + tables["arrivals"].columns["phone"]
    return any(MOBILE.fullmatch(str(phone)) for phone in phones)
