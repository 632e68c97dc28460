"""`mingshi enter`: what finance or the office keeps in files of its own goes into a site's record, row by row."""

import sys
from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option, say_refused
from mingshi.cli.problems import BAD_INPUT, json_option


@click.command()
@data_option
@click.argument("books", type=click.Path(path_type=Path, exists=True))
@click.option("--by", required=True, help="经办人 / who does it")
@json_option
def command(data: Path, books: Path, by: str, as_json: bool) -> None:
    """台账 / take in a folder or workbook with the sheets payments, cancellations, invoices, relations.

    The sheets are those of a case (docs/formats/case.md). Each row is taken or refused for itself, and told with its
    place. A row keeps the office's own number, so the same file, grown, may be brought every day.
    """
    told = ask(data, "enter", {"path": str(books.absolute()), "by": by}, as_json=as_json)
    if not as_json:
        for each in told["refused"]:
            say_refused(each, f"{each['file']} {each['row'] or ''}".strip() + ":")
        new, known, refused = told["new"], told["known"], len(told["refused"])
        click.echo(f"新增 {new} 行，原有 {known} 行，未收 {refused} 行 / {new} new, {known} known, {refused} refused")
    if told["refused"]:
        sys.exit(BAD_INPUT)
