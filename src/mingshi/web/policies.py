"""判客规则 on pages: versions in the trade's words, what changes, who brought them and who still signs (D5, amendment 14).

The rules this module keeps:

1. A change is told clause by clause, old beside new, with whom it guards and what it costs; terms that differ by side
   say so. The digest that is signed is of the parameters that stand on the same page.
2. Who signs nothing keeps what binds them; that they will not sign may be said in words, which are kept for a while,
   shown to both sides, and are no evidence.
"""

from typing import Final, NamedTuple

from mingshi.app.clauses import clauses
from mingshi.app.ports import Transaction
from mingshi.app.publish_policy import Drafted, signatures_of, versions_of
from mingshi.credentials.keeping import digest_of
from mingshi.domain.ids import AgencyId
from mingshi.domain.policy import BINDING_DELAY, PARAMETERS, Policy
from mingshi.domain.policy_warnings import warnings_of
from mingshi.kernel.canonical import Json, integer
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.policy_words import clause_name, clause_text, clause_why, parameter_name, warning_text
from mingshi.web.asking import Ask

_KIND: Final = "rules-declined"
_KEPT: Final = 90 * DAY


class Change(NamedTuple):
    """One clause that two versions set differently."""

    name: str
    old: str
    new: str
    why: str


class Declined(NamedTuple):
    """An agency's words on why it does not sign."""

    by: str
    reason: str
    at: Micros


class Signer(NamedTuple):
    """An agency under a version."""

    agency: str
    signed_at: Micros | None
    binds_at: Micros | None
    bound: str
    by_date: bool
    """No signature of it is recorded, and this version asks for none: its own date binds."""
    declined: Declined | None


class Version(NamedTuple):
    """One version, told in full."""

    version: str
    label: str
    sha256: str
    state: str
    """`proposed`, `ahead`, `in_force`, `past`."""
    drafted: Drafted
    changes: tuple[Change, ...]
    """Against the version that is in force, or that binds the agency that reads it."""
    against: str
    warnings: tuple[str, ...]
    asymmetric: bool
    whole: tuple[tuple[str, str, str], ...]
    """Every clause: rule, name, what it says."""
    signers: tuple[Signer, ...]

    def of(self, agency: str) -> Signer | None:
        """One agency's line."""
        return next((one for one in self.signers if one.agency == agency), None)


def told_versions(ask: Ask, transaction: Transaction, agency: AgencyId | None = None) -> list[Version]:
    """Every version, the newest first. `agency`: whose; then proposals and other agencies are none of its business."""
    now, rows = transaction.now, versions_of(transaction)
    in_force = transaction.source.policies.at(now)
    found = []
    for at, row in enumerate(rows):
        if agency and row.published_at is None:
            continue
        state = _state(row, in_force, now)
        signed = [one for one in signatures_of(transaction, row) if not agency or one.agency == agency]
        bound = signed[0].bound if agency and signed else in_force
        base = bound if state in ("ahead", "proposed") or agency else rows[max(0, at - 1)].policy
        found.append(
            Version(
                row.policy.version,
                row.policy.label,
                row.policy.sha256,
                state,
                row,
                changes_of(ask, base, row.policy),
                base.label,
                tuple(warning_text(one, ask.lang) for one in warnings_of(row.policy)),
                row.policy.asymmetric,
                _whole(ask, row.policy),
                tuple(
                    Signer(
                        str(one.agency),
                        one.signed_at,
                        one.binds_at,
                        one.bound.label,
                        one.by_date,
                        declined(ask, row.policy.version, one.agency),
                    )
                    for one in signed
                ),
            )
        )
    return list(reversed(found))


def changes_of(ask: Ask, old: Policy, new: Policy) -> tuple[Change, ...]:
    """Clause by clause."""
    return tuple(
        Change(
            clause_name(one, ask.lang),
            clause_text(one.parameter, one.old, ask.lang),
            clause_text(one.parameter, one.new, ask.lang),
            clause_why(one.parameter, ask.lang),
        )
        for one in clauses(old, new)
    )


def binds_from(version: Version, now: Micros) -> Micros:
    """From when it binds whoever signs now."""
    return Micros(max(version.drafted.effective_from, now + BINDING_DELAY))


def decline(ask: Ask, version: str, agency: AgencyId, reason: str) -> None:
    """Keep an agency's words on why it does not sign."""
    kept: dict[str, Json] = {"by": ask.me.id, "reason": reason, "at": ask.now}
    ask.office.keeping.put(_KIND, _key(version, agency), kept, Micros(ask.now + _KEPT))


def forget_declined(ask: Ask, version: str, agency: AgencyId) -> None:
    """It signed after all."""
    ask.office.keeping.drop(_KIND, _key(version, agency))


def declined(ask: Ask, version: str, agency: AgencyId) -> Declined | None:
    """An agency's words, while they are kept."""
    row = ask.office.keeping.get(_KIND, _key(version, agency), ask.now)
    return None if row is None else Declined(str(row["by"]), str(row["reason"]), Micros(integer(row["at"])))


def _key(version: str, agency: AgencyId) -> str:
    return digest_of(f"rules/{version}/{agency}")[:24]


def _state(row: Drafted, in_force: Policy, now: Micros) -> str:
    if row.published_at is None:
        return "proposed"
    if row.policy.version == in_force.version:
        return "in_force"
    return "ahead" if row.effective_from > now else "past"


def _whole(ask: Ask, policy: Policy) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (spec.rule, parameter_name(name, ask.lang), clause_text(name, policy.parameters[name], ask.lang))
        for name, spec in PARAMETERS.items()
    )
