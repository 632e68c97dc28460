"""The keys that passes need, each for one use, made from one secret of the site.

The rules this module keeps: one key, one use (LEDGER §3.3); a key made for one site opens nothing at another, because
the site's origin goes into each; no key is shown by `repr`.
"""

from dataclasses import dataclass, field
from hmac import digest
from typing import Self, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """32 bytes each."""

    door: bytes = field(repr=False)
    otp: bytes = field(repr=False)
    receipt: bytes = field(repr=False)
    """Seed of the Ed25519 key that signs receipt codes. Not the log's key."""
    binding: bytes = field(repr=False)
    visit: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, origin: str) -> Self:
        """From the site's secret (at least 32 random bytes) and its origin, such as `https://haitang.example`."""
        assert len(secret) >= 32, "a site's secret is at least 32 bytes"

        def key(use: str) -> bytes:
            return digest(secret, f"mingshi/passes/v1\0{use}\0{origin}".encode(), "sha256")

        return cls(**{use: key(use) for use in ("door", "otp", "receipt", "binding", "visit")})
