"""The dossier: all that is known about one deal, gathered from wherever a case or a site keeps it.

The rules this module keeps:

1. A dossier is a value. Two dossiers with the same records in another order are equal, because `gather` sorts
   by content: time first, then everything else (INV-06, order independence).
2. A person is followed from contact to contact over recorded links only: identity checks, passes, the person's
   own list of numbers, a second number confirmed by code, a relation. Never over a name (I5), never over a face.
3. Nothing is concluded here: what a record is worth is the judge's business.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgencyId, AgentId, Contact, DealId, EvidenceId, is_masked, visible
from mingshi.domain.judge.company import company
from mingshi.domain.moment import earliest, ended, known_at
from mingshi.domain.policy import PolicyHistory
from mingshi.kernel.timeline import Micros, Zone

R = TypeVar("R", bound=tuple[object, ...])


class EvidenceSource(Protocol):
    """Where records are kept: a case in memory, a site's database."""

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value; any order."""
        ...

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a small context kind: clocks, calendar."""
        ...

    def recorded(self, kind: type[R]) -> bool:
        """Whether the source keeps this kind of record at all."""
        ...

    def contacts_showing(self, masked: Contact) -> Mapping[Contact, Micros]:
        """Every full contact in the source that shows these digits, and since when it was known (A11)."""
        ...

    def of_office(self, device: str) -> bool:
        """Whether a device is the office's own, by what it did: see `company.of_office`."""
        ...

    def queued_until(self, registration: EvidenceId) -> Micros | None:
        """When a registration over its agent's cap left the queue (A10); None: it never waited."""
        ...

    @property
    def project(self) -> str:
        """The name of the project."""
        ...

    @property
    def zone(self) -> Zone:
        """Its civil time."""
        ...

    @property
    def policies(self) -> PolicyHistory:
        """Its rules over time."""
        ...

    @property
    def as_of(self) -> Micros | None:
        """The cut: what is later does not exist for this judgement. None: everything recorded counts, and
        nothing that needs to know what time it is now (deadlines of people) is decided.
        """
        ...


class Dossier(NamedTuple):
    """Everything about one deal. Records are sorted by time, then content."""

    deal: e.Deal
    project: str
    zone: Zone
    policies: PolicyHistory
    as_of: Micros | None
    contacts: tuple[Contact, ...]
    """Every contact reached over a link, the buyers' own first."""
    queue: Mapping[EvidenceId, Micros]
    lookalikes: Mapping[Contact, Mapping[Contact, Micros]]
    """For each masked number in the dossier: the full contacts of the whole source that show its digits, and since
    when each was known."""
    completed: Mapping[EvidenceId, Mapping[Contact, Micros]]
    """For each masked registration: the lookalikes whose visit was put down to its agent after it was made, by the
    client's own word or the visit register's, and since when that was known (A11)."""
    kept: frozenset[str]
    """The context kinds the source keeps: a rule that needs one it does not keep is not held against anyone."""
    registrations: tuple[e.Registration, ...] = ()
    confirmations: tuple[e.Confirmation, ...] = ()
    arrivals: tuple[e.Arrival, ...] = ()
    receipts: tuple[e.Receipt, ...] = ()
    escorts: tuple[e.Escort, ...] = ()
    statements: tuple[e.Statement, ...] = ()
    identities: tuple[e.Identity, ...] = ()
    passes: tuple[e.Pass, ...] = ()
    leads: tuple[e.Lead, ...] = ()
    calls: tuple[e.Call, ...] = ()
    followups: tuple[e.Followup, ...] = ()
    lookups: tuple[e.Lookup, ...] = ()
    edits: tuple[e.Edit, ...] = ()
    cancellations: tuple[e.Cancellation, ...] = ()
    earlier_deals: tuple[e.Deal, ...] = ()
    approvals: tuple[e.Approval, ...] = ()
    extensions: tuple[e.Extension, ...] = ()
    relations: tuple[e.Relation, ...] = ()
    agents: tuple[e.Agent, ...] = ()
    agreements: tuple[e.Agreement, ...] = ()
    owners: tuple[e.Owner, ...] = ()
    outreach: tuple[e.Outreach, ...] = ()
    withdrawals: tuple[e.Withdrawal, ...] = ()
    objections: tuple[e.Objection, ...] = ()
    decisions: tuple[e.Decision, ...] = ()
    staff: tuple[e.Staff, ...] = ()
    clocks: tuple[e.Clock, ...] = ()
    calendar: tuple[e.CalendarEntry, ...] = ()
    payments: tuple[e.Payment, ...] = ()
    """Money received for this deal (E14)."""
    together: Mapping[EvidenceId, int] = MappingProxyType({})
    """How much of its kind came with a record: for a lead or outreach the rows the same hand entered within ten
    minutes, for a look-up the clients the same person looked up that day, for a check-in the numbers its device
    checked in within thirty days."""

    @property
    def now(self) -> Micros:
        """The cut, or the end of time."""
        return END_OF_TIME if self.as_of is None else self.as_of

    def but(self, **others: object) -> "Dossier":
        """The dossier with other values in some fields: `_replace`, which is slow on so many."""
        values: list[object] = list(self)
        for name, value in others.items():
            values[_PLACES[name]] = value
        return Dossier._make(values)


