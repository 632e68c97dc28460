"""`mingshi sensor`: the register of every device on a site that senses people (L-18, L-19, L-54)."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option, say
from mingshi.cli.problems import json_option
from mingshi.domain.impact.sensors import DeviceType


@click.group("sensor", invoke_without_command=True)
@data_option
@click.pass_context
def command(ctx: click.Context, data: Path) -> None:
    """设备登记册：有哪些；登记、注销 / what is in the register; add to it, remove from it.

    Every device that senses people is in it, or `doctor` says so. A fixed one over a hall is refused whatever it is
    said to do. Counts of visitors are taken only once a counter is in it.
    """
    ctx.obj = data
    if ctx.invoked_subcommand is None:
        rows = ask(data, "sensors", {}, as_json=False)["sensors"]
        for one in rows:
            counsel = f"  {one['counsel_record']}" if one["counsel_record"] else ""
            click.echo(f"{one['device']}  {one['type']}  {one['place']}  {one['purpose']}{counsel}  {one['since']}")
        if not rows:
            click.echo("没有登记的设备 / no device is in the register")


@command.command("add")
@click.argument("device")
@click.option(
    "--type", "kind", required=True, type=click.Choice([one.value for one in DeviceType]), help="种类 / what it is"
)
@click.option("--place", required=True, help="位置 / where it is")
@click.option("--purpose", required=True, help="用途 / what for")
@click.option(
    "--counsel", default="", help="法律意见书编号；会成像的计数设备必填 / counsel's record, where it sees images"
)
@click.option("--by", required=True, help="经办人 / who registers it")
@json_option
@click.pass_obj
def add(data: Path, device: str, kind: str, place: str, purpose: str, counsel: str, by: str, as_json: bool) -> None:
    """登记 / register a device, by the name that the site knows it by."""
    arguments = {"device": device, "type": kind, "place": place, "purpose": purpose, "counsel": counsel, "by": by}
    told = ask(data, "sensor_add", arguments, as_json=as_json)
    if not as_json:
        say(told)


@command.command("remove")
@click.argument("device")
@click.option("--by", required=True, help="经办人 / who removes it")
@json_option
@click.pass_obj
def remove(data: Path, device: str, by: str, as_json: bool) -> None:
    """注销 / the device is gone."""
    told = ask(data, "sensor_remove", {"device": device, "by": by}, as_json=as_json)
    if not as_json:
        say(told)
