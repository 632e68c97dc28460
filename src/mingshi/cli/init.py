"""`mingshi init`: a new site's folder: keys, record, rule of trust, settings."""

import os
from pathlib import Path

import click

from mingshi.app.consents import REQUIRED
from mingshi.cli.administer import refuse
from mingshi.domain.policy import SHIPPED
from mingshi.site import folder as folders
from mingshi.site.root import system_clock
from mingshi.store.errors import RefusedStartError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--origin", required=True, help="日志名，如 group.example/site/7 / the log's name")
@click.option("--project", required=True, help="项目名 / the project's name")
@click.option("--policy", default="open", type=click.Choice(sorted(SHIPPED)), show_default=True, help="起始判客规则")
@click.option("--zone-offset-min", default=480, show_default=True, help="项目时区，分钟 / civil time, minutes")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="已有的口令文件；不给则新建一个 / a passphrase of your own; else one is made",
)
def command(
    folder: Path, origin: str, project: str, policy: str, zone_offset_min: int, passphrase_file: Path | None
) -> None:
    """新建案场 / make a new site."""
    try:
        vkey = folders.make(
            folder,
            origin=origin,
            project=project,
            policy=SHIPPED[policy],
            now=system_clock(),
            random_bytes=os.urandom,
            zone_offset_min=zone_offset_min,
            consents=REQUIRED,
            passphrase=None if passphrase_file is None else passphrase_file.read_bytes(),
        )
    except RefusedStartError as error:
        refuse(error)
    except OSError as error:
        click.echo(f"没有建成 / not made: {error}", err=True)
        raise SystemExit(2) from None
    click.echo(f"案场已建 / made: {folder}")
    click.echo(f"日志公钥，请印在纸上交给渠道公司与见证处 / the log's key, for paper and witnesses:\n{vkey}")
    click.echo(
        "先发布告知再开门：mingshi notice --draft 起草，请法务看过，再 --publish；没有告知和同意，什么也不登记。\n"
        "Publish notices before you open: mingshi notice --draft, have counsel read it, then --publish. Without notice "
        "and consent nothing of anybody is recorded."
    )
    if passphrase_file is not None:
        click.echo("请在 site.toml 里写明 passphrase_file / name the passphrase file in site.toml")
    else:
        click.echo(
            f"口令在 {folder / folders.PASSPHRASE}：丢了它就没有人打得开这份记录。请抄一份，另处存放。\n"
            "The passphrase lies there: without it nobody opens this record. Keep a copy elsewhere."
        )
