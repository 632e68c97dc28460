"""The command line, one command per file; a command is imported only when it is run."""

# ruff: noqa: ARG002, PLC0415  # click's signatures; a command is imported where it is run

from collections.abc import Callable, Mapping
from typing import Final

import click


def _bench() -> click.Command:
    from mingshi.cli.bench import bench

    return bench


def _convert() -> click.Command:
    from mingshi.cli.convert import command

    return command


def _demo() -> click.Command:
    from mingshi.cli.demo import command

    return command


def _judge() -> click.Command:
    from mingshi.cli.judge import command

    return command


def _map() -> click.Command:
    from mingshi.cli.map import command

    return command


def _policy() -> click.Command:
    from mingshi.cli.policy import policy

    return policy


def _score() -> click.Command:
    from mingshi.cli.score import command

    return command


def _season() -> click.Command:
    from mingshi.cli.season import command

    return command


def _verify() -> click.Command:
    from mingshi.cli.verify import verify

    return verify


def _witness() -> click.Command:
    from mingshi.cli.witness import witness

    return witness


def _backup() -> click.Command:
    from mingshi.cli.backup import command

    return command


def _clock() -> click.Command:
    from mingshi.cli.clock import command

    return command


def _doctor() -> click.Command:
    from mingshi.cli.doctor import command

    return command


def _erase() -> click.Command:
    from mingshi.cli.erase import command

    return command


def _notice() -> click.Command:
    from mingshi.cli.notice import command

    return command


def _pia() -> click.Command:
    from mingshi.cli.pia import command

    return command


def _retention() -> click.Command:
    from mingshi.cli.retention import command

    return command


def _roster() -> click.Command:
    from mingshi.cli.roster import command

    return command


def _export() -> click.Command:
    from mingshi.cli.export import command

    return command


def _fsck() -> click.Command:
    from mingshi.cli.fsck import command

    return command


def _import_case() -> click.Command:
    from mingshi.cli.import_case import command

    return command


def _init() -> click.Command:
    from mingshi.cli.init import command

    return command


def _restore() -> click.Command:
    from mingshi.cli.restore import command

    return command


def _status() -> click.Command:
    from mingshi.cli.status import command

    return command


def _invite() -> click.Command:
    from mingshi.cli.invite import command

    return command


def _serve() -> click.Command:
    from mingshi.cli.serve import command

    return command


def _token() -> click.Command:
    from mingshi.cli.token import command

    return command


_COMMANDS: Final[Mapping[str, tuple[Callable[[], click.Command], str]]] = {
    "backup": (_backup, "备份 / back up a site's record, and its person keys elsewhere"),
    "clock": (_clock, "确认时钟 / confirm a site's clock after a long silence"),
    "doctor": (_doctor, "体检 / is this machine fit to keep a record, and is the record well"),
    "erase": (_erase, "删除 / a person is forgotten, and it is shown"),
    "notice": (_notice, "告知 / publish a notice, or say which are in force"),
    "pia": (_pia, "影响评估 / what stands, and what it does not cover any more"),
    "retention": (_retention, "保存期限 / what is due; --sweep destroys it"),
    "roster": (
        _roster,
        "名单：经纪人、协议、佣金、员工、业主 / an office's lists: agents, agreements, terms, staff, owners",
    ),
    "export": (_export, "导出案卷 / a site's record as a case that anybody may judge again"),
    "fsck": (_fsck, "核对 / check a site's record from end to end"),
    "import": (_import_case, "导入案卷 / a full export becomes the record of an empty site"),
    "init": (_init, "新建案场 / make a new site"),
    "restore": (_restore, "恢复 / a site's folder, made of a backup"),
    "status": (_status, "现状 / how a site stands"),
    "bench": (_bench, "重测 docs/benchmarks.md 的数字 / time the figures of docs/benchmarks.md again"),
    "convert": (_convert, "文件夹与工作簿互换，或换成代号 / a case as folder or workbook, or with tokens for phones"),
    "score": (_score, "对照真相打分 / a season's rulings against its truth"),
    "season": (_season, "生成有真相的销售季 / generate a sales season with known truth"),
    "invite": (_invite, "一次性登录链接 / a one-time login for staff"),
    "serve": (_serve, "运行案场 / run a site with its pages"),
    "token": (_token, "渠道公司系统的接口令牌 / a token for an agency's own system"),
    "demo": (_demo, "在本机试用一个售楼处 / a sales office to try, on this machine"),
    "judge": (_judge, "判一个案卷 / rule every deal of a case, write rulings and settlement"),
    "map": (_map, "为办公室自己的表格提出列的对应关系 / propose how a spreadsheet of one's own is read"),
    "policy": (_policy, "规则实验室：检查、对照、换规则重判 / check, compare and try policies"),
    "verify": (_verify, "离线核验回执 / verify receipts, promises and overdue evidence, off-line"),
    "witness": (_witness, "自己的见证处 / run a witness of one's own"),
}


class _Lazy(click.Group):
    """Lists every command; imports only the one that is run, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The one to run."""
        return _COMMANDS[cmd_name][0]() if cmd_name in _COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their lines of help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=_Lazy)
@click.version_option(package_name="mingshi")
def main() -> None:
    """Mingshi 明示: who brought this buyer, answered from open evidence (判客，不拍脸)."""
