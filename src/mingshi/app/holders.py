"""Whose part each field of a fact is, and under whose key it is kept (docs/adr/0010).

The rules this module keeps:

1. A fact is one entry of the log; its parts are those of the entry's kind (entry.md §2). A field stands in one
   part only, so that erasing the buyer's leaves what the agent, or the deal, can still prove (INV-08).
2. Whatever tells of a person who is a client stands in the buyer's part, under the keys of everyone it tells of:
   erasing any one of them makes it unreadable.
3. A client who is known by a masked number only is nobody yet: such a part is under a key of its own, and no
   digest of a full number is taken before the client has confirmed it (LAW decision 4, L-23).
"""

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from mingshi.app import facts as f
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, is_masked

Kind = type[tuple[object, ...]]


class Holding(NamedTuple):
    """The entry's kind, whose every field is by default, and the fields that are somebody else's."""

    entry: str
    default: str
    others: Mapping[str, str] = {}


_BUYER: Final = Holding("statement", "buyer")
_SITE: Final = Holding("policy", "site")
_CONTROL: Final = Holding("control", "site")
_OF_AGENCY: Final = {"deal": "deal", "id": "deal", "at": "deal"}

HOLDING: Final[Mapping[Kind, Holding]] = {
    e.Registration: Holding("registration", "agent", {"phone": "buyer", "client": "buyer"}),
    e.Confirmation: Holding("confirmation", "buyer", {"registration": "agent"}),
    e.Arrival: Holding("arrival", "buyer", {"registration": "agent", "agent": "agent"}),
    e.Receipt: Holding("arrival", "buyer"),
    e.Escort: Holding("escort", "agent", {"phone": "buyer", "buyer_named": "buyer"}),
    e.Statement: _BUYER,
    e.Identity: _BUYER,
    e.Pass: _BUYER,
    e.Lead: _BUYER,
    e.Call: _BUYER,
    e.Lookup: _BUYER,
    e.Edit: _BUYER,
    e.Relation: _BUYER,
    e.Owner: _BUYER,
    e.Outreach: _BUYER,
    e.Followup: Holding("statement", "agent"),
    e.Deal: Holding("deal", "deal", {"buyers": "buyer", "recorded_source": "buyer", "claimed_agent": "agent"}),
    e.Payment: Holding("payment", "deal"),
    e.Cancellation: Holding("cancellation", "deal"),
    e.Invoice: Holding("settlement", "agent", _OF_AGENCY),
    e.CommissionPaid: Holding("settlement", "agent", _OF_AGENCY),
    e.Approval: Holding("settlement", "deal"),
    e.Extension: Holding("decision", "agent", {"reason": "buyer"}),
    e.Withdrawal: Holding("withdrawal", "buyer"),
    e.Objection: Holding("objection", "deal", {"ground": "buyer"}),
    e.Decision: Holding("decision", "deal", {"reason": "buyer"}),
    e.Agent: _SITE,
    e.Staff: _SITE,
    e.Agreement: _SITE,
    e.Term: _SITE,
    e.Clock: _CONTROL,
    e.CalendarEntry: _CONTROL,
    e.Count: _CONTROL,
    f.RulingGiven: Holding("ruling", "deal"),
    f.SettlementMade: Holding("settlement", "deal"),
    f.SettlementStep: Holding("settlement", "deal"),
    f.PolicyProposed: _SITE,
    f.PolicyPublished: _SITE,
    f.Control: _CONTROL,
    f.NoticePublished: Holding("notice", "site"),
    f.ConsentAct: Holding("consent", "buyer"),
    f.Subject: Holding("consent", "buyer"),
    f.Provision: _CONTROL,
    f.AssessmentSigned: _CONTROL,
    f.SensorRegistered: _CONTROL,
    f.Attested: _CONTROL,
    f.RightsRequest: _CONTROL,
    f.RequestSaid: _BUYER,
    f.RightsAnswer: _CONTROL,
    f.Restriction: _BUYER,
    f.DeletionProof: Holding("erasure", "site"),
}
ERASURE: Final = Holding("erasure", "site", {"phone": "buyer", "pass_id": "buyer"})

WRITTEN_ABOUT: Final = (e.Objection, e.Decision, e.Extension)
"""What was written about a deal in words: the words are the buyer's and go with them, the rest stays and is found."""

RECORDS: Final[Mapping[str, Kind]] = {kind.__name__: kind for kind in HOLDING}
"""Every kind of record by the name under which the database keeps it. Wire law: a name is never used again."""


def holding_of(record: tuple[object, ...]) -> Holding:
    """How a record is sealed."""
    if isinstance(record, e.Withdrawal) and record.kind is e.WithdrawalKind.ERASURE:
        return ERASURE
    return HOLDING[type(record)]


