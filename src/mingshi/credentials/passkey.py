"""通行密钥 (WebAuthn): the phone verified its own user and signed; the site sees a signature, never a face or a finger.

The rules this module keeps:

1. User verification is required, at making and at every use; without it a passkey is nobody's proof (amendment 1).
2. No attestation is asked for: which phone somebody has is none of the site's business.
3. A counter that stands at zero proves nothing and is no fault; one that runs backwards is a copied key: refused.
"""

import hashlib
import json
from typing import Final, NamedTuple

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mingshi.domain.ids import PassId

_REQUIRED: Final = UserVerificationRequirement.REQUIRED
_MOST: Final = 20_000
"""Characters of an answer."""


class Party(NamedTuple):
    """The site as browsers know it."""

    id: str
    """Its host name."""
    origin: str
    name: str


class Key(NamedTuple):
    """What is kept of a passkey."""

    id: str
    """Its credential id, base64url."""
    public: str
    """Hexadecimal."""
    counter: int


def to_make(party: Party, handle: bytes, name: str, challenge: bytes) -> str:
    """What the browser is asked to make (JSON)."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=handle,
        user_name=name,
        challenge=challenge,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
    )
    return str(options_to_json(options))


def made(party: Party, answer: str, challenge: bytes) -> Key | None:
    """The key that was made; None where the answer does not hold."""
    if len(answer) > _MOST:
        return None
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Key(bytes_to_base64url(verified.credential_id), verified.credential_public_key.hex(), verified.sign_count)


def to_use(party: Party, challenge: bytes) -> str:
    """What the browser is asked to sign (JSON)."""
    options = generate_authentication_options(rp_id=party.id, challenge=challenge, user_verification=_REQUIRED)
    return str(options_to_json(options))


def named(answer: str) -> str:
    """Which key an answer says it is of; empty where it says none."""
    if len(answer) > _MOST:
        return ""
    try:
        value = json.loads(answer)
    except ValueError:
        return ""
    return str(value.get("id", "")) if isinstance(value, dict) else ""


def used(party: Party, answer: str, challenge: bytes, key: Key) -> Key | None:
    """The key with its new counter; None where the answer does not hold."""
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=bytes.fromhex(key.public),
            credential_current_sign_count=key.counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return key._replace(counter=verified.new_sign_count)


def pass_of(key: str) -> PassId:
    """The pass of a passkey, by its credential id."""
    return PassId(f"PK-{hashlib.sha256(key.encode()).hexdigest()[:40]}")
