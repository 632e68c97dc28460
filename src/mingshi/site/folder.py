"""A site's folder: made once, read at every start.

    site.toml       settings                              site.db        the record (SQLCipher)
    keyring.json    its keys, under the passphrase        site.lock      held by whoever has it open
    passphrase      the passphrase, or wherever site.toml says it is
    trust.policy    the rule of trust that receipts enclose: log key, witnesses, quorum (checkpoint.md §4)

The rules this module keeps: a mistake in a file is told with its place and what to do, in both languages; nothing is
ever made over what is there.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, final

from mingshi.app.publish_policy import first_policy
from mingshi.domain.policy import Policy
from mingshi.kernel.timeline import Micros
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.verify import ED25519, RefusedError, VerifierKey, key_name_ok
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.store import database, keyring
from mingshi.store.errors import RefusedStartError
from mingshi.store.keyring import Random
from mingshi.store.site_store import SiteStore

CONFIG: Final = "site.toml"
TRUST: Final = "trust.policy"
PASSPHRASE: Final = "passphrase"
SOCKET: Final = "admin.sock"
_KNOWN: Final = frozenset(
    {"listen", "passphrase_file", "witness", "agency_witness", "open", "close", "pages", "address", "sms"}
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """site.toml, read and checked."""

    folder: Path
    passphrase_file: Path
    listen: tuple[str, int]
    witness_urls: Mapping[str, str]
    """Where each witness of the rule of trust is, by its name."""
    agency_witness: Mapping[str, VerifierKey]
    """The witness that promises to an agency's agents name (LEDGER amendment 3)."""
    pages: tuple[str, int] = ("127.0.0.1", 8330)
    """Where the pages listen; a tunnel or proxy of this machine stands before them."""
    address: str = ""
    """`https://…` under which browsers reach them; empty: http://localhost, for trying out."""
    sms: Mapping[str, str] = field(default_factory=dict)
    """`driver` (console, spool, http), and what it needs: `folder`, `url`, `secret_file`."""

    @property
    def database(self) -> Path:
        """The record."""
        return self.folder / database.DATABASE

    def passphrase(self) -> bytes:
        """The passphrase. Raises `RefusedStartError`."""
        try:
            return self.passphrase_file.read_bytes()
        except OSError as error:
            raise RefusedStartError(
                "no_passphrase",
                f"读不到口令文件 {self.passphrase_file}（{error.strerror}）：请放回原处，"
                f"或在 {CONFIG} 里改 passphrase_file。",
                f"The passphrase file {self.passphrase_file} cannot be read ({error.strerror}): put it back, or change "
                f"passphrase_file in {CONFIG}.",
            ) from None

    def trust(self) -> str:
        """The rule of trust. Raises `RefusedStartError`."""
        path = self.folder / TRUST
        try:
            text = path.read_text(encoding="utf-8")
            TrustPolicy.parse(text)
        except (OSError, UnicodeDecodeError, RefusedError) as error:
            raise _bad(path, f"{error}") from None
        return text


