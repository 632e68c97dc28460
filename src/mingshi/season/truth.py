"""What really happened in a generated season: written beside the case, never into it.

The rules this module keeps:

1. Truth is complete: every person, approach, visit and registration is here, also what no record shows.
2. The case knows nothing of it: no identifier of truth but those of records, and nothing in `events/` says which
   deal was stolen.
3. Truth is written as JSON lines, one file a kind, in the order of units; the same season gives the same bytes.
"""

from enum import StrEnum
from typing import NamedTuple

from mingshi.domain.evidence import Place
from mingshi.domain.ids import AgentId, Contact, DealId, EvidenceId, StaffId
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Micros


class Led(StrEnum):
    """Whose act led somebody here."""

    SELF = "self"
    """An advertisement, a walk past: nobody of the trade."""
    AGENT = "agent"
    OWN = "own"
    REFERRAL = "referral"
    EMPLOYEE = "employee"


class Mechanism(StrEnum):
    """The frauds: five of agents, six of the site."""

    JK = "JK"
    CK = "CK"
    XK = "XK"
    HH = "HH"
    ERASED = "XK-erase"
    LATE = "SX-late"
    SWAP = "SX-swap"
    LIST = "SX-list"
    DRAWER = "SX-drawer"
    GAP = "SX-gap"
    BUY = "SX-buy"


class Approach(NamedTuple):
    """Somebody reached a person of a unit, or the person found out by themselves."""

    unit: str
    at: Micros
    by: Led
    party: str
    """The agent, the consultant, the owner, the employee."""
    person: str
    where: Place
    """`GATE` and `CAR_PARK` lie within 500 m of the office."""


class TrueVisit(NamedTuple):
    """Somebody came, recorded or not."""

    unit: str
    at: Micros
    persons: tuple[str, ...]
    phone: Contact
    """The number they gave."""
    agent: AgentId
    """Who came along."""
    records: tuple[EvidenceId, ...]
    """What the case has of it."""
    proven: bool
    """One of the records contains an act of the visitor's own, or two halves do together."""
    receipt: bool
    """The visitor showed its receipt later."""


class TrueRegistration(NamedTuple):
    """An agent registered a person of the unit."""

    id: EvidenceId
    unit: str
    at: Micros
    agent: AgentId
    agency: str
    person: str
    phone: Contact
    confirmed_at: Micros | None
    """双签: when the client confirmed it."""
    knew_of: Contact
    """Another number of the client that the agent knew to be known here."""


class Insider(NamedTuple):
    """What one of the staff did to a unit's record."""

    unit: str
    at: Micros
    staff: StaffId
    act: str
    """`hand_over`, `edit`, `delete`, `lapse`, `source`, `window`."""
    agent: AgentId


class Said(NamedTuple):
    """What a person told the office."""

    unit: str
    at: Micros
    truthful: bool
    names: str
    """The agent, owner or employee."""
    links: tuple[Contact, ...]


class Sale(NamedTuple):
    """A deal."""

    deal: DealId
    unit: str
    buyers: tuple[str, ...]
    phones: tuple[Contact, ...]
    subscribed_at: Micros
    decided_at: Micros
    """When the buyers had decided; earlier than the subscription where somebody held it back."""
    contracted_at: Micros
    claimed_agent: AgentId
    """Whom the office's book names."""
    registration: EvidenceId
    """The registration on which that agent claims, or on which the agent who was cheated would."""
    commission_fen: Fen
    """What the deal pays, if it is a channel's."""
    face: bool
    """The first visitor had consented to a face pass."""
    shown: tuple[str, ...]
    """Context that somebody recorded: `relation`, `outreach`, `referrer`, `escort`."""
    cancelled: bool


class Trick(NamedTuple):
    """A fraud as it was done: the generator's own label."""

    deal: DealId
    mechanism: Mechanism
    variant: str
    agent: AgentId
    staff: StaffId
    colluding: bool
    at: Micros


class Trace(NamedTuple):
    """A record that contradicts what is claimed about a deal: what the best possible detector could see."""

    deal: DealId
    evidence: EvidenceId
    kind: str
    grade: str
    """A, B or C as RULES.md §3.1 grades the kind."""
    party: str
    """From whom it comes: `visitor`, `site`, `agent`."""


class Person(NamedTuple):
    """A human being of a unit."""

    id: str
    phones: tuple[Contact, ...]
    id_key: str
    pass_id: str
    """The pass they check in with; empty: they check in by code."""
    shared: bool
    """They show the same pass whatever number they give."""
    face: bool
    """They consented to a face pass; otherwise a pass is a key on their phone."""
    erased_at: Micros | None
    withdrew_at: Micros | None


class Unit(NamedTuple):
    """A purchase unit: who they are and, as the generator meant it, who led them here."""

    id: str
    origin: Led
    party: str
    people: tuple[Person, ...]


class Truth(NamedTuple):
    """Everything."""

    units: list[Unit]
    approaches: list[Approach]
    visits: list[TrueVisit]
    registrations: list[TrueRegistration]
    insiders: list[Insider]
    said: list[Said]
    sales: list[Sale]
    tricks: list[Trick]
    traces: list[Trace]


def nothing() -> Truth:
    """An empty truth, to be filled."""
    return Truth([], [], [], [], [], [], [], [], [])
