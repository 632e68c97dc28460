"""The calls of /api/v1.

The rules this module keeps:

1. An agency sees its own registrations, in its own words, and nothing of anybody else's (LAW §5).
2. A call that changes something names itself (Idempotency-Key); the same call again has the same answer (INV-09).
3. Whatever goes wrong is answered as problem+json with a stable code.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import SettlementMade
from mingshi.app.ports import Transaction
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.registration_status import RegistrationStatus, registration_status
from mingshi.app.rule_deal import last_given
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, Contact, DealId, EvidenceId
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import Json, integer, loads, mapping, sequence
from mingshi.kernel.timeline import Micros
from mingshi.present.answers import said
from mingshi.present.tell import tell_agent
from mingshi.present.texts import Lang
from mingshi.web.api.problem import problem
from mingshi.web.api.shapes import (
    LineOut,
    RegistrationIn,
    RegistrationOut,
    RulingOut,
    RulingsOut,
    StatementOut,
    Told,
    Windows,
)
from mingshi.web.asking import Ask, Given, Raw, get, post

JSON: Final = "application/json"


def register(ask: Ask) -> Given:
    """Register a client."""
    name = ask.headers["idempotency-key"]
    if not 1 <= len(name) <= 100:
        return problem(ask, 400, "key_needed", "请带 Idempotency-Key。", "Send an Idempotency-Key.")
    if ask.headers["content-type"].partition(";")[0].strip() != JSON:
        return problem(ask, 415, "json_needed", "请用 application/json。", "Send application/json.")
    try:
        body = msgspec.json.decode(ask.body, type=RegistrationIn)
    except msgspec.ValidationError as error:
        told, _, at = str(error).partition(" - at `")
        detail = ("内容不符合要求：" + told, told)
        return problem(ask, 422, "invalid", *detail, at=at.rstrip("`") or None)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return problem(ask, 400, "malformed", "不是 JSON。", "This is not JSON.")
    expected = None if body.expected_at is None else _instant(body.expected_at)
    if body.expected_at is not None and expected is None:
        return problem(ask, 422, "invalid", "时间须为 RFC 3339。", "The time must be RFC 3339.", at="$.expected_at")
    if body.agent not in ask.office.look(lambda transaction: _agents(transaction, ask.me.id)):
        return problem(
            ask, 404, "unknown_agent", "贵司名单上没有这位经纪人。", "This agent is not on your roster.", at="$.agent"
        )
    command = RegisterClient(AgentId(body.agent), Contact(body.phone), body.client, ask.office.project, expected)
    replied = ask.office.run(register_client, command, f"api/{ask.me.id}/{name}")
    answer = replied.answer
    if isinstance(answer, Refused) and not answer.evidence:
        zh, en = (said(answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN))
        return problem(ask, 409, answer.reason, zh, en, rule=answer.rule)
    wanted = answer.ids["registration"] if isinstance(answer, Done) else answer.evidence[0]
    row = ask.office.look(lambda transaction: transaction.read(e.Registration, "id", EvidenceId(wanted))[0])
    out = _out(ask, row, answer)
    out.promise = ask.office.proof("Registration", wanted, "agent") or None
    return _json(out, 201)


def registration(ask: Ask) -> Given:
    """How a registration stands."""
    wanted = EvidenceId(ask.params["registration"])

    def read(transaction: Transaction) -> tuple[e.Registration, Answer] | None:
        rows = [row for row in transaction.read(e.Registration, "id", wanted) if row.agency == ask.me.id]
        if not rows:
            return None
        return rows[0], registration_status(transaction, RegistrationStatus(rows[0].agent, wanted))

    found = ask.office.look(read)
    if found is None:
        return problem(ask, 404, "unknown_registration", "没有这条报备。", "There is no such registration.")
    return _json(_out(ask, *found))


def rulings(ask: Ask) -> Given:
    """Every ruling in which a registration of the agency was heard."""
    return _json(RulingsOut(rulings=ask.office.look(lambda transaction: _rulings(ask, transaction))))


def ruling(ask: Ask) -> Given:
    """The rulings of one deal."""
    found = [
        one for one in ask.office.look(lambda transaction: _rulings(ask, transaction)) if one.deal == ask.params["deal"]
    ]
    if not found:
        return problem(
            ask, 404, "unknown_deal", "没有这个成交，或与贵司无关。", "There is no such deal, or it is not yours."
        )
    return _json(RulingsOut(rulings=found))


def statement(ask: Ask) -> Given:
    """What was posted."""
    agency = ask.me.id

    def read(transaction: Transaction) -> list[LineOut]:
        lines = []
        for made in sorted(transaction.every(SettlementMade), key=lambda row: row.at):
            for posting in sequence(loads(made.postings.encode())):
                deal, payer, payee, component, amount = sequence(posting)
                if agency in (payer, payee):
                    lines.append(
                        LineOut(
                            settlement=made.id,
                            at=_time(made.at),
                            deal=str(deal),
                            payer=str(payer),
                            payee=str(payee),
                            component=str(component),
                            amount_fen=integer(amount),
                        )
                    )
        return lines

    lines = ask.office.look(read)
    total = sum(line.amount_fen if line.payee == agency else -line.amount_fen for line in lines)
    return _json(StatementOut(agency=agency, lines=lines, total_fen=total))


def _rulings(ask: Ask, transaction: Transaction) -> list[RulingOut]:
    found: list[RulingOut] = []
    for deal in transaction.every(e.Deal):
        given = last_given(transaction, DealId(deal.id))
        if given is None:
            continue
        value = mapping(loads(given.text.encode()))
        mine = [one for one in map(mapping, sequence(value["claims"])) if one.get("agency") == ask.me.id]
        found += [_ruling(ask, value, claim, given.sha256) for claim in mine]
    return sorted(found, key=lambda one: (one.deal, one.registration))


def _ruling(ask: Ask, value: Mapping[str, Json], claim: Mapping[str, Json], sha256: str) -> RulingOut:
    outcome, mine = mapping(value["outcome"]), str(claim["registration"])
    kind = str(outcome["kind"])
    share = 100 if outcome.get("registration") == mine else 0
    if kind == "SPLIT":
        parts = [mapping(part) for part in sequence(outcome["parts"])]
        ours = [part for part in parts if mapping(part["to"]).get("registration") == mine]
        share = sum(integer(part["share_ppm"]) for part in ours) // 10_000
    words = {"REVIEW": "review", "NOT_REJUDGEABLE": "erased", "SPLIT": "split" if share else "not_yours"}
    return RulingOut(
        deal=str(value["deal"]),
        registration=mine,
        agent=str(claim["agent"]),
        status=str(value["status"]),
        sha256=sha256,
        outcome=words.get(kind, "yours" if share else "not_yours"),
        share_percent=share,
        code=str(claim["code"]),
        objections_until=_time(Micros(integer(value["closes_at"]))),
        told_zh=tell_agent(value, mine, Lang.ZH, ask.office.zone).lines(),
        told_en=tell_agent(value, mine, Lang.EN, ask.office.zone).lines(),
    )


def _out(ask: Ask, row: e.Registration, answer: Answer) -> RegistrationOut:
    args = answer.args
    zh, en = (said(answer, lang, ask.office.zone) for lang in (Lang.ZH, Lang.EN))
    windows = Windows(
        ready_at=_maybe(args.get("ready_at")),
        report_until=_maybe(args.get("report_until") or args.get("until")),
        deal_until=_maybe(args.get("deal_until")),
    )
    return RegistrationOut(
        registration=row.id,
        agent=row.agent,
        at=_time(earliest(row.at)),
        state=answer.told if isinstance(answer, Done) else answer.reason,
        told=Told(zh=f"{zh.text}{zh.why}", en=f"{en.text} {en.why}".strip()),
        windows=windows,
        confirm_link=f"{ask.office.address}/c/{row.id}",
    )


def _agents(transaction: Transaction, agency: str) -> set[str]:
    return {str(row.id) for row in transaction.every(e.Agent) if row.agency == agency}


def _time(at: Micros) -> str:
    return (
        datetime.fromtimestamp(at // 1_000_000, UTC)
        .replace(microsecond=at % 1_000_000)
        .isoformat()
        .replace("+00:00", "Z")
    )


def _maybe(at: Json) -> str | None:
    return None if at is None else _time(Micros(integer(at)))


def _instant(text: str) -> Micros | None:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            return None
        since = at - datetime(1970, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Micros(micros) if micros > 0 else None


def _json(value: msgspec.Struct, status: int = 200) -> Raw:
    return Raw(msgspec.json.encode(value), JSON, "", status)


WAYS = (
    post("/api/v1/registrations", Permission.API_CLIENT_REGISTER, register),
    get("/api/v1/registrations/{registration}", Permission.API_RECORD_READ, registration),
    get("/api/v1/rulings", Permission.API_RECORD_READ, rulings),
    get("/api/v1/rulings/{deal}", Permission.API_RECORD_READ, ruling),
    get("/api/v1/statement", Permission.API_RECORD_READ, statement),
)
