"""`mingshi judge CASE`: rule every deal, write rulings and settlement, show the result."""

import json
import os
import shutil
import sys
import tempfile
import webbrowser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from mingshi.app.overview import overview
from mingshi.app.patterns_of import patterns_until_last_deal
from mingshi.app.replay.replayed import Judged
from mingshi.app.settle_case import Settlement, money_of, settle_case
from mingshi.app.timeline import timeline_of
from mingshi.app.yuan_at_risk import AtRisk, estimates
from mingshi.cli.judging import Previous, judge_all
from mingshi.cli.problems import json_option, language_option, refuse, tell
from mingshi.domain.commission.statement import Month, by_account, parse_month, statements
from mingshi.domain.evidence import Agent, CommissionPaid, Deal
from mingshi.domain.ids import DealId
from mingshi.domain.judge.engine import rule_deal
from mingshi.domain.judge.records import Records
from mingshi.files.case import Case
from mingshi.files.judging import read_policy, records_of
from mingshi.files.kept_rulings import KeptRulings
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError, problem
from mingshi.files.read_case import read_case
from mingshi.files.results import statement_tables, write_rulings, write_settlement
from mingshi.files.sheets_out import write_csv, write_xlsx
from mingshi.kernel.canonical import Json, loads
from mingshi.kernel.cycles import without_cycles
from mingshi.kernel.fen import yuan_text
from mingshi.kernel.timeline import Zone
from mingshi.present.report import InputFile, Report, deal_html, report_html, shown_deals
from mingshi.present.tell import (
    NO_NAMES,
    Names,
    outcome_text,
    refusals,
    tell_agent,
    tell_buyer,
    tell_finance,
    tell_unregistered,
)
from mingshi.present.texts import Lang, text

Value = Mapping[str, Json]
_NAME_LENGTH: Final = 60
"""Characters of a file name taken from an account's: 180 bytes of Chinese, of the 255 that a name may have."""
SHOWN_DEALS: Final = 40
"""Rows of the table on the screen; all of them are in rulings.csv."""


@click.command("judge")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--policy", help="classic、open 或规则文件，代替案卷自己的规则 / rules instead of the case's own")
@click.option("--out", type=click.Path(path_type=Path), help="写入的文件夹 / folder to write")
@click.option("--deal", "deals", multiple=True, help="只判这些成交并说明理由 / only these deals, told to each party")
@click.option(
    "--open", "open_page", is_flag=True, help="在浏览器里打开这些成交的页面 / open their pages in the browser"
)
@click.option("--period", help="月度对账单，如 2026-05 / statements of a month")
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="以前的 rulings.jsonl，用来接续 / earlier rulings to supersede",
)
@click.option("--jobs", type=click.IntRange(1, 64), help="进程数 / processes (default: one per core)")
@click.option(
    "--plain", is_flag=True, help="每笔都重走全部规则，不走捷径 / every deal by the rules alone; same bytes, slower"
)
@click.option("--strict", is_flag=True, help="有被拒的行就不判 / refuse if any row is rejected")
@language_option
@json_option
def command(
    case: Path,
    *,
    policy: str | None,
    out: Path | None,
    deals: tuple[str, ...],
    open_page: bool,
    period: str | None,
    previous: Path | None,
    jobs: int | None,
    plain: bool,
    strict: bool,
    language: Language,
    as_json: bool,
) -> None:
    """判案卷 CASE（CSV 文件夹或一个工作簿）的每一笔成交。

    Rule every deal of CASE, a folder of CSV files or one workbook: who brought the buyer, by which rule, on which
    evidence, what is missing, and what single change would alter it. Exit 0 done, 2 bad input (nothing written).
    """
    lang = Lang(language)
    rulings = click.get_current_context().with_resource(KeptRulings())
    try:
        month = _month(period)
        monies = []
        with without_cycles():  # from the first row to the last ruling
            read = read_case(case, strict=strict, jobs=jobs or os.cpu_count() or 1)
            records = records_of(read, None if policy is None else read_policy(policy))
            read = replace(read, tables={})  # the records have them; twice a million rows would be too many
            wanted = _wanted(records, deals)
            judged = judge_all(records, jobs, _previous(previous), wanted, plainly=plain)
            for one in _shown(judged, wanted or records.all(Deal), as_json=as_json):
                rulings.append(one.line)
                monies.append(money_of(one.ruled, records))
        settlement = settle_case(records, monies)
        names = _names(records)
        at_risk = () if wanted else estimates(records, rulings)  # of a few chosen deals nothing can be estimated
        summary = _summary(case, read, records, rulings, settlement, at_risk)
        if out is not None:
            with _beside(out) as folder:
                _write(folder, rulings, settlement, records, summary, month, lang, names)
                _write_report(folder, read, records, rulings, settlement, summary, at_risk, lang, names)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    if as_json:
        told = {"rulings": list(rulings)} if deals else {}
        click.echo(json.dumps({**summary, **told}, ensure_ascii=False, indent=2))
        return
    tell(read.notices, language, left_out=read.rejected)
    if deals:
        _tell_deals(rulings, lang, records.zone, names)
        if open_page:
            _open_pages(rulings, records, lang, names)
    else:
        _show(rulings, settlement, summary, out, lang, names)


