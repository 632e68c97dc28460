"""`mingshi rules`: the rules a site rules by: which versions there are; proposing, publishing, countersigning one."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.group("rules", invoke_without_command=True)
@data_option
@click.pass_context
def command(ctx: click.Context, data: Path) -> None:
    """判客规则：有哪些版本；提出、发布、会签 / versions; two people bring one into force, agencies sign under it.

    Try a version first: `mingshi policy check` and `mingshi policy diff`.
    """
    ctx.obj = data
    if ctx.invoked_subcommand is None:
        for one in ask(data, "rules", {}, as_json=False)["versions"]:
            signed = "、".join(one["signed"]) or "—"
            state = {"in_force": "在用 / in force", "ahead": "未到期 / ahead", "past": "已替换 / past"}[one["state"]]
            if one["proposal"]:
                state = f"待第二人发布 / proposed as {one['proposal']}"
            click.echo(
                f"{one['version']}  {one['from']}  {state}\n  sha256 {one['sha256']}\n  会签 / signed by {signed}"
            )


@command.command("propose")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "since", required=True, metavar="DATE", help="生效日（将来）/ first day, in the future")
@click.option("--by", required=True, help="提出人 / who proposes it")
@json_option
@click.pass_obj
def propose(data: Path, file: Path, since: str, by: str, as_json: bool) -> None:
    """提出：一份规则文件（version、base、[parameters]），某日起 / propose the version of a policy file."""
    made = ask(data, "propose", {"file": str(file.absolute()), "from": since, "by": by}, as_json=as_json)
    if not as_json:
        click.echo(f"已提出 {made['ids']['proposal']}，请第二人发布 / proposed; now a second person publishes it")


@command.command("publish")
@click.argument("proposal")
@click.option("--by", required=True, help="发布人，须是另一人 / who publishes it: somebody else")
@json_option
@click.pass_obj
def publish(data: Path, proposal: str, by: str, as_json: bool) -> None:
    """发布 / the second person publishes a proposal."""
    ask(data, "publish", {"proposal": proposal, "by": by}, as_json=as_json)
    if not as_json:
        click.echo("已发布；各渠道会签七日后对其生效 / published; it binds an agency seven days after its signature")


@command.command("countersign")
@click.argument("version")
@click.option("--agency", required=True, help="渠道公司 / the agency")
@click.option("--sha256", required=True, help="所读规则的摘要 / digest of the rules that were read")
@click.option("--by", required=True, help="签字人 / who signs for it")
@json_option
@click.pass_obj
def countersign(data: Path, version: str, agency: str, sha256: str, by: str, as_json: bool) -> None:
    """会签 / an agency signs under a version."""
    arguments = {"version": version, "agency": agency, "sha256": sha256, "by": by}
    ask(data, "countersign", arguments, as_json=as_json)
    if not as_json:
        click.echo("已会签 / signed")
