"""What data are wanted for, one code each, and the ground each stands on.

The rules this module keeps:

1. The set is closed. There is no purpose for entry gates, for blacklists, for price or for advertising by face: a use
   that is not here has no code and is denied (L-21, L-50).
2. What needs a separate consent (单独同意) never travels with another purpose in one request (PIPL 23, 29; L-05).
"""

from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """A purpose a person may agree to."""

    ATTRIBUTION = "attribution"
    """To tell who brought the buyer: check-ins, statements, and what a ruling rests on."""
    REGISTRATION = "registration"
    """An agent hands the site a name and a number (PIPL 23)."""
    FACE_PASS = "face_pass"
    """1:1 against the template in the visitor's own pass, for attribution only (PIPL 29)."""
    PROVIDE = "provide"
    """Told to one named recipient (PIPL 23): one consent a recipient (L-22)."""
    MARKETING = "marketing"
    """Commercial messages (CPL 29(3)); no other consent implies it (L-50)."""


class Basis(StrEnum):
    """On what ground a fact is held (PIPL 13)."""

    CONSENT = "consent"
    """13(1)(1)."""
    SEPARATE_CONSENT = "separate_consent"
    """23, 29."""
    CONTRACT = "contract"
    """13(1)(2): a contract of which the person is a party: a deal, an agency's or an employee's agreement."""
    LEGAL_DUTY = "legal_duty"
    """13(1)(3): what the law has the handler keep: consents, requests, look-ups, processing records."""
    IMPORTED = "imported"
    """An imported case that states its own lawful ground (LAW decision 4)."""
    PENDING = "pending"
    """A registration by a masked number, until its client answers: of nobody yet, ends in a week (LAW decision 4)."""
    NONE = "none"
    """There was none at the time: excluded, quarantined, destroyed (NDR 24, L-25)."""


SEPARATE: Final = frozenset({Purpose.REGISTRATION, Purpose.FACE_PASS, Purpose.PROVIDE})
SENSITIVE: Final = frozenset({Purpose.FACE_PASS})
"""Biometric (PIPL 28): notice also tells necessity and effect; closed to the young (L-11)."""

VALID_DAYS: Final = {
    Purpose.ATTRIBUTION: 365,
    Purpose.REGISTRATION: 365,
    Purpose.FACE_PASS: 30,
    Purpose.PROVIDE: 365,
    Purpose.MARKETING: 180,
}
"""How long a consent holds, at most (LAW §4: a face pass 30 days after the last visit, ceiling 90; own choice else)."""


def basis_of(purpose: Purpose) -> Basis:
    """The ground a consent to this purpose gives."""
    return Basis.SEPARATE_CONSENT if purpose in SEPARATE else Basis.CONSENT
