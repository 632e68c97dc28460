"""`mingshi serve`: a site, with its pages, signer, housekeeper and administration socket."""

import os
import sys
from pathlib import Path

import click

from mingshi.cli.administer import data_option, refuse
from mingshi.kernel.timeline import SECOND
from mingshi.passes.sms import Console, Http, Sms, Spool
from mingshi.site.folder import Config
from mingshi.site.pages import SiteOffice, server_of
from mingshi.site.root import Site, keep_memory_in, system_clock
from mingshi.site.running import Running
from mingshi.site.telling import Teller
from mingshi.store.errors import RefusedStartError


@click.command("serve")
@data_option
def command(data: Path) -> None:
    """运行案场 / run a site. 停止：Ctrl+C 或 SIGTERM / Ctrl+C or SIGTERM ends it."""
    try:
        site = Site.open(data)
    except RefusedStartError as error:
        refuse(error)
    keep_memory_in()
    with site:
        try:
            sms = driver(site.config)
        except (OSError, ValueError) as error:
            click.echo(f"短信设置有误 / [sms] in site.toml is wrong: {error}", err=True)
            raise SystemExit(2) from None
        office = SiteOffice(site, sms, address=site.config.address)
        secure = site.config.address.startswith("https://")
        try:
            server = server_of(office, *site.config.pages, secure=secure)
        except OSError as error:
            click.echo(f"端口打不开 / the port cannot be opened: {error}", err=True)
            raise SystemExit(2) from None
        with Running(site, Teller(system_clock)):
            click.echo(f"案场 / site  {office.address}")
            if sms.staff_readable:
                click.echo("员工看得到这些短信：验证码登记只算前台登记 / staff can read these texts: desk entries only")
            sys.stdout.flush()
            server.serve()
        office.close()


def driver(config: Config) -> Sms:
    """The way to phones that the settings name. Raises `ValueError`, `OSError`."""
    name = config.sms.get("driver", "console")
    if name == "http":
        secret = (config.folder / config.sms.get("secret_file", "sms-secret")).read_bytes().strip()
        return Http(
            config.sms.get("url", ""),
            key_id=config.sms.get("key_id", "mingshi"),
            secret=secret,
            now_s=lambda: system_clock() // SECOND,
            random_bytes=os.urandom,
        )
    if name == "spool":
        return Spool(config.folder / config.sms.get("folder", "sms"), os.urandom)
    if name == "console":
        return Console()
    raise ValueError(f"driver = {name!r}: console | spool | http")
