"""The report a manager opens: one page that needs nothing but itself.

The rules this module keeps:

1. Self-contained: no script, no request; the only style sheet stands in the page and its digest in the page's own
   content security policy.
2. What is flagged stands with its innocent explanations; what could not be judged with the fact that would settle it.
3. Every text exists in Chinese and English; the page is written in one of them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from mingshi.app.overview import Overview
from mingshi.app.settle_case import Settlement
from mingshi.app.timeline import Mark
from mingshi.app.yuan_at_risk import AtRisk
from mingshi.domain.judge.patterns import Pattern
from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.fen import Fen, yuan_text
from mingshi.kernel.timeline import Zone
from mingshi.present.charts_svg import bars, share_by_week
from mingshi.present.render import render
from mingshi.present.tell import (
    Names,
    changes_text,
    flag_text,
    outcome_text,
    refusals_text,
    tell_agent,
    tell_buyer,
    tell_finance,
    tell_unregistered,
)
from mingshi.present.tell_pattern import tell_pattern
from mingshi.present.texts import Lang, finding_text, text
from mingshi.present.timeline_svg import Picture, picture

Value = Mapping[str, Json]
INLINE: Final = 200
"""Deals drawn on the page at most; every other one is a page of its own, on demand."""
INLINE_BYTES: Final = 2_200_000
"""And no more of them than this: the page stays under 3 MB, whatever a season is like."""


class InputFile(NamedTuple):
    """A file the ruling rests on (RULES.md amendment 23)."""

    name: str
    sha256: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything the page shows."""

    project: str
    policies: tuple[str, ...]
    unsealed: bool
    inputs: tuple[InputFile, ...]
    overview: Overview
    settlement: Settlement
    rulings: Mapping[str, Value]
    """The rulings shown in full, by deal, in the order in which they are shown."""
    timelines: Mapping[str, Sequence[Mark]]
    total_deals: int
    zone: Zone
    names: Names
    at_risk: tuple[AtRisk, ...] = ()
    """Yuan at risk: the whole case first, then its months; empty where no deal is claimed by an agent."""
    patterns: tuple[Pattern, ...] = ()
    """Of the ninety days before the last deal."""


def shown_deals(overview: Overview, all_deals: Iterable[str], limit: int = INLINE) -> list[str]:
    """The deals worth a picture: flagged by rank, then open, then the rest in order."""
    ranked = [one.deal for one in overview.flagged] + [one.deal for one in overview.open_questions]
    return list(dict.fromkeys([*ranked, *all_deals]))[:limit]


def report_html(report: Report, lang: Lang) -> str:
    """The whole page."""
    drawn = _drawn(report, lang)
    anchors = {deal: f"d{index}" for index, deal in enumerate(drawn, start=1)}
    overview = report.overview
    context = {
        "title": _t("report", "title", lang),
        "project": report.project or "—",
        "until": report.settlement.until.isoformat(),
        "policies": report.policies,
        "unsealed": report.unsealed,
        "tiles": _tiles(report, lang),
        "outcomes": [
            {
                "kind": kind,
                "name": text("outcome", kind, lang),
                "count": f"{count:,}",
                "share": _percent(count, overview.deals),
            }
            for kind, count in overview.outcomes.items()
        ],
        "funnel_svg": _funnel(overview, lang),
        "weeks_svg": share_by_week(
            _t("report", "weeks", lang),
            overview.weeks,
            _t("report", "season_share", lang),
            _t("report", "limits", lang),
        ),
        "codes": [
            {"code": code, "name": text("code", code, lang), "count": f"{count:,}"}
            for code, count in overview.codes.items()
        ],
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "deals": f"{week.deals:,}",
                "channel": f"{week.channel:,}",
                "share": _percent(week.channel, week.deals),
            }
            for week in overview.weeks
        ],
        "windows": [
            {
                "rule": line.rule,
                "name": _t("report", f"window_{line.rule}", lang),
                "kept": f"{line.kept:,}",
                "missed": f"{line.missed:,}",
                "unclear": f"{line.unclear:,}",
            }
            for line in overview.windows
        ],
        "coverage": [
            {
                "day": c.day.isoformat(),
                "checked_in": f"{c.checked_in:,}",
                "counted": f"{c.counted:,}",
                "share": _percent(c.checked_in, c.counted),
            }
            for c in overview.coverage
        ],
        "coverage_whole": _percent(
            sum(c.checked_in for c in overview.coverage), sum(c.counted for c in overview.coverage)
        ),
        "agencies": [
            {
                "agency": row.agency,
                "registrations": f"{row.registrations:,}",
                "refused": f"{row.refused:,}",
                "deals": f"{row.deals:,}",
                "due": yuan_text(row.due),
                "paid": yuan_text(row.paid),
            }
            for row in overview.agencies
        ],
        "flagged": [
            {
                "deal": one.deal,
                "anchor": anchors.get(one.deal),
                "at_risk": yuan_text(one.at_risk),
                "flags": _flags(one.flags, lang, report.zone),
            }
            for one in overview.flagged[:INLINE]
        ],
        "at_risk_rows": _at_risk(report.at_risk, lang),
        "patterns": [tell_pattern(one, lang, report.zone) for one in report.patterns],
        "open": [
            {
                "deal": one.deal,
                "anchor": anchors.get(one.deal),
                "rule": one.rule,
                "text": finding_text(one.reason, lang, report.zone),
                "proposal": "" if one.proposal is None else outcome_text(one.proposal, report.names, lang),
            }
            for one in overview.open_questions[:INLINE]
        ],
        "deals": list(drawn.values()),
        "total_deals": report.total_deals,
        "inputs": report.inputs,
    }
    return render("report.html.j2", context, lang)


