"""A season lived through: its acts, one after the other, through a site's real use cases and into its real record.

The rules this module keeps:

1. An act is done when the season says that it was recorded, through the use case that a person would use; nothing is
   written past one. Its ids are the site's own; later acts refer to those.
2. What a use case refuses is counted by its reason and is no fact; a season in which people lie, forget and meddle
   holds acts that a running site does not let anybody do, and that is what is shown here.
3. Every deal is ruled when it is subscribed, and all of them once more at the end.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from mingshi.app.answer import Answer, Done
from mingshi.app.check_in import CheckIn, ConfirmCheckIn, check_in, confirm_check_in
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.correct_record import CorrectRecord, correct_record
from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.extend_window import ExtendWindow, extend_window
from mingshi.app.identify import Identify, identify
from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.ports import Transaction
from mingshi.app.record_contact import (
    RecordCall,
    RecordFollowup,
    RecordLead,
    RecordOutreach,
    ShowReceipt,
    record_contact,
)
from mingshi.app.record_deal import AdvanceDeal, RecordDeal, advance_deal, record_deal
from mingshi.app.record_payment import (
    AcceptRuling,
    RecordCancellation,
    RecordInvoice,
    RecordPayment,
    accept_ruling,
    record_cancellation,
    record_invoice,
    record_payment,
)
from mingshi.app.record_relation import RecordRelation, record_relation
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.release_registration import ReleaseRegistration, release_registration
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.settle import Settle, settle
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.withdraw import ErasePerson, WithdrawConsent, erase_person, withdraw_consent
from mingshi.domain import evidence as e
from mingshi.domain.evidence import ReleasedBy, Time, WithdrawalKind
from mingshi.domain.ids import EvidenceId, StaffId, visible
from mingshi.domain.moment import earliest, known_at
from mingshi.domain.policy import Masked
from mingshi.kernel.timeline import DAY, Micros
from mingshi.season.desk import Row
from mingshi.season.generate import Season

C = TypeVar("C")
_ROSTER: tuple[type[Row], ...] = (e.Agent, e.Staff, e.Agreement, e.Term, e.Owner, e.Clock)
_MONTHS = 6
"""Settlements that are made."""
_AFTER = 60 * DAY
"""When all windows, deadlines and stages of the last deal have run."""


class Run(Protocol):
    """A site's way to run a use case at an instant."""

    def __call__(self, use_case: Callable[[Transaction, C], Answer], command: C, now: Micros) -> Answer:
        """Answer it."""


class Act(NamedTuple):
    """One thing somebody does. `named`: what its answer's id stands for in the season."""

    at: Micros
    order: int
    use_case: Callable[[Transaction, Any], Answer]
    command: Callable[["_Names"], tuple[object, ...]]
    named: str = ""


class Lived(NamedTuple):
    """What became of a season."""

    answered: Counter[str]
    """Acts that were done, by use case."""
    refused: Counter[str]
    """Acts that were not, by use case and reason."""
    ids: dict[str, str]
    """The season's ids and the site's."""
    end: Micros


