"""Names of things: opaque, compared for equality only.

No rule may order by an id: two claims that differ only in their ids are a tie (rule C8). Ids order lists for
showing, after everything that has a meaning.
"""

from typing import NewType

EvidenceId = NewType("EvidenceId", str)
"""A record of a case: unique among all sheets of it."""
DealId = NewType("DealId", str)
AgentId = NewType("AgentId", str)
AgencyId = NewType("AgencyId", str)
StaffId = NewType("StaffId", str)
DeviceId = NewType("DeviceId", str)

Contact = NewType("Contact", str)
"""What a person can be reached or recognised by: `16000000001`, masked `160****0001`, foreign `+85291234567`;
or, in an export, an opaque token `#12.3` and its masked form `#12` (docs/formats/case.md)."""
IdKey = NewType("IdKey", str)
"""An opaque token for an identity-card number; the number itself is never kept."""
PassId = NewType("PassId", str)


def is_masked(contact: Contact) -> bool:
    """Whether the middle of a number is hidden (隐号)."""
    return "*" in contact or (contact.startswith("#") and "." not in contact)


def visible(contact: Contact) -> Contact:
    """The masked form of a contact: first three and last four digits (前三后四). A masked one is its own."""
    if is_masked(contact):
        return contact
    if contact.startswith("#"):
        return Contact(contact.partition(".")[0])
    return Contact(f"{contact[:3]}****{contact[-4:]}")
