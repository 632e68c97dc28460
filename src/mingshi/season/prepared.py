"""A site that has lived through a season, made once for this version of the code and kept; each demo runs on a copy.

The rules this module keeps:

1. It is made by `season.live`, through the use cases, and by nothing else; what is kept is its result.
2. Its name is a digest of the season asked for and of every file of this package: changed code lives it anew.
3. It appears under its name whole or not at all. One that does not open is thrown away and made again.
4. It is made where no disk has to be waited for; nobody relies on a season that can be made again. The copies run on
   the disk as every site does.
"""

import json
import os
import shutil
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.settle import Settle, settle
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.ids import StaffId
from mingshi.kernel.timeline import DAY, HOUR, Micros, Zone
from mingshi.season.agreed import agreed
from mingshi.season.generate import make_season
from mingshi.season.live import live
from mingshi.season.presets import PRESETS
from mingshi.site import folder as folders
from mingshi.site.demo import open_for_consent
from mingshi.site.root import Site

ORIGIN: Final = "demo.example/site/1"
PROJECT: Final = "示例花园"
SITE: Final = "site"
OFFICE: Final = (("风控-01", "周测试", "风控"), ("财务-01", "吴测试", "财务"), ("财务-02", "郑测试", "财务"))
"""Who has no part in a season, and looks at what it left; the last makes its settlements."""
SETTLED: Final = 2
"""Months that are settled already; what became due since stands in one that waits for its approvals."""
NOTICE: Final = "http://localhost:8330/notice"
"""Where its people read the notice: the demo's own page, at the port it takes if it may."""
_TOLD: Final = "prepared.json"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of its own is made in it
_KEPT: Final = 3
"""How many are kept: of other versions, other seeds."""


class Prepared(NamedTuple):
    """A folder that holds a site, closed; it is copied, never opened."""

    folder: Path
    begin: Micros
    """Ten in the morning after its last day."""


def cache_folder() -> Path:
    """The user's folder for what can be made again (XDG base directories)."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if named.startswith("/") else Path.home() / ".cache") / "mingshi"


def prepared(cache: Path, seed: int, scale: float) -> Prepared:
    """The prepared site of a season, made if need be. Raises `OSError`."""
    place = cache / f"season-{_digest(seed, scale)}"
    with suppress(OSError, ValueError, KeyError):
        found = _read(place)
        place.touch()
        return found
    shutil.rmtree(place, ignore_errors=True)
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mingshi-season-", dir=_MEMORY if _roomy(_MEMORY) else None) as name:
        begin = _live(Path(name) / SITE, seed, scale)
        (Path(name) / _TOLD).write_text(json.dumps({"begin": begin}), encoding="ascii")
        part = Path(tempfile.mkdtemp(prefix="part-", dir=cache))
        try:
            shutil.copytree(name, part, dirs_exist_ok=True)
            with suppress(OSError):  # ENOTEMPTY: somebody else was quicker, and made the same
                part.rename(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    _forget_old(cache)
    return _read(place)


def forget(made: Prepared) -> None:
    """It does not open: the next asker makes it again."""
    shutil.rmtree(made.folder, ignore_errors=True)


def _read(place: Path) -> Prepared:
    return Prepared(place, Micros(int(json.loads((place / _TOLD).read_text(encoding="ascii"))["begin"])))


def _live(data: Path, seed: int, scale: float) -> Micros:
    season = make_season(PRESETS["open-office"].scaled(scale), seed)
    first = min(at for row in season.rows[e.Arrival] if isinstance(at := getattr(row, "at", None), int))
    begin = Micros(first - 60 * DAY)
    folders.make(
        data,
        origin=ORIGIN,
        project=PROJECT,
        policy=season.policies.versions[0].policy,
        now=begin,
        random_bytes=os.urandom,
    )
    with Site(folders.read(data), clock=lambda: begin, links={}) as site:
        open_for_consent(site, NOTICE)
        more = tuple(blank(e.Staff, id=who, name=name, role=role, since=begin) for who, name, role in OFFICE)
        assert site.store.run(keep_roster, KeepRoster(more), now=begin).answer, "they keep the accounts"
        clerk = StaffId(OFFICE[-1][0])
        lived = live(
            season,
            agreed(lambda use_case, command, now: site.store.run(use_case, command, now=now).answer),
            Micros(begin + DAY),
            clerk=clerk,
            months=SETTLED,
        )
        site.store.run(settle, Settle(clerk), now=lived.end)
    zone = Zone()
    return Micros(zone.end(zone.day(lived.end)) + 1 + 10 * HOUR)


def _digest(seed: int, scale: float) -> str:
    made_of = sha256(f"{seed} {scale}".encode())
    package = Path(str(files("mingshi")))
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".toml")):
        made_of.update(f"{path.relative_to(package)}\0".encode() + sha256(path.read_bytes()).digest())
    return made_of.hexdigest()[:16]


def _roomy(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 256 * 1024 * 1024


def _forget_old(cache: Path) -> None:
    kept = sorted(cache.glob("season-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
