"""The command line, one command per file; a command is imported only when it is run."""

# ruff: noqa: ARG002, TID251  # click's signatures; edges within the top zone, of which every contract sees the rest

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

_SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "案卷 / A case": {
        "judge": "判一个案卷 / rule every deal of a case, write rulings and settlement",
        "map": "为办公室自己的表格提出列的对应关系 / propose how a spreadsheet of one's own is read",
        "convert": "文件夹与工作簿互换，或换成代号 / a case as folder or workbook, or with tokens for phones",
        "verify": "离线核验回执 / verify receipts, promises and overdue evidence, off-line",
    },
    "案场 / A site": {
        "demo": "在本机试用一个售楼处 / a sales office to try, on this machine",
        "init": "新建案场 / make a new site",
        "roster": "名单：经纪人、协议、佣金、员工、业主 / its lists: agents, agreements, terms, staff, owners",
        "enter": "台账：回款、退房、发票、关系 / finance's rows: payments, cancellations, invoices, relations",
        "rules": "判客规则：提出、发布、会签 / its rules: versions, two people, agencies' signatures",
        "extend": "延期：两人批准 / two people widen a window of a registration",
        "sensor": "设备登记册 / the register of every device that senses people",
        "serve": "运行案场 / run a site with its pages",
        "invite": "一次性登录链接 / a one-time login for staff",
        "token": "渠道公司系统的接口令牌 / a token for an agency's own system",
        "status": "现状 / how a site stands",
        "doctor": "体检 / is this machine fit to keep a record, and is the record well",
        "fsck": "核对 / check a site's record from end to end",
        "clock": "确认时钟 / confirm a site's clock after a long silence",
        "backup": "备份 / back up a site's record, and its person keys elsewhere",
        "restore": "恢复 / a site's folder, made of a backup",
        "export": "导出案卷 / a site's record as a case that anybody may judge again",
        "import": "导入案卷 / a full export becomes the record of an empty site",
        "witness": "自己的见证处 / run a witness of one's own",
    },
    "个人信息 / Personal information": {
        "notice": "告知 / publish a notice, or say which are in force",
        "pia": "影响评估 / what stands, and what it does not cover any more",
        "retention": "保存期限 / what is due; --sweep destroys it",
        "erase": "删除 / a person is forgotten, and it is shown",
        "pack": "证明包 / what shows one visitor: notices, consents, times, receipts",
    },
    "实验 / Trying rules": {
        "policy": "规则实验室：检查、对照、换规则重判 / check, compare and try policies",
        "season": "生成有真相的销售季 / generate a sales season with known truth",
        "score": "对照真相打分 / a season's rulings against its truth",
        "bench": "重测 docs/benchmarks.md 的数字 / time the figures of docs/benchmarks.md again",
    },
}
_NAMES: Final = [name for section in _SECTIONS.values() for name in section]
_MODULES: Final = {"import": "import_case"}
"""Where a command's file is not called as the command is."""


class _Lazy(click.Group):
    """Lists every command; imports only the one that is run, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return _NAMES

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The one to run."""
        if cmd_name not in _NAMES:
            return None
        command = import_module(f"mingshi.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their lines of help, without importing them."""
        for title, lines in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(lines.items()))


@click.group(cls=_Lazy)
@click.version_option(package_name="mingshi")
def main() -> None:
    """Mingshi 明示: who brought this buyer, answered from open evidence (判客，不拍脸)."""
