"""`mingshi token`: a token with which an agency's own system asks /api/v1 (docs/integrate.md)."""

import os
from pathlib import Path

import click

from mingshi.cli.administer import data_option, refuse
from mingshi.site import folder as folders
from mingshi.site.pages import agency_token
from mingshi.store.errors import RefusedStartError


@click.command("token")
@data_option
@click.option("--agency", required=True, help="协议上的渠道公司名 / the agency, as in its agreement")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="有效天数 / for how many days")
def command(data: Path, agency: str, days: int) -> None:
    """给渠道公司系统一个接口令牌，只显示这一次 / make a token; it is shown this once."""
    try:
        click.echo(agency_token(folders.read(data), agency, days, os.urandom))
    except RefusedStartError as error:
        refuse(error)
