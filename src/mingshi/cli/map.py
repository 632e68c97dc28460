"""`mingshi map`: propose and save how an office's own spreadsheet becomes a case."""

import json
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mingshi.cli.problems import json_option, language_option, refuse
from mingshi.files.forbidden import is_face
from mingshi.files.found import open_grids
from mingshi.files.mapping import MAP_SUFFIX, toml_of
from mingshi.files.mask import one_line
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError, problem
from mingshi.files.propose import Proposal, missing, propose

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "mapped": ("对应关系", "Proposed map"),
    "header": ("文件的列", "Column of the file"),
    "to": ("读作", "Read as"),
    "sure": ("把握", "Sure"),
    "sample": ("样例（已遮盖）", "Sample (masked)"),
    "unread": ("不读取的列", "Not read"),
    "why": ("原因", "Why"),
    "missing": ("判客还缺：", "Still missing for a ruling:"),
    "saved": (
        "已保存 {}，请核对；之后读取本文件时会用到它。",
        "Saved {}; check it. Reading the file will use it.",
    ),
    "nothing": ("没有认出可用的列。", "No usable column was recognised."),
}
_PIPE_WIDTH: Final = 120
_CHECK_BELOW: Final = 0.95


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=f"默认 FILE{MAP_SUFFIX} / default FILE{MAP_SUFFIX}")
@language_option
@json_option
def command(file: Path, *, out: Path | None, language: Language, as_json: bool) -> None:
    """为办公室自己的表格 FILE（CSV 或 .xlsx）提出列的对应关系，并保存。

    Propose how the columns of an office's own spreadsheet become sheets of a case, and save it as TOML beside
    FILE, where reading FILE finds it. No existing map is overwritten.
    """
    target = out or file.with_name(file.name + MAP_SUFFIX)
    try:
        with open_grids(file) as grids:
            proposal = propose(grids)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    faces = [file.name] * is_face(file.stem) + proposal.faces
    if faces:
        refuse([problem(file.name, "face_columns", headers="、".join(faces))], language, as_json=as_json)
    if target.exists():
        refuse([problem(target.name, "out_exists")], language, as_json=as_json)
    if proposal.rows:
        target.write_text(toml_of(proposal.rows), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(proposal, target), ensure_ascii=False, indent=2))
    else:
        _show(proposal, target, language)
    if not proposal.rows:
        raise SystemExit(1)


def _as_json(proposal: Proposal, target: Path) -> dict[str, object]:
    return {
        "map": str(target) if proposal.rows else None,
        "columns": [each._asdict() for each in proposal.lines],
        "unread": [
            {"table": each.table, "header": each.header, "reason": each.reason.code} for each in proposal.unread
        ],
        "missing": [code for code, _, _ in missing(proposal)],
    }


def _show(proposal: Proposal, target: Path, language: Language) -> None:
    words = {name: texts[language == "en"] for name, texts in _WORDS.items()}
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    if proposal.lines:
        mapped = Table(words["header"], words["to"], words["sure"], words["sample"], title=words["mapped"])
        for line in proposal.lines:
            sure = f"{line.confidence:.0%}" + (" ?" if line.confidence < _CHECK_BELOW else "")
            goes_to = f"{line.sheet}.{line.column} {line.chinese}"
            mapped.add_row(_plain(line.header), _plain(goes_to), sure, _plain(line.sample))
        console.print(mapped)
    else:
        console.print(words["nothing"])
    if proposal.unread:
        unread = Table(words["header"], words["why"], title=words["unread"])
        for each in proposal.unread:
            unread.add_row(_plain(each.header), each.reason.text(language))
        console.print(unread)
    lacking = [zh if language == "zh" else en for _, zh, en in missing(proposal)]
    if lacking:
        console.print(words["missing"])
        for text in lacking:
            console.print(f"  · {text}")
    if proposal.rows:
        console.print(_plain(words["saved"].format(target.name)))


def _plain(text: str) -> Text:
    """Text that is never read as markup."""
    return Text(one_line(text, 200))
