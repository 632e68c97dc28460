"""备案: how many passes live, what that asks for, and the pack for the provincial authority (FRM 15; FRM-N; L-37).

The rules this module keeps:

1. Live passes are counted as if their templates were stored, the strict reading (LAW decision 1).
2. The pack holds what the software recorded by itself; the handler's own papers are named as missing and kept nowhere.
3. A deadline is named only where the holidays of its years are announced; nobody is told a guess.
"""

from typing import Final, NamedTuple

from mingshi.app.facts import AssessmentSigned, Attested, DeletionProof, NoticePublished, SensorRegistered
from mingshi.app.ports import Transaction
from mingshi.app.sign_assessment import assessed, drifted, last_signed, live_passes, running
from mingshi.domain.impact.filing import OWN, Occasion, lacking
from mingshi.domain.impact.persons import FILING_WORKDAYS, Filing, filing
from mingshi.domain.impact.workdays import YEARS, deadline
from mingshi.kernel.canonical import Json, loads, mapping
from mingshi.kernel.timeline import Micros

_HANDLER: Final = ("handler_name", "credit_code", "address", "legal_representative", "contact", "officer", "site")
_TECHNOLOGY: Final = (
    "purpose", "method", "model", "kinds", "persons_forecast", "lawful_necessary", "public_place", "devices",
    "capture_zone", "retention", "measures", "test_results", "non_face_way",
)  # fmt: skip


class Standing(NamedTuple):
    """Where a site stands with its filing."""

    live: int
    state: Filing
    since: Micros | None
    """When the line was reached, or what was filed changed; None: nothing runs."""
    due: str
    """The last day, ISO; empty where nothing runs, or where it cannot be named."""
    unknown_after: int
    """The last year whose holidays are announced here: a term beyond it is not named."""

    def as_json(self) -> dict[str, Json]:
        """For `--json`."""
        return {
            "live": self.live,
            "state": self.state.value,
            "since": self.since,
            "due": self.due,
            "unknown_after": self.unknown_after,
        }


def filed_at(transaction: Transaction) -> Micros | None:
    """When the site last attested that it has filed."""
    return max((row.at for row in transaction.read(Attested, "what", "filed")), default=None)


def filed(transaction: Transaction) -> bool:
    """Whether the site has filed."""
    return filed_at(transaction) is not None


def line_reached(transaction: Transaction) -> Micros | None:
    """When the line was first reached."""
    return min((row.at for row in transaction.read(Attested, "what", "line")), default=None)


def changed_at(transaction: Transaction, since: Micros) -> Micros | None:
    """When what was filed first changed: a notice, a device. None: it stands as it was filed."""
    if not drifted(transaction):
        return None
    times = [row.effective_from for row in transaction.every(NoticePublished)]
    for row in transaction.every(SensorRegistered):
        times += [row.at] if row.removed_at is None else [row.at, row.removed_at]
    return min((at for at in times if since < at <= transaction.now), default=since)


def standing(transaction: Transaction) -> Standing:
    """Where the site stands."""
    live, filed_then = live_passes(transaction), filed_at(transaction)
    since = line_reached(transaction) if filed_then is None else changed_at(transaction, filed_then)
    last = None if since is None else deadline(transaction.source.zone.day(since), FILING_WORKDAYS)
    reached = since is not None and filed_then is None
    state = Filing.DUE if reached else filing(live, filed=filed_then is not None)
    return Standing(live, state, since, "" if last is None else last.isoformat(), max(YEARS))


def filing_pack(transaction: Transaction, occasion: Occasion) -> dict[str, Json]:
    """The pack: its parts, and what of it the handler still has to bring."""
    signed = last_signed(transaction)
    answers = {} if signed is None else _answers(signed)
    own: dict[str, Json] = {
        "handler_form": {name: answers[name] for name in _HANDLER if name in answers},
        "technology_form": _technology(transaction, answers),
        "impact_assessment": _assessment(signed),
        "what_changed": _changes(transaction),
        "deletion_proofs": [
            {"proof": row.id, "stage": row.stage, "at": row.at} for row in transaction.every(DeletionProof)
        ],
    }
    have = frozenset(name for name in OWN if own[name])
    missing = lacking(occasion, have)
    return {
        "format": "mingshi-filing/1",
        "occasion": occasion.value,
        "at": transaction.now,
        "project": transaction.source.project,
        "standing": standing(transaction).as_json(),
        "parts": {name: value for name, value in own.items() if value},
        "missing": list(missing),
    }


def _answers(signed: AssessmentSigned) -> dict[str, str]:
    return {name: str(said) for name, said in mapping(mapping(loads(signed.text.encode()))["answers"]).items()}


def _technology(transaction: Transaction, answers: dict[str, str]) -> dict[str, Json]:
    if not answers:
        return {}
    said: dict[str, Json] = {name: answers[name] for name in _TECHNOLOGY if name in answers}
    return said | {"persons_now": live_passes(transaction), "configuration": dict(running(transaction))}


def _assessment(signed: AssessmentSigned | None) -> dict[str, Json]:
    if signed is None:
        return {}
    return {"id": signed.id, "version": signed.version, "sha256": signed.sha256, "by": signed.by, "at": signed.at}


def _changes(transaction: Transaction) -> dict[str, Json]:
    before, now = assessed(transaction), running(transaction)
    return {name: {"filed": before.get(name, ""), "now": now[name]} for name in drifted(transaction) if before}
