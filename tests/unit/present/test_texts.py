"""Every answer a rule can give has a text in both languages, with the same arguments."""

import ast
import string
from pathlib import Path

import pytest

from mingshi.domain import judge
from mingshi.domain.commission.account import Component, Condition
from mingshi.domain.judge.dispute import Need, Status
from mingshi.domain.judge.finding import Code
from mingshi.domain.judge.outcome import Kind
from mingshi.kernel.timeline import DAY, MINUTE, Zone
from mingshi.present.texts import Lang, catalogue, gap_text, text, time_text

FOLDER = Path(judge.__file__).parent
RULE_OF_VARIABLE = {"rule": ("A6", "A7")}


def _answers() -> set[tuple[str, str, str]]:
    """(rule, verdict, reason) of every finding that the judge's source can make."""
    found = set()
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            made = node.func.id
            if made == "answered":
                rule = node.args[1]
                found |= {(rule.value, verdict, "") for verdict in ("pass", "fail", "unknown")}
            elif made in ("passed", "failed", "unknown", "not_asked") and node.args:
                first = node.args[0]
                rules = (first.value,) if isinstance(first, ast.Constant) else RULE_OF_VARIABLE[first.id]
                at = 2 if made in ("failed", "unknown") else 1
                reasons = _reasons(node.args[at]) if len(node.args) > at else [""]
                verdict = {"passed": "pass", "failed": "fail", "unknown": "unknown", "not_asked": "not_asked"}[made]
                found |= {(rule, verdict, reason) for rule in rules for reason in reasons}
    return found


def _reasons(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _reasons(node.body) + _reasons(node.orelse)
    source = ast.unparse(node)
    return {
        "kind.value": ["owner", "employee"],
        "how": ["confirmed", "redeemed", "named", "escorted", "only_one"],
        "other": ["names_nobody", "names_other"],
        "f'{other}_but_escorted'": ["names_nobody_but_escorted", "names_other_but_escorted"],
        "reason": ["revived", "swapped"],
    }[source]


@pytest.mark.parametrize("answer", sorted(_answers() - {("B", "not_asked", "")}), ids="-".join)
def test_every_answer_that_is_shown_has_both_texts(answer):
    rule, verdict, reason = answer
    if verdict == "not_asked":
        return  # not shown; `why` it was not asked is for whoever opens the trace
    sections = catalogue()
    key = reason or verdict
    entry = sections.get(f"{rule}_{verdict}", {}).get(key) or sections.get(rule, {}).get(key)
    assert entry, f"texts.toml has no [{rule}] {key}"
    assert set(entry) == {"zh", "en"}


def test_both_languages_take_the_same_arguments():
    parse = string.Formatter().parse
    for section, entries in catalogue().items():
        for key, entry in entries.items():
            zh, en = ({name for _, name, _, _ in parse(entry[lang]) if name} for lang in ("zh", "en"))
            assert zh == en, f"[{section}] {key}: {zh ^ en}"


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("code", Code), ("outcome", Kind), ("status", Status), ("need", Need), ("condition", Condition),
        ("component", Component),
    ],
)  # fmt: skip
def test_every_member_of_a_closed_set_has_a_name(section, members):
    for member in members:
        for lang in Lang:
            assert text(section, member.value, lang)


def test_the_end_of_a_day_is_told_as_that_day():
    zone = Zone()
    last = zone.end(zone.day(20_000 * DAY))
    assert time_text(last, Lang.ZH, zone).endswith("日")
    assert time_text(last + 1, Lang.ZH, zone).endswith("00:00")


@pytest.mark.parametrize(
    ("micros", "zh", "en"),
    [
        (15 * MINUTE, "15 分钟", "15 min"),
        (30 * MINUTE - 1_000_000, "29 分 59 秒", "29 min 59 s"),
        (119 * MINUTE, "119 分钟", "119 min"),
        (125 * MINUTE, "2 小时 5 分", "2 h 5 min"),
        (3 * DAY, "3 天", "3 days"),
    ],
)
def test_gaps_are_told_as_people_say_them(micros, zh, en):
    assert (gap_text(micros, Lang.ZH), gap_text(micros, Lang.EN)) == (zh, en)
