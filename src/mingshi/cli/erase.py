"""`mingshi erase`: a person is forgotten, and it is shown."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--phone", "phones", multiple=True, help="本人的每一个号码 / every number of the person")
@click.option("--by", default="", help="操作人 / who does it")
@click.option("--explain", is_flag=True, help="只说明会改变什么 / only say what it would change")
@click.option("--prove", type=click.Path(path_type=Path), help="个人密钥备份：出第二阶段证明 / keys' backup: stage two")
@json_option
def command(data: Path, phones: tuple[str, ...], by: str, explain: bool, prove: Path | None, as_json: bool) -> None:
    """删除 / erase; explained first, proven afterwards."""
    if prove is not None:
        told = ask(data, "prove", {"keys": str(prove.absolute()), "by": by}, as_json=as_json)
        if not as_json:
            click.echo(f"第二阶段 / stage two: {', '.join(told['proven']) or '—'}")
        return
    if not phones or not (by or explain):
        raise click.UsageError("--phone, --by / 请写明号码与操作人")
    told = ask(data, "erase", {"phones": list(phones), "by": by, "explain": explain}, as_json=as_json)
    if as_json:
        return
    if explain:
        args = told["args"]
        click.echo(f"会销毁 {args['records']} 项记录，{len(args['deals'])} 笔成交不能重判；也可以只限制使用。")
        click.echo(f"Would destroy {args['records']} records; {len(args['deals'])} deals cannot be judged again.")
        return
    click.echo(f"已删除，残留 {told['left']} 处 / erased, {told['left']} left: {told['erasure']}")
    click.echo(f"盐值只交给本人，此处不再保存 / the salt, for the person alone and kept nowhere: {told['salt']}")
