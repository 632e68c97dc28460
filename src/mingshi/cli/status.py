"""`mingshi status`: how a site stands, by its server's socket or under its lock."""

import json
from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """现状 / entries, checkpoints, whether it may go on."""
    found = ask(data, "status", {}, as_json=as_json)
    if not as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
