"""风控: deals with signs that somebody should look, ranked by what is at stake, each with its evidence (TRADE §4.6).

The rules this module keeps:

1. A sign is told in full: what was seen, what may be innocent about it, what would clear it. Never a bare score, and
   never a mark on a person: a sign stands on a deal (RULES F-*, amendments 16–18).
2. Nothing is decided here: risk has no verdict of its own (无风险、确认风险), since a mark that one side sets would weigh
   against an agency without the other side's reviewer (INV-11, H4). Who doubts a ruling objects to it in writing (H1);
   the disputed part is frozen and people of both sides decide.
3. What people decided of deals with signs stands here, so that signs which keep proving innocent are seen to.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal
from mingshi.domain import evidence as e
from mingshi.domain.commission.terms import Place, gross, terms_at
from mingshi.domain.evidence import Side
from mingshi.domain.ids import AgencyId, DealId
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import Json, loads, mapping, sequence
from mingshi.kernel.fen import Fen
from mingshi.present.answers import Said, said
from mingshi.present.tell import outcome_text
from mingshi.present.texts import fill, text
from mingshi.web.asking import Ask, Given, Page, get, post
from mingshi.web.reviewing import decisions_on, names_of, opened

SHOWN: Final = 100
STRENGTH: Final = {"hold": 3, "review": 2, "hint": 1}
CREDITED: Final = frozenset({Kind.CHANNEL.value, Kind.SPLIT.value})


class Sign(NamedTuple):
    """One sign, told in full."""

    id: str
    tier: str
    tier_name: str
    seen: str
    innocent: str
    clears: str
    claim: str
    evidence: tuple[str, ...]


class Flagged(NamedTuple):
    """A deal with signs."""

    deal: str
    room: str
    kind: str
    outcome: str
    status: str
    at_stake: Fen
    """The commission that hangs on it: of the best-paid agency whose registration was heard, at its first tier."""
    strength: int
    signs: tuple[Sign, ...]
    decided: str
    """What people decided; empty: nothing yet."""


def listed(ask: Ask) -> Given:
    """Every deal with signs, by yuan at stake × strength."""
    tier = ask.query.get("tier", "")
    tier = tier if tier in STRENGTH else ""

    def read(transaction: Transaction) -> tuple[list[Flagged], int]:
        names, terms = names_of(transaction), transaction.every(e.Term)
        found, deals = [], 0
        for row in transaction.every(e.Deal):
            given = last_given(transaction, DealId(row.id))
            if given is None:
                continue
            deals += 1
            ruling = mapping(loads(given.text.encode()))
            signs = _signs(ask, ruling)
            if not signs or (tier and tier not in {one.tier for one in signs}):
                continue
            outcome = mapping(ruling["outcome"])
            found.append(
                Flagged(
                    str(row.id),
                    row.room,
                    str(outcome["kind"]),
                    outcome_text(outcome, names, ask.lang),
                    text("status", str(ruling["status"]), ask.lang),
                    _at_stake(row, ruling, terms),
                    max(STRENGTH[one.tier] for one in signs),
                    signs,
                    _decided(transaction, row.id),
                )
            )
        return sorted(found, key=lambda one: (-one.at_stake * one.strength, -one.strength, one.deal)), deals

    found, deals = ask.office.look(read)
    tiers = [(name, text("tier", name, ask.lang)) for name in STRENGTH]
    values = {"rows": found[:SHOWN], "total": len(found), "deals": deals, "tier": tier, "tiers": tiers}
    values |= {"paid": sum(1 for one in found if one.decided in CREDITED)}
    values |= {"denied": sum(1 for one in found if one.decided and one.decided not in CREDITED)}
    return Page("risk/signs.html.j2", values)


def deal(ask: Ask) -> Given:
    """One deal: its signs and its evidence."""
    return _deal(ask, None)


def objection(ask: Ask) -> Given:
    """The site's own objection: people look at it before anything is paid."""
    ground = ask.form.text("ground", most=500)
    if not ask.form.ok:
        return _deal(ask, None, 422)
    wanted = DealId(ask.params["deal"])
    replied = ask.run(object_to, ObjectTo(Side.SITE, ask.me.id, ground, wanted))
    told = said(replied.answer, ask.lang, ask.office.zone)
    if replied.answer:
        ask.office.run(rule_deal, RuleDeal(wanted))
        ask.form.values.pop("ground", None)
    return _deal(ask, told, 200 if told.done else 422)


def _decided(transaction: Transaction, deal: DealId) -> str:
    """The outcome of the newest decision by people."""
    rows = transaction.read(e.Decision, "deal", deal)
    return max(rows, key=lambda row: earliest(row.at)).outcome if rows else ""


def _deal(ask: Ask, told: Said | None, status: int = 200) -> Given:
    found = ask.office.look(lambda transaction: opened(ask, transaction, ask.params["deal"]))
    if found is None:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    decisions = ask.office.look(lambda transaction: decisions_on(ask, transaction, found.line.deal))
    values = {"found": found, "signs": _signs(ask, found.ruling), "told": told, "decisions": decisions}
    return Page("risk/deal.html.j2", values, status)


def _signs(ask: Ask, ruling: Mapping[str, Json]) -> tuple[Sign, ...]:
    found = [_sign(ask, mapping(flag)) for flag in sequence(ruling.get("flags", []))]
    return tuple(sorted(found, key=lambda one: (-STRENGTH[one.tier], one.id, one.claim)))


def _sign(ask: Ask, flag: Mapping[str, Json]) -> Sign:
    name, tier = str(flag["id"]), str(flag["tier"])
    return Sign(
        name,
        tier,
        text("tier", tier, ask.lang),
        fill(text("flag", name, ask.lang), mapping(flag.get("args", {})), ask.lang, ask.office.zone),
        text("flag_innocent", name, ask.lang),
        text("flag_clears", name, ask.lang),
        str(flag.get("claim", "")),
        tuple(str(one) for one in sequence(flag.get("evidence", []))),
    )


def _at_stake(row: e.Deal, ruling: Mapping[str, Json], terms: Sequence[e.Term]) -> Fen:
    if row.price_fen is None:
        return Fen(0)
    at, price = earliest(row.subscribed_at), row.price_fen
    agencies = {AgencyId(str(mapping(claim).get("agency", ""))) for claim in sequence(ruling["claims"])}
    worth = [gross(terms_at(terms, agency, at), Place(1, 1), price, price) for agency in agencies if agency]
    return max(worth, default=Fen(0))


WAYS = (
    get("/risk", Permission.RISK_FLAG_READ, listed),
    get("/risk/{deal}", Permission.RISK_FLAG_READ, deal),
    post("/risk/{deal}/object", Permission.RISK_RULING_OBJECT, objection),
)