_PLACES: Final = {name: place for place, name in enumerate(Dossier._fields)}

CONTEXT: Final[Mapping[str, type[tuple[object, ...]]]] = {
    "agents": e.Agent,
    "agreements": e.Agreement,
    "statements": e.Statement,
}
END_OF_TIME: Final = Micros(2**62)
_SAY_WHO: Final[tuple[type[e.Statement | e.Escort | e.Arrival], ...]] = (e.Statement, e.Escort, e.Arrival)
"""What tells with which agent a client came."""
MOST_CONTACTS: Final = 64
"""A unit with more contacts than this is a data error (a shared desk phone listed as everyone's own)."""


def gather(deal_id: DealId, source: EvidenceSource) -> Dossier:
    """The dossier of a deal. Raises `KeyError` if the source has no such deal."""
    found = source.find(e.Deal, "id", deal_id)
    if not found:
        raise KeyError(deal_id)
    deal = found[0]
    find, recorded = source.find, source.recorded
    links = _Links(source, deal.buyers)
    contacts = links.contacts

    def of(kind: type[R], field: str, values: Collection[str]) -> tuple[R, ...]:
        return _sorted(_of(find, kind, field, values)) if values and recorded(kind) else ()

    def about(kind: type[R]) -> tuple[R, ...]:
        return _sorted(_of(find, kind, "phone", contacts)) if recorded(kind) else ()

    arrivals: Sequence[e.Arrival] = links.arrivals
    passes = {row.pass_id for row in links.passes}
    if passes:
        arrivals = [*arrivals, *_of(find, e.Arrival, "pass_id", passes)]
    confirmations = about(e.Confirmation)
    registrations = _sorted(_registrations(source, contacts, about(e.Registration), arrivals, confirmations))
    ids = [row.id for row in registrations]
    own = (deal.id,)
    statements, escorts, leads = links.said, about(e.Escort), about(e.Lead)
    lookups, outreach = about(e.Lookup), about(e.Outreach)
    named = {deal.claimed_agent}
    named |= {AgentId(row.referrer) for row in statements} | {AgentId(row.referrer) for row in leads}
    agents = _agents(source, registrations, statements, escorts, contacts, named)
    agencies = {row.agency for row in agents} | {row.agency for row in registrations}
    earlier = [row for row in _of(find, e.Deal, "buyers", contacts) if row.id != deal.id]
    every = [*earlier, deal] if any(contact in deal.buyers for contact in contacts) else earlier
    masked = {row.phone for row in registrations if is_masked(row.phone)}
    lookalikes = {one: source.contacts_showing(one) for one in sorted(masked)}
    waits = {one: source.queued_until(one) for one in ids}
    return Dossier(
        deal=deal,
        project=source.project,
        zone=source.zone,
        policies=source.policies,
        as_of=source.as_of,
        contacts=contacts,
        registrations=registrations,
        confirmations=_sorted(confirmations, of(e.Confirmation, "registration", ids)),
        # An arrival that redeemed one of these registrations may complete its masked number for somebody else.
        arrivals=_sorted(arrivals, of(e.Arrival, "registration", ids)),
        receipts=about(e.Receipt),
        escorts=escorts,
        statements=_sorted(statements, links.statements),
        identities=_sorted(links.identities),
        passes=_sorted(links.passes),
        leads=leads,
        calls=about(e.Call),
        followups=of(e.Followup, "registration", ids),
        lookups=lookups,
        edits=_sorted(about(e.Edit), links.edits),
        cancellations=of(e.Cancellation, "deal", [one.id for one in every]),
        earlier_deals=_sorted(earlier),
        approvals=of(e.Approval, "deal", own),
        extensions=of(e.Extension, "registration", ids),
        relations=_sorted(links.relations),
        agents=_sorted(agents),
        agreements=of(e.Agreement, "agency", agencies),
        owners=about(e.Owner),
        outreach=outreach,
        withdrawals=_sorted(about(e.Withdrawal), of(e.Withdrawal, "pass_id", passes), of(e.Withdrawal, "deal", own)),
        objections=_sorted(of(e.Objection, "deal", own), of(e.Objection, "escort", [row.id for row in escorts])),
        decisions=of(e.Decision, "deal", own),
        staff=of(e.Staff, "phone", [agent.phone for agent in agents if agent.phone]),
        clocks=_sorted(source.all(e.Clock)),
        calendar=_sorted(source.all(e.CalendarEntry)),
        payments=of(e.Payment, "deal", own),
        together=company(source, leads, outreach, lookups, arrivals),
        queue={key: until for key, until in waits.items() if until is not None},
        lookalikes=lookalikes,
        completed=_completed(source, registrations, lookalikes) if lookalikes else {},
        kept=frozenset(name for name, kind in CONTEXT.items() if recorded(kind)),
    )


