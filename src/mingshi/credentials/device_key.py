"""本机密钥: a key that was made on the visitor's phone and cannot leave it (WebCrypto, ECDSA P-256, not extractable).

The rules this module keeps:

1. The site keeps no key: a pass is named by the digest of its public key, which the phone shows each time.
2. What is signed names the site, the purpose and a challenge that is used once: a signature is worth nothing elsewhere,
   later, or for anything else.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from mingshi.domain.ids import PassId
from mingshi.ledger.verify import unb64

_POINT: Final = 65
_SIGNATURE: Final = 64


def pass_of(point: str) -> PassId | None:
    """The pass of a public key (base64 of its uncompressed point); None where it is none."""
    raw = _raw(point, _POINT)
    return None if raw is None else PassId(f"DK-{hashlib.sha256(raw).hexdigest()[:40]}")


def signed(point: str, signature: str, origin: str, purpose: str, challenge: str) -> bool:
    """Whether this key signed this challenge for this purpose at this site."""
    raw, pair = _raw(point, _POINT), _raw(signature, _SIGNATURE)
    if raw is None or pair is None:
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
        der = encode_dss_signature(int.from_bytes(pair[:32]), int.from_bytes(pair[32:]))
        key.verify(der, message(origin, purpose, challenge), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def message(origin: str, purpose: str, challenge: str) -> bytes:
    """The bytes that are signed."""
    return f"mingshi/device-key/v1\n{origin}\n{purpose}\n{challenge}\n".encode()


def _raw(text: str, length: int) -> bytes | None:
    try:
        raw = unb64(text)
    except ValueError:
        return None
    return raw if len(raw) == length else None
