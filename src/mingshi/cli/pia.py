"""`mingshi pia`: the impact assessment that stands, and what it does not cover any more."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option
from mingshi.present.texts import Lang, text


@click.command()
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """影响评估 / impact assessment."""
    told = ask(data, "pia", {}, as_json=as_json)
    if as_json:
        return
    signed = told["signed"]
    click.echo("没有签署的影响评估 / none is signed" if signed is None else f"{signed['version']} · {signed['by']}")
    click.echo(f"与现状不符 / differs: {', '.join(told['drift']) or '—'}")
    for name in told["faces_closed_by"]:
        click.echo(f"✗ {text('gate', name, Lang.ZH)} / {text('gate', name, Lang.EN)}")
