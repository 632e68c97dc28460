"""人工判客, as both reviewers need it: a deal's ruling with its grounds, and a decision on its way between them.

The rules this module keeps:

1. What the site's reviewer proposes decides nothing; it waits for the agency's reviewer wherever the judge says that
   two sides are needed (H4). Then both sign one decision, in one transaction.
2. A proposal waits at most the time that a decision has (H4a); then it is gone, and the rule speaks.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.app.timeline import timeline_of
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DecisionStage
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge import engine
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, integer, loads, mapping, sequence
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.tell import Names, outcome_text
from mingshi.present.texts import finding_text, text
from mingshi.present.timeline_svg import Row, picture
from mingshi.web.asking import Ask

WAITS: Final = 7 * DAY
_KIND: Final = "decision-draft"
_KINDS: Final = {
    "R": ("报备", "registration"),
    "N": ("报备确认", "confirmation"),
    "V": ("到访", "visit"),
    "H": ("到访回执", "receipt"),
    "K": ("带看", "escort"),
    "S": ("声明", "statement"),
    "Q": ("查号", "look-up"),
    "W": ("异议", "objection"),
    "E": ("人工决定", "decision"),
}
"""What an id is of, by its first letters."""


class Line(NamedTuple):
    """One ruling in the ledger."""

    deal: str
    room: str
    subscribed_at: Micros
    kind: str
    outcome: str
    status: str
    waits: bool
    proposal: str
    missing: str
    """The one fact that is missing, in the words of the rule that asks for it."""
    closes_at: Micros
    agencies: tuple[str, ...]


class Opened(NamedTuple):
    """One deal, open before a reviewer."""

    deal: e.Deal
    ruling: Mapping[str, Json]
    line: Line
    svg: str
    rows: tuple[Row, ...]
    evidence: tuple[tuple[str, str], ...]
    """What may be cited: id, and what it is."""
    claims: tuple[tuple[str, str], ...]
    """Registrations to choose from: id, and whose."""
    names: Names
    called: Mapping[str, str]
    """Registrations: id, and whose."""


class Decided(NamedTuple):
    """A decision as both sides read it."""

    at: Micros
    outcome: str
    reason: str
    evidence: tuple[str, ...]
    by: tuple[str, ...]


def decisions_on(ask: Ask, transaction: Transaction, deal: str) -> tuple[Decided, ...]:
    """What people decided of a deal, the newest last, in their own words."""
    rows = sorted(transaction.read(e.Decision, "deal", deal), key=lambda row: earliest(row.at))
    return tuple(
        Decided(
            earliest(row.at),
            text("outcome", row.outcome, ask.lang),
            row.reason,
            cited(ask, row.evidence),
            tuple(signer(ask, transaction, one) for one in (row.site_reviewer, row.agency_reviewer) if one),
        )
        for row in rows
    )


def signer(ask: Ask, transaction: Transaction, reviewer: str) -> str:
    """Who signs, by name where the roster has one."""
    rows = transaction.read(e.Staff, "id", reviewer)
    return ask.say(f"{rows[0].name}（{rows[0].role}）", f"{rows[0].name} ({rows[0].role})") if rows else reviewer


def cited(ask: Ask, evidence: Iterable[str]) -> tuple[str, ...]:
    """What kind of thing each id is; of a rival's no more than that."""
    named = ((one, _KINDS.get(one.partition("-")[0])) for one in evidence)
    return tuple(f"{ask.say(*kind)} {one}" if kind else str(one) for one, kind in named)


def names_of(transaction: Transaction) -> Names:
    """What ids are called."""
    staff = {str(row.id): row.name for row in transaction.every(e.Staff)}
    return Names(staff | {str(row.id): row.name for row in transaction.every(e.Agent)}, {})


def lines_of(ask: Ask, transaction: Transaction) -> list[Line]:
    """Every deal with its ruling, what waits first, then the newest."""
    names = names_of(transaction)
    found = [
        _line(ask, deal, ruling, names) for deal in transaction.every(e.Deal) if (ruling := _given(transaction, deal))
    ]
    return sorted(found, key=lambda line: (not line.waits, -line.subscribed_at, line.deal))


