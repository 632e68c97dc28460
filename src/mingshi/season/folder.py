"""A season as files: DIR/events is a case that `mingshi judge` reads, DIR/truth is what really happened.

The rules this module keeps:

1. All or nothing: the season is written beside its place and moved there when it is whole; nothing is overwritten.
2. The same preset and seed give the same bytes; `manifest.json` names every file's SHA-256, and the hash of the table
   of rates, so that two people can tell whether they score the same season.
3. `events/` says nothing of the truth. Whoever wants to play fair deletes `truth/` first.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

import msgspec

from mingshi.files.case import Case, CaseInfo, case_of, table_of
from mingshi.files.format import SHEETS
from mingshi.files.judging import type_of
from mingshi.files.problem import BadInputError, problem
from mingshi.files.write_case import write_folder
from mingshi.season.auditor import audit
from mingshi.season.days import ZONE
from mingshi.season.generate import PROJECT, Season
from mingshi.season.rates import fingerprint
from mingshi.season.truth import (
    Approach,
    Insider,
    Person,
    Said,
    Sale,
    Trace,
    Trick,
    TrueRegistration,
    TrueVisit,
    Truth,
    Unit,
)

T = TypeVar("T", bound=tuple[object, ...])

SEASON_VERSION: Final = 1
EVENTS: Final = "events"
TRUTH: Final = "truth"
MANIFEST: Final = "manifest.json"
_FILES: Final[dict[str, type[tuple[object, ...]]]] = {
    "units": Unit,
    "approaches": Approach,
    "visits": TrueVisit,
    "registrations": TrueRegistration,
    "insiders": Insider,
    "said": Said,
    "sales": Sale,
    "tricks": Trick,
    "traces": Trace,
}
_POLICY_FILE: Final = "preset.toml"


class Manifest(NamedTuple):
    """What a season's folder says of itself."""

    preset: str
    seed: int
    scale: float
    rates_sha256: str
    behaviour: str


def write_season(
    season: Season,
    path: Path,
    *,
    scale: float = 1.0,
    behaviour: str = "naive",
    game: dict[str, object] | None = None,
) -> dict[str, object]:
    """Write the folder; returns the manifest. Raises `BadInputError` where it exists already."""
    if path.exists() or path.is_symlink():
        raise BadInputError([problem(path.name, "out_exists")])
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as name:
        work = Path(name) / path.name
        work.mkdir()
        write_folder(case_of_season(season), work / EVENTS)
        (work / TRUTH).mkdir()
        for file in _FILES:
            _write_lines(work / TRUTH / f"{file}.jsonl", getattr(season.truth, file))
        _write_lines(work / TRUTH / "expected.jsonl", _expected(season))
        manifest = _manifest(season, work, scale) | {"behaviour": behaviour} | ({"game": game} if game else {})
        (work / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        shutil.move(work, path)
    return manifest


def case_of_season(season: Season) -> Case:
    """The case of a season, as its files will hold it."""
    found = ((sheet.name, season.rows.get(type_of(sheet.record))) for sheet in SHEETS)
    tables = [table_of(name, rows) for name, rows in found if rows]
    preset = season.preset
    named = _POLICY_FILE if preset.parameters else preset.policy
    info = CaseInfo(project=PROJECT, zone=ZONE, policy=named, basis="生成的测试数据，没有真实的人")
    files = {_POLICY_FILE: _policy_text(season)} if preset.parameters else {}
    return replace(case_of(info, tables), policies=files)


def read_manifest(path: Path) -> Manifest:
    """What a season's folder says of itself. Raises `BadInputError` where it is none."""
    try:
        data = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(
            str(data["preset"]),
            int(data["seed"]),
            float(data["scale"]),
            str(data["rates_sha256"]),
            str(data["behaviour"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInputError([problem(path.name, "no_season")]) from None


def read_truth(path: Path) -> Truth:
    """The truth of a season's folder."""
    try:
        parts = {name: list(_read_lines(path / TRUTH / f"{name}.jsonl", kind)) for name, kind in _FILES.items()}
    except (OSError, ValueError, KeyError):
        raise BadInputError([problem(path.name, "no_season")]) from None
    return Truth(**cast("Any", parts))  # each file holds the kind of its field


def _write_lines(path: Path, rows: Iterable[object]) -> None:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(encode(_plain(row)) + "\n" for row in rows)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        if names is None:
            return [_plain(item) for item in value]
        return {name: _plain(item) for name, item in zip(names, value, strict=True)}
    return value


def _read_lines(path: Path, kind: type[T]) -> Iterator[T]:
    fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]  # every kind is a NamedTuple
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if kind is Unit:
                row["people"] = [[person[name] for name in Person._fields] for person in row["people"]]
            yield msgspec.convert([row[name] for name in fields], kind)


class _Expected(NamedTuple):
    """A line of truth/expected.jsonl."""

    deal: str
    origin: str
    party: str
    fraud: bool
    stolen: bool
    mechanisms: tuple[str, ...]
    due: tuple[str, ...]
    """Under perfect evidence."""
    given: tuple[str, ...]
    """Under the evidence given."""
    decidable: bool


def _expected(season: Season) -> Iterator[_Expected]:
    """What a perfect judge would say, of the true story and of the evidence given."""
    for deal, one in audit(season.truth, season.policies, ZONE).items():
        yield _Expected(
            deal,
            one.origin.value,
            one.party,
            one.fraud,
            one.stolen,
            tuple(each.value for each in one.mechanisms),
            tuple(one.due),
            tuple(one.given),
            one.decidable,
        )


def _manifest(season: Season, work: Path, scale: float) -> dict[str, object]:
    files = sorted(path for path in work.rglob("*") if path.is_file())
    return {
        "season_version": SEASON_VERSION,
        "preset": season.preset.name,
        "tells": season.preset.tells,
        "seed": season.seed,
        "scale": scale,
        "rates_sha256": fingerprint(),
        "rates_are": "assumptions, not measurements",
        "records": {
            sheet.name: len(season.rows.get(type_of(sheet.record), []))
            for sheet in SHEETS
            if season.rows.get(type_of(sheet.record))
        },
        "deals": len(season.truth.sales),
        "sha256": {path.relative_to(work).as_posix(): _sha256(path) for path in files},
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _policy_text(season: Season) -> str:
    preset = season.preset
    lines = [f'version = "{preset.policy}"', f'base = "{preset.policy}"', "", "[parameters]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in preset.parameters.items()]
    return "\n".join(lines) + "\n"
