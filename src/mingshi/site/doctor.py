"""`mingshi doctor`: is this machine fit to keep a record, and is the record well?

The rules this module keeps: every finding says what was found, why it matters and what to do, in both languages;
nothing is changed; nothing personal is told.
"""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, Literal, NamedTuple

from mingshi.app.sign_assessment import not_registered
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import DAY, HOUR, Micros
from mingshi.ledger.verify import Note, RefusedError
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.site.copies import BACKUP_AT
from mingshi.site.root import LEAP, Site
from mingshi.store import keyring
from mingshi.store.database import WAL_LIMIT
from mingshi.store.site_store import SLACK

_VIDEO: Final = Path("/sys/class/video4linux")
Level = Literal["ok", "warn", "bad"]
ROOM: Final = 1024**3
"""Free bytes below which a busy day may fill the disk."""
BACKUP_DUE: Final = 26 * HOUR
MOST_OFFSET_S: Final = 1.0
"""DESIGN §3: an NTP offset under 1 s."""


class Finding(NamedTuple):
    """One thing looked at."""

    level: Level
    name: str
    chinese: str
    english: str

    def as_json(self) -> dict[str, Json]:
        """For `--json`."""
        return {"level": self.level, "name": self.name, "zh": self.chinese, "en": self.english}


def examine(site: Site) -> Iterator[Finding]:
    """Everything."""
    last, now = site.store.last_sealed_at, site.clock()
    yield from _room(site)
    yield from _files(site)
    yield from _wal(site)
    yield _quick_check(site)
    yield _clock()
    yield from _times(last, now)
    yield from _witnesses(site)
    yield _backup(site, now)
    yield from _cameras(site, now)


def _cameras(site: Site, now: Micros) -> Iterator[Finding]:
    """Cameras that this machine has and the register of sensors has not (L-54)."""
    seen = sorted(path.name for path in _VIDEO.iterdir()) if _VIDEO.is_dir() else []
    for name in site.store.look(lambda transaction: not_registered(transaction, seen), now=now):
        yield Finding(
            "bad",
            "camera",
            f"本机接有摄像设备 {name}，登记册里没有：请拔掉它，或登记它并说明用途。",
            f"This machine has a camera, {name}, that is not in the register of sensors: unplug it, or register it.",
        )


def _room(site: Site) -> Iterator[Finding]:
    free = shutil.disk_usage(site.config.folder).free
    need = max(ROOM, 2 * site.config.database.stat().st_size)
    said = f"{free >> 20} MiB"
    if free < need:
        yield Finding(
            "warn",
            "room",
            f"磁盘只剩 {said}，少于 {need >> 20} MiB：请腾出空间，满了就不能收件。",
            f"{said} left on the disk, less than {need >> 20} MiB: make room; a full disk takes no fact.",
        )
    else:
        yield Finding("ok", "room", f"磁盘剩余 {said}。", f"{said} left on the disk.")


def _files(site: Site) -> Iterator[Finding]:
    folder = site.config.folder
    for path in (folder, site.config.passphrase_file, folder / keyring.KEYRING, site.config.database):
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "bad",
                "mode",
                f"{path} 别人也能读写（{stat.filemode(mode)}）：请 chmod go-rwx。",
                f"{path} is open to others ({stat.filemode(mode)}): chmod go-rwx.",
            )
    if site.config.passphrase_file.is_relative_to(folder):
        yield Finding(
            "warn",
            "passphrase",
            "口令文件与数据放在一起：拿走磁盘的人两样都有。请把口令移到别的盘，并在 site.toml 里改 passphrase_file。",
            "The passphrase lies beside the data: whoever takes the disk has both. Move it to another disk and change "
            "passphrase_file in site.toml.",
        )