def deal_html(ruling: Value, marks: Sequence[Mark], report_zone: Zone, names: Names, lang: Lang) -> str:
    """One deal as a page of its own."""
    deal = _deal_context(ruling, picture(marks, lang, report_zone, str(ruling["deal"])), "d1", report_zone, names, lang)
    return render(
        "deal_page.html.j2",
        {"title": f"{_t('report', 'deal', lang)} {ruling['deal']}", "deal": deal, "alone": True},
        lang,
    )


def _drawn(report: Report, lang: Lang) -> dict[str, str]:
    """The deals of the page as HTML, as many as it holds."""
    drawn: dict[str, str] = {}
    left = INLINE_BYTES
    for index, (deal, ruling) in enumerate(report.rulings.items(), start=1):
        marks = picture(report.timelines[deal], lang, report.zone, f"{_t('report', 'timeline', lang)} {deal}")
        context = _deal_context(ruling, marks, f"d{index}", report.zone, report.names, lang)
        html = render("deal.html.j2", {"deal": context, "alone": False}, lang)
        left -= len(html.encode())
        if left < 0 and drawn:
            break
        drawn[deal] = html
    return drawn


def _deal_context(
    ruling: Value, drawn: Picture, anchor: str, zone: Zone, names: Names, lang: Lang
) -> dict[str, object]:
    zh = lang is Lang.ZH
    outcome = mapping(ruling["outcome"])
    claims = [mapping(claim) for claim in sequence(ruling["claims"])]
    refused = list(refusals_text(ruling, lang, zone))
    stories = []
    for claim in claims:
        registration = str(claim["registration"])
        who = names.agents.get(str(claim["agent"]), str(claim["agent"]))
        to = f"致经纪人 {who}（{registration}）" if zh else f"To the agent {who} ({registration})"
        stories.append({"to": to, "lines": tell_agent(ruling, registration, lang, zone).lines()})
    for agent in sequence(ruling.get("unregistered", [])):
        told = tell_unregistered(ruling, str(agent), lang, zone)
        refused += told.refused
        stories.append({"to": f"致经纪人 {agent}" if zh else f"To the agent {agent}", "lines": told.lines()})
    stories.append({"to": "致购房人" if zh else "To the buyer", "lines": tell_buyer(ruling, lang, zone, names).lines()})
    stories.append({"to": "致财务" if zh else "To finance", "lines": tell_finance(ruling, lang, zone, names).lines()})
    needs = [text("need", str(need), lang) for need in sequence(ruling.get("needs", []))]
    if outcome["kind"] == "REVIEW" and ruling.get("proposal"):
        proposed = outcome_text(mapping(ruling["proposal"]), names, lang)
        needs.append(f"拟判 {proposed}" if zh else f"proposed: {proposed}")
    return {
        "id": ruling["deal"],
        "anchor": anchor,
        "kind": outcome["kind"],
        "outcome": outcome_text(outcome, names, lang),
        "status": text("status", str(ruling["status"]), lang),
        "because": ruling["because"],
        "svg": drawn.svg,
        "rows": drawn.rows,
        "bars": drawn.bars,
        "refused": list(dict.fromkeys(refused)),
        "waiting": (("待处理：" if zh else "Waits for a person: ") + ("；" if zh else "; ").join(needs))
        if needs
        else "",
        "changes": changes_text(ruling, lang, zone, names),
        "stories": stories,
    }


