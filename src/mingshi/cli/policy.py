"""`mingshi policy`: check a policy, compare two, and try one on last season's facts before anyone's money moves."""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from mingshi.app.clauses import Clause, Held, clauses, rests_on, rule_of
from mingshi.app.policy_diff import Effect, Flip, Judge, PolicyDiff, Reading, diff, diff_json, judge_here, runs
from mingshi.app.worth import Judged, Side
from mingshi.cli.judging import WORTH_FORKING, judge_deals
from mingshi.cli.problems import json_option, language_option, refuse
from mingshi.domain.evidence import Agent, Agreement
from mingshi.domain.ids import DealId
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import latest
from mingshi.domain.policy import BINDING_DELAY, PARAMETERS, Policy
from mingshi.domain.policy_warnings import PolicyWarning, warnings_of
from mingshi.files.judging import read_policy, records_of
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError, Problem, problem
from mingshi.files.read_case import read_case
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Zone
from mingshi.present.policy_page import policy_html
from mingshi.present.policy_words import (
    clause_name,
    clause_text,
    clause_why,
    effect_text,
    flip_outcome,
    learnt,
    moved_by_text,
    parameter_name,
    rests_text,
    signed_yuan,
    told,
    warning_text,
    whole_yuan,
    why_text,
)
from mingshi.present.tell import NO_NAMES, Names
from mingshi.present.texts import Lang, text

SHOWN: Final = 40
"""Rows of a table on the screen; all of them are in the JSON."""
WIDE: Final = 120
"""Columns from which a table has room for the reasons; on a narrow screen they are on the page and in the JSON."""
NO: Final = 1
"""Exit code of a check that said no."""
REBATE_YUAN: Final = 8_000
"""What an agent is expected to hand back to a buyer, where nobody says: an assumption like the seasons'."""
OURS: Final = b'<meta name="generator" content="mingshi policy">'

on_option = click.option("--on", "case", type=click.Path(path_type=Path), help="案卷 / the case to try it on")
page_option = click.option(
    "--page", type=click.Path(path_type=Path), help="另写成网页（中文；另一语言写在旁边）/ write it as a page too"
)
jobs_option = click.option("--jobs", type=click.IntRange(1, 64), help="进程数 / processes (default: one per core)")


@click.group("policy")
def command() -> None:
    """规则实验室：检查一份规则，对照两份规则，用上一季的事实试新规则。

    The policy lab. A policy is `classic`, `open` or a TOML file with `version`, `base` and [parameters].
    """


@command.command("check")
@click.argument("name", metavar="FILE|NAME")
@on_option
@click.option(
    "--rebate",
    type=click.IntRange(0, 10_000_000),
    default=REBATE_YUAN,
    show_default=True,
    help="预期返点（元），是假设 / expected rebate in yuan, an assumption",
)
@click.option("--strict", is_flag=True, help="有提醒就以 1 结束 / end with 1 if there is any warning")
@language_option
@json_option
def check(name: str, *, case: Path | None, rebate: int, strict: bool, language: Language, as_json: bool) -> None:
    """检查规则：取值范围、双方是否对等、值得想一想的条款。

    Ranges, symmetry and what to think about before signing; with --on, also what the case could not try and whom the
    version does not bind yet. Exit 0 fine, 1 warnings under --strict, 2 values refused.
    """
    lang = Lang(language)
    try:
        chosen = read_policy(name)
        records = None if case is None else records_of(read_case(case), chosen)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    warnings = warnings_of(chosen, rebate)
    untried = () if records is None else _untried(chosen, records)
    unbound = None if records is None else _unbound(chosen, records)
    if as_json:
        click.echo(json.dumps(_check_json(chosen, warnings, untried, unbound), ensure_ascii=False, indent=2))
    else:
        _show_check(chosen, warnings, untried, unbound, lang)
    if strict and warnings:
        raise SystemExit(NO)


