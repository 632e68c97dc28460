"""docs/formats/case.md, written from the table that reads and writes: `python -m mingshi.files.document`.

The rules this module keeps:

1. What the document says of sheets, columns, words, limits and refusals is taken from the code that does it; a test
   compares the file with this module's output.
2. Every value in an example is fictitious: people are called 测试, numbers begin with the unallocated 160.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from mingshi.files.format import (
    FORMAT_VERSION,
    NO_ANSWER_WHEN_EMPTY,
    NOT_RECORDED,
    SHEETS,
    YES_WHEN_EMPTY,
    Column,
    Kind,
    Sheet,
)
from mingshi.files.limits import (
    HEADER_WITHIN,
    MAX_CASE_FILES,
    MAX_CELL_CHARS,
    MAX_COLUMNS,
    MAX_CSV_ROWS,
    MAX_FILE_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_SHEET_CELLS,
    MAX_SHEET_ROWS,
    MAX_UNPACKED_BYTES,
    MIB,
)
from mingshi.files.words import CHINESE

_KINDS: Final[dict[Kind, tuple[str, str]]] = {
    Kind.KEY: ("id", "The row's own id. Where it is empty, one is made from the row's content."),
    Kind.REF: ("ref", "The id of another record, an agent, an agency, a device. Compared for equality only."),
    Kind.REFS: ("refs", "Several ids, separated by `;`."),
    Kind.TEXT: ("text", "Free text."),
    Kind.TIME: ("time", "A moment, or a whole day where only a date is known. See [Times](#times)."),
    Kind.INSTANT: ("instant", "A moment; a date alone is refused."),
    Kind.CONTACT: ("phone", "One telephone number, full or masked, or a token. See [Telephone numbers](#telephone-numbers)."),
    Kind.CONTACTS: ("phones", "Several of them, separated by `;` `,` `、` `/`, a bar or a line break."),
    Kind.ID_CARD: ("identity", "An identity-card number, or a token. See [Identity numbers](#identity-numbers)."),
    Kind.WORD: ("word", "One of a closed set, in English or Chinese."),
    Kind.YES_NO: ("yes/no", "`yes` `no` `是` `否` `1` `0` `TRUE` `FALSE` …"),
    Kind.WHOLE: ("whole", "A whole number."),
    Kind.YUAN: ("yuan", "Money in yuan with at most two decimals; `40,000.00`, `¥40000`, `4万` are the same. Kept in 分."),
    Kind.PERCENT: ("percent", "A percentage with at most four decimals: `50%`. Numbers up to 1 need the sign."),
}  # fmt: skip

_INTRODUCTION: Final = f"""\
# The case format, version {FORMAT_VERSION}

A *case* is everything that is known of the deals of one project: who registered which client, who came, what was
signed, what was paid. `mingshi judge CASE` reads a case and rules every deal of it.

一个*案例*就是一个项目里关于成交的全部依据：谁报备了谁、谁来过、签了什么、付了什么。`mingshi judge 案例` 读取它并判定每一套成交。

This page is written from the same table that reads and writes the files (`src/mingshi/files/format.py`), so it cannot
say anything else than the program does.

## The files

A case is either

- a **folder** with one CSV file for each sheet, named after it (`deals.csv` or `成交.csv`), and a `case.toml`; or
- one **workbook** (`.xlsx`) with one worksheet for each sheet, named after it, and a worksheet `case`; or
- an office's own spreadsheet, one wide 成交台账 for example, beside which `mingshi map` has saved a map
  (`成交台账.xlsx.map.toml`). Inside a folder such files may stand beside the others.

**Only `deals` and one of `registrations` and `arrivals` must exist.** Every other sheet adds evidence. A sheet that
is there but empty says that there was nothing to record; a sheet that is absent says nothing.

The order of rows, of columns and of sheets means nothing. A folder and a workbook with the same rows are the same
case. `mingshi convert CASE OUT` turns one into the other, and what it writes is read back as the same case;
`--tokens` replaces telephone numbers by opaque tokens and leaves out names.

### case.toml, and the worksheet `case`

Every key may be left out. In the worksheet the keys stand in the first column, as `project.name`, or in Chinese, and
the values in the second.

```toml
format = {FORMAT_VERSION}                    # 格式版本
zone = "+08:00"               # 时区: a fixed offset; zones with summer time are refused
as_of = 2026-06-30            # 截止时间: nothing later is looked at; a date counts to its end
policy = "classic"            # 判客规则: classic, open, or a file inside the case
basis = "委托方提供，客户已单独同意"  # 合法依据: on which the contacts were collected

[project]
name = "示例花园"               # 项目名称
opened = 2026-01-01           # 开盘日期: no deal can be earlier

[sources]                     # 每张表的来源: for the record, sheet by sheet
registrations = "渠道系统导出 2026-06-30"
```

Policies of one's own are either rows of the sheet `policies`, or TOML files in a folder `policies/` (in a workbook
the worksheet `policy_files`, one line a row). They are read as data; docs of `mingshi policy` tell what they say.