def read(folder: Path) -> Config:
    """The settings of a folder. Raises `RefusedStartError`."""
    path = folder / CONFIG
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RefusedStartError(
            "no_site",
            f"{folder} 里没有案场：请先运行 mingshi init {folder}。",
            f"There is no site in {folder}: run mingshi init {folder} first.",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, f"{error}") from None
    unknown = sorted(told.keys() - _KNOWN)
    if unknown:
        raise _bad(path, f"{', '.join(unknown)}?")
    try:
        return _config(folder, told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _bad(path, f"{error}") from None


def _config(folder: Path, told: Mapping[str, Any]) -> Config:
    host, _, port = str(told.get("listen", "127.0.0.1:8331")).rpartition(":")
    if not host:
        raise ValueError(f"listen = {told['listen']!r}: 127.0.0.1:8331?")
    return Config(
        folder=folder,
        passphrase_file=folder / str(told.get("passphrase_file", PASSPHRASE)),
        listen=(host, int(port)),
        pages=_address(str(told.get("pages", "127.0.0.1:8330"))),
        address=str(told.get("address", "")).rstrip("/"),
        sms={str(name): str(value) for name, value in told.get("sms", {}).items()},
        witness_urls={str(one["name"]): str(one["url"]) for one in told.get("witness", [])},
        agency_witness={str(name): VerifierKey.parse(key) for name, key in told.get("agency_witness", {}).items()},
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def make(
    folder: Path,
    *,
    origin: str,
    project: str,
    policy: Policy,
    now: Micros,
    random_bytes: Random,
    zone_offset_min: int = 480,
    passphrase: bytes | None = None,
    consents: str = "",
) -> str:
    """A new site; its log's verifier key. Raises `RefusedStartError`, `OSError`.

    `consents`: `app.consents.REQUIRED` at every real site; empty for simulations, whose people do not exist.
    """
    domain, slash, _ = origin.partition("/")
    if not (slash and key_name_ok(origin) and domain != "mingshi"):
        raise RefusedStartError(
            "bad_origin",
            f"{origin!r}：日志名应如 group.example/site/7。",
            f"{origin!r}: a log's name is like group.example/site/7.",
        )
    if folder.exists() and any(folder.iterdir()):
        raise RefusedStartError(
            "not_empty", f"{folder} 不是空文件夹：请另选一个。", f"{folder} is not empty: choose another folder."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if passphrase is None:
        passphrase = random_bytes(24).hex().encode()
        _write(folder / PASSPHRASE, passphrase.decode() + "\n")
    ring = keyring.make(folder, passphrase, random_bytes)
    database.create(folder / database.DATABASE, ring.database)
    vkey = str(SigningKey(origin, ED25519, ring.log).verifier)
    _write(folder / TRUST, f"log {vkey}\nquorum none\n")
    _write(folder / CONFIG, _TEMPLATE)
    settings = {"origin": origin, "project": project, "zone_offset_min": str(zone_offset_min)}
    settings |= {"consents": consents} if consents else {}
    begin(folder / database.DATABASE, ring, settings)
    store = SiteStore(folder / database.DATABASE, ring, random_bytes)
    try:
        store.run(first_policy, policy, now=now)
    finally:
        store.close()
    return vkey


def begin(path: Path, ring: keyring.Keyring, settings: Mapping[str, str]) -> None:
    """What a new record knows of itself, for ever."""
    engine = database.engine_of(path, ring.database)
    with engine.begin() as connection:
        for name, value in settings.items():
            connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))
    engine.dispose()


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _bad(path: Path, detail: str) -> RefusedStartError:
    return RefusedStartError(
        "bad_settings",
        f"{path} 有误（{detail}）：请改正后再启动。",
        f"{path} is wrong ({detail}): mend it and start again.",
    )


_TEMPLATE: Final = """\
# 案场设置 / settings of the site. docs/operate/site.md
listen = "127.0.0.1:8331"          # 健康与指标，只在本机 / health and figures, on this machine only
pages = "127.0.0.1:8330"           # 网页，前面由本机的隧道或代理接 https / the pages, behind a tunnel or proxy with TLS
address = ""                       # 访客手机上的地址，如 https://site7.group.example / as phones reach it
passphrase_file = "passphrase"     # 最好移到别的盘 / better on another disk

# 短信：console、spool（folder）或 http（url、secret_file）。员工能看到的验证码只算前台登记
# Texts: console, spool (folder), or http (url, secret_file). Codes that staff can read count as a desk entry
# [sms]
# driver = "http"
# url = "https://sms.example/send"
# secret_file = "sms-secret"         # 与网关共享，签名用 / shared with the gateway, signs each message

# 见证处：名字与 trust.policy 一致 / witnesses, named as in trust.policy
# [[witness]]
# name = "agency.example/witness"
# url = "https://witness.agency.example/"

# 承诺里写明的见证处，按渠道公司 / the witness that promises to an agency's agents name
# [agency_witness]
# "甲公司" = "agency.example/witness+…"
"""
