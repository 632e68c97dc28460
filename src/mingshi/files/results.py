"""What `mingshi judge` leaves behind: rulings for machines, tables for people.

The rules this module keeps:

1. `rulings.jsonl` holds each ruling's canonical bytes, one deal a line, in the order of subscription.
2. Every registration that played a part has a line with its windows and its code (判客台账); every deal has a
   line in the settlement, also where nothing is due.
3. Amendment 23: `summary.json` names each input with its SHA-256; rulings of files say that they are unsealed.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from mingshi.app.settle_case import Settlement
from mingshi.domain.commission.account import Entry
from mingshi.domain.commission.reconcile import Position
from mingshi.domain.commission.statement import Statement
from mingshi.files.sheets_out import Cell, Money, OutSheet, write_csv, write_xlsx
from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import Names, outcome_text
from mingshi.present.texts import Lang, finding_text, text, time_text

Value = Mapping[str, Json]

_DEALS: Final = {
    Lang.ZH: ("成交编号", "判客结果", "状态", "判定规则", "依据", "首访时间", "需人工处理", "拟判", "异议截止"),
    Lang.EN: (
        "deal",
        "outcome",
        "status",
        "rule",
        "evidence",
        "first visit",
        "needs a person",
        "proposal",
        "object until",
    ),
}
_CLAIMS: Final = {
    Lang.ZH: (
        "成交编号", "报备编号", "渠道公司", "经纪人", "报备时间", "生效时间", "到访时间", "防截客截止", "报备有效期截止",
        "渠道有效期截止", "判客结果", "代码", "判客失败原因",
    ),
    Lang.EN: (
        "deal", "registration", "agency", "agent", "registered", "effective", "arrived", "lead until", "report window until",
        "deal window until", "result", "code", "reason",
    ),
}  # fmt: skip


def write_rulings(out: Path, rulings: Iterable[Value], lang: Lang, zone: Zone, names: Names) -> None:
    """`rulings.csv`, one line a deal, and `registrations.csv` (判客台账), one line a registration."""
    write_csv(out / "rulings.csv", _DEALS[lang], (_deal(ruling, lang, zone, names) for ruling in rulings))
    lines = (
        _claim(ruling, mapping(claim), lang, zone, names) for ruling in rulings for claim in sequence(ruling["claims"])
    )
    write_csv(out / "registrations.csv", _CLAIMS[lang], lines)


def write_settlement(
    out: Path, name: str, settlement: Settlement, lang: Lang, names: Names, keep: Iterable[str] | None = None
) -> None:
    """`<name>.xlsx` with all sheets and `<name>.csv` with the journal. `keep`: only these payees' lines."""
    sheets = settlement_tables(settlement, lang, names, None if keep is None else frozenset(keep))
    write_xlsx(out / f"{name}.xlsx", sheets)
    journal = sheets[2]
    write_csv(out / f"{name}.csv", journal.header, journal.rows)


def statement_tables(
    sides: Sequence[Statement], settlement: Settlement, lang: Lang, names: Names
) -> tuple[OutSheet, ...]:
    """对账单: one sheet a side, every line opening into ruling, rule and policy version."""
    return tuple(_statement(side, settlement, lang, names) for side in sides)


def _statement(side: Statement, settlement: Settlement, lang: Lang, names: Names) -> OutSheet:
    zh = lang is Lang.ZH
    header = (
        (
            "日期",
            "成交编号",
            "报备编号",
            "对方",
            "项目",
            "金额",
            "事由",
            "判客结果",
            "判定规则",
            "规则版本",
            "判定摘要 SHA-256",
        )
        if zh
        else (
            "day",
            "deal",
            "registration",
            "with",
            "component",
            "amount",
            "because of",
            "outcome",
            "rule",
            "rules",
            "ruling SHA-256",
        )
    )
    blank: list[Cell] = [""] * (len(header) - 6)
    opening = "期初未付" if zh else "open at the start"
    closing = "期末未付" if zh else "open at the end"
    paid = "付款" if zh else "paid"
    rows: list[Sequence[Cell]] = [[f"{side.month.text}-01", "", "", "", opening, Money(side.opening), *blank]]
    rows += [_statement_line(entry, side, settlement, lang, names) for entry in side.entries]
    rows += [
        [
            line.day.isoformat(),
            line.deal,
            "",
            _party(line.payer, names, lang),
            paid,
            Money(Fen(-line.amount)),
            line.id,
            *blank[1:],
        ]
        for line in side.payments
    ]
    rows.append([side.month.text, "", "", "", closing, Money(side.closing), *blank])
    owing = ("应付" if zh else "owed") if side.as_payer else ("应收" if zh else "receivable")
    return OutSheet(owing, header, rows)