### CSV files

UTF-8 (with or without byte-order mark), GB18030 or UTF-16 with byte-order mark; comma, tab, semicolon or bar. Line
ends of every kind. Text that is valid both as UTF-8 and as GB18030 with different meanings is refused rather than
guessed. The header may stand anywhere in the first {HEADER_WITHIN} rows, under a title, and may take two rows. Empty rows and
columns are skipped, and so are rows of totals (合计 …), with a notice.

### Workbooks

`.xlsx` only. Cells may be text, numbers or dates: `16000000001` as a number and as text are the same cell. Refused
are formulas (what they show may be stale: paste as values), error values, cells merged among the data, the 1904 date
system. Hidden sheets and rows are read, with a notice. Sheets with other names are not read, with a notice.

## How columns are told

By their header, in English or Chinese, whatever their order. Case, spaces, punctuation and remarks such as
`（必填）` or `(元)` do not matter; `(万元)` does, and is applied. A column that is not known is not read, and named
once in a notice. To use a column under another name, run `mingshi map`.

| kind | what a cell holds |
|---|---|
"""

_RULES: Final = f"""\

An empty cell is an empty text, no time, no number, no word. An empty yes/no is *no*, except where the table says
otherwise. A cell with nothing but dashes or slashes (`-`, `——`, `/`) is empty too, except in free text and ids.
Full-width and half-width forms of letters and digits are one.

### Times

`2026-05-03 09:12:00` is what is written. Read are also `2026/5/3 9:12`, `2026.5.3`, `2026年5月3日 9时12分`,
`20260503 0912`, `2026-05-03T09:12:00+08:00` and `…Z`, 上午/下午, a weekday after the date, a spreadsheet's serial
number (`46145.3833`), and for what is known only to lie between two moments `2026-05-03 09:12:00 .. 2026-05-03 09:31:00`.

- A time without a zone is in the project's.
- **Seconds that are missing are zero**: 09:12 is 09:12:00, as the trade reads it.
- **A date alone is the whole day**, from its first to its last microsecond. A rule that would need to know when on that
  day answers *unknown*.
- Refused: years of two digits, day-first dates, days that do not exist, times without a date, 长期 and 至今 (leave the
  cell empty), and the dates that software writes where there is none: 1900-01-00, 1970-01-01, 9999-12-31.

### Telephone numbers

| written | kept |
|---|---|
| `16000000001`, `160 0000 0001`, `160-0000-0001`, `+86 16000000001`, `0086…`, `１６０００００００01`, `16000000001.0` | `16000000001` |
| `160****0001`, `160xxxx0001`, `160＊＊＊＊0001`, `160 **** 0001`, `160-****-0001` (前三后四) | `160****0001` |
| `0571-8888 0000`, `(0571)88880000`, `0571-88880000转12` | `057188880000`, `057188880000-12` |
| `+852 9123 4567`, `0085291234567` | `+85291234567` |
| `#12.3`, and masked `#12` (tokens of an export) | the same |

Refused: `1.6E+10` (digits are lost: format the column as text and export again), two numbers in a cell that holds
one, a landline without area code, a mask that shows less than first three and last four.

### Identity numbers

Length, date and check digit are verified, and the number is replaced **at reading** by a token (`ID-0001`, …) that
depends on the numbers of the case, not on the order of rows. No identity number is kept, shown or written. Passports
and other documents become tokens in the same way. An identity number in any other column is refused.

### Ids

An id names one record in the whole case: `R1` may not be both a registration and an arrival. Rows without an id get
one from their content, the same whatever the order of rows. Rows that are equal in everything are one row, with a
notice; two rows with one id and different content are an error that names both. Agents, staff and policy rows repeat
their names freely: an agent who changes company has two rows.

### Cells that look like formulas

A text that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or a full-width form
of them) is written with an apostrophe before it, and an apostrophe before such a character is taken away in reading.
In a workbook every text is a text cell in text format besides. Nothing that mingshi writes can become a formula.

## What is refused, and what is left out

- **Anything derived from capturing faces**: columns, sheets or files named 抓拍, 人脸, 首抓, 识别率, 相似度, 全景图, 动线,
  `firstPhotoTime`, `snapDate`, `verifyScore` and the like, in any spelling. The whole file is refused until they
  are deleted: what was captured without consent has no lawful basis and is no evidence.
- **Traits of people** (民族, 年龄, 性别, 表情 …) are never read, and a notice advises to delete them.
- **Rows that are impossible by themselves** are rejected: left out, listed with file, row, column and reason, and fatal
  under `--strict`. A deal before the project opened, negative money, an end before its beginning, an agent who is not in
  `agents` (where that sheet has rows), a payment of an unknown deal, a confirmation of an unknown registration.
- **References that a ruling can do without** and that point nowhere are notices; the row stays.
- Everything else that cannot be read is an error. All errors of all files are told at once, each with file, row, column,
  masked value, reason and remedy; the exit code is 2 and nothing is written.

