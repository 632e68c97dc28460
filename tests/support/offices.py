"""A small site of one's own, open, with its pages as an application: for tests that need no browser."""

import os
import re
from contextlib import contextmanager

from starlette.testclient import TestClient

from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import AgentKind
from mingshi.domain.policy import SHIPPED
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, Micros
from mingshi.passes.sms import Handset
from mingshi.site import folder as folders
from mingshi.site.demo import DemoClock, neighbour, open_for_consent
from mingshi.site.pages import SiteOffice
from mingshi.site.root import Site
from mingshi.web.asgi import application
from mingshi.web.routes import all_ways

NOON = Micros(1_788_148_800_000_000)
"""2026-08-31 12:00 in the project's zone."""
BASE = "http://localhost:8330"
AGENCIES = ("甲公司", "乙公司")
STAFF = (
    ("前台-01", "前台"),
    ("顾问-01", "置业顾问"),
    ("经理-01", "案场经理"),
    ("风控-01", "风控"),
    ("财务-01", "财务"),
)


class Pages:
    """The application, and people who use it."""

    def __init__(self, office, handset, clock):
        self.office = office
        self.handset = handset
        self.clock = clock
        self.app = application(office, all_ways(demo=False), secure=False)

    def anyone(self):
        return Visitor(self)

    def signed_in(self, role, who="", phone=""):
        visitor = Visitor(self)
        visitor.client.get("/")
        path = self.office.invite(role, who, who or phone, phone)
        shown = visitor.client.get(path)
        answer = visitor.client.post(path, data=fields(shown.text), headers=SAME)
        assert answer.status_code == 303, answer.text
        return visitor

    def everybody(self):
        """One of each role, signed in."""
        people = {Role.ANYONE: self.anyone(), Role.PERSON: self.signed_in(Role.PERSON, "", "16000005555")}
        people[Role.AGENT] = self.signed_in(Role.AGENT, "甲-1", "16099000001")
        people[Role.AGENCY] = self.signed_in(Role.AGENCY, "甲公司/复核人")
        people[Role.DISPLAY] = self.signed_in(Role.DISPLAY, "门口")
        people[Role.AUDITOR] = self.signed_in(Role.AUDITOR, "检查")
        names = {role: who for who, role in STAFF}
        people[Role.RECEPTION] = self.signed_in(Role.RECEPTION, names["前台"])
        people[Role.CONSULTANT] = self.signed_in(Role.CONSULTANT, names["置业顾问"])
        people[Role.MANAGER] = self.signed_in(Role.MANAGER, names["案场经理"])
        people[Role.RISK] = self.signed_in(Role.RISK, names["风控"])
        people[Role.FINANCE] = self.signed_in(Role.FINANCE, names["财务"])
        return people


SAME = {"origin": BASE, "sec-fetch-site": "same-origin"}


class Visitor:
    """A browser without a screen: keeps cookies, follows nothing by itself."""

    def __init__(self, pages):
        self.pages = pages
        self.client = TestClient(pages.app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)

    def get(self, path):
        return self.client.get(path)

    def post(self, path, values, *, seen=None, headers=SAME):
        """Send a form; `seen`: the page it stands on."""
        page = self.client.get(seen).text if seen else ""
        return self.client.post(path, data={**fields(page), **values}, headers=headers)

    def code(self, phone):
        self.pages.office._courier.settle()  # carried while the page is already answered
        return next(re.search(r"(\d{6})", text).group(1) for to, text in self.pages.handset.texts() if to == phone)


def fields(page):
    """The hidden fields of the first form that has a word against forgery."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    return dict(reversed(found))


@contextmanager
def pages_of(folder):
    """A site with a roster, notices in force, and nobody in it."""
    log = folders.make(
        folder / "site",
        origin="test.example/site/1",
        project="示例花园",
        policy=SHIPPED["open"],
        now=NOON,
        random_bytes=os.urandom,
    )
    clock, handset = DemoClock(NOON), Handset()
    links = neighbour(folder / "witness", folder / "site", log, clock, os.urandom)
    with Site(folders.read(folder / "site"), clock=clock, links=links) as site:
        since = Micros(NOON - 400 * DAY)
        rows = [blank(e.Staff, id=who, name=f"{role}测试", role=role, since=since) for who, role in STAFF]
        for at, agency in enumerate(AGENCIES, start=1):
            row = blank(
                e.Agreement, id=f"协议-{agency}", agency=agency, since=since, policy="open", countersigned_at=since
            )
            rows.append(row)
            person = {"id": f"{agency[0]}-1", "name": f"王测试{at}", "agency": agency, "phone": f"1609900000{at}"}
            rows.append(blank(e.Agent, **person, kind=AgentKind.BROKER, since=since))
        assert site.run(keep_roster, KeepRoster(tuple(rows))).answer
        open_for_consent(site, f"{BASE}/notice")
        site.rebuild()
        site.hear()
        office = SiteOffice(site, handset, address=BASE)
        try:
            yield Pages(office, handset, clock)
        finally:
            office.close()
