"""`mingshi clock`: a person confirms that the clock is right although long nothing was sealed."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--by", required=True, help="经办人 / who confirms")
@click.option("--reason", required=True, help="怎样核对的 / how it was checked")
@json_option
def command(data: Path, by: str, reason: str, as_json: bool) -> None:
    """确认时钟 / sealed in the log; facts are taken from then on."""
    ask(data, "clock", {"by": by, "reason": reason}, as_json=as_json)
    if not as_json:
        click.echo("时钟已确认 / the clock is confirmed")