BLIND: Final = frozenset(
    {"phone", "phones", "buyers", "phone_a", "phone_b", "present", "new", "id_key", "pass_id", "principal", "device"}
)
"""Fields whose values are found by a keyed index only: whatever stood there plainly would stand in every old backup."""
INDEXED: Final[Mapping[Kind, tuple[str, ...]]] = {
    e.Registration: ("phone", "agent"),
    e.Confirmation: ("phone", "registration"),
    e.Arrival: ("phone", "pass_id", "registration", "device"),
    e.Receipt: ("phone",),
    e.Escort: ("phone",),
    e.Statement: ("phone", "phones"),
    e.Identity: ("phone", "id_key"),
    e.Pass: ("phone", "pass_id"),
    e.Lead: ("phone", "staff"),
    e.Call: ("phone",),
    e.Lookup: ("phone", "staff"),
    e.Edit: ("phone", "new"),
    e.Relation: ("phone_a", "phone_b"),
    e.Owner: ("phone",),
    e.Outreach: ("phone", "staff"),
    e.Followup: ("registration",),
    e.Deal: ("buyers",),
    e.Payment: ("deal",),
    e.Cancellation: ("deal",),
    e.Invoice: ("deal",),
    e.CommissionPaid: ("deal",),
    e.Approval: ("deal",),
    e.Extension: ("registration",),
    e.Withdrawal: ("phone", "pass_id", "deal"),
    e.Objection: ("deal", "escort"),
    e.Decision: ("deal",),
    e.Agent: ("id", "phone"),
    e.Staff: ("id", "phone"),
    e.Agreement: ("agency",),
    f.RulingGiven: ("deal",),
    f.SettlementStep: ("settlement",),
    f.NoticePublished: ("purpose",),
    f.ConsentAct: ("consent", "principal"),
    f.Subject: ("phone",),
    f.Provision: ("principal",),
    f.SensorRegistered: ("device",),
    f.Attested: ("what",),
    f.RequestSaid: ("phones",),
    f.RightsAnswer: ("request",),
    f.Restriction: ("phone",),
    f.DeletionProof: ("erasure",),
}
"""Fields by which the judge and the use cases ask (`judge.records.INDEXED`), kind by kind; `id` is always one."""

AMENDABLE: Final[Mapping[Kind, frozenset[str]]] = {
    e.Registration: frozenset({"approved_at", "released_at", "released_by", "deposit_at"}),
    e.Arrival: frozenset({"confirmed_at", "confirmed_by"}),
    e.Pass: frozenset({"revoked_at"}),
    e.Deal: frozenset(
        {"selection_at", "contracted_at", "filed_at", "price_fen", "loan_approved_at", "ruled_at", "intended_at"}
    ),
    e.Relation: frozenset({"verified_at", "verified_by", "broken_at"}),
    e.Agent: frozenset({"until", "suspended_from", "suspended_until", "declared"}),
    e.Staff: frozenset({"until"}),
    e.Agreement: frozenset({"until"}),
    e.Term: frozenset({"until"}),
    e.CalendarEntry: frozenset({"until"}),
    e.Clock: frozenset({"until"}),
    e.Invoice: frozenset({"matched"}),
    f.SensorRegistered: frozenset({"removed_at"}),
    f.Restriction: frozenset({"lifted_at"}),
}
"""What a later fact may add to an earlier one, and only where it was still empty (G5: nothing is overwritten)."""


def subject_of(record: tuple[object, ...]) -> str:
    """What names the record among its kind: its id; an agent's or a staff member's rows share theirs."""
    if isinstance(record, e.Agent):
        return f"{record.id}|{record.agency}|{record.since}"
    if isinstance(record, e.Staff):
        return f"{record.id}|{record.since}"
    return str(record[0])


def contacts_of(record: tuple[object, ...]) -> tuple[Contact, ...]:
    """Every full number of a client that a record holds."""
    found: dict[Contact, None] = {}
    for name in _contact_fields(type(record)):
        value: str | tuple[Contact, ...] = getattr(record, name)
        found.update(dict.fromkeys((Contact(value),) if isinstance(value, str) else value))
    if isinstance(record, e.Edit) and record.field is e.EditField.SECOND_PHONE:
        found[Contact(record.new)] = None
    return tuple(one for one in found if one and not is_masked(one))


@cache
def _contact_fields(kind: Kind) -> tuple[str, ...]:
    names = ("phone", "phones", "buyers", "phone_a", "phone_b", "present")
    return tuple(name for name in names if hasattr(kind, name))


def persons_of(record: tuple[object, ...], part: str) -> tuple[str, ...]:
    """Under whose keys a part is kept: names of persons, each with the kind of person before it."""
    if part == "agent":
        agent = getattr(record, "agent", "") or getattr(record, "claimed_agent", "") or getattr(record, "by", "")
        return (f"agent:{agent}",) if agent else ("site:",)
    if isinstance(record, e.Agent | e.Staff):
        return (f"{type(record).__name__.lower()}:{record.id}",)
    if part != "buyer":
        return ("site:",)
    contacts = contacts_of(record)
    if contacts:
        return tuple(sorted(f"contact:{one}" for one in contacts))
    if isinstance(record, f.ConsentAct) and record.principal:
        return (f"principal:{record.principal}",)
    if getattr(record, "pass_id", ""):
        return (f"pass:{record.pass_id}",)  # type: ignore[attr-defined]  # asked in the line above
    return (f"fact:{type(record).__name__}:{subject_of(record)}",)
