"""复制报备: the text block that agents send around in WeChat, one line a field, one block a client.

    项目：示例花园
    客户：王女士
    电话：138****1234
    预计到访：2026-03-01 14:00

The rules this module keeps: a label is recognised with either colon, spaces, and the words the trade uses; a new block
begins where a label comes that the block has already. What is not recognised is left out, never guessed.
"""

import re
from typing import Final, NamedTuple

LABELS: Final = {
    "项目": "project",
    "楼盘": "project",
    "报备楼盘": "project",
    "报备项目": "project",
    "客户": "client",
    "客户姓名": "client",
    "姓名": "client",
    "客户电话": "phone",
    "电话": "phone",
    "手机": "phone",
    "手机号": "phone",
    "联系电话": "phone",
    "客户手机": "phone",
    "到访时间": "expected",
    "预计到访": "expected",
    "预计到访时间": "expected",
    "带看时间": "expected",
}
_LINE: Final = re.compile(r"[\s\d.、【\[]*([\u4e00-\u9fff]{2,8})[\]】]?\s*[:：]\s*(.*?)\s*")


class Entry(NamedTuple):
    """One client of a block or of a file, as typed."""

    project: str = ""
    client: str = ""
    phone: str = ""
    expected: str = ""


def entries_of(text: str) -> list[Entry]:
    """The clients of a block, in its order; those without a number or a name too, so that they get an answer."""
    found: list[dict[str, str]] = [{}]
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        name = LABELS.get(match.group(1)) if match else None
        if match is None or name is None:
            continue
        if name in found[-1]:
            found.append({})
        found[-1][name] = civil(match.group(2)) if name == "expected" else match.group(2)
    project = next((one["project"] for one in found if "project" in one), "")
    return [Entry(**({"project": project} | one)) for one in found if "client" in one or "phone" in one]


def civil(text: str) -> str:
    """`2026年3月1日14点`, `2026/3/1 14:00` as the form's own field writes it; anything else as it is."""
    parts = [int(one) for one in re.findall(r"\d+", text)]
    if len(parts) < 3 or parts[0] < 1000:
        return text
    year, month, day, hour, minute = (*parts[:5], 0, 0)[:5]
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
