"""Signing keys of logs and witnesses.

The rules this module keeps:

1. A key signs for one use: notes (type 1) or checkpoints' cosignatures (type 4); the use is part of its id
   (signed-note "Signature types"). One seed is never given both uses.
2. A seed is never shown: not by `repr`, not by `str`; only `private_text` writes it, for its own file.
"""

import re
from dataclasses import dataclass, field
from typing import final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingshi.ledger.verify import COSIGNATURE, ED25519, Note, Signature, VerifierKey, b64, key_name_ok, unb64

_PRIVATE = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@final
@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key with its name, its use, its 32-byte seed, and `verifier`, its public half."""

    name: str
    kind: int
    seed: bytes = field(repr=False)
    verifier: VerifierKey = field(init=False, compare=False)
    _private: Ed25519PrivateKey = field(init=False, repr=False, compare=False)
    _id: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        assert len(self.seed) == 32, "an Ed25519 seed is 32 bytes"
        assert key_name_ok(self.name), f"not a key's name: {self.name!r}"
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        public = VerifierKey(self.name, self.kind, private.public_key().public_bytes_raw())
        object.__setattr__(self, "_private", private)
        object.__setattr__(self, "verifier", public)
        object.__setattr__(self, "_id", public.id)

    def sign(self, text: str) -> Signature:
        """A signature line over a note's text (signed-note "Ed25519 signatures")."""
        assert self.kind == ED25519, "this key cosigns; it signs no notes"
        assert text.endswith("\n"), "a note's text ends with a newline"
        return Signature(self.name, self._id, self._private.sign(text.encode()))

    def cosign(self, checkpoint: str, at_s: int) -> Signature:
        """A timestamped cosignature of a checkpoint's text (tlog-cosignature "Ed25519 signed message")."""
        assert self.kind == COSIGNATURE, "this key signs notes; it does not cosign"
        value = self._private.sign(f"cosignature/v1\ntime {at_s}\n{checkpoint}".encode())
        return Signature(self.name, self._id, at_s.to_bytes(8, "big") + value)

    def private_text(self) -> str:
        """The secret in the customary form of note signers, for a file that only its owner reads."""
        return f"PRIVATE+KEY+{self.name}+{self._id.hex()}+{b64(bytes([self.kind]) + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Of `private_text`. Raises `ValueError`, without repeating the secret."""
        match = _PRIVATE.fullmatch(text.strip())
        if match is None:
            raise ValueError("不是私钥文件 / not a private key of the form PRIVATE+KEY+name+id+key")
        name, ident, encoded = match.groups()
        material = unb64(encoded, 33)
        key = cls(name, material[0], material[1:])
        if key.kind not in (ED25519, COSIGNATURE) or key._id.hex() != ident:
            raise ValueError("私钥与其编号不符 / the private key does not match its id")
        return key


def signed(text: str, *keys: SigningKey) -> Note:
    """The note of a text signed by these keys; two while a log's key is being changed."""
    return Note(text, tuple(key.sign(text) for key in keys))
