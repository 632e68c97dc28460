"""case.toml and the sheet `case`: what a case says of its project.

The rules this module keeps:

1. Both say the same under the same keys: a table's key is written `table.key` in the sheet.
2. Every key may be missing: format 1, zone +08:00, no opening day, no cut.
3. The zone is a fixed offset. A zone with summer time would make one clock time two moments.
4. A policy is named or lies inside the case; no path leads out of it.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from mingshi.files.case import CaseInfo
from mingshi.files.format import FORMAT_VERSION
from mingshi.files.headers import sheet_called
from mingshi.files.mask import masked
from mingshi.files.problem import CellError, Problem, Problems, problem
from mingshi.files.text import free_text
from mingshi.files.times import TimeReader, TimeWriter, instant_of
from mingshi.kernel.timeline import Interval, Micros, Zone

INFO_NAME: Final = "case"
KEYS: Final = {
    "format": "格式版本",
    "project.name": "项目名称",
    "project.opened": "开盘日期",
    "zone": "时区",
    "as_of": "截止时间",
    "policy": "判客规则",
    "basis": "合法依据",
}
"""The keys of case.toml, dotted, and their Chinese names in the sheet `case`."""
SOURCES: Final = "sources"

# Zones of the trade's neighbourhood that have had no summer time since offices kept such files.
_FIXED_ZONES: Final = {
    "utc": 0, "z": 0, "etc/utc": 0,
    "asia/shanghai": 480, "asia/chongqing": 480, "prc": 480, "asia/hong_kong": 480, "asia/macau": 480,
    "asia/taipei": 480, "asia/singapore": 480, "asia/kuala_lumpur": 480, "北京时间": 480,
    "asia/urumqi": 360, "asia/bangkok": 420, "asia/ho_chi_minh": 420, "asia/tokyo": 540, "asia/seoul": 540,
    "asia/dubai": 240,
}  # fmt: skip
_OFFSET: Final = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


def parse_toml(text: str, label: str, problems: Problems) -> dict[str, object]:
    """A TOML text as data; what is wrong with it goes to `problems`."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # The parser's own words may quote the text: only the place is passed on.
        place = re.search(r"\(at .*\)", str(error))
        problems.add(problem(label, "bad_toml", reason=place.group()[1:-1] if place else "nesting"))
        return {}


def info_of_toml(data: Mapping[str, object], label: str, problems: Problems, notices: Problems) -> CaseInfo:
    """The info of a parsed case.toml."""
    flat: dict[str, object] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{name}": item for name, item in value.items()})
        else:
            flat[key] = value
    return _InfoReader(flat, label, problems, notices).read()


def info_of_rows(rows: list[list[str]], label: str, problems: Problems, notices: Problems) -> CaseInfo:
    """The info of the sheet `case`: a key and its value a row."""
    by_chinese = {chinese: key for key, chinese in KEYS.items()}
    flat: dict[str, object] = {}
    for row in rows:
        key, value = (*(cell.strip() for cell in row), "", "")[:2]
        if key and value and (key, value) not in (("key", "value"), ("键", "值")):
            flat[by_chinese.get(key, key)] = value
    return _InfoReader(flat, label, problems, notices).read()


def written_info(info: CaseInfo) -> dict[str, str]:
    """Dotted keys and their values, as text, in their order; absent ones left out."""
    times = TimeWriter(info.zone)
    values = {
        "format": str(info.format_version),
        "project.name": info.project,
        "project.opened": times.written(info.opened_at),
        "zone": info.zone.text,
        "as_of": times.written(info.as_of),
        "policy": info.policy,
        "basis": info.basis,
    }
    values |= {f"{SOURCES}.{sheet}": text for sheet, text in sorted(info.sources.items())}
    return {key: value for key, value in values.items() if value}


def is_inside(name: str) -> bool:
    """Whether a name that a file gives stays inside the case when it is taken for a path."""
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable())


class _InfoReader:
    """Takes the values one by one, so that all problems are found."""

    def __init__(self, flat: Mapping[str, object], label: str, problems: Problems, notices: Problems) -> None:
        self._flat = flat
        self._label = label
        self._problems = problems
        for key in flat:
            name = key.partition(".")[2] if key.startswith(SOURCES + ".") else ""
            if key not in KEYS and not (name and sheet_called(name)):
                notices.add(problem(label, "unknown_key", column=key))

    def read(self) -> CaseInfo:
        zone = self._zone()
        return CaseInfo(
            format_version=self._version(),
            project=self._text("project.name"),
            zone=zone,
            opened_at=self._time("project.opened", zone, end=False),
            as_of=self._time("as_of", zone, end=True),
            policy=self._policy(),
            basis=self._text("basis"),
            sources=self._sources(),
        )

    def _wrong(self, key: str, code: str, **args: object) -> None:
        value = masked(str(self._flat[key]), personal=False)
        self._problems.add(Problem(self._label, None, key, value, code, args))

    def _text(self, key: str) -> str:
        value = self._flat.get(key, "")
        if not isinstance(value, str):
            self._wrong(key, "wrong_type", wanted_zh="文字", wanted_en="text")
            return ""
        try:
            return free_text(value)
        except CellError as error:
            self._wrong(key, error.code, **error.args_of_text)
            return ""

    def _version(self) -> int:
        value = self._flat.get("format", FORMAT_VERSION)
        text = str(value).strip()
        if isinstance(value, bool) or not text.isdecimal() or not 1 <= int(text[:9]) <= FORMAT_VERSION:
            self._wrong("format", "format_version", version=text, known=FORMAT_VERSION)
        return FORMAT_VERSION

    def _zone(self) -> Zone:
        text = self._text("zone").lower()
        if not text:
            return Zone()
        if text in _FIXED_ZONES:
            return Zone(_FIXED_ZONES[text])
        match = _OFFSET.fullmatch(text.replace(" ", ""))
        if match is None or int(match.group(2)) > 14 or int(match.group(3) or 0) > 59:
            self._wrong("zone", "zone_not_fixed")
            return Zone()
        minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
        return Zone(-minutes if match.group(1) == "-" else minutes)

    def _time(self, key: str, zone: Zone, *, end: bool) -> Micros | None:
        """A moment; of a date alone, its start or its end."""
        value = self._flat.get(key)
        try:
            at = TimeReader(zone).time(value) if isinstance(value, str) else None
            if isinstance(value, date):
                at = TimeReader(zone).time(TimeWriter(zone).written(instant_of(value, zone)))
            elif value is not None and not isinstance(value, str):
                self._wrong(key, "wrong_type", wanted_zh="日期或时间", wanted_en="a date or time")
        except CellError as error:
            self._wrong(key, error.code, **error.args_of_text)
            return None
        if isinstance(at, Interval):
            return at.latest if end else at.earliest
        return at

    def _policy(self) -> str:
        policy = self._text("policy")
        if not is_inside(policy):
            self._wrong("policy", "unsafe_path")
            return ""
        return policy

    def _sources(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key in self._flat:
            sheet = sheet_called(key.removeprefix(SOURCES + ".")) if key.startswith(SOURCES + ".") else None
            if sheet is not None and (text := self._text(key)):
                found[sheet.name] = text
        return found
