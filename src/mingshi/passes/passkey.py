"""通行密钥: a WebAuthn credential; the visitor's phone verified its user by its own means and signed (E5, amendment 1).

The rules this module keeps:

1. What is kept is the credential's public key, counter, and when it was used, under a digest of its id, which is the
   pass's id. The phone checks a face or a finger, or a PIN, and tells only *that* it did: nothing biometric comes here
   (INV-03). No attestation is asked for, so that the make of the phone is not learnt; its model id is not kept.
2. User verification is required of every answer, not merely preferred; so are our origin, our rp id, and that the page
   was not inside another site's frame.
3. The challenge is a digest over (site, door code, random challenge, act): the signature shows what it was given for.
4. A counter that does not go up is refused as a possible copy. Counters that stay nought pass: most phones have none.
5. Only ES256, EdDSA and RS256; only `none` and bare self attestation: no certificate of a stranger is ever parsed.

Threat model. Phishing pages get nothing: browsers sign their own origin. Synced passkeys live in every device of one
account, and families share some: a passkey shows the account's holder, a statement says who came. Whoever can unlock
the phone with its PIN is its user to WebAuthn. Authenticators made of software answer whatever their owner likes,
which harms nobody but the owner, who lends their own identity.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_attestation_object, parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mingshi.credentials.keeping import Keeping
from mingshi.credentials.proofs import Enrolled, NotProven, Proof, Proven, Why
from mingshi.domain.evidence import Binding, Means
from mingshi.domain.ids import PassId
from mingshi.kernel.canonical import Json, dumps, integer, mapping
from mingshi.kernel.timeline import DAY, Micros
from mingshi.ledger.verify import b64, unb64
from mingshi.passes.challenges import Challenge, Challenges, from_url64

LASTS: Final = 400 * DAY
MAX_SENT: Final = 16_000
ENROL: Final = "enrol"
TIMEOUT_MS: Final = 100_000
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_KIND: Final = "passkey"
_PREFIX: Final = "PK-"
_WRONG: Final = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    UnsupportedAlgorithm,
    RecursionError,
)
"""What the library and what it rests on raise for hostile bytes; a test throws many at them."""


class Sent(NamedTuple):
    """What the script sends: our random challenge, and the credential in the browser's own JSON."""

    challenge: str
    credential: Mapping[str, Json]