def _tiles(report: Report, lang: Lang) -> list[dict[str, object]]:
    head, overview = report.settlement.headline, report.overview
    channel = overview.outcomes.get("CHANNEL", 0) + overview.outcomes.get("SPLIT", 0)
    tiles: list[tuple[str, str, bool]] = [
        ("deals", f"{overview.deals:,}", False),
        ("channel_share", _percent(channel, overview.deals), False),
        ("waiting", f"{overview.waiting:,}", overview.waiting > 0),
        ("due", f"¥{yuan_text(head.due)}", False),
        ("paid", f"¥{yuan_text(head.paid)}", False),
        ("overpaid", f"¥{yuan_text(head.overpaid)}", head.overpaid > 0),
        ("underpaid", f"¥{yuan_text(head.underpaid)}", head.underpaid > 0),
    ]
    labelled = [(_t("report", key, lang), value, warn) for key, value, warn in tiles]
    if report.at_risk:
        one = report.at_risk[0]
        told = _t("report", "at_risk_interval", lang).format(between=_between(one))
        labelled.append((told, f"¥{_whole_yuan(one.fen(one.estimate))}", one.found > 0))
    return [{"label": label, "value": value, "warn": warn} for label, value, warn in labelled]


def _at_risk(rows: Sequence[AtRisk], lang: Lang) -> list[dict[str, object]]:
    months, whole = rows[1:], rows[:1]
    return [
        {
            "month": one.month or _t("report", "all_months", lang),
            "claims": one.claims,
            "claimed": _whole_yuan(one.claimed_fen),
            "found": one.found,
            "found_yuan": _whole_yuan(one.found_fen),
            "estimate": _whole_yuan(one.fen(one.estimate)),
            "between": _between(one),
        }
        for one in (*months, *whole)
    ]


def _between(one: AtRisk) -> str:
    return f"{_whole_yuan(one.fen(one.low))}–{_whole_yuan(one.fen(one.high))}"


def _whole_yuan(amount: Fen) -> str:
    return yuan_text(amount).partition(".")[0]


def _funnel(overview: Overview, lang: Lang) -> str:
    rows = [
        (_t("report", "f_registered", lang), overview.registrations),
        (_t("report", "f_visited", lang), overview.registered_and_visited),
        (_t("report", "f_bought", lang), overview.registered_and_bought),
    ]
    return bars(_t("report", "funnel", lang), rows, overview.registrations)


def _flags(flags: Sequence[Value], lang: Lang, zone: Zone) -> list[dict[str, object]]:
    """Signs as told, each once: one that several claims share names them all."""
    told: dict[tuple[str, str], list[str]] = {}
    for flag in flags:
        claims = told.setdefault((json.dumps([flag["id"], flag["tier"]]), flag_text(flag, lang, zone)), [])
        claims += [str(flag["claim"])] if flag.get("claim") else []
    found = []
    for (name, said), claims in told.items():
        id_, tier = json.loads(name)
        tier_name = text("tier", tier, lang)
        found.append({"id": id_, "tier": tier, "tier_name": tier_name, "text": said, "claims": " ".join(claims)})
    return found


def _percent(part: int, whole: int) -> str:
    return f"{integer(part) / whole:.1%}" if whole else "—"


def _t(section: str, key: str, lang: Lang) -> str:
    return text(section, key, lang)
