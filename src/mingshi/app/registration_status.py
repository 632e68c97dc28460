"""How my registration stands: an agent asks for their own (A12, INV-11: refusals are explained)."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.ports import Transaction
from mingshi.app.supposing import claim_of, told
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, EvidenceId
from mingshi.domain.policy import Masked


class RegistrationStatus(NamedTuple):
    """Who asks, and for what."""

    agent: AgentId
    registration: EvidenceId


def registration_status(transaction: Transaction, command: RegistrationStatus) -> Answer:
    """What an agent may know of their registration; nothing is sealed, since nothing of anybody else is told."""
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows or rows[0].agent != command.agent:
        return Refused("unknown_registration", "A12")
    confirmed = [row for row in transaction.read(e.Confirmation, "registration", command.registration) if row.agreed]
    agreements = transaction.read(e.Agreement, "agency", rows[0].agency)
    policy = transaction.source.policies.binding(rows[0].agency, transaction.now, agreements)
    ids = {"registration": command.registration}
    if policy.masked is Masked.UNTIL_CONFIRMED and not confirmed:
        return Done("registered_pending", ids)
    contact = confirmed[0].phone if confirmed else rows[0].phone
    claim = claim_of(command.registration, contact, transaction.source, transaction.now)
    if claim is None:
        return Done("registered_open", ids)
    windows = {"report_until": claim.report_until, "deal_until": claim.deal_until}
    deciding = claim.deciding
    if deciding is None:
        return Done("registration_stands", ids, windows)
    return Refused("admission", deciding.rule, (command.registration,), args=windows, finding=told(deciding))