def _statement_line(entry: Entry, side: Statement, settlement: Settlement, lang: Lang, names: Names) -> list[Cell]:
    money = settlement.monies[entry.deal]
    ruled = money.rulings[-1]
    mine = [ruled.outcome, *(part.outcome for part in ruled.outcome.parts)]
    registration = next((o.registration for o in mine if side.account in (o.agency, o.agent) and o.registration), "")
    other = entry.payee if side.as_payer else entry.payer
    told = _entry(entry, settlement, lang, names)
    return [*told[:2], registration, _party(other, names, lang), *told[4:8], ruled.because, *told[8:]]


def settlement_tables(
    settlement: Settlement, lang: Lang, names: Names, keep: frozenset[str] | None
) -> tuple[OutSheet, OutSheet, OutSheet, OutSheet]:
    """汇总, 应付已付, 流水, 未付原因."""
    zh = lang is Lang.ZH
    head = settlement.headline
    figures = (
        ("应付", "due", head.due),
        ("已付", "paid", head.paid),
        ("多付", "overpaid", head.overpaid),
        ("少付", "underpaid", head.underpaid),
        ("其中预付", "of which prepaid", head.prepaid),
    )
    summary = OutSheet(
        "汇总" if zh else "summary",
        ("项目", "金额（元）") if zh else ("figure", "yuan"),
        [[chinese if zh else english, Money(amount)] for chinese, english, amount in figures],
    )
    positions = OutSheet(
        "应付已付" if zh else "positions",
        ("成交编号", "付款方", "收款方", "应付", "已付", "多付", "少付", "其中预付")
        if zh
        else ("deal", "payer", "payee", "due", "paid", "overpaid", "underpaid", "of which prepaid"),
        [
            _position(row, names, lang)
            for row in settlement.positions
            if keep is None or row.payee in keep or row.payer in keep
        ],
    )
    journal = OutSheet(
        "流水" if zh else "journal",
        ("日期", "成交编号", "付款方", "收款方", "项目", "金额", "事由", "判客结果", "规则版本", "判定摘要 SHA-256")
        if zh
        else (
            "day",
            "deal",
            "payer",
            "payee",
            "component",
            "amount",
            "because of",
            "outcome",
            "rules",
            "ruling SHA-256",
        ),
        [
            _entry(entry, settlement, lang, names)
            for entry in settlement.journal
            if keep is None or {entry.payer, entry.payee} & keep
        ],
    )
    return summary, positions, journal, _unpaid(settlement, lang, names, keep)


def _position(row: Position, names: Names, lang: Lang) -> list[Cell]:
    amounts = (row.due, row.paid, row.overpaid, row.underpaid, row.prepaid)
    return [row.deal, _party(row.payer, names, lang), _party(row.payee, names, lang), *map(Money, amounts)]


