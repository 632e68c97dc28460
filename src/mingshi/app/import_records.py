"""Import: the records of an exported case become facts of a site that has none of its own yet.

The rules this module keeps:

1. Every record keeps its own times, the time of its seal in the log it came from included; this site's log shows when
   they were imported. What the other log had sealed is shown by that log's receipts only.
2. What tells of people enters on the lawful basis that the case states; at a site that requires grounds, a case that
   states none stays outside (LAW decision 4; L-25).
"""

from collections.abc import Sequence
from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import REQUIRED
from mingshi.app.facts import PolicyPublished
from mingshi.app.holders import contacts_of
from mingshi.app.keep_roster import EARLIEST
from mingshi.app.ports import Transaction
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.domain import evidence as e
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.purpose import Basis
from mingshi.domain.policy import PolicyVersion
from mingshi.kernel.canonical import dumps
from mingshi.kernel.timeline import Micros


class ImportRecords(NamedTuple):
    """Records of every kind, and the policies they were judged by.

    `digest`: of the files they came from. `basis`: on what ground the case says that its contacts were collected.
    """

    records: tuple[tuple[object, ...], ...]
    policies: tuple[PolicyVersion, ...]
    by: str
    digest: str
    basis: str = ""

    def __repr__(self) -> str:
        return f"ImportRecords({self.digest})"


def import_records(transaction: Transaction, command: ImportRecords) -> Answer:
    """Seal every record as imported."""
    if any(transaction.source.recorded(kind) for kind in (e.Registration, e.Arrival, e.Deal)):
        return Refused("not_empty", "INV-09")
    if (clash := _clash(transaction.source.policies.versions, command.policies)) is not None:
        return Refused("version_exists", "D5", args={"version": clash})
    ground = ""
    if not command.basis.strip() and transaction.setting("consents") == REQUIRED:
        return Refused("import_basis_needed", "L-25")
    if command.basis.strip():
        detail = (("basis", command.basis.strip()), ("sha256", command.digest))
        noted = note_control(transaction, NoteControl("imported", command.by, "case", detail))
        assert isinstance(noted, Done)
        ground = noted.ids["control"]
        transaction.on_ground(Basis.IMPORTED, ground)
    for version in command.policies:
        transaction.seal(
            PolicyPublished(
                transaction.new_id("J"),
                EvidenceId(""),
                version.policy.version,
                dumps(dict(version.policy.parameters)).decode(),
                Micros(max(version.effective_from, EARLIEST)),  # rules of all time begin where dates are real
                command.by,
                transaction.now,
                version.countersigned,
            )
        )
    for record in command.records:
        transaction.seal(record, imported=True)
        if ground and isinstance(record, e.Confirmation) and record.agreed:
            transaction.found("Registration", record.registration, Basis.IMPORTED, ground)
        contacts = contacts_of(record)
        linked = isinstance(record, e.Deal | e.Statement) or (isinstance(record, e.Relation) and record.verified_at)
        if linked and len(contacts) > 1:
            transaction.join(contacts)
    return Done("imported", {}, {"records": len(command.records)})


def _clash(own: Sequence[PolicyVersion], taken: Sequence[PolicyVersion]) -> str | None:
    """A version that the site has under the same name, unless it goes on with what the import ends with."""
    names = {one.policy.version: one.policy.sha256 for one in own}
    for place, one in enumerate(taken, start=1):
        known = names.get(one.policy.version)
        if known is not None and (known != one.policy.sha256 or place < len(taken)):
            return one.policy.version
    return None
