"""`mingshi fsck`: check a record from end to end."""

import sys
from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--mend", is_flag=True, help="重建索引与保护位（只动由事实推得出的）/ make index and slots again")
@json_option
def command(data: Path, mend: bool, as_json: bool) -> None:
    """逐页、逐条核对 / pages, triggers, log, promises, openings, index, slots; exit 1 where anything is wrong."""
    found = ask(data, "fsck", {"mend": mend}, as_json=as_json)
    if not as_json:
        for fault in found["faults"]:
            click.echo(f"✗ {fault['check']}: {fault['where']}: {fault['detail']}", err=True)
        if mend:
            click.echo(f"重建 {found['mended']} 行 / {found['mended']} rows made again")
        click.echo(f"{found['entries']} 条，{len(found['faults'])} 处不符 / {len(found['faults'])} faults")
    sys.exit(1 if found["faults"] else 0)
