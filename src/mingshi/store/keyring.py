"""The keys of a site: made once, wrapped by a passphrase.

The rules this module keeps:

1. No key lies in the clear on a disk: the keyring is AES-256-GCM under a key that argon2id makes of the
   passphrase file (LEDGER §3.3). A changed passphrase wraps the same keys anew; the database is not touched.
2. One key, one use: the database file, its backups, the person keys' backup, blind indexes, identity numbers,
   cached answers, the log, passes, the file of sessions.
3. Every person has a key (DEK) of their own, wrapped by the site's key (KEK) with the person's number and the
   version as associated data: a wrapped key moved to another person does not open.
4. A field's ciphertext is bound to its place: table|column|row|key version (LEDGER §2.1).
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Final, final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mingshi.ledger.verify import b64, unb64
from mingshi.store.errors import RefusedStartError

KEYRING: Final = "keyring.json"
VERSION: Final = 3
"""2: passes have a key of their own; in a keyring of version 1 it is what it was then, made of the index key.

3: so has `web.db`; in an earlier keyring it is made, with a label of its own, of the key of the passes it holds.
"""
KEY_VERSION: Final = 1
"""Version of the KEK; it stands in every wrapped key and every ciphertext's associated data."""
KEY_NAMES: Final = (
    "database",
    "backup",
    "person_keys",
    "kek",
    "index",
    "identity",
    "answers",
    "log",
    "passes",
    "pages",
)
_WITH_PAGES: Final = 3
_NONCE: Final = 12
_COST: Final = {"time_cost": 3, "memory_cost": 65536, "parallelism": 1}
MIN_PASSPHRASE: Final = 12

Random = Callable[[int], bytes]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The unwrapped keys, 32 bytes each; never shown."""

    database: bytes = field(repr=False)
    backup: bytes = field(repr=False)
    person_keys: bytes = field(repr=False)
    kek: bytes = field(repr=False)
    index: bytes = field(repr=False)
    identity: bytes = field(repr=False)
    answers: bytes = field(repr=False)
    log: bytes = field(repr=False)
    passes: bytes = field(repr=False)
    pages: bytes = field(repr=False)
    """Of `web.db`."""
    _wrapping: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_wrapping", AESGCM(self.kek))

    def blind(self, text: str) -> bytes:
        """The keyed index of a contact, a pass, an identity key: equality inside this site, nothing else."""
        return digest(self.index, text.encode(), "sha256")[:16]

    def pages_before(self) -> bytes:
        """The key under which a program before keyrings of version 3 wrote `web.db`."""
        return self.blind("web/file/1") + self.blind("web/file/2")

    def id_key(self, number: str) -> str:
        """The token of an identity number."""
        return "I" + digest(self.identity, number.strip().upper().encode(), "sha256").hex()[:24]

    def wrap(self, person: int, dek: bytes, random_bytes: Random) -> bytes:
        """A person's key under the site's."""
        nonce = random_bytes(_NONCE)
        return nonce + self._wrapping.encrypt(nonce, dek, _place("person_key", "wrapped", person))

    def unwrap(self, person: int, wrapped: bytes) -> bytes:
        """A person's key. Raises `InvalidTag` where it is another's or damaged."""
        return self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _place("person_key", "wrapped", person))


def seal_field(deks: Sequence[bytes], place: bytes, plain: bytes, random_bytes: Random) -> bytes:
    """A field under the keys of all whom it tells of: without any one of them it cannot be read."""
    nonce = random_bytes(_NONCE)
    return nonce + AESGCM(_joint(deks)).encrypt(nonce, plain, place)


def open_field(deks: Sequence[bytes], place: bytes, cipher: bytes) -> bytes:
    """The field. Raises `InvalidTag` where it was moved, changed, or a key is another's."""
    return AESGCM(_joint(deks)).decrypt(cipher[:_NONCE], cipher[_NONCE:], place)


