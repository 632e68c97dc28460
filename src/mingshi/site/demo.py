"""The demo: a site in a temporary folder whose clock goes on where its season ended, and may be put forward.

The rules this module keeps: whatever happens in it happens through the same pages and use cases as at a real site;
what is the demo's alone is the clock, the phones that cannot ring, and logins handed out on its start page.
"""

import threading
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from mingshi.app.consents import REQUIRED
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import PublishNotice, publish_notice
from mingshi.domain import evidence as e
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import SECOND, Micros
from mingshi.ledger.signer import Answer as Cosigned
from mingshi.ledger.signer import WitnessLink
from mingshi.passes.sms import Handset
from mingshi.present.notices import Particulars, standard_notice
from mingshi.site.folder import TRUST
from mingshi.site.pages import SiteOffice  # noqa: TC001  # an attribute's type
from mingshi.site.root import Clock, Site, system_clock
from mingshi.store.keyring import Random
from mingshi.witness import setup
from mingshi.witness.keeper import Keeper

PEOPLE: Final = (
    ("reception", Role.RECEPTION, "前台"),
    ("consultant", Role.CONSULTANT, "置业顾问"),
    ("manager", Role.MANAGER, "案场经理"),
)


@final
class DemoClock:
    """Real time from another beginning; it may be put forward, never back."""

    def __init__(self, begin: Micros, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._ahead = begin - clock()
        self._mutex = threading.Lock()

    def __call__(self) -> Micros:
        """Now."""
        return Micros(self._clock() + self._ahead)

    def skip(self, micros: int) -> None:
        """Put it forward."""
        with self._mutex:
            self._ahead += max(0, micros)


@final
class DemoDesk:
    """`web.ports.Demo`."""

    def __init__(self, clock: DemoClock, handset: Handset) -> None:
        self._clock = clock
        self._handset = handset
        self.office: SiteOffice | None = None

    def texts(self) -> list[tuple[str, str]]:
        """What was sent, newest first."""
        return self._handset.texts()

    def skip(self, micros: Micros) -> None:
        """Put the clock forward."""
        self._clock.skip(micros)

    def token(self) -> tuple[str, str]:
        """An agency, and a token for its own system."""
        office = self.office
        assert office is not None, "the demo is open"
        agency = office.look(lambda transaction: min((row.agency for row in transaction.every(e.Agent)), default=""))
        return str(agency), office.token(str(agency))

    def logins(self) -> list[tuple[str, str, str]]:
        """A fresh one-time login for one of each role."""
        office = self.office
        assert office is not None, "the demo is open"
        people = office.look(_people)
        return [(key, name, office.invite(role, who, name, phone)) for key, role, who, name, phone in people]


def _people(transaction: Transaction) -> list[tuple[str, Role, str, str, str]]:
    found = []
    agent = min(transaction.every(e.Agent), key=lambda row: (row.agency, row.id), default=None)
    if agent is not None:
        found.append(("agent", Role.AGENT, str(agent.id), f"经纪人 {agent.name}（{agent.agency}）", str(agent.phone)))
        found.append(("agency", Role.AGENCY, f"{agent.agency}/复核人", f"渠道复核人（{agent.agency}）", ""))
    staff = sorted(transaction.every(e.Staff), key=lambda row: row.id)
    for key, role, word in PEOPLE:
        row = next((one for one in staff if one.role == word), None)
        if row is not None:
            found.append((key, role, str(row.id), f"{word} {row.name}", ""))
    found.append(("display", Role.DISPLAY, "门口平板", "门口平板", ""))
    return found


def open_for_consent(site: Site, link: str) -> None:
    """Publish the standard notices, and from then on take nothing that rests on consent without one."""
    particulars = Particulars(
        ("示例置业有限公司",), "示例市示例路 1 号", "客服 4000000000", "个保负责人 李测试", link, 90
    )
    for purpose in (Purpose.ATTRIBUTION, Purpose.REGISTRATION):
        now = max(site.clock(), site.store.last_sealed_at)
        notice = standard_notice(purpose, "1", now, particulars)
        answer = site.store.run(publish_notice, PublishNotice(notice, "demo"), now=now).answer
        assert answer, answer
    site.store.put_settings({"consents": REQUIRED})


@final
class Neighbour:
    """An agency's witness in this very process: its own keys, its own file, its own rules; only the wire is missing."""

    def __init__(self, keeper: Keeper, clock: Clock) -> None:
        self._keeper = keeper
        self._clock = clock

    def add_checkpoint(self, request: str) -> Cosigned:
        """As over HTTP."""
        answer = self._keeper.add_checkpoint(request, self._clock() // SECOND)
        return Cosigned(answer.status, answer.body)

    def latest(self, origin: str) -> Cosigned:
        """As over HTTP."""
        answer = self._keeper.latest(sha256(origin.encode()).hexdigest())
        return Cosigned(answer.status, answer.body)


def neighbour(folder: Path, data: Path, log: str, clock: Clock, random_bytes: Random) -> dict[str, WitnessLink]:
    """Give a new site a witness, and a rule of trust that asks for it: without one nothing can be verified."""
    setup.make(folder, "agency.example/witness", [log], random_bytes)
    made = setup.read(folder)
    (data / TRUST).write_text(f"log {log}\nwitness agency {made.key.verifier}\nquorum agency\n", encoding="utf-8")
    return {"agency": Neighbour(made.open_keeper(), clock)}
