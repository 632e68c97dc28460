"""`mingshi pack`: the proof pack of one visitor."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--phone", required=True, help="本人的号码 / the visitor's number")
@click.option("--by", required=True, help="经办人 / who asks")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="输出文件夹（尚不存在）/ a new folder")
@json_option
def command(data: Path, phone: str, by: str, out: Path, as_json: bool) -> None:
    """证明包 / proof pack: notices, consents, times and receipts of one visitor."""
    made = ask(data, "pack", {"phone": phone, "by": by, "out": str(out.absolute())}, as_json=as_json)
    if as_json:
        return
    click.echo(f"{made['consents']} 份同意、{made['receipts']} 份回执 / consents, receipts: {out}")
    if made["waiting"]:
        count = len(made["waiting"])
        click.echo(f"{count} 条还没有公布的检查点，稍后再出 / not under a published checkpoint yet: {count}")