def opening_place(entry: int, at: int) -> bytes:
    """The associated data of an opening."""
    return _place("opening", "cipher", f"{entry}.{at}")


def _place(table: str, column: str, row: int | str) -> bytes:
    return f"{table}|{column}|{row}|{KEY_VERSION}".encode()


def _joint(deks: Sequence[bytes]) -> bytes:
    return deks[0] if len(deks) == 1 else sha256(b"mingshi/joint/v1\0" + b"".join(deks)).digest()


def make(folder: Path, passphrase: bytes, random_bytes: Random) -> Keyring:
    """A new keyring. Raises `RefusedStartError` for a short passphrase, `OSError`."""
    ring = Keyring(**{name: random_bytes(32) for name in KEY_NAMES})
    save(folder / KEYRING, ring, passphrase, random_bytes)
    return ring


def save(path: Path, ring: Keyring, passphrase: bytes, random_bytes: Random) -> None:
    """Write the keyring under a passphrase, all or nothing."""
    if len(passphrase.strip()) < MIN_PASSPHRASE:
        raise RefusedStartError(
            "short_passphrase",
            f"口令太短：至少 {MIN_PASSPHRASE} 个字符，请换一个再试。",
            f"The passphrase is too short: write at least {MIN_PASSPHRASE} characters into its file and try again.",
        )
    salt, nonce = random_bytes(16), random_bytes(_NONCE)
    plain = json.dumps({name: b64(getattr(ring, name)) for name in KEY_NAMES}).encode()
    wrapped = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, plain, b"mingshi/keyring/v1")
    text = json.dumps({"v": VERSION, "salt": b64(salt), "nonce": b64(nonce), "keys": b64(wrapped)})
    part = path.with_suffix(".new")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def load(path: Path, passphrase: bytes) -> Keyring:
    """The keyring of a file. Raises `RefusedStartError`: wrong passphrase, damaged file."""
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        salt, nonce, wrapped = (unb64(kept[name]) for name in ("salt", "nonce", "keys"))
        known = kept["v"] in range(1, VERSION + 1)
    except FileNotFoundError:
        raise RefusedStartError(
            "no_keyring",
            f"{path} 不存在：没有它数据库打不开。请从密钥备份放回原处；新案场请先运行 mingshi init。",
            f"{path} is missing; without it the database cannot be opened. Put it back from the key backup, or run "
            "mingshi init for a new site.",
        ) from None
    except (ValueError, KeyError, TypeError):
        raise RefusedStartError(
            "damaged_keyring",
            f"{path} 已损坏：请从密钥备份放回原处。",
            f"{path} is damaged: put it back from the key backup.",
        ) from None
    if not known:
        raise RefusedStartError(
            "newer_keyring",
            f"{path} 由另一版本的程序写成（{kept['v']}）：请安装写它的版本或更新的版本。",
            f"{path} was written by another version ({kept['v']}): install the version that wrote it, or a newer one.",
        )
    try:
        plain = AESGCM(_stretched(passphrase, salt)).decrypt(nonce, wrapped, b"mingshi/keyring/v1")
    except InvalidTag:
        raise RefusedStartError(
            "wrong_passphrase",
            "口令不对：请核对口令文件是否属于本案场（或密钥文件是否被换过）。数据没有改动。",
            "Wrong passphrase: check that the passphrase file is this site's, or whether the keyring was swapped. "
            "Nothing was changed.",
        ) from None
    keys = {name: unb64(text, 32) for name, text in json.loads(plain).items()}
    if kept["v"] == 1:
        halves = (digest(keys["index"], f"web/passes/{half}".encode(), "sha256")[:16] for half in (1, 2))
        keys["passes"] = b"".join(halves)
    if kept["v"] < _WITH_PAGES:
        keys["pages"] = HKDF(SHA256(), 32, salt=None, info=b"mingshi/web.db/v1").derive(keys["passes"])
    return Keyring(**keys)


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase.strip(), salt, hash_len=32, type=Type.ID, **_COST)