def _wal(site: Site) -> Iterator[Finding]:
    wal = site.config.database.with_name(site.config.database.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > WAL_LIMIT:
        yield Finding(
            "warn",
            "wal",
            f"预写日志已有 {size >> 20} MiB：有读者占着不放，请重启服务。",
            f"The write-ahead log has {size >> 20} MiB: some reader holds it. Restart the server.",
        )
    else:
        yield Finding("ok", "wal", f"预写日志 {size >> 10} KiB。", f"Write-ahead log: {size >> 10} KiB.")


def _quick_check(site: Site) -> Finding:
    with closing(site.store.connect()) as connection:
        said = [row[0] for row in connection.execute("PRAGMA quick_check(5)").fetchall()]
    if said == ["ok"]:
        return Finding("ok", "pages", "数据库结构完好（快检）。", "The database is sound (quick check).")
    return Finding(
        "bad",
        "pages",
        f"数据库损坏（{said[0]}）：请停用，保留原件，用 mingshi restore 恢复。",
        f"The database is damaged ({said[0]}): stop using it, keep the original, restore a backup.",
    )


def _clock() -> Finding:
    offset = _offset_s()
    if offset is None:
        return Finding(
            "warn",
            "ntp",
            "看不出时钟是否与标准时间同步：请装 chrony 或开启 systemd-timesyncd。时间就是证据。",
            "It cannot be told whether the clock is synchronised: install chrony or enable systemd-timesyncd. Time is "
            "evidence here.",
        )
    if abs(offset) > MOST_OFFSET_S:
        return Finding(
            "bad",
            "ntp",
            f"时钟差 {offset:.1f} 秒，超过 1 秒：请先校时。",
            f"The clock is {offset:.1f} s off, more than 1 s: set it right first.",
        )
    return Finding("ok", "ntp", f"时钟差 {offset:.3f} 秒。", f"The clock is {offset:.3f} s off.")


def _offset_s() -> float | None:
    """How far the clock is off, as chrony or timesyncd knows it; None where neither does."""
    told = _told("chronyc", "-c", "tracking")
    if told is not None and len(fields := told.split(",")) > 6:  # the seventh is the last offset
        return float(fields[4])
    told = _told("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return 0.0 if told is not None and told.strip() == "yes" else None


def _told(program: str, *arguments: str) -> str | None:
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a program of the system's with fixed arguments
            [path, *arguments], capture_output=True, text=True, timeout=5, check=False, env={"LC_ALL": "C"}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _times(last: Micros, now: Micros) -> Iterator[Finding]:
    days = abs(now - last) // DAY
    if now < last - SLACK:
        yield Finding(
            "bad",
            "clock",
            f"时钟比最后一条记录早 {days} 天：倒退的时钟不收件、不删除。请校时。",
            f"The clock is {days} days before the last sealed fact: it takes and deletes nothing. Set it right.",
        )
    elif now > last + LEAP:
        yield Finding(
            "warn",
            "clock",
            f"距最后一条记录已 {days} 天：请核对时钟；没错就用 mingshi clock 确认，之前不收件。",
            f"{days} days since the last sealed fact: check the clock; if it is right confirm it with mingshi clock. "
            "Nothing is taken before.",
        )


def _witnesses(site: Site) -> Iterator[Finding]:
    policy = TrustPolicy.parse(site.trust)
    if policy.quorum == "none":
        yield Finding(
            "warn",
            "witness",
            "没有见证处：外人无法发现日志被改写。请与渠道公司约定见证处（docs/operate/witness.md）。",
            "No witness: nobody outside would notice a rewritten log. Agree on witnesses with the agencies "
            "(docs/operate/witness.md).",
        )
    for witness in policy.witnesses:
        link = site.links.get(witness.name)
        answer = None if link is None else link.latest(site.store.key.name)
        if answer is None or answer.status not in (200, 404):
            yield Finding(
                "bad",
                "witness",
                f"联系不上见证处 {witness.name}：请检查 site.toml 里的地址与网络。",
                f"Witness {witness.name} was not reached: check its address in site.toml and the network.",
            )
            continue
        yield Finding("ok", "witness", f"见证处 {witness.name} 应答。", f"Witness {witness.name} answers.")


def cosigned_at_s(site: Site) -> int | None:
    """When a witness last cosigned what was published, by the witness's own clock; None: never."""
    text = site.store.log_store.published()
    if text is None:
        return None
    try:
        note = Note.parse(text)
        times = [at for one in TrustPolicy.parse(site.trust).witnesses for at in note.signed_by(one.key) if at]
    except RefusedError:
        return None
    return max(times, default=None)


def _backup(site: Site, now: Micros) -> Finding:
    at = int(site.store.settings.get(BACKUP_AT) or 0)
    if now - at > BACKUP_DUE:
        return Finding(
            "warn",
            "backup",
            "一天多没有备份了：请运行 mingshi backup；个人密钥的旧备份也还没有轮换。"
            if at
            else "还没有备份：请运行 mingshi backup。",
            "No backup for more than a day: run mingshi backup. The old copy of the person keys is not rotated either."
            if at
            else "No backup yet: run mingshi backup.",
        )
    return Finding("ok", "backup", f"{(now - at) // HOUR} 小时前备份过。", f"Backed up {(now - at) // HOUR} h ago.")
