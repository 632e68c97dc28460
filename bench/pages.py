"""The pages' figures: a launch day behind one address, and fifty people who read over a large site.

    mingshi bench pages          MINGSHI_BENCH="start launch reading", SPEED=10, GUESTS=400, SECONDS=60, ARRIVALS=170000

The server runs in a process of its own on this machine, over loopback; codes are read from a spool. Every request's
time is taken at the client. Times vary with the machine; beside them stands a bare file of the same server.
"""

import json
import os
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from offices import AGENCIES, STAFF, fields

from mingshi.app.answer import Done
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import AgentKind, DoorCode, Means
from mingshi.domain.notice.purpose import Basis
from mingshi.domain.policy import SHIPPED
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR, Micros
from mingshi.passes.sms import Spool
from mingshi.site import folder as folders
from mingshi.site.demo import open_for_consent
from mingshi.site.pages import SiteOffice, server_of
from mingshi.site.root import Site, system_clock

ARRIVALS = int(os.environ.get("ARRIVALS", "170000"))
SPEED = float(os.environ.get("SPEED", "10"))
SECONDS = float(os.environ.get("SECONDS", "60"))
GUESTS = int(os.environ.get("GUESTS", "400"))
MINUTES = GUESTS * 90 / 400
"""400 arrivals in 90 minutes; fewer take as much less."""
READERS, THINK_S = 50, 2.0
TEXT_S = 5
CHANCE = random.Random(7)


def main() -> None:
    """Every figure."""
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
        return
    wanted = os.environ.get("MINGSHI_BENCH", "start launch reading").split()
    with tempfile.TemporaryDirectory() as name:
        if "start" in wanted or "launch" in wanted:
            launch(Path(name) / "launch", only_start="launch" not in wanted)
        if "reading" in wanted:
            reading(Path(name) / "reading")


def say(what: str, measured: str, promised: str) -> None:
    """One figure."""
    print(f"{what:<78}{measured:>22}   {promised}", flush=True)


# The site and its server