def _unpaid(settlement: Settlement, lang: Lang, names: Names, keep: frozenset[str] | None) -> OutSheet:
    zh = lang is Lang.ZH
    rows: list[Sequence[Cell]] = []
    for deal, stage in settlement.open_stages:
        if keep is None or stage.payee in keep:
            conditions = len(stage.met) + len(stage.missing)
            missing = ("、" if zh else ", ").join(text("condition", one.value, lang) for one in stage.missing)
            why = (
                f"{conditions} 项条件满足 {len(stage.met)} 项，缺：{missing}"
                if zh
                else f"{len(stage.met)} of {conditions} conditions met, missing: {missing}"
            )
            label = text("component", stage.component.value, lang)
            rows.append([deal, _party(stage.payee, names, lang), label, Money(stage.amount), why])
    if keep is None:
        rows += [[deal, "", "", Money(Fen(0)), text("nothing", reason, lang)] for deal, reason in settlement.nothing]
    header = (
        ("成交编号", "收款方", "项目", "待付金额", "原因") if zh else ("deal", "payee", "component", "open", "reason")
    )
    return OutSheet(
        "未付原因" if zh else "not due", header, sorted(rows, key=lambda row: (str(row[0]), str(row[1]), str(row[2])))
    )


def _entry(entry: Entry, settlement: Settlement, lang: Lang, names: Names) -> list[Cell]:
    money = settlement.monies[entry.deal]
    causes = [text("cause", cause, lang) if cause in _CAUSES else cause for cause in entry.causes]
    return [
        entry.day.isoformat(),
        entry.deal,
        _party(entry.payer, names, lang),
        _party(entry.payee, names, lang),
        text("component", entry.component.value, lang),
        Money(entry.amount),
        ("、" if lang is Lang.ZH else ", ").join(causes),
        outcome_text(money.rulings[-1].outcome.as_json(), names, lang),
        money.policy.label,
        entry.ruling_sha256,
    ]


_CAUSES: Final = frozenset({"ruling", "final", "objection", "statement", "tier"})


def _party(account: str, names: Names, lang: Lang) -> str:
    if account == "developer":
        return "开发商" if lang is Lang.ZH else "developer"
    return names.agencies.get(account) or names.agents.get(account) or account


def _deal(ruling: Value, lang: Lang, zone: Zone, names: Names) -> list[Cell]:
    comma = "；" if lang is Lang.ZH else "; "
    first = ruling.get("first_visit")
    needs = comma.join(text("need", str(need), lang) for need in sequence(ruling.get("needs", [])))
    proposal = ruling.get("proposal")
    waiting = mapping(ruling["outcome"])["kind"] == "REVIEW"
    return [
        str(ruling["deal"]),
        outcome_text(mapping(ruling["outcome"]), names, lang),
        text("status", str(ruling["status"]), lang),
        str(ruling["because"]),
        " ".join(str(mapping(one)["id"]) for one in sequence(ruling["evidence"])),
        time_text(integer(mapping(first)["at"]), lang, zone) if first else "",
        needs,
        outcome_text(mapping(proposal), names, lang) if proposal and waiting else "",
        time_text(integer(ruling["closes_at"]), lang, zone),
    ]


def _claim(ruling: Value, claim: Value, lang: Lang, zone: Zone, names: Names) -> list[Cell]:
    windows = {str(mapping(window)["rule"]): mapping(window).get("until") for window in sequence(claim["windows"])}

    def until(rule: str) -> str:
        at = windows.get(rule)
        return time_text(at, lang, zone) if isinstance(at, int) else ""

    state = {"valid": ("有效", "valid"), "refused": ("无效", "refused"), "open": ("待定", "open")}[str(claim["state"])]
    agent, agency = str(claim["agent"]), str(claim.get("agency", ""))
    visited = claim.get("visited_at")
    return [
        str(ruling["deal"]),
        str(claim["registration"]),
        names.agencies.get(agency, agency),
        names.agents.get(agent, agent),
        time_text(integer(claim["submitted_at"]), lang, zone),
        time_text(integer(claim["effective_at"]), lang, zone),
        time_text(visited, lang, zone) if isinstance(visited, int) else "",
        until("B1"),
        until("B3"),
        until("D1"),
        state[0] if lang is Lang.ZH else state[1],
        f"{claim['code']} {text('code', str(claim['code']), lang)}",
        _why(claim, lang, zone),
    ]


def _why(claim: Value, lang: Lang, zone: Zone) -> str:
    rule = claim.get("rule")
    finding = mapping(claim["rules"]).get(str(rule)) if rule else None
    return finding_text({"rule": str(rule), **finding}, lang, zone) if isinstance(finding, dict) else ""
