"""The folder a witness lives in: made once, read at every start.

The rules this module keeps:

1. `witness.toml` says what is witnessed; `cosign.key` and `stamp.key` are two keys, readable by their owner
   only; `witness.state` is all that the witness remembers.
2. A witness whose state is gone must not start: it would cosign what contradicts its own past. Nor may a
   state be restored from a backup: make a new witness with a new key.
3. A mistake in the file is told with its place, the reason and what to do, in Chinese and English.
"""

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

from mingshi.ledger.journal import FileMedium, Journal
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.verify import (
    COSIGNATURE,
    ED25519,
    Policy,
    RefusedError,
    VerifierKey,
    fingerprint,
    key_name_ok,
)
from mingshi.witness.keeper import Hours, Keeper, KnownLog, first_record

CONFIG: Final = "witness.toml"
COSIGN_KEY: Final = "cosign.key"
STAMP_KEY: Final = "stamp.key"
STATE: Final = "witness.state"


class SetupError(ValueError):
    """The folder is not as it should be; the message says where, why and what to do."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A witness's folder, read and checked."""

    folder: Path
    listen: tuple[str, int]
    deposit_token: str
    key: SigningKey
    stamp_key: SigningKey
    logs: dict[str, KnownLog]
    policies: dict[str, str]

    def open_keeper(self) -> Keeper:
        """Its keeper, over its state file. Raises `OSError`, `CorruptError`, `SetupError`."""
        path = self.folder / STATE
        if not path.exists():
            raise SetupError(
                f"{path}: 见证处的记录不见了。不要重建：请用新密钥另设一个见证处 / "
                "the state is gone. Do not make it anew: set up another witness with a new key"
            )
        return Keeper(self.key, self.stamp_key, self.logs, FileMedium(path))

    def keys_page(self) -> str:
        """What /keys shows and paper repeats: every key and rule of trust with its fingerprint."""
        named = [
            ("见证 / cosigns", str(self.key.verifier)),
            ("代收 / stamps deposits", str(self.stamp_key.verifier)),
        ]
        named += [("日志 / log", str(key)) for log in self.logs.values() for key in log.keys]
        lines = [f"{label}\n  {vkey}\n  {fingerprint(vkey)}" for label, vkey in named]
        lines += [
            f"信任规则 / rule of trust {name}\n  {fingerprint(text)}\n{text}" for name, text in self.policies.items()
        ]
        return "\n".join(lines) + "\n"


def make(folder: Path, name: str, logs: Sequence[str], random_bytes: Callable[[int], bytes]) -> None:
    """Make a new witness `name`, such as `agency.example/witness`, for logs by vkey. Raises `SetupError`."""
    if not key_name_ok(name) or "/" not in name:
        raise SetupError(f"{name!r}: 名称应如 agency.example/witness / a name like agency.example/witness is needed")
    for vkey in logs:
        _log_key(vkey, "--log")
    if folder.exists() and any(folder.iterdir()):
        raise SetupError(f"{folder}: 文件夹不是空的 / the folder is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    key = SigningKey(name, COSIGNATURE, random_bytes(32))
    _write(folder / COSIGN_KEY, key.private_text() + "\n")
    _write(folder / STAMP_KEY, SigningKey(name, ED25519, random_bytes(32)).private_text() + "\n")
    _write(folder / CONFIG, _template(logs))
    medium = FileMedium(folder / STATE)
    journal = Journal(medium)
    list(journal.replay())
    journal.append(first_record(key.verifier))
    journal.close()


def read(folder: Path) -> Setup:
    """Read a witness's folder. Raises `SetupError`, `OSError`."""
    path = folder / CONFIG
    if not path.exists():
        raise SetupError(f"{path}: 还没有设置，先运行 mingshi witness init / not set up: run mingshi witness init")
    try:
        config = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}") from error
    unknown = config.keys() - {"listen", "deposit_token", "log", "policy"}
    if unknown:
        raise SetupError(f"{path}: 不认识的项 / unknown setting: {', '.join(sorted(unknown))}")
    return Setup(
        folder=folder,
        listen=address(str(config.get("listen", "127.0.0.1:8330")), f"{path}: listen"),
        deposit_token=str(config.get("deposit_token", "")),
        key=_key(folder / COSIGN_KEY, COSIGNATURE),
        stamp_key=_key(folder / STAMP_KEY, ED25519),
        logs=_logs(config.get("log", []), path),
        policies={name: _policy(folder / name) for name in config.get("policy", [])},
    )


def address(text: str, where: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8330`. Raises `SetupError`."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise SetupError(f"{where}: 应如 127.0.0.1:8330 / should be like 127.0.0.1:8330: {text!r}")
    return host, int(port)


def _logs(tables: Sequence[dict[str, Any]], path: Path) -> dict[str, KnownLog]:
    logs: dict[str, KnownLog] = {}
    for number, table in enumerate(tables, 1):
        where = f"{path}: [[log]] {number}"
        if not {"vkey"} <= table.keys() <= {"vkey", "open", "close", "utc_offset_min"}:
            raise SetupError(f"{where}: 需要 vkey，可有 open、close、utc_offset_min / needs vkey; may have the others")
        key = _log_key(str(table["vkey"]), where)
        hours = Hours(
            _minutes(str(table.get("open", "00:00")), where),
            _minutes(str(table.get("close", "24:00")), where),
            int(table.get("utc_offset_min", 480)),
        )
        if hours.open_min >= hours.close_min:
            raise SetupError(f"{where}: open 应早于 close / open must come before close")
        keys = logs[key.name].keys if key.name in logs else ()
        logs[key.name] = KnownLog(keys=(*keys, key), hours=hours)
    return logs


def _log_key(vkey: str, where: str) -> VerifierKey:
    try:
        key = VerifierKey.parse(vkey)
    except ValueError as error:
        raise SetupError(f"{where}: 日志公钥有误，请向案场或纸质回执核对 / not a log's key: {error}") from error
    if key.kind != ED25519:
        raise SetupError(f"{where}: 这是见证人的公钥，不是日志的 / this is a witness's key, not a log's")
    return key


def _minutes(text: str, where: str) -> int:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(minutes) < 60 and int(hours) * 60 + int(minutes) <= 1440):
        raise SetupError(f"{where}: 时间应如 09:00 / a time like 09:00 is needed: {text!r}")
    return int(hours) * 60 + int(minutes)


def _policy(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        Policy.parse(text)
    except (OSError, UnicodeDecodeError, RefusedError) as error:
        raise SetupError(f"{path}: 信任规则读不了 / the rule of trust cannot be read: {error}") from error
    return text


def _key(path: Path, kind: int) -> SigningKey:
    try:
        key = SigningKey.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path}: {error}") from error
    if key.kind != kind:
        raise SetupError(f"{path}: 密钥用途不符 / this key has another use")
    return key


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _template(logs: Sequence[str]) -> str:
    head = (
        "# 见证处设置 / settings of this witness: docs/operate/witness.md\n"
        'listen = "127.0.0.1:8330"\n'
        'deposit_token = ""\n'
        "policy = []\n"
    )
    table = '\n[[log]]\nvkey = "{}"\nopen = "09:00"\nclose = "21:00"\nutc_offset_min = 480\n'
    return head + "".join(table.format(vkey) for vkey in logs)
