"""The plot of one unit: what happens to it, before anybody asks what record is left of it.

A fraud is a rewrite of an honest plot (SEASON.md §5.3); `traces` then leaves the records of whatever plot there is.
"""

from dataclasses import dataclass, field
from typing import Final

from mingshi.domain.evidence import Place
from mingshi.domain.ids import AgentId, Contact, EvidenceId, StaffId
from mingshi.kernel.timeline import Micros
from mingshi.season.dice import Dice
from mingshi.season.rates import Collusion, Rates
from mingshi.season.truth import Approach, Insider, Led, Mechanism, Person

NOBODY: Final = AgentId("")
NONE: Final = EvidenceId("")
NO_NUMBER: Final = Contact("")


@dataclass(slots=True, kw_only=True)
class Coming:
    """Somebody comes."""

    at: Micros
    persons: list[Person]
    phone: Contact
    """The number they give; the first person is asked."""
    agent: AgentId = NOBODY
    registration: EvidenceId = NONE
    """Whose code they hold."""
    hidden: bool = False
    """藏客: staff enter nothing; only what the visitor holds is left."""
    certain: bool = False
    """The story needs this check-in on record (洗客: there is a record to launder)."""
    stopped: bool = False
    """The system stands still: nothing can be recorded."""
    new_device: bool = False
    device: str = ""
    """A device that is not the visitor's own (充场)."""
    party: str = ""


@dataclass(slots=True, kw_only=True)
class Registering:
    """An agent registers somebody."""

    id: EvidenceId
    at: Micros
    agent: AgentId
    person: Person
    full: Contact
    """The client's whole number."""
    phone: Contact
    """As it was registered, perhaps masked."""
    masked: bool
    brought: bool = True
    """The client knows of it; nobody confirms a registration by an agent they never met."""
    knew_of: Contact = NO_NUMBER


@dataclass(slots=True, kw_only=True)
class Buying:
    """A deal."""

    buyers: list[Person]
    phones: list[Contact]
    decided_at: Micros
    subscribed_at: Micros
    claimed_agent: AgentId = NOBODY
    registration: EvidenceId = NONE
    source: str = "自然到访"
    intent_at: Micros | None = None
    """When 认筹金 was taken, if any was."""
    hides_relation: bool = False


@dataclass(slots=True, kw_only=True)
class Meddling:
    """Somebody of the staff touches the unit's record."""

    insider: Insider
    field: str
    """An `EditField`; empty: a look-up."""
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Fraud:
    """A trick that this plot plays."""

    mechanism: Mechanism
    variant: str
    agent: AgentId
    staff: StaffId
    colluding: bool
    at: Micros


@dataclass(slots=True, kw_only=True)
class Plot:
    """One unit's story."""

    unit: str
    number: int
    dice: Dice
    rates: Rates
    led: Led
    party: str
    people: list[Person]
    consultant: StaffId
    approaches: list[Approach] = field(default_factory=list)
    comings: list[Coming] = field(default_factory=list)
    registrations: list[Registering] = field(default_factory=list)
    meddlings: list[Meddling] = field(default_factory=list)
    buying: Buying | None = None
    fraud: Fraud | None = None
    collusion: Collusion | None = None
    """How this unit's buyer colludes; None: as the world's buyers do."""
    calls: list[Micros] = field(default_factory=list)
    leads: list[tuple[Micros, bool]] = field(default_factory=list)
    """When, and whether proven by a code."""
    outreach_at: Micros | None = None
    erases: bool = False
    """The first visit is erased on the visitor's request before they come again."""
    listed_at: Micros | None = None
    """SX-list: their number stands in a bought list loaded at this time."""
    drawer_at: Micros | None = None
    """SX-drawer: a receipt of this visit, which never was, comes out of a drawer at signing."""
    word_bought: bool = False
    """SX-buy: a discount for signing *nobody brought me*."""

    @property
    def first(self) -> Person:
        """Whom one would ask."""
        return self.people[0]

    def approached(self, at: Micros, by: Led, party: str, where: Place, person: Person | None = None) -> None:
        """Somebody reached the unit."""
        self.approaches.append(Approach(self.unit, at, by, party, (person or self.first).id, where))

    def registration_of(self, agent: AgentId) -> Registering:
        """The registration on which an agent claims."""
        return next(one for one in self.registrations if one.agent == agent)
