"""到访回执码: the code on a visitor's receipt, shown again at a later visit (E21; at the desk it confirms E4).

The rules this module keeps (RULES amendment 4):

1. It names the check-in it was given for and its time, under the site's signature; no number, no name. What it is bound
   to stands in it as a keyed digest made anew for each receipt: two codes of one phone cannot be told to be one's.
2. Bound means bound: whoever shows it proves, in the same session, the phone (by a code), the device key, the passkey,
   the identity, or the counterfoil it was bound to. Without that proof nothing about the earlier visit is sealed; with
   the proof of *another* phone or pass it is refused. Only a receipt that was a bearer's from the start is one.
3. Shown by the same person twice it is one showing; a bearer's code belongs to whoever shows it first.
4. It ends after `LASTS`. Codes under the site's earlier keys stay good until then.

Threat model. A photograph of somebody's code is worth nothing without their phone or pass. Staff who print receipts for
a drawer bind them to what they hold themselves, so that the visits are theirs; bearer receipts are worth half, and are
counted by desk (F-DRAWER). The site can sign a receipt for a visit that never was; the log says when it was sealed, so
it cannot make one of last month today. A buyer who lends phone and receipt lends their own identity.
"""

import base64
import hmac
import struct
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.credentials.proofs import NotProven, Presented, Why
from mingshi.domain.evidence import Binding
from mingshi.domain.ids import EvidenceId
from mingshi.kernel.canonical import dumps
from mingshi.kernel.timeline import DAY, Micros
from mingshi.passes.secrets import Secrets
from mingshi.present.receipt_sheet import qr_svg

LASTS: Final = 180 * DAY
PREFIX: Final = "MS3:"
QR_VERSION_MAX: Final = 8
MAX_SHOWN: Final = 1_000
"""Characters of a code that is shown."""
_HEAD: Final = struct.Struct(">BBqq16s")
_VERSION: Final = 1
_SIGNATURE: Final = 64
_CONTEXT: Final = b"mingshi/receipt-code/v1\0"
_KINDS: Final = (
    Binding.BEARER,
    Binding.PHONE,
    Binding.DEVICE_KEY,
    Binding.PASSKEY,
    Binding.ID,
    Binding.COUNTERFOIL,
)
"""By their number in the code: appended to, never reordered."""
_KIND: Final = "receipt-shown"


def text_of(data: bytes) -> str:
    """Base32 (RFC 4648) without padding: all in a QR's alphanumeric set, and no space that copying would lose."""
    return base64.b32encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The bytes of `text_of`. Raises `ValueError`."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


class Held(NamedTuple):
    """What a code says, once its signature was found good."""

    binding: Binding
    visit_at: Micros
    until: Micros
    token: bytes
    arrival: EvidenceId


@final
class ReceiptCodes:
    """Of one site. `origin`: its own; `earlier`: public keys under which older codes were signed."""

    def __init__(self, keeping: Keeping, secrets: Secrets, origin: str, earlier: Sequence[bytes] = ()) -> None:
        self._keeping, self._binding, self._origin = keeping, secrets.binding, origin
        self._private = Ed25519PrivateKey.from_private_bytes(secrets.receipt)
        self._public = (self._private.public_key(), *map(Ed25519PublicKey.from_public_bytes, earlier))

    @property
    def public_key(self) -> bytes:
        """To keep as `earlier` when the site's secret changes."""
        return self._public[0].public_bytes_raw()

    def issue(self, arrival: EvidenceId, visit_at: Micros, binding: Binding, value: str, now: Micros) -> str:
        """The code's text. `value`: the phone, pass id, identity token or counterfoil that was proved at the visit."""
        assert bool(value) is (binding is not Binding.BEARER), "a bound receipt says to what; a bearer's to nothing"
        token = self._token(arrival, binding, value)
        head = _HEAD.pack(_VERSION, _KINDS.index(binding), visit_at, now + LASTS, token)
        body = head + arrival.encode()
        return PREFIX + text_of(body + self._private.sign(self._signed(body)))

    def present(self, text: str, shown: Mapping[Binding, str], by: str, now: Micros) -> Presented | NotProven:
        """Judge a code that is shown. `shown`: what this person proved at sign-in, by kind; `by`: who they are."""
        held = self._held(text)
        if isinstance(held, Why):
            return NotProven(held)
        if now >= held.until:
            return NotProven(Why.OVER)
        key = f"receipt/{held.arrival}/{held.binding.value}"
        value = shown.get(held.binding)
        if held.binding is not Binding.BEARER and value is None:
            return Presented(held.arrival, held.visit_at, None, first=False, key=key)
        if value is not None and not hmac.compare_digest(held.token, self._token(held.arrival, held.binding, value)):
            return NotProven(Why.HOLDER)
        who = digest_of(f"{self._binding.hex()}/{value or by}")
        row = self._keeping.get(_KIND, key, now)
        if row is not None and row["by"] != who:
            return NotProven(Why.USED)
        if row is None:
            self._keeping.put(_KIND, key, {"by": who}, held.until)
        return Presented(held.arrival, held.visit_at, held.binding, first=row is None, key=key)

    def _held(self, text: str) -> Held | Why:
        if len(text) > MAX_SHOWN or not text.strip().startswith(PREFIX):
            return Why.MALFORMED
        try:
            data = bytes_of(text.strip().removeprefix(PREFIX))
            body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
            version, kind, visit_at, until, token = _HEAD.unpack_from(body)
        except (ValueError, struct.error):
            return Why.MALFORMED
        if not any(self._good(key, body, signature) for key in self._public):
            return Why.SIGNATURE
        if version != _VERSION or kind >= len(_KINDS):
            return Why.KIND
        return Held(_KINDS[kind], Micros(visit_at), Micros(until), token, EvidenceId(body[_HEAD.size :].decode()))

    def _good(self, key: Ed25519PublicKey, body: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, self._signed(body))
        except InvalidSignature:
            return False
        return True

    def _signed(self, body: bytes) -> bytes:
        return _CONTEXT + self._origin.encode() + b"\0" + body

    def _token(self, arrival: EvidenceId, binding: Binding, value: str) -> bytes:
        return hmac.digest(self._binding, dumps([arrival, binding.value, value]), "sha256")[:16]


def code_svg(text: str) -> str:
    """The code as a QR, small enough for a cheap phone and a folded sheet."""
    return qr_svg(text, error="M", version_max=QR_VERSION_MAX)
