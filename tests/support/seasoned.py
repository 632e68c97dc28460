"""A site with a season behind it, open in this process: its pages as an application and, where asked, on a port."""

import os
import threading
from contextlib import contextmanager

from offices import BASE, Pages

from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.settle import Settle, settle
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.kernel.timeline import DAY, HOUR, Micros, Zone
from mingshi.passes.sms import Handset
from mingshi.season.agreed import agreed
from mingshi.season.generate import make_season
from mingshi.season.live import live
from mingshi.season.presets import PRESETS
from mingshi.site import folder as folders
from mingshi.site.demo import DemoClock, neighbour, open_for_consent
from mingshi.site.pages import SiteOffice, server_of
from mingshi.site.root import Site

MORE_STAFF = (
    ("风控-01", "风控"),
    ("财务-01", "财务"),
    ("财务-02", "财务"),
    ("经理-09", "案场经理"),
    ("前台-09", "前台"),
)


@contextmanager
def seasoned(folder, *, scale=0.03, seed=7, address=BASE):
    """Pages of a site that lived through a small season, on the morning after; risk and finance are on its roster."""
    season = make_season(PRESETS["open-office"].scaled(scale), seed)
    first = min(at for row in season.rows[e.Arrival] if isinstance(at := row.at, int))
    begin = Micros(first - 60 * DAY)
    policy = season.policies.versions[0].policy
    log = folders.make(
        folder / "site",
        origin="test.example/site/1",
        project="示例花园",
        policy=policy,
        now=begin,
        random_bytes=os.urandom,
    )
    clock, handset = DemoClock(begin), Handset()
    links = neighbour(folder / "witness", folder / "site", log, clock, os.urandom)
    with Site(folders.read(folder / "site"), clock=clock, links=links) as site:
        rows = tuple(blank(e.Staff, id=who, name=f"{role}测试", role=role, since=begin) for who, role in MORE_STAFF)
        assert site.run(keep_roster, KeepRoster(rows)).answer

        def act(use_case, command, now):
            return site.store.run(use_case, command, now=now).answer

        open_for_consent(site, f"{address}/notice")
        lived = live(season, agreed(act), Micros(begin + DAY), clerk="财务-02")
        zone = Zone()
        clock.skip(zone.end(zone.day(lived.end)) + 1 + 10 * HOUR - clock())
        site.rebuild()
        site.hear()
        site.sign()
        office = SiteOffice(site, handset, address=address)
        try:
            yield Pages(office, handset, clock)
        finally:
            office.close()


@contextmanager
def on_a_port(pages):
    """Serve them at localhost; gives the address."""
    pages.office.address = ""
    server = server_of(pages.office, "127.0.0.1", 0, secure=False)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield pages.office.address
    finally:
        server.stop()
        thread.join(timeout=20)


def agent_of(pages):
    """An agent of the season: id, agency, number."""
    row = min(pages.office.look(lambda transaction: transaction.every(e.Agent)), key=lambda row: (row.agency, row.id))
    return str(row.id), str(row.agency), str(row.phone)


__all__ = ["Settle", "agent_of", "on_a_port", "seasoned", "settle"]
