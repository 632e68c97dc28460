"""`mingshi restore`: a site's folder, made of a backup and the newest person keys."""

import json
from pathlib import Path

import click

from mingshi.cli.administer import refuse
from mingshi.cli.problems import json_option
from mingshi.site.copies import restore
from mingshi.store.errors import RefusedStartError


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--keys", required=True, type=click.Path(path_type=Path, exists=True), help="个人密钥备份文件 / person-keys"
)
@click.option("--passphrase-file", required=True, type=click.Path(path_type=Path), help="口令文件 / the passphrase")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="恢复到（空文件夹）/ an empty folder")
@json_option
def command(backup: Path, keys: Path, passphrase_file: Path, data: Path, as_json: bool) -> None:
    """恢复 / restore into an empty folder; erasures are replayed before anything is served."""
    try:
        found = restore(backup, keys, passphrase_file, data)
    except RefusedStartError as error:
        refuse(error)
    except OSError as error:
        click.echo(f"没有恢复成 / not restored: {error}", err=True)
        raise SystemExit(2) from None
    if as_json:
        click.echo(json.dumps(found._asdict()))
        return
    click.echo(
        f"已恢复 {found.entries} 条，重放删除 {found.forgotten} 条记录 / {found.entries} entries restored, "
        f"{found.forgotten} records forgotten again\n根 / root {found.root}\n"
        "请与见证处的联署比较；比它短的不会收件。/ Compare with what a witness cosigned: a shorter one takes no fact."
    )
