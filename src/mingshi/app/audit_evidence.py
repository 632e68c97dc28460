"""自查的证据: the self-audit of 19 items, filled in from what the record holds by itself (O25; L-38).

The rules this module keeps:

1. An item is *yes* by ids that stand in the log and nothing else; nobody ticks a box. What only people can know
   (incident plan, training, measures) is attested by a named person over the digest of a paper.
2. An item that something contradicts is *no*, whatever else there is: a request that is overdue, an assessment that
   does not fit, a fact without a ground.
3. *Does not apply* has a reason that follows from the record as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mingshi.app.facts import (
    Attested,
    ConsentAct,
    DeletionProof,
    NoticePublished,
    PolicyPublished,
    Provision,
    RightsAnswer,
    SensorRegistered,
)
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.app.request_right import overdue
from mingshi.app.sign_assessment import drifted, last_signed
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import Act
from mingshi.domain.impact.audit import Finding, self_audit
from mingshi.domain.notice.notice import Notice, notice_of
from mingshi.domain.notice.purpose import SENSITIVE, SEPARATE, Purpose
from mingshi.domain.policy import Masked

SHOWN: Final = 3
"""So many ids show an item; the log has the others."""
Ids = tuple[str, ...]


def audit(transaction: Transaction) -> tuple[Finding, ...]:
    """The filled form."""
    evidence, reasons = _notices(transaction)
    for more, whys in (_consents(transaction), _others(transaction), _attested(transaction)):
        evidence |= more
        reasons |= whys
    return self_audit(evidence, reasons)


def _newest(rows: Iterable[str]) -> Ids:
    return tuple(rows)[-SHOWN:]


def _notices(transaction: Transaction) -> tuple[dict[str, Ids], dict[str, str]]:
    rows = [row for purpose in Purpose if (row := in_force(transaction, purpose, transaction.now)) is not None]
    notices = [(row, notice_of(row.text)) for row in rows]
    unfounded = transaction.unfounded(1)
    joint = _of(notices, lambda one: len(one.handlers) > 1)
    evidence = {
        "notice": _of(notices, lambda _: True),
        "lawful_basis": () if unfounded else _of(notices, lambda _: True),
        "rules_public": _of(notices, lambda one: bool(one.link)),
        "withdrawal": _of(notices, lambda one: "withdrawal" in one.words),
        "joint_and_entrusted": joint,
    }
    reasons = {} if joint or not rows else {"joint_and_entrusted": "只有一个处理者 / one handler alone"}
    return evidence, reasons


def _of(notices: Sequence[tuple[NoticePublished, Notice]], wanted: object) -> Ids:
    assert callable(wanted)
    return tuple(row.id for row, notice in notices if wanted(notice))


def _consents(transaction: Transaction) -> tuple[dict[str, Ids], dict[str, str]]:
    given = [row for row in transaction.every(ConsentAct) if row.act is Act.GIVEN]
    sensitive = [row.id for row in given if row.purpose in SENSITIVE]
    young = [row.id for row in given if row.guardian]
    told = [row.id for row in transaction.every(Provision)]
    assessed = last_signed(transaction)
    fits = assessed is not None and not drifted(transaction)
    evidence = {
        "separate_consent": _newest(row.id for row in given if row.purpose in SEPARATE),
        "sensitive": _newest(sensitive) if fits else (),
        "minors": _newest(young) if transaction.setting("child_rules") else (),
        "provided_to_others": _newest(told),
        "impact_assessment": (assessed.id,) if fits and assessed is not None else (),
    }
    reasons = {}
    if not sensitive and transaction.setting("faces") in ("", "off"):
        reasons["sensitive"] = "人脸关闭，无敏感个人信息 / faces are off; nothing sensitive is held"
    if not young:
        reasons["minors"] = "没有监护人代为作出的同意 / no consent was given by a guardian"
    if not told:
        reasons["provided_to_others"] = "没有告诉过任何接收方 / nobody was told anything"
    return evidence, reasons


def _others(transaction: Transaction) -> tuple[dict[str, Ids], dict[str, str]]:
    sensors = [row.id for row in transaction.every(SensorRegistered) if row.removed_at is None]
    policies = transaction.every(PolicyPublished)
    decided = [row.id for row in transaction.every(e.Decision)]
    answered = [row.id for row in transaction.every(RightsAnswer)]
    masked = transaction.source.policies.at(transaction.now).masked is Masked.UNTIL_CONFIRMED
    late = overdue(transaction)
    evidence = {
        "minimum": _newest(row.id for row in policies) if masked else (),
        "public_place_devices": _newest(sensors),
        "automated_decisions": _newest(decided),
        "retention": _newest(row.id for row in transaction.every(DeletionProof)),
        "rights": () if late else _newest(answered),
    }
    reasons = {"export": "软件没有出境途径 / the software has no way abroad"}
    if not sensors:
        reasons["public_place_devices"] = "登记册中没有任何感知设备 / no sensing device is registered"
    if not answered and not late:
        reasons["rights"] = "尚无人提出请求 / nobody has asked yet"
    if not decided:
        reasons["automated_decisions"] = "尚无须由人决定的案件 / no case has needed a decision of people yet"
    return evidence, reasons


_ATTESTED: Final[Mapping[str, str]] = {
    "measures": "measures",
    "incident_plan": "incident_plan",
    "training_and_officer": "training",
}


def _attested(transaction: Transaction) -> tuple[dict[str, Ids], dict[str, str]]:
    rows = transaction.every(Attested)
    found = {item: _newest(row.id for row in rows if row.what == what) for item, what in _ATTESTED.items()}
    return found, {}
