"""`mingshi retention`: what is due, what is overdue; `--sweep` destroys what is due."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--sweep", is_flag=True, help="现在清扫 / destroy what is due now")
@json_option
def command(data: Path, sweep: bool, as_json: bool) -> None:
    """保存期限 / retention."""
    told = ask(data, "retention", {"sweep": sweep}, as_json=as_json)
    if as_json:
        return
    swept = told["swept"]
    if swept is not None:
        done = swept["done"]
        click.echo(f"已清扫 {swept['args']['records']} 项" if done else f"没有清扫：{swept['refused']}")
        click.echo(f"swept {swept['args']['records']}" if done else f"not swept: {swept['refused']}")
    click.echo(f"到期未清扫 / due: {told['due']}\n逾期请求 / overdue requests: {len(told['overdue_requests'])}")