def make(folder: Path, arrivals: int) -> dict[str, str]:
    """A site with a roster and so many arrivals; one-time logins by role."""
    folder.mkdir()
    now = system_clock()
    begun = Micros(now - 400 * DAY)
    folders.make(
        folder / "site", origin="bench.example/site/1", project="示例花园", policy=SHIPPED["open"], now=begun,
        random_bytes=os.urandom,
    )  # fmt: skip
    at = [begun]
    with Site.open(folder / "site", lambda: at[0]) as site:
        rows: list[object] = [blank(e.Staff, id=who, name=who, role=role, since=begun - DAY) for who, role in STAFF]
        for number, agency in enumerate(AGENCIES, start=1):
            rows.append(blank(e.Agreement, id=f"协议-{agency}", agency=agency, since=begun - DAY, policy="open"))
            rows.append(
                blank(
                    e.Agent,
                    id=f"{agency[0]}-1",
                    name=f"王测试{number}",
                    agency=agency,
                    kind=AgentKind.BROKER,
                    phone=f"1609900000{number}",
                    since=begun - DAY,
                )
            )
        assert site.run(keep_roster, KeepRoster(tuple(rows))).answer  # type: ignore[arg-type]

        def load(transaction, records):
            transaction.on_ground(Basis.IMPORTED, "bench")
            for record in records:
                transaction.seal(record, imported=True)
            return Done("imported")

        for first in range(0, arrivals, 10_000):
            at[0] = Micros(begun + first * (398 * DAY) // max(1, arrivals))
            batch = tuple(past(number, at[0]) for number in range(first, min(arrivals, first + 10_000)))
            assert site.store.run(load, batch, now=at[0]).answer
        at[0] = Micros(now - HOUR)
        open_for_consent(site, "http://localhost/notice")
        site.store.housekeep(now=at[0], deleting=False)
    return {}


def past(number: int, at: Micros) -> e.Arrival:
    """A visit of the past."""
    return blank(
        e.Arrival, id=f"V-{number}", at=at, phone=number_of(number), means=Means.OTP, door_code=DoorCode.VALID,
        sealed_at=at,
    )  # fmt: skip


def number_of(number: int) -> str:
    """A number that cannot ring."""
    return f"160{number:08}"


def serve(folder: Path) -> None:
    """The server's process."""
    with Site.open(folder / "site") as site:
        office = SiteOffice(site, Spool(folder / "sms", os.urandom), address="")
        server = server_of(office, "127.0.0.1", 0, secure=False)
        logins = {
            role.value: office.invite(role, who, who)
            for role, who in ((Role.RECEPTION, "前台-01"), (Role.MANAGER, "经理-01"), (Role.DISPLAY, "门口"))
        }
        print(json.dumps({"port": server.port, "logins": logins}), flush=True)
        server.serve()
        office.close()


class Running:
    """The server, started and stopped."""

    def __init__(self, folder: Path) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.port, self.logins = told["port"], told["logins"]
        Client(self).get("/")
        self.took = time.perf_counter() - began
        self.spool = folder / "sms"

    def rss_mib(self) -> int:
        """Resident memory."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * resource.getpagesize() >> 20

    def stop(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


class Client:
    """A browser's requests over a connection of its own."""

    def __init__(self, running: Running, taken: "list[float] | None" = None) -> None:
        self.connection = HTTPConnection("localhost", running.port, timeout=30)
        self.base = f"http://localhost:{running.port}"
        self.cookies: dict[str, str] = {}
        self.taken = taken

    def get(self, path: str, *, timed: bool = True) -> str:
        """A page; follows one redirection."""
        status, body, to = self.ask("GET", path, None, timed=timed)
        if status == 303:
            status, body, _ = self.ask("GET", to, None, timed=timed)
        assert status == 200, (path, status, body[:300])
        return body

    def post(self, path: str, values: dict[str, str], *, timed: bool = True) -> str:
        """A form; follows one redirection."""
        status, body, to = self.ask("POST", path, values, timed=timed)
        if status == 303:
            return self.get(to)
        assert status == 200, (path, status, re.sub(r"<[^>]+>", " ", body)[-600:])
        return body

    def login(self, path: str) -> "Client":
        """A one-time login."""
        self.post(path, fields(self.get(path)))
        return self

    def ask(self, method: str, path: str, values: "dict[str, str] | None", *, timed: bool) -> "tuple[int, str, str]":
        """One request: status, body, where to."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.base}
        body = None
        if values is not None:
            body = urlencode(values)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if timed and self.taken is not None:
            self.taken.append(time.perf_counter() - began)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


# A launch day


def launch(folder: Path, *, only_start: bool) -> None:
    """400 arrivals in 90 minutes behind one address, two receptionists beside them, faster than life."""
    make(folder, 0)
    running = Running(folder)
    say("server start, until the first page", f"{running.took:.2f} s", "≤ 2 s")
    if only_start:
        running.stop()
        return
    check_ins: list[float] = []
    others: list[float] = []
    faults: list[str] = []
    sign = Client(running).login(running.logins["display"])
    reception = Client(running).login(running.logins["reception"])
    span = MINUTES * 60 / SPEED
    starts = sorted(CHANCE.uniform(0, span) for _ in range(GUESTS))
    stop = threading.Event()
    desks = [threading.Thread(target=desk, args=(running, reception.cookies, others, faults, stop)) for _ in range(2)]
    for one in desks:
        one.start()
    began = time.monotonic()
    guests = []
    for number, at in enumerate(starts):
        time.sleep(max(0.0, began + at - time.monotonic()))
        door = re.search(r'id="door-code">(\w+)<', sign.get("/door")).group(1)  # type: ignore[union-attr]
        guest = threading.Thread(target=arrive, args=(running, number, door, check_ins, others, faults))
        guest.start()
        guests.append(guest)
    for one in guests:
        one.join()
    stop.set()
    for one in desks:
        one.join()
    memory = running.rss_mib()
    running.stop()
    say(f"launch day: {GUESTS} guests in {MINUTES:g} min at {SPEED:g} × speed: faults", str(len(faults)), "0")
    told("launch day: check-in (code right → sealed), median, p99", check_ins, "p99 ≤ 100 ms")
    told("launch day: every other page, median, p99", others, "")
    say("launch day: memory at the end", f"{memory} MiB", "")
    for fault in faults[:5]:
        print("  ", fault)


def arrive(running: Running, number: int, door: str, check_ins: list, others: list, faults: list) -> None:
    """One guest, from the sign to the receipt."""
    try:
        client, phone = Client(running, others), number_of(90_000_000 + number)
        page = client.get(f"/v?d={door}")
        page = client.get(re.search(r'href="(/v/phone\?t=[^"]+)"', page).group(1))  # type: ignore[union-attr]
        page = client.post("/v/phone", fields(page) | {"phone": phone, "party": "2"})
        hidden = dict(
            re.findall(
                r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("/v/phone/check")[1].split("</form>")[0]
            )
        )
        client.taken = check_ins
        status, body, to = client.ask(
            "POST", "/v/phone/check", hidden | {"code": code(running.spool, phone)}, timed=True
        )
        client.taken = others
        assert status == 303, body[-400:]
        page = client.get(to)
        client.post("/v/who", fields(page) | {"origin": "nobody", "agent_text": "", "first": ""})
    except Exception as error:  # noqa: BLE001  # counted
        faults.append(f"guest {number}: {type(error).__name__} {error}")


def desk(running: Running, cookies: dict, others: list, faults: list, stop: threading.Event) -> None:
    """A receptionist: reads the queue, enters somebody now and then."""
    try:
        client = Client(running, others)
        client.cookies = dict(cookies)
        number = 0
        while not stop.wait(20 / SPEED):
            page = client.get("/desk")
            number += 1
            if number % 6 == 0:
                phone = number_of(95_000_000 + CHANCE.randrange(4_000_000))
                client.post("/desk", fields(page) | {"phone": phone, "party": "1"})
    except Exception as error:  # noqa: BLE001  # counted
        faults.append(f"desk: {type(error).__name__} {error}")


def code(spool: Path, phone: str) -> str:
    """The code that was sent to a number; a text takes its while, and a guest waits for it as long as this."""
    until = time.monotonic() + TEXT_S
    while time.monotonic() < until:
        for file in spool.glob("*.json"):
            try:
                told_ = json.loads(file.read_text(encoding="utf-8"))
            except FileNotFoundError:  # another guest took theirs
                continue
            if told_["phone"] == phone:
                file.unlink()
                return re.search(r"(\d{6})", told_["text"]).group(1)  # type: ignore[union-attr]
        time.sleep(0.05)
    raise LookupError(f"no text came to {phone} in {TEXT_S} s")


# Fifty readers


def reading(folder: Path) -> None:
    """Fifty people read pages, two seconds apart, over a site with many arrivals."""
    began = time.perf_counter()
    make(folder, ARRIVALS)
    say(f"loaded {ARRIVALS:,} arrivals", f"{time.perf_counter() - began:.0f} s", "")
    running = Running(folder)
    say("server start over them, until the first page", f"{running.took:.2f} s", "≤ 2 s")
    reception = Client(running).login(running.logins["reception"])
    manager = Client(running).login(running.logins["manager"])
    bare: list[float] = []
    page = reception.get("/")
    address = re.search(r'href="(/static/[^"]+)"', page).group(1)  # type: ignore[union-attr]
    file = Client(running, bare)
    for _ in range(200):
        file.get(address)
    told("a bare file of the same server, median, p99", bare, "")
    taken: list[float] = []
    faults: list[str] = []
    stop = threading.Event()
    kinds = [({}, ("/", "/v", "/notice", "/sign-in", "/v/none"))] * 30
    kinds += [(reception.cookies, ("/desk", "/desk/rows"))] * 15 + [(manager.cookies, ("/rulings", "/desk"))] * 5
    readers = [
        threading.Thread(target=read, args=(running, cookies, paths, taken, faults, stop)) for cookies, paths in kinds
    ]
    for one in readers:
        one.start()
    time.sleep(SECONDS / 4)
    early = running.rss_mib()
    time.sleep(SECONDS * 3 / 4)
    late = running.rss_mib()
    stop.set()
    for one in readers:
        one.join()
    running.stop()
    told(f"{READERS} readers, {THINK_S:g} s apart: {len(taken)} pages, median, p99", taken, "p99 ≤ 150 ms")
    say("memory after a quarter of the time, at its end", f"{early}, {late} MiB", "flat")
    say("faults", str(len(faults)), "0")
    for fault in faults[:5]:
        print("  ", fault)


def read(running: Running, cookies: dict, paths: tuple, taken: list, faults: list, stop: threading.Event) -> None:
    """One reader."""
    chance = random.Random(threading.get_ident())
    client = Client(running, taken)
    client.cookies = dict(cookies)
    try:
        while not stop.wait(chance.uniform(0.5, 1.5) * THINK_S):
            client.get(chance.choice(paths))
    except Exception as error:  # noqa: BLE001  # counted
        faults.append(f"{paths}: {type(error).__name__} {error}")


def told(what: str, times: "list[float]", promised: str) -> None:
    """Median and 99th percentile."""
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    say(what, f"{statistics.median(times) * 1000:.1f}, {p99 * 1000:.1f} ms", promised)


if __name__ == "__main__":
    main()