Find: TypeAlias = Callable[[type[R], str, str], Sequence[R]]


def _of(find: Find[R], kind: type[R], field: str, values: Collection[str]) -> Sequence[R]:
    """The records of a kind whose field is one of the values."""
    if len(values) == 1:
        (value,) = values
        return find(kind, field, value)
    return [record for value in values for record in find(kind, field, value)]


def _registrations(
    source: EvidenceSource,
    contacts: Iterable[Contact],
    own: Iterable[e.Registration],
    arrivals: Iterable[e.Arrival],
    confirmations: Iterable[e.Confirmation],
) -> list[e.Registration]:
    """Registrations of these contacts, whole or masked, and those that their arrivals or confirmations name."""
    found = list(own)
    for contact in contacts:
        if not is_masked(contact):
            found.extend(source.find(e.Registration, "phone", visible(contact)))
    known = {row.id for row in found}
    named = {row.registration for row in arrivals} | {row.registration for row in confirmations}
    for reference in named - known - {""}:
        found.extend(source.find(e.Registration, "id", reference))
    return found


class _Links:
    """Walks from the buyers' contacts over recorded links; relatives are one step from a buyer, no further."""

    def __init__(self, source: EvidenceSource, buyers: Iterable[Contact]) -> None:
        self._source = source
        self.identities: list[e.Identity] = []
        self.passes: list[e.Pass] = []
        self.statements: list[e.Statement] = []
        self.relations: list[e.Relation] = []
        self.edits: list[e.Edit] = []
        self.arrivals: list[e.Arrival] = []
        """Check-ins of the contacts themselves."""
        self.said: list[e.Statement] = []
        """Statements of the contacts themselves."""
        seen: dict[Contact, None] = {}
        self._walk(buyers, seen)
        if source.recorded(e.Relation):
            for contact in tuple(seen):
                for end in ("phone_a", "phone_b"):
                    self.relations.extend(source.find(e.Relation, end, contact))
            self._walk([end for row in self.relations for end in (row.phone_a, row.phone_b)], seen)
        self.contacts = tuple(seen)

    def _walk(self, start: Iterable[Contact], seen: dict[Contact, None]) -> None:
        queue = [contact for contact in start if contact]
        while queue and len(seen) < MOST_CONTACTS:
            contact = queue.pop(0)
            if contact not in seen:
                seen[contact] = None
                queue.extend(sorted(self._own(contact) - seen.keys()))

    def _own(self, contact: Contact) -> set[Contact]:
        """Contacts that some record says belong to the same person."""
        find = self._source.find
        identities = [*find(e.Identity, "phone", contact)]
        for key in {row.id_key for row in identities} - {""}:
            identities.extend(find(e.Identity, "id_key", key))
        passes = [*find(e.Pass, "phone", contact)]
        used = [*find(e.Arrival, "phone", contact)]
        self.arrivals.extend(used)
        for pass_id in ({row.pass_id for row in passes} | {row.pass_id for row in used}) - {""}:
            passes.extend(find(e.Pass, "pass_id", pass_id))
            used.extend(find(e.Arrival, "pass_id", pass_id))
        said = find(e.Statement, "phone", contact)
        self.said.extend(said)
        statements = [row for row in (*said, *find(e.Statement, "phones", contact)) if row.phones]
        edits = [*find(e.Edit, "phone", contact), *find(e.Edit, "new", contact)]
        edits = [row for row in edits if row.field is e.EditField.SECOND_PHONE]
        reached = {row.phone for row in used}
        if identities or passes or statements or edits:
            self.identities.extend(identities)
            self.passes.extend(passes)
            self.statements.extend(statements)
            self.edits.extend(edits)
            reached |= {row.phone for row in identities} | {row.phone for row in passes}
            reached |= {row.phone for row in statements} | {row.phone for row in edits}
            reached.update(phone for row in statements for phone in row.phones)
            reached.update(Contact(row.new) for row in edits)
        return reached - {contact, Contact("")}


