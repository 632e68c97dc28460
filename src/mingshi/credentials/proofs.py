"""What pages know of passes: what came of showing one, and the way to ask for it. `passes` holds the real ones.

The rules this module keeps:

1. A proof that failed is a value with a reason from a closed set; each has a text (`[not_proven]` of
   `present/texts.toml`), and none says anything about another person or whether a number is known here.
2. A proof says which pass was held and what it is bound to. How much that is worth is the judge's business.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from mingshi.domain.evidence import Binding, DoorCode, Means
from mingshi.domain.ids import EvidenceId, PassId
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros


class Why(StrEnum):
    """Why a proof failed."""

    MALFORMED = "malformed"
    """Not what such a pass sends."""
    CHALLENGE = "challenge"
    """The challenge is over, used, or was given to another browser or for another act."""
    ORIGIN = "origin"
    """Made for another site."""
    USER = "user"
    """The phone did not verify its user."""
    UNKNOWN = "unknown"
    """No such pass is enrolled here (any more)."""
    SIGNATURE = "signature"
    """The signature does not fit the key."""
    COUNTER = "counter"
    """The pass counts less than before: it may have been copied."""
    KIND = "kind"
    """A kind of key or attestation that is not taken."""
    OVER = "over"
    """The code is over."""
    HOLDER = "holder"
    """The code is bound to somebody else's phone, pass or identity."""
    USED = "used"
    """Somebody else had shown this code before."""


class Proven(NamedTuple):
    """The holder of this pass is here and wants this."""

    means: Means
    pass_id: PassId
    binding: Binding
    action: str
    """What was signed: `check_in`, `register:R-…`."""
    door: str
    """The door code that was signed; empty: none."""


class NotProven(NamedTuple):
    """The proof failed; falsy."""

    why: Why

    def __bool__(self) -> bool:
        return False


Proof: TypeAlias = Proven | NotProven


class Enrolled(NamedTuple):
    """A new pass. `IssuePass(pass_id, phone)` seals to whom it was issued."""

    pass_id: PassId


class Key(Protocol):
    """A pass that answers challenges: passkey, device key."""

    def enrol_options(self, browser: str, now: Micros, *, label: str = "") -> Mapping[str, Json]:
        """What the page's script needs to make a pass. `label`: what the phone shows its owner beside it."""

    def enrol(self, browser: str, sent: str, now: Micros) -> Enrolled | NotProven:
        """Take the new pass that the script sent, as JSON."""

    def options(self, browser: str, action: str, door: str, now: Micros) -> Mapping[str, Json]:
        """A challenge for the page's script, for this browser, act and door code."""

    def check(self, browser: str, action: str, sent: str, now: Micros) -> Proof:
        """Judge what the script sent, as JSON. A challenge is answered once, well or badly."""

    def forget(self, pass_id: PassId) -> None:
        """Keep nothing of it any more: revoked, or its holder erased."""

    def kept(self, now: Micros) -> Mapping[PassId, Micros]:
        """All that are kept, and since when."""


class Receipts(Protocol):
    """Codes on receipts."""

    def issue(self, arrival: EvidenceId, visit_at: Micros, binding: Binding, value: str, now: Micros) -> str:
        """The text of a receipt's code. `value`: what was proved at the visit and it is bound to; empty: a bearer's."""

    def present(self, text: str, shown: Mapping[Binding, str], by: str, now: Micros) -> "Presented | NotProven":
        """Judge a code that is shown. `shown`: what this person proved at sign-in, by kind; `by`: who they are."""


class VisitCode(NamedTuple):
    """A visitor's own code, good once."""

    shown: str
    """As its holder reads it: `ABCD-EFGH-JKMN`."""
    pass_id: PassId


class VisitCodes(Protocol):
    """预约到访码."""

    def make(self) -> VisitCode:
        """A new one."""

    def passes_of(self, typed: str) -> tuple[PassId, ...]:
        """The passes that a code may be, as typed or read in by a scanner; none where it is no such code."""


class Redeemed(NamedTuple):
    """What a door code was worth when it was given."""

    state: DoorCode
    ticket: str
    """Shows for the rest of a check-in, in this browser, that a good code was given; empty: none was."""
    until: Micros
    """How long the ticket holds."""
    limited: bool = False
    """Not judged, because too many were given: ask for the next code, or the desk."""


class Shown(NamedTuple):
    """What the tablet at the sign shows."""

    code: str
    """To type: six letters and figures."""
    long: str
    """To scan: the same code, too long to guess."""
    left_s: int
    """How many seconds it is shown yet."""


class Presented(NamedTuple):
    """A receipt code that was shown again."""

    arrival: EvidenceId
    visit_at: Micros
    counts_as: Binding | None
    """What `ShowReceipt(phone, visit_at, bound_to)` may say (E21). None: it is bound, and what it is bound to was not
    shown: nothing of that visit is sealed; at the desk it confirms today's entry (`ConfirmedBy.QR`), no more."""
    first: bool
    """False: the same person had shown it like this before; nothing new is sealed."""
    key: str
    """The idempotency key under which its showing is sealed once."""
