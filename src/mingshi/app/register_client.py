"""报备: an agent registers a client (A1–A12).

The rules this module keeps:

1. Whatever the answer, the registration is sealed and promised: the agent can prove that they came, and when.
2. Under A12 every answer is the same 已收到，待客户确认, until the client confirmed: nobody learns from an answer who
   owns or visited (RULES amendment 8). There a number comes masked; a full one is refused, and so it is at every site
   that requires grounds, unless its owner has agreed to be registered (L-23).
3. A refusal says which rule refused and why, with its arithmetic, and nothing of anybody else (A5).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import rests_on
from mingshi.app.people import bad_phone, employed
from mingshi.app.ports import Transaction
from mingshi.app.protection import protect
from mingshi.app.supposing import blank, claim_of, refusing, told
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, Contact, DeviceId, EvidenceId, is_masked
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.finding import Verdict
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.policy import Masked
from mingshi.kernel.answer import Answer as Known
from mingshi.kernel.timeline import Micros


class RegisterClient(NamedTuple):
    """What the agent sends. `deposit_at`: an outside witness stamped it, because the site had not answered."""

    agent: AgentId
    phone: Contact
    client: str
    project: str = ""
    expected_at: Micros | None = None
    deposit_at: Micros | None = None
    device: DeviceId = DeviceId("")


def register_client(transaction: Transaction, command: RegisterClient) -> Answer:
    """Seal a registration and answer it."""
    row = employed(transaction, command.agent)
    if row is None:
        return Refused("unknown_agent", "A1")
    if (wrong := bad_phone(command.phone, masked=True)) is not None:
        return wrong
    agreements = transaction.read(e.Agreement, "agency", row.agency)
    policy = transaction.source.policies.binding(row.agency, transaction.now, agreements)
    if policy.masked is Masked.UNTIL_CONFIRMED and not is_masked(command.phone):
        return Refused("masked_only", "L-23")
    if not is_masked(command.phone):
        # A full number comes from its owner: who registers it hands on what they have agreed to (PIPL 23).
        no_ground = rests_on(transaction, Purpose.REGISTRATION, EvidenceId(""), command.phone)
        if no_ground is not None:
            return Refused("masked_only", "L-23")
    registration = blank(
        e.Registration,
        id=transaction.new_id("R"),
        at=transaction.now,
        agent=command.agent,
        agency=row.agency,
        phone=command.phone,
        client=command.client,
        project=command.project,
        expected_at=command.expected_at,
        deposit_at=command.deposit_at,
        device=command.device,
    )
    transaction.seal(registration)
    ids: dict[str, str] = {"registration": registration.id}
    if policy.masked is Masked.UNTIL_CONFIRMED:
        return Done("registered_pending", ids)
    claim = claim_of(registration.id, command.phone, transaction.source, transaction.now)
    if claim is None or claim.draft.attachment.person is None:
        return Done("registered_open", ids)
    return _answered(transaction, claim, command.phone, ids)


def _answered(transaction: Transaction, claim: Claim, phone: Contact, ids: dict[str, str]) -> Answer:
    finding = refusing(claim)
    if claim.admission is Known.NO and finding is not None:
        return Refused("admission", finding.rule, (ids["registration"],), finding=told(finding))
    queued = next(
        (one for one in claim.findings if one.rule == "A10" and one.verdict is Verdict.PASS and one.args), None
    )
    # One that waits (A10) is not in force yet, so nothing can be said yet of how its client arrives.
    if queued is None and claim.attendance is Known.NO and claim.deciding is not None:  # in the office already (B7)
        return Refused("admission", claim.deciding.rule, (ids["registration"],), finding=told(claim.deciding))
    if claim.admission is Known.UNKNOWN:
        return Done("registered_open", ids)
    if not is_masked(phone) and not protect(transaction, claim, phone):
        return Done("registered_open", ids)
    if queued is not None:
        return Done("registered_queued", ids, dict(queued.args))
    return Done("registered", ids, {"until": claim.report_until})
