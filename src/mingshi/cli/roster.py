"""`mingshi roster`: an office's lists go into its record; without a file, how many rows each of them has."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option
from mingshi.files.format import BY_NAME


@click.command()
@data_option
@click.argument("lists", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--by", default="", help="经办人；有文件时必填 / who does it; needed with a file")
@json_option
def command(data: Path, lists: Path | None, by: str, as_json: bool) -> None:
    """名单 / take in a folder or workbook with the sheets agents, agreements, terms, staff, owners, …

    The sheets are those of a case (docs/formats/case.md). A list may be brought again with more in it: known rows are
    left alone, an end or a suspension is added, and a row that says otherwise than before is refused with all the rest.
    """
    if lists is not None and not by.strip():
        raise click.UsageError("请用 --by 写明经办人。Say with --by who does it.")
    told = ask(data, "roster", {"path": str(lists.absolute()) if lists else "", "by": by}, as_json=as_json)
    if as_json:
        return
    if lists is not None:
        new, filled, known = (told["args"][name] for name in ("new", "filled", "known"))
        click.echo(f"新增 {new} 行，补充 {filled} 行，原有 {known} 行 / {new} new, {filled} completed, {known} known")
    for name, count in told["lists"].items():
        click.echo(f"  {BY_NAME[name].chinese[0]} {name}: {count}")
