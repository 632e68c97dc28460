"""`mingshi invite`: a one-time login for staff, an agency's reviewer, the tablet at the sign, an auditor."""

import os
from pathlib import Path

import click

from mingshi.cli.administer import data_option, refuse
from mingshi.domain.roles import Role
from mingshi.site import folder as folders
from mingshi.site.pages import invitation
from mingshi.store.errors import RefusedStartError

ROLES = ("reception", "consultant", "manager", "risk", "finance", "agency", "display", "auditor")


@click.command("invite")
@data_option
@click.option("--role", type=click.Choice(ROLES), required=True, help="身份 / in what capacity")
@click.option("--id", "who", required=True, help="名单上的工号；渠道复核人写 公司/姓名 / id, or AGENCY/NAME")
def command(data: Path, role: str, who: str) -> None:
    """给一次性登录链接，24 小时内用一次 / make a one-time login, good once within a day."""
    try:
        config = folders.read(data)
        path = invitation(config, Role(role), who, os.urandom)
    except RefusedStartError as error:
        refuse(error)
    click.echo(f"{config.address or 'http://localhost:' + str(config.pages[1])}{path}")