def _completed(
    source: EvidenceSource,
    registrations: Sequence[e.Registration],
    lookalikes: Mapping[Contact, Mapping[Contact, Micros]],
) -> dict[EvidenceId, dict[Contact, Micros]]:
    """Who completed a masked registration by coming with its agent; see `Dossier.completed`.

    Whom the agent had registered by full number too came on that registration, so their visit completes no other. Of
    several masked registrations of one agent with the same digits nobody can say which one a visit completed. What
    was registered only after the visit alters neither.
    """
    completed: dict[EvidenceId, dict[Contact, Micros]] = {}
    for row in registrations:
        others = lookalikes.get(row.phone, {})
        if len(others) < 2:
            continue
        twins = [one for one in registrations if (one.agent, one.phone) == (row.agent, row.phone) and one is not row]
        for contact in others:
            words = (
                known_at(word)
                for kind in _SAY_WHO
                for word in source.find(kind, "phone", contact)
                if word.agent == row.agent
            )
            since = min((at for at in words if at >= known_at(row)), default=None)
            whole = [one for one in source.find(e.Registration, "phone", contact) if one.agent == row.agent]
            if since is not None and not any(known_at(one) <= since for one in (*twins, *whole)):
                completed.setdefault(row.id, {})[contact] = since
    return completed


def _agents(
    source: EvidenceSource,
    registrations: Sequence[e.Registration],
    statements: Sequence[e.Statement],
    escorts: Sequence[e.Escort],
    contacts: Sequence[Contact],
    named: Iterable[AgentId],
) -> list[e.Agent]:
    """Every employment of every agent who claims, is named, or is the client (A9)."""
    ids = {row.agent for row in registrations} | {row.agent for row in statements}
    ids |= {row.agent for row in escorts} | set(named)
    ids.discard(AgentId(""))
    return [*_of(source.find, e.Agent, "id", ids), *_of(source.find, e.Agent, "phone", contacts)]


_TIME_FIELDS: Final = ("at", "visit_at", "since", "issued_at", "subscribed_at")


def _sorted(records: Sequence[R], *more: Sequence[R]) -> tuple[R, ...]:
    """Without repetition, by time and then by id, so that the order of rows in a file means nothing."""
    for others in more:
        if others:
            records = [*records, *others] if records else others
    return tuple(records) if len(records) < 2 else tuple(sorted(set(records), key=_order))


def _order(record: tuple[object, ...]) -> tuple[int, object, str]:
    time = getattr(record, _time_field(type(record)), None)
    # Only an agent's employments share an id.
    agency = record.agency if isinstance(record, e.Agent) else ""
    return 0 if time is None else earliest(time), record[0], agency


@cache
def _time_field(kind: type[tuple[object, ...]]) -> str:
    return next((field for field in _TIME_FIELDS if hasattr(kind, field)), "")


def agency_at(dossier: Dossier, agent: AgentId, at: int) -> AgencyId:
    """The agency that employed an agent at an instant; empty if none is recorded."""
    for row in dossier.agents:
        starts = row.since is None or earliest(row.since) <= at
        if row.id == agent and starts and not ended(row.until, at):
            return row.agency
    return AgencyId("")
