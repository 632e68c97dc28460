"""设备密钥: a key that a phone's browser made and cannot give away; who answers with it holds that phone (E3).

The rules this module keeps:

1. What is kept is a public key under its own digest, which is the pass's id, and when it was enrolled and last used.
   Nothing tells of a person; whose it is stands in the sealed `Pass` alone. An unused key is forgotten after `LASTS`.
2. A key is taken only with a proof that its private half was there, signed over the same kind of challenge.
3. A signature is over (version, site, door code, challenge, act), as canonical JSON. The site is the origin that the
   browser itself sees: a page elsewhere that hands our challenge on gets a signature for elsewhere.
4. One curve (P-256), one hash (SHA-256), signatures as WebCrypto writes them (64 bytes): nothing is negotiated.

Threat model. The browser keeps the key unextractable, yet whoever holds the unlocked phone can use it: it proves the
device, as an OTP proves the SIM. Malware on the phone, or script smuggled into our pages while they are open, can use
it but not carry it off. A site cannot check that a key is unextractable: a visitor may make one anywhere and copy it,
and then lends their own identity, as one lends a telephone. Browsers may drop it (in-app browsers do): then the phone
number is proved anew by a code, and a new key is enrolled.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple, final

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from mingshi.credentials.keeping import Keeping
from mingshi.credentials.proofs import Enrolled, NotProven, Proof, Proven, Why
from mingshi.domain.evidence import Binding, Means
from mingshi.domain.ids import PassId
from mingshi.kernel.canonical import Json, dumps, integer
from mingshi.kernel.timeline import DAY, Micros
from mingshi.ledger.verify import b64, unb64
from mingshi.passes.challenges import Challenges

LASTS: Final = 400 * DAY
MAX_SENT: Final = 2_000
ENROL: Final = "enrol"
_KIND: Final = "device-key"
_PREFIX: Final = "DK-"


class Sent(NamedTuple):
    """What the script sends: base64 of the signature, and at enrolment of the public key (SPKI)."""

    challenge: str
    site: str
    signature: str
    key: str = ""
    pass_id: str = ""


@final
class DeviceKeys:
    """Of one site. `origin`: as browsers see it, `https://haitang.example`."""

    def __init__(self, keeping: Keeping, challenges: Challenges, origin: str) -> None:
        self._keeping, self._challenges, self._origin = keeping, challenges, origin

    def enrol_options(self, browser: str, now: Micros, *, label: str = "") -> Mapping[str, Json]:  # noqa: ARG002  # as every `Key`
        """What `enrol` of device-key.js needs. `label` is not used: no phone shows a device key."""
        return self.options(browser, ENROL, "", now)

    def enrol(self, browser: str, sent: str, now: Micros) -> Enrolled | NotProven:
        """Take a new key. The same key again is the same pass."""
        read = _read(sent)
        if read is None:
            return NotProven(Why.MALFORMED)
        key = _key(read.key)
        if isinstance(key, Why):
            return NotProven(key)
        answered = self._answered(read, key, browser, ENROL, now)
        if isinstance(answered, Why):
            return NotProven(answered)
        pass_id = _id(key)
        self._keep(pass_id, key, now, now)
        return Enrolled(pass_id)

    def options(self, browser: str, action: str, door: str, now: Micros) -> Mapping[str, Json]:
        """What `prove` of device-key.js needs."""
        challenge = self._challenges.give(_KIND, browser, action, door, now)
        return {"challenge": challenge, "action": action, "door": door}

    def check(self, browser: str, action: str, sent: str, now: Micros) -> Proof:
        """Judge an answer."""
        read = _read(sent)
        if read is None:
            return NotProven(Why.MALFORMED)
        row = self._keeping.get(_KIND, read.pass_id, now)
        key = None if row is None else _key(str(row["key"]))
        if row is None or not isinstance(key, ec.EllipticCurvePublicKey):
            self._challenges.take(read.challenge, _KIND, browser, action, now)
            return NotProven(Why.UNKNOWN)
        answered = self._answered(read, key, browser, action, now)
        if isinstance(answered, Why):
            return NotProven(answered)
        self._keep(PassId(read.pass_id), key, Micros(integer(row["enrolled"])), now)
        return Proven(Means.DEVICE_KEY, PassId(read.pass_id), Binding.DEVICE_KEY, action, answered)

    def forget(self, pass_id: PassId) -> None:
        """Keep nothing of it."""
        self._keeping.drop(_KIND, pass_id)

    def kept(self, now: Micros) -> Mapping[PassId, Micros]:
        """All that are kept, and since when."""
        rows = self._keeping.every(_KIND, now)
        return {PassId(key): Micros(integer(row["enrolled"])) for key, row in rows.items()}

    def _answered(
        self, read: Sent, key: ec.EllipticCurvePublicKey, browser: str, action: str, now: Micros
    ) -> str | Why:
        """The door code that was signed, or why it is no answer."""
        challenge = self._challenges.take(read.challenge, _KIND, browser, action, now)
        if challenge is None:
            return Why.CHALLENGE
        if read.site != self._origin:
            return Why.ORIGIN
        signed = statement(self._origin, challenge.door, challenge.text, action)
        return challenge.door if _signed(key, signed, read.signature) else Why.SIGNATURE

    def _keep(self, pass_id: PassId, key: ec.EllipticCurvePublicKey, enrolled: Micros, used: Micros) -> None:
        row: dict[str, Json] = {"key": b64(_spki(key)), "enrolled": enrolled, "used": used}
        self._keeping.put(_KIND, pass_id, row, Micros(used + LASTS))


def statement(site: str, door: str, challenge: str, action: str) -> bytes:
    """What a device key signs. device-key.js writes the same bytes; a vector of a real browser pins them."""
    return dumps({"v": 1, "site": site, "door": door, "challenge": challenge, "action": action})


def _read(sent: str) -> Sent | None:
    if len(sent) > MAX_SENT:
        return None
    try:
        fields = msgspec.json.decode(sent, type=dict[str, str])
        return Sent(**fields)
    except (msgspec.DecodeError, TypeError, UnicodeEncodeError):
        return None


def _key(text: str) -> ec.EllipticCurvePublicKey | Why:
    try:
        key = load_der_public_key(unb64(text))
    except (ValueError, UnsupportedAlgorithm):
        return Why.MALFORMED
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return Why.KIND
    return key


def _spki(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _id(key: ec.EllipticCurvePublicKey) -> PassId:
    """By the point, however its encoding was written."""
    return PassId(_PREFIX + hashlib.sha256(_spki(key)).hexdigest()[:32])


def _signed(key: ec.EllipticCurvePublicKey, data: bytes, signature: str) -> bool:
    try:
        raw = unb64(signature, 64)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key.verify(der, data, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
