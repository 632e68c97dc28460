"""案场经理: 判客台账, what waits for a person, and decisions in writing (TRADE §4.5, INV-11)."""

from collections.abc import Iterable

from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.domain.evidence import DecisionStage
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import mapping, sequence
from mingshi.present.answers import Said, said
from mingshi.present.tell import Story, changes_text, flag_text, refusals_text, tell_finance
from mingshi.present.texts import text
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.reviewing import (
    Opened,
    decisions_on,
    draft_of,
    drop_draft,
    keep_draft,
    lines_of,
    opened,
    would_decide,
)

OUTCOMES = (Kind.CHANNEL, Kind.NATURAL, Kind.OWN, Kind.REFERRAL, Kind.EMPLOYEE)
SHOWN = 100


def ledger(ask: Ask) -> Given:
    """Every deal, what waits first."""
    lines = ask.office.look(lambda transaction: lines_of(ask, transaction))
    waiting = sum(1 for line in lines if line.waits)
    return Page("manager/ledger.html.j2", {"lines": lines[:SHOWN], "total": len(lines), "waiting": waiting})


def deal(ask: Ask) -> Given:
    """One deal."""
    return _deal(ask, None)


def again(ask: Ask) -> Given:
    """Rule it again on what is recorded now."""
    replied = ask.run(rule_deal, RuleDeal(DealId(ask.params["deal"])))
    return _deal(ask, said(replied.answer, ask.lang, ask.office.zone))


def propose(ask: Ask) -> Given:
    """Decide; or, where two sides are needed, propose to the agency's reviewer."""
    form = ask.form
    outcome = form.choice("outcome", Kind)
    registration = form.text("registration", most=60, needed=outcome is Kind.CHANNEL)
    cited = tuple(EvidenceId(one) for one in form.raw("evidence").split(";") if one)
    reason = form.text("reason", most=300)
    if not cited:
        form.wrong("evidence", "请至少勾选一项依据。", "Tick at least one piece of evidence.")
    if not form.ok or outcome is None:
        return _deal(ask, None, 422)
    command = DecideReview(
        DealId(ask.params["deal"]), DecisionStage.FIRST, outcome.value, ask.me.id, "", cited, reason,
        EvidenceId(registration if outcome is Kind.CHANNEL else ""),
    )  # fmt: skip
    if would_decide(ask, command) == "decision_one_sided":
        keep_draft(ask, command)
        return See(f"/rulings/{command.deal}?sent=1")
    replied = ask.run(decide_review, command)
    if replied.answer:
        drop_draft(ask, command.deal)
        return See(f"/rulings/{command.deal}?decided=1")
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("all", told.text, told.text)
    return _deal(ask, None, 422)


def _deal(ask: Ask, told: Said | None, status: int = 200) -> Given:
    found = ask.office.look(lambda transaction: opened(ask, transaction, ask.params["deal"]))
    if found is None:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    values = _values(ask, found) | {"told": told, "draft": draft_of(ask, found.line.deal)}
    values |= {"decisions": ask.office.look(lambda transaction: decisions_on(ask, transaction, found.line.deal))}
    values |= {"sent": bool(ask.query.get("sent")), "decided": bool(ask.query.get("decided"))}
    return Page("manager/deal.html.j2", values, status)


def _values(ask: Ask, found: Opened) -> dict[str, object]:
    zone, ruling = ask.office.zone, found.ruling
    flags = [mapping(one) for one in sequence(ruling.get("flags", []))]
    return {
        "found": found,
        "story": _brief(tell_finance(ruling, ask.lang, zone, found.names)),
        "refusals": _named(refusals_text(ruling, ask.lang, zone), found),
        "changes": _named(changes_text(ruling, ask.lang, zone, found.names), found),
        "flags": [
            (str(flag["tier"]), text("tier", str(flag["tier"]), ask.lang), flag_text(flag, ask.lang, zone))
            for flag in flags
        ],
        "outcomes": [(kind.value, text("outcome", kind.value, ask.lang)) for kind in OUTCOMES],
    }


def _brief(told: Story) -> Story:
    """The outcome and its grounds: claims, signs and what is missing stand below, each in a place of its own."""
    return told._replace(grounds=told.grounds[:1], refused=())


def _named(lines: Iterable[str], found: Opened) -> list[str]:
    """With whose a registration is instead of its number."""
    told = []
    for line in lines:
        one = next((one for one in found.called if line.startswith(one)), "")
        told.append(found.called.get(one, "") + line.removeprefix(one))
    return told


WAYS = (
    get("/rulings", Permission.MANAGER_RULING_READ, ledger),
    get("/rulings/{deal}", Permission.MANAGER_RULING_READ, deal),
    post("/rulings/{deal}/again", Permission.MANAGER_DECISION_PROPOSE, again),
    post("/rulings/{deal}/decide", Permission.MANAGER_DECISION_PROPOSE, propose),
)