## Limits

So that a hostile file costs bounded time and memory:

| limit | |
|---|---|
| files in a folder | {MAX_CASE_FILES:,} |
| one file | {MAX_FILE_BYTES // MIB:,} MiB |
| rows of a CSV file | {MAX_CSV_ROWS:,} |
| rows of a worksheet | {MAX_SHEET_ROWS:,} |
| cells that a worksheet spans | {MAX_SHEET_CELLS:,} |
| columns | {MAX_COLUMNS:,} |
| characters of a cell | {MAX_CELL_CHARS:,} |
| parts of a workbook | {MAX_PARTS:,} |
| a workbook unpacked | {MAX_UNPACKED_BYTES // MIB:,} MiB, and {MAX_RATIO} times its packed size |

Only plain files are opened: no links, no pipes. Workbooks with pictures or other media, drawings, embedded objects,
macros, external links, data connections, pivot tables, passwords or XML entities are refused; so are `.xls`, `.xlsb`,
`.et` and `.ods` (open and save as `.xlsx`).

## Versions

The version stands in `case.toml` as `format`. Within a version, sheets and columns are only added, columns at the end
and with an empty default; none is renamed or given another meaning. A program reads its own version and the one before.

## A map

`mingshi map FILE` proposes one and saves it as `FILE.map.toml`; it holds names only and may be edited.

```toml
format = 1

[[rows]]                                   # each row of the table makes one record of this sheet
table = "5月成交"                            # the worksheet; "" in a CSV file
sheet = "registrations"
when = ["报备时间"]                          # only where these are not empty
columns.at = "报备时间"                       # column of the format = header of the file
columns.agent = ["渠道公司", "经纪人"]          # several are joined: 甲公司/李测试
columns.phone = "联系电话"

[[rows]]
table = "5月成交"
sheet = "deals"
when = ["认购日期"]
columns.deal = "@row"                       # an id made from the row, where the file has none
columns.buyers = "联系电话"
columns.subscribed_at = "认购日期"
columns.price_yuan = "总价（万元）"

[[rows]]
table = "5月成交"
sheet = "arrivals"
when = ["首访时间"]
columns.at = "首访时间"
columns.phone = "联系电话"
values.means = "unknown"                    # the same in every row: `reception` if it is the visit register's time
```

## The sheets

"""


def document() -> str:
    """The whole page."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    for name, meaning in _KINDS.values():
        yield f"| {name} | {meaning} |\n"
    yield _RULES
    yield "| sheet | 表 | what a row is | evidence |\n|---|---|---|---|\n"
    for sheet in SHEETS:
        yield f"| [{sheet.name}](#{sheet.name}) | {_or(sheet.chinese)} | {_english(sheet.meaning)} | {sheet.evidence} |\n"
    for sheet in SHEETS:
        yield from _sheet(sheet)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"\n### {sheet.name}\n\n{sheet.chinese[0]}. {_sentence(sheet.meaning)}\n\n"
    yield "| column | 列 | kind | meaning |\n|---|---|---|---|\n"
    for column in sheet.columns:
        kind = f"{_KINDS[column.kind][0]}{', required' if column.required else ''}"
        yield f"| `{column.header}` | {_or(column.chinese)} | {kind} | {_meaning(sheet, column)} |\n"
    shown = [column for column in sheet.columns if column.example]
    yield "\n```csv\n"
    yield ",".join(column.header for column in shown) + "\n"
    yield ",".join(column.example for column in shown) + "\n"
    yield "```\n"


def _meaning(sheet: Sheet, column: Column) -> str:
    parts = [column.meaning.replace("|", "\\|")] if column.meaning else []
    if column.words is not None:
        parts.append(_words(column.words))
    if (sheet.name, column.field) in YES_WHEN_EMPTY:
        parts.append("empty: yes" if "empty" not in column.meaning else "")
    if (sheet.name, column.field) in NO_ANSWER_WHEN_EMPTY:
        parts.append("empty: not answered" if "empty" not in column.meaning else "")
    if column.kind is Kind.INSTANT and column.field != "sealed_at":
        parts.append("exact")
    if (sheet.name, column.field) == ("registrations", "client"):
        parts.append(f"`{NOT_RECORDED}`: the source has no such column")
    return "; ".join(filter(None, parts))


def _words(words: type[StrEnum]) -> str:
    return "; ".join(f"`{member.value}` {_or(CHINESE[words][member])}" for member in words)


def _or(names: tuple[str, ...]) -> str:
    return " / ".join(names)


def _english(meaning: str) -> str:
    return meaning.partition(" / ")[2] or meaning


def _sentence(meaning: str) -> str:
    chinese, _, english = meaning.partition(" / ")
    return f"{chinese}。{english[:1].upper()}{english[1:]}." if english else f"{chinese}。"


if __name__ == "__main__":
    print(document(), end="")
