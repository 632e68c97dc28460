"""`mingshi demo`: a working sales office at localhost with a season behind it."""

import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import click

from mingshi.domain import evidence as e
from mingshi.kernel.timeline import DAY, HOUR, Micros, Zone
from mingshi.passes.sms import Handset
from mingshi.season.generate import make_season
from mingshi.season.live import live
from mingshi.season.presets import PRESETS
from mingshi.site import folder as folders
from mingshi.site.demo import DemoClock, DemoDesk, neighbour, open_for_consent
from mingshi.site.pages import Server, SiteOffice
from mingshi.site.root import Site

PROJECT = "示例花园"


@click.command("demo")
@click.option("--port", default=8330, show_default=True, help="网页端口；0 为任意 / port of the pages; 0: any")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0), help="随机种子 / seed of the season")
@click.option(
    "--scale", default=0.15, show_default=True, type=click.FloatRange(0.02, 2), help="规模 / size of the season"
)
def command(port: int, seed: int, scale: float) -> None:
    """在本机打开一个有销售季记录的售楼处 / open a sales office with a season behind it, on this machine."""
    folder = Path(tempfile.mkdtemp(prefix="mingshi-demo-"))
    try:
        _serve(folder, port, seed, scale)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(folder: Path, port: int, seed: int, scale: float) -> None:
    season = make_season(PRESETS["open-office"].scaled(scale), seed)
    first = min(at for row in season.rows[e.Arrival] if isinstance(at := getattr(row, "at", None), int))
    begin, data = Micros(first - 60 * DAY), folder / "site"
    log = folders.make(
        data,
        origin="demo.example/site/1",
        project=PROJECT,
        policy=season.policies.versions[0].policy,
        now=begin,
        random_bytes=os.urandom,
    )
    clock, handset = DemoClock(begin), Handset()
    links = neighbour(folder / "witness", data, log, clock, os.urandom)
    with Site(folders.read(data), clock=clock, links=links) as site:
        lived = live(
            season,
            lambda use_case, command, now: site.store.run(use_case, command, now=now).answer,
            Micros(begin + DAY),
        )
        clock.skip(_morning_after(lived.end) - clock())
        open_for_consent(site, f"http://localhost:{port}/notice")
        desk = DemoDesk(clock, handset)
        office = SiteOffice(site, handset, desk)
        desk.office = office
        site.rebuild()
        site.hear()
        site.sign()
        server = Server(office, "127.0.0.1", port, secure=False)
        office.offer_keys(f"http://localhost:{server.port}")
        stop = threading.Event()
        signer = threading.Thread(target=_sign, args=(site, stop), daemon=True)
        signer.start()
        click.echo(f"打开 / open  http://localhost:{server.port}/demo")
        click.echo("按 Ctrl+C 结束，全部清除 / Ctrl+C ends it and removes everything")
        sys.stdout.flush()
        try:
            server.serve()
        finally:
            stop.set()
            signer.join()
            office.close()


def _sign(site: Site, stop: threading.Event) -> None:
    while not stop.wait(3):
        site.sign()


def _morning_after(at: Micros) -> Micros:
    """Ten in the morning of the next day."""
    zone = Zone()
    return Micros(zone.end(zone.day(at)) + 1 + 10 * HOUR)
