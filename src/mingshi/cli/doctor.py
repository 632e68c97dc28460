"""`mingshi doctor`: is this machine fit to keep a record, and is the record well?"""

import sys
from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option

_MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


@click.command()
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """体检 / disk, files, clock, witnesses, backups; exit 1 where something is bad."""
    found = ask(data, "doctor", {}, as_json=as_json)
    if not as_json:
        for one in found:
            click.echo(f"{_MARKS[one['level']]} {one['zh']}\n  {one['en']}")
    sys.exit(1 if any(one["level"] == "bad" for one in found) else 0)
