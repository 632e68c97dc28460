"""`mingshi import`: a full export becomes the record of an empty site."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.argument("case", type=click.Path(path_type=Path, exists=True))
@click.option("--by", required=True, help="经办人 / who does it")
@json_option
def command(data: Path, case: Path, by: str, as_json: bool) -> None:
    """导入 / import a case into a site that holds none; all of it or nothing."""
    made = ask(data, "import", {"case": str(case.absolute()), "by": by}, as_json=as_json)
    if not as_json:
        click.echo(f"已导入 {made['args']['records']} 条记录 / {made['args']['records']} records")
