"""Write docs/refusals.md: every code an agent may read, what it means, and a worked example from the example office.

`python tools/make_refusals.py` writes it anew; a test compares it with what the code says today.
"""

from collections.abc import Mapping
from pathlib import Path

from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.domain.judge.finding import Code
from mingshi.files.judging import records_of
from mingshi.files.read_case import read_case
from mingshi.kernel.canonical import Json, loads, mapping, sequence
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import Story, tell_agent, tell_unregistered
from mingshi.present.texts import Lang, text

ROOT = Path(__file__).parents[1]
OFFICE = ROOT / "examples" / "office"
PAGE = ROOT / "docs" / "refusals.md"
HEAD = """# When a registration is refused 报备没有成立时

What an agent reads when a claim did not stand: the code, its meaning, the arithmetic of the case, what to do.
The examples are deals of `examples/office`; open any of them with `mingshi judge examples/office --deal ID`.
Every term is in the [glossary](glossary.md). Nobody here is real. A ruling is a proposal: until the day it names
any party may object, and a claim on record that was denied is not passed over before a named person has decided.

经纪人在主张没有成立时读到的内容：代码、含义、这一单的算法、可以怎么做。示例取自 `examples/office`，人物均为虚构；
术语见[词汇表](glossary.md)。判客结果是拟判：到所写的那一天为止，任何一方都可以提出异议；已记录的主张被否定的，须经具名人员决定。
"""


def page() -> str:
    """The whole page."""
    found = examples()
    return "\n".join([HEAD, *(_section(code, *found[code]) for code in Code if code is not Code.VALID)])


def examples() -> Mapping[Code, tuple[str, Mapping[Lang, Story]]]:
    """For every code the first deal of the example office that shows it, as its agent reads it."""
    return dict(_examples())


def _examples() -> list[tuple[Code, tuple[str, Mapping[Lang, Story]]]]:
    records = records_of(read_case(OFFICE))
    found: dict[Code, tuple[str, Mapping[Lang, Story]]] = {}
    for ruling in judge_case(records, deals_in_order(records)):
        value = mapping(loads(ruling.line))
        for code, stories in _stories(value, records.zone):
            found.setdefault(code, (str(value["deal"]), stories))
    return list(found.items())


def _stories(value: Mapping[str, Json], zone: Zone) -> list[tuple[Code, Mapping[Lang, Story]]]:
    told = []
    recommended = mapping(value["outcome"]).get("party")
    for item in sequence(value["claims"]):
        claim = mapping(item)
        if claim["state"] != "valid" and claim["agent"] != recommended:
            registration = str(claim["registration"])
            stories = {lang: tell_agent(value, registration, lang, zone) for lang in Lang}
            told.append((Code(str(claim["code"])), stories))
    for agent in sequence(value.get("unregistered", [])):
        stories = {lang: tell_unregistered(value, str(agent), lang, zone) for lang in Lang}
        told.append((Code.NO_REGISTRATION, stories))
    return told


def _section(code: Code, deal: str, stories: Mapping[Lang, Story]) -> str:
    lines = [f"## {code.value} {text('code', code.value, Lang.ZH)} · {text('code', code.value, Lang.EN)}", ""]
    for lang in Lang:
        story = stories[lang]
        told = [story.headline, *story.grounds, *story.refused, *story.changes, *story.closing[:1]]
        lines += [f"> {line}  " for line in told] + [""]
    return "\n".join([*lines, f"`{deal}`", ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