def _write(
    folder: Path,
    rulings: KeptRulings,
    settlement: Settlement,
    records: Records,
    summary: Mapping[str, object],
    month: Month | None,
    lang: Lang,
    names: Names,
) -> None:
    rulings.write_to(folder / "rulings.jsonl")
    write_rulings(folder, rulings, lang, records.zone, names)
    write_settlement(folder, "settlement", settlement, lang, names)
    (folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if month is not None:
        within = folder / f"statements-{month.text}"
        within.mkdir()
        found = by_account(statements(month, settlement.journal, records.all(CommissionPaid), records.zone))
        file_names = _file_names(found)
        for account, sides in found.items():
            tables = statement_tables(sides, settlement, lang, names)
            write_xlsx(within / f"{file_names[account]}.xlsx", tables)
            write_csv(within / f"{file_names[account]}.csv", tables[0].header, tables[0].rows)


def _write_report(
    folder: Path,
    case: Case,
    records: Records,
    rulings: KeptRulings,
    settlement: Settlement,
    summary: Mapping[str, object],
    at_risk: tuple[AtRisk, ...],
    lang: Lang,
    names: Names,
) -> None:
    """`report.html` in the chosen language and `report.<other>.html` in the other."""
    figures = overview(records, rulings, settlement)
    place = {str(ruling["deal"]): index for index, ruling in enumerate(rulings)}
    shown = shown_deals(figures, place)
    report = Report(
        project=records.project,
        policies=tuple(version.policy.label for version in records.policies.versions),
        unsealed=summary["basis"] == "unsealed",
        inputs=tuple(InputFile(each.name, each.sha256) for each in case.inputs),
        overview=figures,
        settlement=settlement,
        rulings={deal: rulings[place[deal]] for deal in shown},
        timelines={deal: timeline_of(rule_deal(DealId(deal), records)) for deal in shown},
        total_deals=len(rulings),
        zone=records.zone,
        names=names,
        at_risk=at_risk,
        patterns=patterns_until_last_deal(records, rulings),
    )
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    (folder / "report.html").write_text(report_html(report, lang), encoding="utf-8")
    (folder / f"report.{other}.html").write_text(report_html(report, other), encoding="utf-8")


def _open_pages(rulings: Sequence[Value], records: Records, lang: Lang, names: Names) -> None:
    folder = Path(tempfile.mkdtemp(prefix="mingshi-"))
    for index, ruling in enumerate(rulings, start=1):
        marks = timeline_of(rule_deal(DealId(str(ruling["deal"])), records))
        page = folder / f"deal-{index}.html"
        page.write_text(deal_html(ruling, marks, records.zone, names, lang), encoding="utf-8")
        click.echo(str(page))
        webbrowser.open(page.as_uri())


def _summary(
    path: Path,
    case: Case,
    records: Records,
    rulings: KeptRulings,
    settlement: Settlement,
    at_risk: Sequence[AtRisk],
) -> dict[str, object]:
    head = settlement.headline
    kinds: Counter[str] = Counter()
    waiting, sealed = 0, True
    for ruling in rulings:
        kinds[str(cast("Value", ruling["outcome"])["kind"])] += 1
        waiting += bool(ruling.get("needs"))
        sealed = sealed and "unsealed" not in _notes(ruling)
    return {
        "case": path.name,
        "project": records.project,
        "basis": "sealed" if sealed else "unsealed",
        "inputs": [{"name": each.name, "sha256": each.sha256, "bytes": each.size} for each in case.inputs],
        "policies": [
            {"version": one.policy.version, "sha256": one.policy.sha256, "from": one.effective_from}
            for one in records.policies.versions
        ],
        "deals": len(rulings),
        "outcomes": dict(sorted(kinds.items())),
        "waiting_for_a_person": waiting,
        "settled_until": settlement.until.isoformat(),
        "yuan": {
            "due": yuan_text(head.due),
            "paid": yuan_text(head.paid),
            "overpaid": yuan_text(head.overpaid),
            "underpaid": yuan_text(head.underpaid),
            "prepaid": yuan_text(head.prepaid),
        },
        "at_risk": [one.as_json() for one in at_risk],
        "rejected_rows": [each.as_json() for each in case.rejected],
        "notices": [each.as_json() for each in case.notices],
    }


def _notes(ruling: Value) -> Sequence[Json]:
    return cast("Sequence[Json]", ruling.get("notes", ()))


def _show(
    rulings: KeptRulings,
    settlement: Settlement,
    summary: Mapping[str, object],
    out: Path | None,
    lang: Lang,
    names: Names,
) -> None:
    console = Console(highlight=False)
    zh = lang is Lang.ZH
    table = Table(header_style="bold")
    for title in (
        ("成交", "判客结果", "规则", "状态", "失败的报备") if zh else ("deal", "outcome", "rule", "status", "refused")
    ):
        table.add_column(title, overflow="fold")
    for ruling in rulings[:SHOWN_DEALS]:
        codes = [f"{name}:{code}" for name, code in refusals(ruling)]
        status = "待人工" if zh else "a person"
        table.add_row(
            str(ruling["deal"]),
            outcome_text(cast("Value", ruling["outcome"]), names, lang),
            str(ruling["because"]),
            status if ruling.get("needs") else text("status", str(ruling["status"]), lang),
            " ".join(codes),
        )
    console.print(table)
    if len(rulings) > SHOWN_DEALS:
        more = len(rulings) - SHOWN_DEALS
        console.print(f"…另有 {more} 笔，见 rulings.csv" if zh else f"… {more} more in rulings.csv")
    head = settlement.headline
    figures = (
        ("应付", "due", head.due),
        ("已付", "paid", head.paid),
        ("多付", "overpaid", head.overpaid),
        ("少付", "underpaid", head.underpaid),
    )
    console.print(
        "  ".join(f"{chinese if zh else english} ¥{yuan_text(amount)}" for chinese, english, amount in figures)
    )
    waiting = summary["waiting_for_a_person"]
    if zh:
        console.print(f"{len(rulings)} 笔成交，{waiting} 笔等待具名人员处理。")
    else:
        console.print(f"{len(rulings)} deals, {waiting} wait for a named person.")
    if summary["basis"] == "unsealed":
        console.print(text("note", "unsealed", lang))
    if out is not None:
        console.print(f"{'已写入' if zh else 'written to'} {out}")


def _tell_deals(rulings: Sequence[Value], lang: Lang, zone: Zone, names: Names) -> None:
    for ruling in rulings:
        click.echo(f"═══ {ruling['deal']} ═══")
        for claim in cast("Sequence[Value]", ruling["claims"]):
            who = f"{names.agents.get(str(claim['agent']), claim['agent'])}（{claim['registration']}）"
            click.echo(f"\n── {'致经纪人' if lang is Lang.ZH else 'to the agent'} {who}")
            click.echo("\n".join(tell_agent(ruling, str(claim["registration"]), lang, zone).lines()))
        for agent in cast("Sequence[str]", ruling.get("unregistered", ())):
            click.echo(f"\n── {'致经纪人' if lang is Lang.ZH else 'to the agent'} {names.agents.get(agent, agent)}")
            click.echo("\n".join(tell_unregistered(ruling, agent, lang, zone).lines()))
        click.echo(f"\n── {'致购房人' if lang is Lang.ZH else 'to the buyer'}")
        click.echo("\n".join(tell_buyer(ruling, lang, zone, names).lines()))
        click.echo(f"\n── {'致财务' if lang is Lang.ZH else 'to finance'}")
        click.echo("\n".join(tell_finance(ruling, lang, zone, names).lines()))
        click.echo()


def _shown(judged: Iterator[Judged], deals: Sequence[object], *, as_json: bool) -> Iterator[Judged]:
    """A progress bar on a terminal, for work that takes longer than a second."""
    if as_json or not sys.stderr.isatty():
        yield from judged
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(judged, total=len(deals), description="判客")


def _month(period: str | None) -> Month | None:
    month = None if period is None else parse_month(period)
    if period is not None and month is None:
        raise BadInputError([problem("--period", "bad_period", value=period)])
    return month


def _wanted(records: Records, deals: Sequence[str]) -> list[DealId]:
    missing = [deal for deal in deals if not records.find(Deal, "id", deal)]
    if missing:
        raise BadInputError([problem("--deal", "unknown_reference", value=deal, sheet="deals") for deal in missing])
    return [DealId(deal) for deal in deals]


def _previous(path: Path | None) -> Previous:
    if path is None:
        return {}
    try:
        values = [cast("Value", loads(line)) for line in path.read_bytes().splitlines() if line]
        return {str(value["deal"]): value for value in values}
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInputError([problem(str(path), "bad_rulings")]) from None


def _names(records: Records) -> Names:
    """What agents are called in the office's own list; the reader of these files wrote it."""
    agents = {str(row.id): row.name for row in records.all(Agent) if row.name}
    return Names(agents, {}) if agents else NO_NAMES


def _file_names(accounts: Iterable[str]) -> dict[str, str]:
    """A file name for each account, also where two differ only by what no file name may hold: a number tells them."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for account in sorted(accounts):
        kept = "".join(char if char.isalnum() or char in "-_." else "_" for char in account)[:_NAME_LENGTH]
        name = first = kept.strip(".") or "_"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{first}-{number}"
        taken.add(name.casefold())
        names[account] = name
    return names


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """All or nothing: results are written beside their place and moved there when they are whole.

    A folder of results that this command wrote before is replaced; anything else is left alone.
    """
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (out / "summary.json").exists())):
        raise BadInputError([problem(out.name, "out_exists")])
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as name:
            folder = Path(name) / "new"
            folder.mkdir()
            yield folder
            if out.exists():
                out.replace(Path(name) / "old")
            shutil.move(folder, out)
    except OSError as error:
        raise BadInputError([problem(out.name, "not_writable", reason=error.strerror)]) from None
