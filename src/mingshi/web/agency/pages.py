"""渠道公司: rulings on its own registrations, and its reviewer's signature under a decision (TRADE §4.4, H4).

The rules this module keeps: an agency reads of a ruling what concerns its own registrations, in the words told to it;
of a proposal it reads the outcome for itself, the reason and what is cited; of rivals nothing (LAW §5).
"""

from mingshi.app.decide_review import decide_review
from mingshi.app.ports import Transaction
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import mapping, sequence
from mingshi.present.answers import Said, said
from mingshi.present.tell import Story, tell_agent
from mingshi.present.texts import text
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.reviewing import Line, cited, decisions_on, draft_of, drop_draft, lines_of, opened, signer


def rulings(ask: Ask) -> Given:
    """Deals in which a registration of the agency was heard."""
    agency = _agency(ask)

    def read(transaction: Transaction) -> list[tuple[Line, bool]]:
        mine = [line for line in lines_of(ask, transaction) if agency in line.agencies]
        return [(line, draft_of(ask, line.deal) is not None) for line in mine]

    lines = sorted(ask.office.look(read), key=lambda pair: not pair[1])
    return Page("agency/rulings.html.j2", {"lines": lines, "agency": agency})


def ruling(ask: Ask) -> Given:
    """One of them."""
    return _ruling(ask, None)


def sign(ask: Ask) -> Given:
    """Sign the proposal, or say no."""
    deal = ask.params["deal"]
    draft = draft_of(ask, deal)
    answer = ask.form.one_of("answer", ("yes", "no"))
    if draft is None or not _heard(ask, deal):
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    if answer == "no":
        drop_draft(ask, deal)
        return See(f"/agency/{deal}?refused=1")
    replied = ask.run(decide_review, draft._replace(agency_reviewer=ask.me.id))
    if replied.answer:
        drop_draft(ask, deal)
    return _ruling(ask, said(replied.answer, ask.lang, ask.office.zone))


def _agency(ask: Ask) -> str:
    return ask.me.id.partition("/")[0]


def _heard(ask: Ask, deal: str) -> bool:
    found = ask.office.look(lambda transaction: opened(ask, transaction, deal))
    return found is not None and _agency(ask) in found.line.agencies


def _ruling(ask: Ask, told: Said | None) -> Given:
    deal, agency = ask.params["deal"], _agency(ask)
    found = ask.office.look(lambda transaction: opened(ask, transaction, deal))
    if found is None or agency not in found.line.agencies:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    claims = [mapping(one) for one in sequence(found.ruling["claims"])]
    mine = [str(claim["registration"]) for claim in claims if claim.get("agency") == agency]
    stories: list[tuple[str, Story]] = [(one, tell_agent(found.ruling, one, ask.lang, ask.office.zone)) for one in mine]
    draft = draft_of(ask, deal)
    offered = ""
    if draft is not None:
        ours = draft.registration in mine
        offered = text("say", "you_win" if ours else "you_lose", ask.lang)
    values: dict[str, object] = {"line": found.line, "stories": stories, "draft": draft, "offered": offered}
    if draft is not None:
        by = draft.site_reviewer
        values |= {"cites": cited(ask, draft.evidence)}
        values |= {"by": ask.office.look(lambda transaction: signer(ask, transaction, by))}
    decided = ask.office.look(lambda transaction: decisions_on(ask, transaction, deal))
    values |= {"told": told, "refused": bool(ask.query.get("refused")), "decisions": decided}
    return Page("agency/ruling.html.j2", values)


WAYS = (
    get("/agency", Permission.AGENCY_RULING_READ, rulings),
    get("/agency/{deal}", Permission.AGENCY_RULING_READ, ruling),
    post("/agency/{deal}/sign", Permission.AGENCY_DECISION_SIGN, sign),
)