@command.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--on", "case", type=click.Path(path_type=Path), required=True, help="案卷 / the case to try it on")
@page_option
@jobs_option
@language_option
@json_option
def diff_command(
    old: str, new: str, *, case: Path, page: Path | None, jobs: int | None, language: Language, as_json: bool
) -> None:
    """换一套规则重判案卷：哪些判客结果会变、多少钱会动、归哪一方、由哪一条引起。

    Judge the CASE by OLD and by NEW: rulings that flip and yuan that move, per side and per agency, with the clause
    that moved each. Clauses that the case holds no records for are told apart.
    """
    found, records = _compared(old, new, case, jobs, page, language, as_json=as_json)
    lang = Lang(language)
    if as_json:
        click.echo(json.dumps(diff_json(found), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    _head(found, lang, console)
    _show_effects(found, lang, console)
    for reading in found.readings:
        _show_reading(reading, found, lang, records, console)
    if page is not None:
        console.print(str(page))


@command.command("guide")
@click.argument("old", default="classic")
@click.argument("new", default="open")
@on_option
@page_option
@jobs_option
@language_option
@json_option
def guide(
    old: str,
    new: str,
    *,
    case: Path | None,
    page: Path | None,
    jobs: int | None,
    language: Language,
    as_json: bool,
) -> None:
    """逐条对照两套规则（默认 classic 与 open）：各说什么、为什么、在案卷上各自会改变什么。

    Two policies clause by clause, in words of the trade; with --on, what each clause alone would have changed.
    """
    lang = Lang(language)
    if case is None:
        try:
            changed = clauses(*_two(old, new))
        except BadInputError as error:
            refuse(error.problems, language, as_json=as_json)
        effects: Sequence[tuple[Clause, Effect | None]] = [(clause, None) for clause in changed]
        found = None
    else:
        found, _ = _compared(old, new, case, jobs, page, language, as_json=as_json)
        effects = [(effect.clause, effect) for effect in found.effects]
    if as_json:
        rows = [_guide_json(clause, effect, lang) for clause, effect in effects]
        click.echo(json.dumps({"clauses": rows}, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    if found is not None:
        _head(found, lang, console)
    for clause, effect in effects:
        console.print(f"\n{clause_name(clause, lang)}", style="bold")
        lines = [("old", clause_text(clause.parameter, clause.old, lang))]
        lines += [("new", clause_text(clause.parameter, clause.new, lang))]
        lines += [("why", clause_why(clause.parameter, lang))]
        lines += [("alone", effect_text(effect, lang))] if effect else []
        for key, said in lines:
            if said:
                _say(console, f"  {told(key, lang)}{_colon(lang)}{said}")
        rests = rests_text(clause, lang)
        if rests:
            _say(console, f"  {rests}")


def _two(old: str, new: str) -> tuple[Policy, Policy]:
    """Both policies. Raises `BadInputError` with what is wrong in either, or if they are one."""
    problems: list[Problem] = []
    read: list[Policy] = []
    for name in (old, new):
        try:
            read.append(read_policy(name))
        except BadInputError as error:
            problems += error.problems
    if problems:
        raise BadInputError(problems)
    if read[0].sha256 == read[1].sha256:
        raise BadInputError([problem(new, "policy_same")])
    return read[0], read[1]


def _compared(
    old: str, new: str, case: Path, jobs: int | None, page: Path | None, language: Language, *, as_json: bool
) -> tuple[PolicyDiff, Records]:
    try:
        before, after = _two(old, new)
        _free(page)
        records = records_of(read_case(case), before)
        with _judge(jobs, runs(before, after, records), quiet=as_json) as judge:
            found = diff(before, after, records, judge)
        if page is not None:
            _write(page, found, records, Lang(language))
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    return found, records


@contextmanager
def _judge(jobs: int | None, times: int, *, quiet: bool) -> Iterator[Judge]:
    """How the case is judged: on several cores where it is worth it, with a bar on a terminal."""

    def run(records: Records, deals: Sequence[DealId]) -> list[Judged]:
        if jobs == 1 or (jobs is None and len(deals) < WORTH_FORKING):
            return judge_here(records, deals)
        return judge_deals(records, deals, jobs)

    if quiet or not sys.stderr.isatty():
        yield run
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("判客", total=times)

        def counted(records: Records, deals: Sequence[DealId]) -> list[Judged]:
            done = run(records, deals)
            progress.advance(task)
            return done

        yield counted


def _free(page: Path | None) -> None:
    """A page that this command wrote is replaced; anything else is left alone."""
    if page is None or not page.exists():
        return
    try:
        mine = page.is_file() and OURS in page.read_bytes()[:2048]
    except OSError:
        mine = False
    if not mine:
        raise BadInputError([problem(page.name, "out_exists")])


def _write(page: Path, found: PolicyDiff, records: Records, lang: Lang) -> None:
    """The page, and beside it the one in the other language: `lab.html`, `lab.en.html`."""
    other = Lang.EN if lang is Lang.ZH else Lang.ZH
    beside = page.with_name(f"{page.stem}.{other}{page.suffix}")
    _free(beside)
    for path, language in ((page, lang), (beside, other)):
        try:
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                file.write(policy_html(found, language, records.zone, _names(records)))
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError as error:
            raise BadInputError([problem(path.name, "not_writable", reason=error.strerror)]) from None


def _names(records: Records) -> Names:
    agents = {str(row.id): row.name for row in records.all(Agent) if row.name}
    return Names(agents, {}) if agents else NO_NAMES


def _head(found: PolicyDiff, lang: Lang, console: Console) -> None:
    args = {"project": found.project or "—", "deals": f"{found.deals:,}"}
    console.print(told("subtitle", lang, old=found.old.label, new=found.new.label, **args), style="bold")
    for number, line in enumerate(learnt(found, lang), start=1):
        _say(console, f"{number}. {line}")
    _say(console, told("caveat", lang))


def _show_effects(found: PolicyDiff, lang: Lang, console: Console) -> None:
    table = Table(title=told("clauses", lang), header_style="bold", show_lines=True)
    for key in ("clause", "new", "alone"):
        table.add_column(told(key, lang), overflow="fold")
    for effect in found.effects:
        rests = "" if effect.clause.tried else f"\n{rests_text(effect.clause, lang)}"
        said = clause_text(effect.clause.parameter, effect.clause.new, lang)
        table.add_row(clause_name(effect.clause, lang), said, effect_text(effect, lang) + rests)
    console.print(table)


def _show_reading(reading: Reading, found: PolicyDiff, lang: Lang, records: Records, console: Console) -> None:
    if len(found.readings) > 1:
        console.print(f"\n═══ {told(reading.name, lang)} ═══", style="bold")
    before, after = reading.waits
    console.print(told("waits", lang, before=before, after=after))
    console.print(
        told("pending", lang, **dict(zip(("before", "after"), map(whole_yuan, reading.pending), strict=True)))
    )
    sides = Table(title=told("sides", lang), header_style="bold")
    agencies = Table(title=told("agencies", lang), header_style="bold")
    for table, first in ((sides, "side"), (agencies, "agency")):
        table.add_column(told(first, lang), overflow="fold")
        for key in ("before", "after", "moved"):
            table.add_column(told(key, lang), justify="right", overflow="fold")
    for line in reading.sides:
        amounts = whole_yuan(line.before), whole_yuan(line.after), signed_yuan(line.moved)
        sides.add_row(text("side", line.name, lang), *amounts)
    for key in ("won", "lost"):
        agencies.add_column(told(key, lang), justify="right")
    for line in reading.agencies:
        amounts = whole_yuan(line.before), whole_yuan(line.after), signed_yuan(line.moved)
        agencies.add_row(line.name, *amounts, str(line.won), str(line.lost))
    console.print(sides)
    if reading.agencies:
        console.print(agencies)
    _show_flips(reading, lang, records, console)


def _show_flips(reading: Reading, lang: Lang, records: Records, console: Console) -> None:
    if not reading.flips:
        console.print(f"{told('flips', lang)}: {told('flips_none', lang)}")
        return
    names = _names(records)
    table = Table(title=f"{told('flips', lang)} {reading.flipped}", header_style="bold")
    for key in ("deal", "old", "new"):
        table.add_column(told(key, lang), overflow="fold")
    table.add_column(told("yuan", lang), justify="right", overflow="fold")
    table.add_column(told("moved_by", lang), overflow="fold")
    wide = console.width >= WIDE
    for flip in reading.flips[:SHOWN]:
        table.add_row(
            str(flip.deal),
            flip_outcome(flip.before.outcome, None, names, lang),
            flip_outcome(flip.after.outcome, flip.after.proposal, names, lang),
            whole_yuan(flip.moved),
            "\n".join([moved_by_text(flip, lang), *(_whys(flip, lang, records.zone) if wide else ())]),
        )
    console.print(table)
    if len(reading.flips) > SHOWN:
        console.print(told("flips_more", lang, count=len(reading.flips) - SHOWN))


def _whys(flip: Flip, lang: Lang, zone: Zone) -> list[str]:
    return [why_text(why, lang, zone) for why in flip.whys]


def _say(console: Console, line: str) -> None:
    """A sentence: the terminal breaks it, so that Chinese is not broken at its few spaces."""
    console.print(line, markup=False, soft_wrap=True)


def _colon(lang: Lang) -> str:
    return "：" if lang is Lang.ZH else ": "


def _untried(chosen: Policy, records: Records) -> tuple[tuple[str, Held], ...]:
    """Parameters that ask for records which the case does not hold."""
    asked = ((name, rests_on(name, (chosen,), records)) for name in PARAMETERS)
    return tuple((name, held) for name, held in asked if held is not None and not held.enough)


def _unbound(chosen: Policy, records: Records) -> tuple[str, ...] | None:
    """Agencies that have not countersigned this version seven days before the case's last word; None: unrecorded."""
    rows = records.all(Agreement)
    if not any(row.countersigned_at is not None for row in rows):
        return None
    until = records.as_of
    bound = {
        row.agency
        for row in rows
        if row.policy == chosen.version and row.countersigned_at is not None
        if until is None or latest(row.countersigned_at) + BINDING_DELAY <= until
    }
    return tuple(sorted({str(row.agency) for row in rows} - {str(name) for name in bound}))


def _check_json(
    chosen: Policy,
    warnings: Sequence[PolicyWarning],
    untried: Sequence[tuple[str, Held]],
    unbound: Sequence[str] | None,
) -> dict[str, object]:
    return {
        "version": chosen.version,
        "sha256": chosen.sha256,
        "asymmetric": chosen.asymmetric,
        "parameters": dict(chosen.parameters),
        "warnings": [
            {
                "code": one.code,
                "parameters": list(one.parameters),
                "source": one.source,
                "args": dict(one.args),
                "text": {lang.value: warning_text(one, lang) for lang in Lang},
            }
            for one in warnings
        ],
        "untried": [{"parameter": name, **held._asdict()} for name, held in untried],
        "unbound": None if unbound is None else list(unbound),
    }


def _show_check(
    chosen: Policy,
    warnings: Sequence[PolicyWarning],
    untried: Sequence[tuple[str, Held]],
    unbound: Sequence[str] | None,
    lang: Lang,
) -> None:
    console = Console(highlight=False)
    table = Table(header_style="bold")
    table.add_column(told("clause", lang), overflow="fold")
    table.add_column(told("says", lang), overflow="fold")
    table.add_column(told("range", lang), overflow="fold")
    for name, spec in PARAMETERS.items():
        reach = f"{spec.low:,}–{spec.high:,} {spec.unit}".strip() if spec.high else ""
        table.add_row(
            f"{spec.rule} {parameter_name(name, lang)}", clause_text(name, chosen.parameters[name], lang), reach
        )
    console.print(table)
    key = "check_ok_asymmetric" if chosen.asymmetric else "check_ok"
    console.print(told(key, lang, label=chosen.label))
    _say(console, told("check_parameters", lang, count=len(PARAMETERS), sha256=chosen.sha256))
    console.print(told("check_warnings", lang, count=len(warnings)) if warnings else told("check_none", lang))
    for one in warnings:
        _say(console, f"  · [{one.source}] {warning_text(one, lang)}")
    if untried:
        console.print(told("untested", lang))
    for name, held in untried:
        clause = Clause(name, rule_of(name, chosen), None, None, held)
        _say(console, f"  · {clause_name(clause, lang)}{_colon(lang)}{rests_text(clause, lang)}")
    if unbound:
        _say(console, told("unbound", lang, agencies=("、" if lang is Lang.ZH else ", ").join(unbound)))


def _guide_json(clause: Clause, effect: Effect | None, lang: Lang) -> dict[str, object]:
    alone = None
    if effect is not None:
        alone = {"flips": effect.flips, "agencies_fen": effect.sides.get(Side.AGENCIES, Fen(0))}
    return {
        "parameter": clause.parameter,
        "rule": clause.rule,
        "old": clause_text(clause.parameter, clause.old, lang),
        "new": clause_text(clause.parameter, clause.new, lang),
        "why": clause_why(clause.parameter, lang),
        "tried": clause.tried,
        "alone": alone,
    }
