"""`mingshi witness`: an agency's or association's own witness of the logs it relies on."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

import click

from mingshi.ledger.journal import CorruptError
from mingshi.witness import setup
from mingshi.witness.keeper import Alarm
from mingshi.witness.server import WitnessServer


@click.group("witness")
def command() -> None:
    """自己的见证处 / a witness of one's own: docs/operate/witness.md."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="如 agency.example/witness / such as agency.example/witness")
@click.option("--log", "logs", multiple=True, help="案场日志的公钥（vkey），可多个 / a site log's vkey, repeatable")
def init(folder: Path, name: str, logs: tuple[str, ...]) -> None:
    """新建见证处的文件夹与密钥 / make the folder and the keys."""
    try:
        setup.make(folder, name, logs, os.urandom)
        click.echo(setup.read(folder).keys_page(), nl=False)
    except (setup.SetupError, OSError) as error:
        _bad_input(error)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="文件夹不存在时先新建 / makes the folder first where there is none")
@click.option("--log", "logs", multiple=True, help="同 init / as in init")
@click.option("--listen", help="代替设置中的地址，如 127.0.0.1:8330 / instead of the address in the settings")
def serve(folder: Path, name: str | None, logs: tuple[str, ...], listen: str | None) -> None:
    """运行见证处 / run the witness until it is stopped."""
    try:
        if name is not None and not folder.exists():
            setup.make(folder, name, logs, os.urandom)
        ready = setup.read(folder)
        server = WitnessServer(
            setup.address(listen, "--listen") if listen else ready.listen,
            ready.open_keeper(),
            lambda: int(time.time()),  # noqa: TID251  # a composition root
            keys_page=ready.keys_page(),
            token=ready.deposit_token,
            tell=_tell,
        )
    except (setup.SetupError, CorruptError, OSError) as error:
        _bad_input(error)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    host, port = server.server_address[:2]
    click.echo(ready.keys_page(), nl=False)
    click.echo(f"见证处已运行 / serving on http://{host!s}:{port}/")
    sys.stdout.flush()
    server.run()
    if server.keeper.broken:
        click.echo("见证记录写不进磁盘，已停止 / the state cannot be written: stopped", err=True)
        sys.exit(1)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
def status(folder: Path) -> None:
    """看警报与断档（须先停下见证处）/ alarms and gaps while it is stopped; exit 1 where there are any."""
    try:
        keeper = setup.read(folder).open_keeper()
    except (setup.SetupError, CorruptError, OSError) as error:
        _bad_input(error)
    found = keeper.gaps(int(time.time()))  # noqa: TID251  # a composition root
    for alarm in keeper.alarms:
        _tell(alarm)
    for origin, each in found.items():
        for gap in each:
            click.echo(f"{origin}: 断档 / gap {_utc(gap.start_s)} – {_utc(gap.end_s) if gap.end_s else '…'}")
    sys.exit(1 if keeper.alarms or any(found.values()) else 0)


def _tell(alarm: Alarm) -> None:
    click.echo(f"警报 / ALARM {_utc(alarm.time_s)} {alarm.kind} {alarm.origin}: {alarm.detail}", err=True)


def _utc(at_s: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_s))


def _bad_input(error: Exception) -> NoReturn:
    click.echo(f"{error}", err=True)
    sys.exit(2)
