"""From a case that was read to what the judge asks: records by kind, and the rules over time.

The rules this module keeps:

1. D5: the versions of the case's `policies` sheet follow each other by their dates of effect; the policy named
   by the case stands before them. Nothing is clamped: a value out of range is refused, with its range.
2. A policy file names its base (`classic` or `open`) and what it changes.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from mingshi.domain.evidence import Arrival, PolicyRow, Registration
from mingshi.domain.judge.records import Records, Rows
from mingshi.domain.moment import earliest
from mingshi.domain.policy import (
    SHIPPED,
    Policy,
    PolicyHistory,
    PolicyProblem,
    PolicyVersion,
    policy_of,
    single,
)
from mingshi.files.case import Case, Table
from mingshi.files.limits import MAX_TOML_BYTES
from mingshi.files.problem import BadInputError, Problem, problem
from mingshi.kernel.cycles import without_cycles
from mingshi.kernel.timeline import Micros

DEFAULT: Final = "classic"


def records_of(case: Case, policy: Policy | None = None) -> Records:
    """The case as an `EvidenceSource`. `policy` rules instead of the case's own. Raises `BadInputError`."""
    policies = single(policy) if policy is not None else policies_of(case)
    with without_cycles():
        kinds = {type_of(table.sheet.record): _kept(table) for table in case.tables.values() if len(table)}
    info = case.info
    return Records(kinds, project=info.project, zone=info.zone, policies=policies, as_of=info.as_of)


def _kept(table: Table) -> Sequence[tuple[object, ...]]:
    """The large sheets as columns: few of their rows are ever asked for."""
    if table.sheet.record in _LARGE:
        return Rows(type_of(table.sheet.record), list(table.columns.values()))
    return list(table.records())


_LARGE: Final = (Registration, Arrival)


def type_of(record: object) -> type[tuple[object, ...]]:
    """The record class of a sheet."""
    return cast("type[tuple[object, ...]]", record)


def policies_of(case: Case) -> PolicyHistory:
    """The rules of a case over time. Raises `BadInputError` with everything wrong about them."""
    problems: list[Problem] = []
    rows = cast("Iterable[PolicyRow]", case.tables["policies"].records())
    versions: list[PolicyVersion] = []
    by_version: dict[str, list[PolicyRow]] = {}
    for row in rows:
        by_version.setdefault(row.version, []).append(row)
    if case.info.policy or not by_version:
        named = _named(case, case.info.policy or DEFAULT, problems)
        versions += [] if named is None else [PolicyVersion(Micros(0), named)]
    for version, lines in by_version.items():
        policy = _of_rows(case, version, lines, problems)
        asked = any(row.countersigned for row in lines)
        versions += [] if policy is None else [PolicyVersion(earliest(lines[0].effective_from), policy, asked)]
    if problems:
        raise BadInputError(problems)
    return PolicyHistory(versions=tuple(sorted(versions, key=lambda version: version.effective_from)))


def read_policy(name: str) -> Policy:
    """A shipped policy by name, or a policy file by path. Raises `BadInputError`."""
    if name in SHIPPED:
        return SHIPPED[name]
    path = Path(name)
    try:
        if path.stat().st_size > MAX_TOML_BYTES:
            raise BadInputError([problem(path.name, "file_too_large", limit=MAX_TOML_BYTES >> 20)])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadInputError([problem(path.name, "encoding_unknown")]) from None
    except FileNotFoundError:
        raise BadInputError([problem(name, "policy_not_found", known=", ".join(SHIPPED))]) from None
    except OSError as error:
        raise BadInputError([problem(path.name, "not_readable", reason=error.strerror)]) from None
    problems: list[Problem] = []
    policy = policy_of_toml(text, path.name, problems)
    if policy is None or problems:
        raise BadInputError(problems)
    return policy


def policy_of_toml(text: str, label: str, problems: list[Problem]) -> Policy | None:
    """A policy file: `version`, `base` and a table `parameters`."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        problems.append(problem(label, "bad_toml", reason="TOML"))
        return None
    unknown = sorted(set(data) - {"version", "base", "parameters"})
    problems += [problem(label, "policy_key", column=key) for key in unknown]
    base, parameters = SHIPPED.get(str(data.get("base", DEFAULT))), data.get("parameters", {})
    if base is None or not isinstance(parameters, dict):
        problems.append(problem(label, "policy_base", value=str(data.get("base")), known=", ".join(SHIPPED)))
        return None
    return _made(str(data.get("version", Path(label).stem)), base, parameters, label, problems, {})


def _named(case: Case, name: str, problems: list[Problem]) -> Policy | None:
    if name in SHIPPED:
        return SHIPPED[name]
    for file, text in case.policies.items():
        if name in (file, f"policies/{file}", Path(file).stem):
            return policy_of_toml(text, file, problems)
    problems.append(problem("case", "policy_not_found", value=name, known=", ".join(SHIPPED)))
    return None


def _of_rows(case: Case, version: str, rows: list[PolicyRow], problems: list[Problem]) -> Policy | None:
    label = case.tables["policies"].where(0)[0]
    base_name = next((row.base for row in rows if row.base), DEFAULT)
    base = _named(case, base_name, problems)
    if base is None:
        return None
    if len({row.effective_from for row in rows}) > 1:
        problems.append(problem(label, "policy_dates", value=version))
    values = {row.parameter: row.value for row in rows if row.parameter}
    table = case.tables["policies"]
    where = {
        cast("PolicyRow", table.record(index)).parameter: table.where(index)[1]
        for index in range(len(table))
        if cast("PolicyRow", table.record(index)).version == version
    }
    return _made(version, base, values, label, problems, where)


def _made(
    version: str,
    base: Policy,
    values: Mapping[str, object],
    label: str,
    problems: list[Problem],
    rows: Mapping[str, int | None],
) -> Policy | None:
    made = policy_of(version, base, values)
    if isinstance(made, Policy):
        return made
    problems += [_told(wrong, label, rows.get(wrong.parameter)) for wrong in made]
    return None


def _told(wrong: PolicyProblem, label: str, row: int | None) -> Problem:
    return problem(
        label, f"policy_{wrong.reason}", row=row, column=wrong.parameter, value=wrong.value, expected=wrong.expected
    )