@final
class Passkeys:
    """Of one site. `origin`: as browsers see it; `rp_id`: its host, or a domain above it that this site alone uses."""

    def __init__(
        self,
        keeping: Keeping,
        challenges: Challenges,
        *,
        origin: str,
        rp_id: str,
        rp_name: str,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._keeping, self._challenges, self._random = keeping, challenges, random_bytes
        self._origin, self._rp_id, self._rp_name = origin, rp_id, rp_name

    def enrol_options(self, browser: str, now: Micros, *, label: str = "") -> Mapping[str, Json]:
        """What `enrol` of passkey.js needs. `label`: what the phone shows its owner, such as 海棠湾 · 王女士."""
        challenge = self._challenges.give(_KIND, browser, ENROL, "", now)
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name=self._rp_name,
            user_name=label or self._rp_name,
            user_id=self._random(16),  # of nobody: a fresh one each time
            challenge=self._signed(Challenge(challenge, ENROL, "")),
            timeout=TIMEOUT_MS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            supported_pub_key_algs=_ALGORITHMS,
        )
        return {"challenge": challenge, "options": _json(options_to_json(options))}

    def enrol(self, browser: str, sent: str, now: Micros) -> Enrolled | NotProven:
        """Take a new passkey. One that is enrolled already stays as it was kept."""
        taken = self._taken(browser, ENROL, sent, now)
        if isinstance(taken, Why):
            return NotProven(taken)
        credential, challenge = taken
        try:
            if (wrong := self._wrong_attestation(credential) or _foreign(credential, self._origin)) is not None:
                return NotProven(wrong)
            made = verify_registration_response(
                credential=dict(credential),
                expected_challenge=self._signed(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except _WRONG as error:
            return NotProven(_why(error))
        pass_id = _id(made.credential_id)
        row = self._keeping.get(_KIND, pass_id, now)
        key = b64(made.credential_public_key)
        if row is None:
            kept: dict[str, Json] = {"key": key, "count": made.sign_count, "enrolled": now, "used": now}
            self._keeping.put(_KIND, pass_id, kept, Micros(now + LASTS))
        elif row["key"] != key:
            return NotProven(Why.UNKNOWN)  # somebody else's credential id under a key of one's own
        return Enrolled(pass_id)

    def options(self, browser: str, action: str, door: str, now: Micros) -> Mapping[str, Json]:
        """What `prove` of passkey.js needs. No credential is named: the phone offers its own, nobody is listed."""
        challenge = self._challenges.give(_KIND, browser, action, door, now)
        options = generate_authentication_options(
            rp_id=self._rp_id,
            challenge=self._signed(Challenge(challenge, action, door)),
            timeout=TIMEOUT_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return {"challenge": challenge, "options": _json(options_to_json(options))}

    def check(self, browser: str, action: str, sent: str, now: Micros) -> Proof:
        """Judge an answer."""
        taken = self._taken(browser, action, sent, now)
        if isinstance(taken, Why):
            return NotProven(taken)
        credential, challenge = taken
        try:
            pass_id = _id(from_url64(str(credential["id"])))
            row = self._keeping.get(_KIND, pass_id, now)
            if row is None:
                return NotProven(Why.UNKNOWN)
            if (wrong := _foreign(credential, self._origin)) is not None:
                return NotProven(wrong)
            # The counter is judged here, after the signature: a forged one must not read as a copied pass.
            seen = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=self._signed(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=unb64(str(row["key"])),
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _WRONG as error:
            return NotProven(_why(error))
        count = integer(row["count"])
        if (seen.new_sign_count or count) and seen.new_sign_count <= count:
            return NotProven(Why.COUNTER)
        kept = dict(row) | {"count": seen.new_sign_count, "used": now}
        self._keeping.put(_KIND, pass_id, kept, Micros(now + LASTS))
        return Proven(Means.PASSKEY, pass_id, Binding.PASSKEY, action, challenge.door)

    def forget(self, pass_id: PassId) -> None:
        """Keep nothing of it."""
        self._keeping.drop(_KIND, pass_id)

    def kept(self, now: Micros) -> Mapping[PassId, Micros]:
        """All that are kept, and since when."""
        rows = self._keeping.every(_KIND, now)
        return {PassId(key): Micros(integer(row["enrolled"])) for key, row in rows.items()}

    def _taken(self, browser: str, action: str, sent: str, now: Micros) -> tuple[Mapping[str, Json], Challenge] | Why:
        read = _read(sent)
        if read is None:
            return Why.MALFORMED
        challenge = self._challenges.take(read.challenge, _KIND, browser, action, now)
        return Why.CHALLENGE if challenge is None else (read.credential, challenge)

    def _signed(self, challenge: Challenge) -> bytes:
        """The WebAuthn challenge: everything that the act is about."""
        facts: dict[str, Json] = {"v": 1, "site": self._origin, **challenge._asdict()}
        return hashlib.sha256(b"mingshi/passkey/v1\0" + dumps(facts)).digest()

    @staticmethod
    def _wrong_attestation(credential: Mapping[str, Json]) -> Why | None:
        response = mapping(credential["response"])
        attestation = parse_attestation_object(from_url64(str(response["attestationObject"])))
        statement = attestation.att_stmt
        self_signed = attestation.fmt == AttestationFormat.PACKED and not statement.x5c
        return None if attestation.fmt == AttestationFormat.NONE or self_signed else Why.KIND


def _foreign(credential: Mapping[str, Json], origin: str) -> Why | None:
    """Whether another site made it, or framed us: told apart, so that a person is told the right thing."""
    data = parse_client_data_json(from_url64(str(mapping(credential["response"])["clientDataJSON"])))
    return Why.ORIGIN if data.origin != origin or data.cross_origin else None


def _why(error: Exception) -> Why:
    """The library has no codes. Only user verification is told apart, because its remedy is the visitor's own."""
    said = str(error)
    if "user was not verified" in said:
        return Why.USER
    if "RP ID" in said:
        return Why.ORIGIN
    if "Unsupported credential public key alg" in said:
        return Why.KIND
    return Why.SIGNATURE if "signature" in said.lower() or "challenge" in said.lower() else Why.MALFORMED


def _id(credential_id: bytes) -> PassId:
    return PassId(_PREFIX + hashlib.sha256(credential_id).hexdigest()[:32])


def _read(sent: str) -> Sent | None:
    if len(sent) > MAX_SENT:
        return None
    try:
        fields = msgspec.json.decode(sent)
        challenge, credential = fields["challenge"], fields["credential"]
        assert isinstance(challenge, str)
        assert isinstance(credential, dict)
    except (msgspec.DecodeError, KeyError, TypeError, AssertionError, UnicodeEncodeError, RecursionError):
        return None
    return Sent(challenge, credential)


def _json(text: str) -> Json:
    value: Json = msgspec.json.decode(text)
    return value
