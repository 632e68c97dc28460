"""What an agent who lost a commission reads: every code explained, every figure told, no term unexplained."""

import re
from pathlib import Path

import make_refusals
import pytest

from mingshi.domain.judge.finding import Code
from mingshi.kernel.canonical import loads, mapping
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import tell_agent
from mingshi.present.texts import Lang, catalogue, text
from tests.cases.dsl import load

ROOT = Path(__file__).parents[3]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
REFUSALS = [code for code in Code if code is not Code.VALID]
TIME = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日( \d\d:\d\d)?|\d{1,2} [A-Z][a-z]{2} \d{4}( \d\d:\d\d)?")
ARITHMETIC = {
    Code.LEAD: ("间隔 15 分钟，少于 30 分钟（差 15 分钟）", "15 min between, less than 30 min (15 min short)"),
    Code.VISIT_OVERDUE: ("（晚了 1 天）", "(1 day late)"),
    Code.DEAL_OVERDUE: ("起 30 天", "已逾期 4 天", "30 days from the visit", "4 days after it"),
    Code.KNOWN_CLIENT: ("天前）", "30 天保护期", "earlier)", "within 30 days"),
    Code.PROTECTED: ("天前）", "30 天保护期", "earlier)", "within 30 days"),
    Code.FOLLOW_LOST: ("连续 7 天", "for 7 days"),
    Code.FOLLOW_OVERDUE: ("连续 7 天", "for 7 days"),
    Code.REPEATED: ("（R11a）", "(R11a)"),
}
"""Beside the time of registration, which every one names: how much was asked, and by how much it was missed."""
TERMS = (
    "报备", "双签报备", "隐号", "全号", "抢报备", "到访", "首访", "带看", "带看码", "到访码", "带看单", "到访回执",
    "验证码", "前台登记", "客户声明", "认筹", "认购", "签约", "判客", "拟判", "老带新", "员工推荐", "自然到访",
    "渠道成交", "自渠", "分单", "待人工判客", "报备有效期", "成交保护期", "保护期", "协议尾期", "提前时间", "释放",
    "冷却期", "跟进", "异议", "逾期视为同意", "老业主", "渠道公司", "经纪人", "购买单元", "案场", "台账", "换号",
    "报备承诺", "未封存", "人工复核", "具名人员", "延期", "疑点", "暂缓", "门口码", "本人凭证", "关键事实", "留资",
    "查号", "见证方", "规则版本", "跳点",
)  # fmt: skip
"""The trade's and our own words in what agents, buyers and finance read."""


@pytest.fixture(scope="module")
def examples():
    return make_refusals.examples()


def test_the_page_is_what_the_code_says():
    assert make_refusals.PAGE.read_text(encoding="utf-8") == make_refusals.page(), "run tools/make_refusals.py"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_code_is_explained_where_it_is_told(examples, code):
    deal, stories = examples[code]
    for lang in Lang:
        lines = stories[lang].lines()
        assert any(code.value in line and text("code", code.value, lang) in line for line in lines), deal
        assert text("code_told", code.value, lang) in lines
        assert "{" not in "".join(lines)
        assert "—" not in "".join(lines), "something that the text needs was not there"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_names_its_numbers(examples, code):
    _, stories = examples[code]
    for lang in Lang:
        story = stories[lang]
        assert any(TIME.search(line) for line in (*story.refused, *story.grounds)) or code is Code.NO_REGISTRATION
        assert TIME.search(story.closing[0]), "until when one may object"
    both = "\n".join(line for lang in Lang for line in stories[lang].lines())
    for figure in ARITHMETIC.get(code, ()):
        assert figure in both


def test_an_agent_who_never_registered_reads_by_when_they_should_have(examples):
    _, stories = examples[Code.NO_REGISTRATION]
    assert all(TIME.search(stories[lang].changes[0]) for lang in Lang)


def test_a_protection_without_end_is_told_as_such():
    facts = """policy classic natural_protect_days=permanent visit_protect_days=permanent
        2026-05-01 10:00 arrive V1 client=王
        2026-05-09 09:00 report R1 agent=甲/李 client=王
        2026-05-09 10:00 arrive V2 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王"""
    value = mapping(loads(load(facts).ruling().ruling.line))
    told = {lang: "\n".join(tell_agent(value, "R1", lang, Zone()).lines()) for lang in Lang}
    assert "（8 天前），仍在 永久保护期内" in told[Lang.ZH]
    assert "(8 days earlier), within a protection without end" in told[Lang.EN]


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_in_the_glossary(term):
    rows = [line.split("|")[1] for line in GLOSSARY.splitlines() if line.startswith("|")]
    names = {name.strip() for row in rows for name in re.split("[、（）]", row)}
    codes = {line.split("|")[2].strip() for line in GLOSSARY.splitlines() if line.startswith("|")}
    assert term in names | codes


@pytest.mark.parametrize("code", list(Code))
def test_a_code_is_in_the_glossary_by_its_name(code):
    assert f"| {code.value} | {text('code', code.value, Lang.ZH)} |" in GLOSSARY


def test_what_is_quoted_as_a_term_is_a_term():
    """“…” marks a term where a text explains one."""
    for entry in catalogue()["code_told"].values():
        for term in re.findall("“(.+?)”", entry["zh"]):
            assert term in GLOSSARY


def test_every_term_of_the_list_is_still_said_somewhere():
    said = "".join(entry["zh"] for section in catalogue().values() for entry in section.values())
    tell = (ROOT / "src" / "mingshi" / "present" / "tell.py").read_text(encoding="utf-8")
    assert not [term for term in TERMS if term not in said + tell]
