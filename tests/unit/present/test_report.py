"""The report's figures and its size, on the example office and on facts counted by hand."""

import re
from pathlib import Path

import pytest

from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.overview import overview
from mingshi.app.settle_case import money_of, ruled_deal, settle_case
from mingshi.app.timeline import timeline_of
from mingshi.domain.judge.engine import rule_deal
from mingshi.files.judging import records_of
from mingshi.files.read_case import read_case
from mingshi.kernel.canonical import loads
from mingshi.present import report as page
from mingshi.present.report import Report, deal_html, report_html
from mingshi.present.tell import NO_NAMES, outcome_text
from mingshi.present.texts import Lang
from tests.cases.dsl import load

OFFICE = Path(__file__).parents[3] / "examples" / "office"


def reported(records) -> Report:
    rulings = list(judge_case(records, deals_in_order(records)))
    settlement = settle_case(records, [money_of(ruled_deal(one), records) for one in rulings])
    values = {str(one.deal): loads(one.line) for one in rulings}
    return Report(
        project=records.project,
        policies=("classic",),
        unsealed=True,
        inputs=(),
        overview=overview(records, values.values(), settlement),
        settlement=settlement,
        rulings=values,
        timelines={deal: timeline_of(rule_deal(deal, records)) for deal in values},
        total_deals=len(values),
        zone=records.zone,
        names=NO_NAMES,
    )


@pytest.fixture(scope="module")
def office() -> Report:
    return reported(records_of(read_case(OFFICE)))


@pytest.mark.parametrize("lang", Lang)
def test_no_text_lacks_what_it_needs(office, lang):
    html = report_html(office, lang)
    assert not re.findall(r"[({（][—–][)}）]|\{\w+\}", html)
    assert not re.search(r"<script|<link|<img|url\(|@import| style=", html)


def test_a_page_never_outgrows_its_budget_and_says_what_it_left_out(office, monkeypatch):
    whole = report_html(office, Lang.ZH)
    assert whole.count('<section class="deal"') == len(office.rulings)
    monkeypatch.setattr(page, "INLINE_BYTES", 40_000)
    short = report_html(office, Lang.ZH)
    shown = short.count('<section class="deal"')
    assert 0 < shown < len(office.rulings)
    assert len(whole.encode()) - len(short.encode()) > 20_000
    assert f"共 {len(office.rulings)} 笔，这里画出 {shown} 笔" in short
    anchors = set(re.findall(r'href="#(d\d+)"', short))
    assert anchors <= set(re.findall(r'id="(d\d+)"', short))  # no link leads nowhere


@pytest.mark.parametrize("lang", Lang)
def test_every_open_deal_stands_with_its_proposal(office, lang):
    proposed = [one for one in office.overview.open_questions if one.proposal]
    assert proposed
    html = report_html(office, lang)
    for one in proposed:
        assert outcome_text(one.proposal, NO_NAMES, lang) in html


def test_a_party_that_checked_in_twice_is_counted_once():
    """算: two adults came and checked in at the door and at the desk; one came alone; three were counted."""
    records = load("""2026-05-03 10:00 arrive V1 client=王 party=P1 party_adults=2
        2026-05-03 10:05 arrive V2 client=王 party=P1 party_adults=2 means=reception
        2026-05-03 11:00 arrive V3 client=赵
        count C1 since=2026-05-03_09:00 until=2026-05-03_18:00 adults=3
        2026-05-20 15:00 buy D1 client=王""").source
    (day,) = reported(records).overview.coverage
    assert (day.checked_in, day.counted) == (3, 3)


def test_windows_are_counted_over_all_claims():
    """算: R1 came 25 minutes after its registration, R2 an hour after; both kept their other windows."""
    records = load("""2026-05-03 10:10 report R1 agent=甲/李 client=王
        2026-05-03 10:35 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy D1 client=王
        2026-05-04 09:00 report R2 agent=甲/李 client=赵
        2026-05-04 10:00 arrive V2 client=赵 means=qr registration=R2
        2026-05-20 15:00 buy D2 client=赵""").source
    lines = {line.rule: (line.kept, line.missed, line.unclear) for line in reported(records).overview.windows}
    assert lines == {"B1": (1, 1, 0), "B3": (2, 0, 0), "D1": (2, 0, 0)}


def test_the_end_of_the_lead_is_in_the_picture():
    """算: registered 10:10, lead until 10:40, arrived 10:25: the minutes shown reach past the end of the lead."""
    records = load("""2026-05-03 10:10 report R1 agent=甲/李 client=王
        2026-05-03 10:25 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy D1 client=王""").source
    ruling = rule_deal("D1", records)  # type: ignore[arg-type]  # an id
    html = deal_html(loads(ruling.line), timeline_of(ruling), records.zone, NO_NAMES, Lang.EN)
    minutes = html[html.index("10:20") :]
    assert "10:50" in minutes[: minutes.index("</svg>")]
    assert "lead until 3 May 2026 10:40" in html
    assert 'class="story" open' in html