def opened(ask: Ask, transaction: Transaction, deal_id: str) -> Opened | None:
    """One deal with its evidence on a time line."""
    rows = transaction.read(e.Deal, "id", deal_id)
    if not rows or (ruling := _given(transaction, rows[0])) is None:
        return None
    names = names_of(transaction)
    judged = engine.rule_deal(DealId(deal_id), transaction.source)
    called = {
        str(claim["registration"]): f"{claim.get('agency', '')} {names.agents.get(str(claim['agent']), claim['agent'])}"
        for claim in map(mapping, sequence(ruling["claims"]))
    }
    names_twice = {name for name in called.values() if list(called.values()).count(name) > 1}
    called = {one: f"{name} {one}" if name in names_twice else name for one, name in called.items()}
    drawn = picture(timeline_of(judged), ask.lang, ask.office.zone, deal_id, called)
    may_cite: dict[str, str] = {}  # each once, by what came of it first
    for row in drawn.rows:
        if row.id and row.id != deal_id:
            may_cite.setdefault(row.id, f"{row.when} {row.what} {called.get(row.id, '')}".strip())
    line = _line(ask, rows[0], ruling, names)
    shown = tuple(may_cite.items()), tuple(called.items())
    return Opened(rows[0], ruling, line, drawn.svg, drawn.rows, *shown, names, called)


def keep_draft(ask: Ask, command: DecideReview) -> None:
    """A proposal waits for the agency's reviewer."""
    kept: dict[str, Json] = {
        "outcome": command.outcome,
        "registration": command.registration,
        "share_ppm": command.share_ppm,
        "other": command.other_registration,
        "by": command.site_reviewer,
        "evidence": list(command.evidence),
        "reason": command.reason,
        "at": ask.now,
    }
    ask.office.keeping.put(_KIND, command.deal, kept, Micros(ask.now + WAITS))


def draft_of(ask: Ask, deal: str) -> DecideReview | None:
    """The proposal that waits for this deal."""
    kept = ask.office.keeping.get(_KIND, deal, ask.now)
    if kept is None:
        return None
    share = kept["share_ppm"]
    return DecideReview(
        DealId(deal),
        DecisionStage.FIRST,
        str(kept["outcome"]),
        str(kept["by"]),
        "",
        tuple(EvidenceId(str(one)) for one in sequence(kept["evidence"])),
        str(kept["reason"]),
        EvidenceId(str(kept["registration"])),
        None if share is None else integer(share),
        EvidenceId(str(kept["other"])),
    )


def drop_draft(ask: Ask, deal: str) -> None:
    """It is decided, or refused."""
    ask.office.keeping.drop(_KIND, deal)


def would_decide(ask: Ask, command: DecideReview) -> str:
    """Why a decision might not stand as it is; empty where it might. Nothing is sealed."""
    answer = ask.office.look(lambda transaction: decide_review(transaction, command))
    return "" if answer else str(getattr(answer, "reason", ""))


def _given(transaction: Transaction, deal: e.Deal) -> Mapping[str, Json] | None:
    given = last_given(transaction, DealId(deal.id))
    return None if given is None else mapping(loads(given.text.encode()))


def _line(ask: Ask, deal: e.Deal, ruling: Mapping[str, Json], names: Names) -> Line:
    outcome = mapping(ruling["outcome"])
    reasons = [mapping(one) for one in sequence(ruling.get("reasons", []))]
    proposal = ruling.get("proposal")
    agencies = {str(mapping(claim).get("agency", "")) for claim in sequence(ruling["claims"])} - {""}
    needs = [str(need) for need in sequence(ruling.get("needs", []))]
    missing = finding_text(reasons[0], ask.lang, ask.office.zone) if reasons else ""
    if not missing and needs:
        missing = text("need", needs[0], ask.lang)
    return Line(
        deal=str(deal.id),
        room=deal.room,
        subscribed_at=_first(deal),
        kind=str(outcome["kind"]),
        outcome=outcome_text(outcome, names, ask.lang),
        status=text("status", str(ruling["status"]), ask.lang),
        waits=bool(needs),
        proposal=outcome_text(mapping(proposal), names, ask.lang) if proposal else "",
        missing=missing,
        closes_at=Micros(integer(ruling["closes_at"])),
        agencies=tuple(sorted(agencies)),
    )


def _first(deal: e.Deal) -> Micros:
    return deal.subscribed_at if isinstance(deal.subscribed_at, int) else deal.subscribed_at.earliest