class _Names:
    """The site's ids for the season's."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def __call__(self, name: str) -> EvidenceId:
        return EvidenceId(self.known.get(name, name))


def live(season: Season, run: Run, begin: Micros, *, clerk: str = "", months: int = _MONTHS) -> Lived:
    """Play a season. `begin`: an instant before all of it, at which the rosters are entered.

    `clerk`: who makes the settlements, the first of the season's staff where nobody is named; `months`: how many.
    """
    answered: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    names, now = _Names(), begin
    roster = [row for kind in _ROSTER for row in season.rows.get(kind, [])]
    for row in roster:  # each alone: one that is refused keeps no other out
        _note(run(keep_roster, KeepRoster((cast("Any", row),)), now), keep_roster, answered, refused)
    for act in sorted([*_acts(season), *_settlements(season, clerk, months)], key=lambda act: (act.at, act.order)):
        now = Micros(max(now, act.at))
        answer = run(act.use_case, act.command(names), now)
        _note(answer, act.use_case, answered, refused)
        if isinstance(answer, Done) and act.named:
            names.known[act.named] = next(iter(answer.ids.values()))
    now = Micros(now + _AFTER)
    for deal in season.rows.get(e.Deal, []):
        assert isinstance(deal, e.Deal)
        _note(run(rule_deal, RuleDeal(deal.id), now), rule_deal, answered, refused)
    return Lived(answered, refused, names.known, now)


def _note(answer: Answer, use_case: Callable[..., Answer], answered: Counter[str], refused: Counter[str]) -> None:
    name = use_case.__name__
    if isinstance(answer, Done):
        answered[name] += 1
    else:
        refused[f"{name}: {answer.reason}"] += 1


def _acts(season: Season) -> Iterator[Act]:
    order = 0
    for kind, rows in season.rows.items():
        make = _MAKERS.get(kind)
        for row in rows if make is not None else ():
            assert make is not None
            for act in _masked(row, season) if isinstance(row, e.Registration) else make(row):
                order += 1
                yield act._replace(order=order)


def _masked(row: e.Registration, season: Season) -> Iterator[Act]:
    """Where numbers are taken masked only, that is how the agent registers."""
    return _registration(row, masked=season.policies.at(_at(row)).masked is Masked.UNTIL_CONFIRMED)


def _settlements(season: Season, clerk: str, months: int) -> Iterator[Act]:
    """Once a month."""
    deals = [cast("e.Deal", row) for row in season.rows.get(e.Deal, [])]
    staff = [cast("e.Staff", row) for row in season.rows.get(e.Staff, [])]
    if deals and staff:
        first = min(earliest(deal.subscribed_at) for deal in deals)
        who = StaffId(clerk or staff[0].id)
        for month in range(1, months + 1):
            yield Act(Micros(first + month * 30 * DAY), 10**9, settle, lambda _: Settle(who))


def _at(row: Row) -> Micros:
    return known_at(row)


def _of(row: tuple[object, ...], command: type[C], **other: object) -> C:
    """A command of the fields it shares with a record."""
    shared = {name: getattr(row, name) for name in command._fields if hasattr(row, name)}  # type: ignore[attr-defined]  # a NamedTuple
    return command(**(shared | other))


def _registration(row: e.Registration, *, masked: bool = False) -> Iterator[Act]:
    given = row._replace(phone=visible(row.phone) if masked else row.phone, client=row.client or "")
    yield Act(_at(row), 0, register_client, lambda _: _of(given, RegisterClient), row.id)
    if row.released_at is not None:
        by = row.released_by or ReleasedBy.AGENT
        who = row.agent if by is ReleasedBy.AGENT else ""
        when = earliest(row.released_at)
        yield Act(when, 0, release_registration, lambda names: ReleaseRegistration(names(row.id), by, who))


def _confirmation(row: e.Confirmation) -> Iterator[Act]:
    yield Act(
        _at(row),
        0,
        confirm_registration,
        lambda names: _of(row, ConfirmRegistration, registration=names(row.registration)),
        row.id,
    )


def _arrival(row: e.Arrival) -> Iterator[Act]:
    at = earliest(row.at) if row.offline else None
    yield Act(
        _at(row),
        0,
        check_in,
        lambda names: _of(
            row,
            CheckIn,
            at=at,
            registration=names(row.registration) if row.registration else EvidenceId(""),
            door_code=row.door_code or e.DoorCode.NONE,
        ),
        row.id,
    )
    by = row.confirmed_by
    if row.confirmed_at is not None and by is not None:
        when = Micros(max(_at(row) + 1, earliest(row.confirmed_at)))
        yield Act(when, 0, confirm_check_in, lambda names: ConfirmCheckIn(names(row.id), by))


def _pass(row: e.Pass) -> Iterator[Act]:
    if row.issued_at is not None:
        yield Act(earliest(row.issued_at), -1, issue_pass, lambda _: IssuePass(row.pass_id, row.phone), row.id)
    if row.revoked_at is not None:
        yield Act(earliest(row.revoked_at), 0, revoke_pass, lambda names: RevokePass(names(row.id)))


def _edit(row: e.Edit) -> Iterator[Act]:
    yield Act(_at(row), 0, correct_record, lambda names: _of(row, CorrectRecord, target=names(row.target)), row.id)


def _relation(row: e.Relation) -> Iterator[Act]:
    when = row.verified_at or row.since
    if when is not None:
        yield Act(earliest(when), 0, record_relation, lambda _: _of(row, RecordRelation), row.id)


def _deal(row: e.Deal) -> Iterator[Act]:
    later: Sequence[tuple[str, Time | None]] = (
        ("contracted_at", row.contracted_at),
        ("filed_at", row.filed_at),
        ("loan_approved_at", row.loan_approved_at),
    )
    sealed = _at(row)
    subscribed = Micros(max(earliest(row.subscribed_at), min(sealed, earliest(row.subscribed_at) + DAY)))
    empty = {"contracted_at": None, "selection_at": None}
    yield Act(subscribed, 0, record_deal, lambda _: _of(row, RecordDeal, **empty), row.id)
    yield Act(subscribed, 1, rule_deal, lambda _: RuleDeal(row.id))
    for name, when in later:
        if when is not None:
            yield Act(earliest(when), 0, advance_deal, _advance(row, name, when))


def _advance(row: e.Deal, name: str, when: Time) -> Callable[[_Names], tuple[object, ...]]:
    return lambda _: AdvanceDeal(row.id)._replace(**{name: when})  # type: ignore[arg-type]  # one of its three times


def _extension(row: e.Extension) -> Iterator[Act]:
    yield Act(
        _at(row), 0, extend_window, lambda names: _of(row, ExtendWindow, registration=names(row.registration)), row.id
    )


def _objection(row: e.Objection) -> Iterator[Act]:
    yield Act(
        _at(row),
        0,
        object_to,
        lambda names: _of(row, ObjectTo, escort=names(row.escort) if row.escort else EvidenceId("")),
        row.id,
    )


def _decision(row: e.Decision) -> Iterator[Act]:
    yield Act(
        _at(row),
        0,
        decide_review,
        lambda names: _of(
            row,
            DecideReview,
            registration=names(row.registration) if row.registration else EvidenceId(""),
            other_registration=names(row.other_registration) if row.other_registration else EvidenceId(""),
            evidence=tuple(names(one) for one in row.evidence),
        ),
        row.id,
    )


def _withdrawal(row: e.Withdrawal) -> Iterator[Act]:
    if row.kind is WithdrawalKind.CONSENT and row.phone:
        yield Act(_at(row), 0, withdraw_consent, lambda _: WithdrawConsent(row.phone, row.pass_id), row.id)
    elif row.phone:
        yield Act(_at(row), 0, erase_person, lambda _: ErasePerson((row.phone,)), row.id)


def _plain(
    use_case: Callable[[Transaction, Any], Answer], command: type[tuple[object, ...]]
) -> Callable[[Any], Iterator[Act]]:
    """A record whose command has its fields."""

    def make(row: Any) -> Iterator[Act]:
        yield Act(_at(row), 0, use_case, lambda _: _of(row, command), str(row[0]))

    return make


def _identity(row: e.Identity) -> Iterator[Act]:
    yield Act(_at(row), 0, identify, lambda _: Identify(row.phone, row.id_key, row.stage, row.matched), row.id)


def _followup(row: e.Followup) -> Iterator[Act]:
    yield Act(
        _at(row), 0, record_contact, lambda names: RecordFollowup(names(row.registration), row.by, row.kind), row.id
    )


def _counted(row: e.Count | e.CalendarEntry) -> Iterator[Act]:
    """Entered when it is over, or when it begins."""
    when = row.until if row.until is not None else row.since
    yield Act(earliest(when), 0, keep_roster, lambda _: KeepRoster((row,)))


_MAKERS: dict[type[Row], Callable[[Any], Iterator[Act]]] = {
    e.Registration: _registration,
    e.Confirmation: _confirmation,
    e.Arrival: _arrival,
    e.Receipt: _plain(record_contact, ShowReceipt),
    e.Escort: _plain(confirm_escort, ConfirmEscort),
    e.Statement: _plain(state_origin, StateOrigin),
    e.Identity: _identity,
    e.Pass: _pass,
    e.Lead: _plain(record_contact, RecordLead),
    e.Call: _plain(record_contact, RecordCall),
    e.Outreach: _plain(record_contact, RecordOutreach),
    e.Followup: _followup,
    e.Lookup: _plain(look_up, LookUp),
    e.Edit: _edit,
    e.Relation: _relation,
    e.Deal: _deal,
    e.Payment: _plain(record_payment, RecordPayment),
    e.Cancellation: _plain(record_cancellation, RecordCancellation),
    e.Invoice: _plain(record_invoice, RecordInvoice),
    e.Approval: _plain(accept_ruling, AcceptRuling),
    e.Extension: _extension,
    e.Objection: _objection,
    e.Decision: _decision,
    e.Withdrawal: _withdrawal,
    e.Count: _counted,
    e.CalendarEntry: _counted,
}
