"""`mingshi backup`: the record without person keys to one place, the person keys to another."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--to", required=True, type=click.Path(path_type=Path), help="数据库备份放在 / where the record goes")
@click.option(
    "--keys", required=True, type=click.Path(path_type=Path), help="个人密钥放在（另一处）/ person keys, elsewhere"
)
@json_option
def command(data: Path, to: Path, keys: Path, as_json: bool) -> None:
    """备份 / back up; the server may run meanwhile."""
    made = ask(data, "backup", {"to": str(to.absolute()), "keys": str(keys.absolute())}, as_json=as_json)
    if not as_json:
        click.echo(f"已备份 {made['entries']} 条 / {made['entries']} entries: {made['path']}\n根 / root {made['root']}")
