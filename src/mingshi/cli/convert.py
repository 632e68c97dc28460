"""`mingshi convert`: a case from folder to workbook or back, or with tokens instead of telephone numbers."""

import json
import secrets
from pathlib import Path
from typing import Final

import click

from mingshi.cli.problems import json_option, language_option, refuse, tell
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from mingshi.files.tokens import tokenised
from mingshi.files.write_case import write_folder, write_workbook

_SALT_BYTES: Final = 32


@click.command("convert")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--tokens", is_flag=True, help="电话换成代号，去掉姓名 / opaque tokens for phones, no names")
@click.option("--strict", is_flag=True, help="有被拒的行就不转换 / refuse if any row is rejected")
@language_option
@json_option
def command(case: Path, out: Path, *, tokens: bool, strict: bool, language: Language, as_json: bool) -> None:
    """把案例 CASE 写成 OUT：以 .xlsx 结尾为工作簿，否则为文件夹。

    Write the case at CASE to OUT: a workbook if OUT ends in .xlsx, else a folder. Headers are written in
    --lang. Rows that are impossible by themselves are told and left out.
    """
    try:
        read = read_case(case, strict=strict)
        written = tokenised(read, secrets.token_bytes(_SALT_BYTES)) if tokens else read
        write = write_workbook if out.suffix.lower() == ".xlsx" else write_folder
        write(written, out, language)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    rows = {name: len(table) for name, table in written.tables.items() if written.has(name)}
    if as_json:
        told = {name: [each.as_json() for each in getattr(read, name)] for name in ("rejected", "notices")}
        click.echo(json.dumps({"out": str(out), "rows": rows, **told}, ensure_ascii=False, indent=2))
        return
    tell(read.notices, language, left_out=read.rejected)
    total = sum(rows.values())
    said = {
        "zh": f"已写入 {out}：{len(rows)} 张表，{total} 行。",
        "en": f"Wrote {out}: {len(rows)} sheets, {total} rows.",
    }
    click.echo(said[language])
