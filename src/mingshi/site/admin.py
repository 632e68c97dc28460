"""Administration: the same commands through the running server's socket, or under its lock when it is down.

    request   one line of JSON: {"command": "backup", "arguments": {…}}
    answer    one line: {"result": …} or {"refused": {"reason", "zh", "en"}}

The rules this module keeps:

1. Whoever may open the socket is who owns the folder, or root: its mode says so, and the kernel is asked for the peer.
2. A command is one function of the open site and its arguments; both ways call the same.
3. A request is bounded; what is wrong with it is said in both languages; nothing personal goes back.
"""

import json
import os
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, final

from mingshi.app.answer import Answer, Done
from mingshi.app.audit_evidence import audit
from mingshi.app.explain_erasure import ExplainErasure, explain_erasure
from mingshi.app.extend_window import ExtendWindow, extend_window
from mingshi.app.facts import NoticePublished, SensorRegistered
from mingshi.app.filing import filing_pack, standing
from mingshi.app.publish_notice import PublishNotice, in_force, publish_notice
from mingshi.app.publish_policy import CountersignPolicy, PublishPolicy, countersign_policy, publish_policy
from mingshi.app.request_right import overdue
from mingshi.app.sign_assessment import (
    Attest,
    RegisterSensor,
    RemoveSensor,
    attest,
    closed,
    drifted,
    last_signed,
    register_sensor,
    remove_sensor,
)
from mingshi.app.stop_start import StartSite, StopSite, start_site, stop_site
from mingshi.app.sweep import AT_ONCE, Sweep, sweep
from mingshi.domain.evidence import Window
from mingshi.domain.ids import AgencyId, Contact, DeviceId, EvidenceId
from mingshi.domain.impact.filing import Occasion
from mingshi.domain.impact.sensors import DeviceType, Sensor
from mingshi.domain.notice.notice import notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.files.problem import BadInputError
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import SECOND, Micros
from mingshi.ledger.signer import Halt
from mingshi.ledger.verify import Checkpoint, Note
from mingshi.site import copies, doctor, erasing, folder, proof_pack, records, rules
from mingshi.site.root import Site
from mingshi.store import fsck
from mingshi.store.database import LOCK
from mingshi.store.errors import RefusedStartError, StoreFailedError

MAX_REQUEST: Final = 64 * 1024
TIMEOUT_S: Final = 5
LONG_S: Final = 3600
"""How long an answer may take: an fsck of a large record."""

Arguments = Mapping[str, Any]


def status(site: Site, arguments: Arguments) -> Json:
    """How the site stands."""
    del arguments
    published = site.store.log_store.published()
    return {
        "origin": site.store.key.name,
        "entries": site.store.size,
        "sealed_at": site.store.last_sealed_at,
        "published": 0 if published is None else Checkpoint.parse(Note.parse(published).text).size,
        "halt": None if site.halt is None else site.halt.reason,
        "restored": site.restored,
        "failed": site.store.failed is not None,
    }


def check(site: Site, arguments: Arguments) -> Json:
    """`fsck`; `mend`: make again what is made from the facts."""
    now = max(site.clock(), site.store.last_sealed_at)
    mended = fsck.mend(site.store, now) if arguments.get("mend") else 0
    faults: list[Json] = [fault._asdict() for fault in fsck.check(site.store, now)]
    return {"entries": site.store.size, "faults": faults, "mended": mended}


def examine(site: Site, arguments: Arguments) -> Json:
    """`doctor`."""
    del arguments
    return [one.as_json() for one in doctor.examine(site)]


def make_backup(site: Site, arguments: Arguments) -> Json:
    """`backup`."""
    made = copies.backup(site, Path(arguments["to"]), Path(arguments["keys"]))
    return {"path": str(made.path), "entries": made.entries, "root": made.root, "bytes": made.bytes}


def export(site: Site, arguments: Arguments) -> Json:
    """`export`."""
    made = records.export(site, Path(arguments["out"]), arguments["profile"], tuple(arguments["people"]))
    if isinstance(made, records.Exported):
        return {"deals": made.deals, "records": made.records, "out": arguments["out"]}
    return _told(made)


def take_in(site: Site, arguments: Arguments) -> Json:
    """`import`."""
    return _told(records.import_case(site, Path(arguments["case"]), arguments["by"]))


def roster(site: Site, arguments: Arguments) -> Json:
    """`roster`: how many rows each list has; `path`: take in an office's lists first."""
    told: dict[str, Json] = {}
    if arguments.get("path"):
        told = _told(records.bring(site, Path(arguments["path"]), str(arguments["by"])))
    now = max(site.clock(), site.store.last_sealed_at)
    return told | {"lists": site.store.look(records.listed, now=now)}


def enter(site: Site, arguments: Arguments) -> Json:
    """`enter`: rows of a file of finance's or the office's."""
    made = records.enter(site, Path(arguments["path"]), str(arguments["by"]))
    refused: list[Json] = [{"file": file, "row": row, **_told(answer)} for file, row, answer in made.refused]
    return {"new": made.new, "known": made.known, "refused": refused}


def list_rules(site: Site, arguments: Arguments) -> Json:
    """`rules`."""
    del arguments
    return {"versions": site.store.look(rules.versions, now=max(site.clock(), site.store.last_sealed_at))}


def propose_rules(site: Site, arguments: Arguments) -> Json:
    """`rules propose`."""
    return _told(rules.propose(site, Path(arguments["file"]), str(arguments["from"]), str(arguments["by"])))


def publish_rules(site: Site, arguments: Arguments) -> Json:
    """`rules publish`."""
    command = PublishPolicy(EvidenceId(str(arguments["proposal"])), str(arguments["by"]))
    return _told(site.run(publish_policy, command).answer)


def countersign_rules(site: Site, arguments: Arguments) -> Json:
    """`rules countersign`."""
    agency, version, digest, by = (str(arguments[name]) for name in ("agency", "version", "sha256", "by"))
    return _told(site.run(countersign_policy, CountersignPolicy(AgencyId(agency), version, digest, by)).answer)


def extend(site: Site, arguments: Arguments) -> Json:
    """`extend`."""
    registration, reason = (str(arguments[name]) for name in ("registration", "reason"))
    approver1, approver2 = (str(one) for one in arguments["people"])
    window = Window(str(arguments["window"]))
    command = ExtendWindow(EvidenceId(registration), window, int(arguments["days"]), reason, approver1, approver2)
    return _told(site.run(extend_window, command).answer)


def sensors(site: Site, arguments: Arguments) -> Json:
    """`sensor`: the devices in the register."""
    del arguments
    now, zone = max(site.clock(), site.store.last_sealed_at), rules.zone_of(site)
    rows = site.store.look(lambda transaction: transaction.every(SensorRegistered), now=now)
    told = ("device", "type", "place", "purpose", "counsel_record", "by")
    standing = sorted((row for row in rows if row.removed_at is None), key=lambda row: (row.at, row.device))
    return {
        "sensors": [
            {name: str(getattr(row, name)) for name in told} | {"since": zone.day(row.at).isoformat()}
            for row in standing
        ]
    }


def add_sensor(site: Site, arguments: Arguments) -> Json:
    """`sensor add`."""
    device, place, purpose, counsel, by = (
        str(arguments[name]).strip() for name in ("device", "place", "purpose", "counsel", "by")
    )
    sensor = Sensor(device, DeviceType(str(arguments["type"])), place, purpose, counsel)
    return _told(site.run(register_sensor, RegisterSensor(sensor, by)).answer)


def remove_device(site: Site, arguments: Arguments) -> Json:
    """`sensor remove`."""
    command = RemoveSensor(DeviceId(str(arguments["device"]).strip()), str(arguments["by"]))
    return _told(site.run(remove_sensor, command).answer)


def checkpoint(site: Site, arguments: Arguments) -> Json:
    """Sign now, and have it cosigned by whoever answers."""
    del arguments
    heard = site.hear()
    signed = site.sign()
    if isinstance(signed, Halt):
        return {"halt": signed.reason, "detail": signed.detail}
    return {"checkpoint": signed, "unheard": "" if heard is None else heard.detail}


def clock(site: Site, arguments: Arguments) -> Json:
    """A person confirms the clock."""
    return _told(site.trust_clock(arguments["by"], arguments["reason"]))


def stop(site: Site, arguments: Arguments) -> Json:
    """Seal a stop."""
    return _told(site.run(stop_site, StopSite(arguments["by"], arguments["reason"])).answer)


def start(site: Site, arguments: Arguments) -> Json:
    """Seal a start."""
    return _told(site.run(start_site, StartSite(arguments["by"], arguments["reason"])).answer)


def erase(site: Site, arguments: Arguments) -> Json:
    """`erase`: explained where `explain` is set, else done and proven."""
    phones = tuple(Contact(str(one)) for one in arguments["phones"])
    if arguments.get("explain"):
        return _told(site.run(explain_erasure, ExplainErasure(phones)).answer)
    gone = erasing.erase(site, phones, operator=str(arguments["by"]))
    return _told(gone.answer) | {"erasure": gone.erasure, "salt": gone.salt, "left": len(gone.found)}


def prove(site: Site, arguments: Arguments) -> Json:
    """Stage two of every erasure whose keys are in no backup any more."""
    proven = erasing.prove_everywhere(site, Path(arguments["keys"]), operator=str(arguments["by"]))
    return {"proven": list(proven)}


def retain(site: Site, arguments: Arguments) -> Json:
    """`retention`: what is held by class and end; `sweep`: destroy what is due."""
    now = max(site.clock(), site.store.last_sealed_at)
    swept: Json = None
    if arguments.get("sweep"):
        known = doctor.cosigned_at_s(site)
        witnessed_at = site.store.last_sealed_at if known is None else Micros(known * SECOND)
        swept = _told(site.run(sweep, Sweep(witnessed_at)).answer)
    late = site.store.look(lambda transaction: [row.id for row in overdue(transaction)], now=now)
    due = site.store.look(lambda transaction: len(transaction.expired(now, AT_ONCE)), now=now)
    return {"due": due, "overdue_requests": list(late), "swept": swept}


def prove_person(site: Site, arguments: Arguments) -> Json:
    """`pack`: the proof pack of one visitor."""
    made = proof_pack.pack(site, Contact(str(arguments["phone"])), Path(arguments["out"]), str(arguments["by"]))
    if isinstance(made, proof_pack.Packed):
        return {"consents": made.consents, "receipts": made.receipts, "waiting": list(made.waiting)}
    return _told(made)


def notice(site: Site, arguments: Arguments) -> Json:
    """`notice`: publish the notice of a file, or show what is in force; `texts`: the newest of each, published."""
    if arguments.get("text"):
        try:
            told = notice_of(str(arguments["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise RefusedStartError(
                "bad_notice", f"不是告知文件（{error}）。", f"This is no notice ({error})."
            ) from None
        return _told(site.run(publish_notice, PublishNotice(told, str(arguments["by"]))).answer)
    now = max(site.clock(), site.store.last_sealed_at)
    if arguments.get("texts"):
        newest = {row.purpose: row for row in site.store.look(lambda t: t.every(NoticePublished), now=now)}
        return [{"purpose": row.purpose.value, "text": row.text} for row in newest.values()]
    rows = site.store.look(
        lambda transaction: [in_force(transaction, purpose, transaction.now) for purpose in Purpose], now=now
    )
    return [{"purpose": row.purpose.value, "version": row.version, "sha256": row.sha256} for row in rows if row]


def assess(site: Site, arguments: Arguments) -> Json:
    """`pia`: the assessment that stands, what differs, what closes faces, the self-audit; `filing`: the pack."""
    now = max(site.clock(), site.store.last_sealed_at)
    if arguments.get("filing"):
        occasion = Occasion(str(arguments["filing"]))
        return site.store.look(lambda transaction: filing_pack(transaction, occasion), now=now)
    if arguments.get("attest"):
        what = Attest(str(arguments["attest"]), str(arguments["by"]), str(arguments["sha256"]))
        return _told(site.run(attest, what).answer)
    signed = site.store.look(last_signed, now=now)
    return {
        "audit": [
            {
                "number": one.item.number,
                "item": one.item.name,
                "result": one.result.value,
                "evidence": list(one.evidence),
                "reason": one.reason,
            }
            for one in site.store.look(audit, now=now)
        ],
        "filing": site.store.look(standing, now=now).as_json(),
        "signed": None if signed is None else {"version": signed.version, "by": signed.by, "at": signed.at},
        "drift": list(site.store.look(drifted, now=now)),
        "faces_closed_by": list(site.store.look(closed, now=now)),
    }


COMMANDS: Final[Mapping[str, Callable[[Site, Arguments], Json]]] = {
    "status": status,
    "fsck": check,
    "doctor": examine,
    "backup": make_backup,
    "export": export,
    "import": take_in,
    "roster": roster,
    "enter": enter,
    "rules": list_rules,
    "propose": propose_rules,
    "publish": publish_rules,
    "countersign": countersign_rules,
    "extend": extend,
    "sensors": sensors,
    "sensor_add": add_sensor,
    "sensor_remove": remove_device,
    "checkpoint": checkpoint,
    "clock": clock,
    "stop": stop,
    "start": start,
    "erase": erase,
    "prove": prove,
    "retention": retain,
    "notice": notice,
    "pia": assess,
    "pack": prove_person,
}


def perform(site: Site, command: str, arguments: Arguments) -> dict[str, Json]:
    """Run a command; what went wrong is an answer."""
    try:
        if command not in COMMANDS:
            return _refused("unknown_command", f"没有这个命令：{command}。", f"There is no command {command}.")
        return {"result": COMMANDS[command](site, arguments)}
    except RefusedStartError as error:
        return _refused(error.reason, error.chinese, error.english)
    except StoreFailedError as error:
        chinese, _, english = str(error).partition("\n")
        return _refused("store_failed", chinese, english)
    except BadInputError as error:
        problems: list[Json] = [{"zh": one.text("zh"), "en": one.text("en")} for one in error.problems]
        return {"problems": problems}
    except OSError as error:
        return _refused(
            "disk",
            f"读写失败（{error}）：请检查路径、空间与权限。没有只做一半的东西留下。",
            f"Reading or writing failed ({error}): check the path, room and rights. Nothing half-done counts.",
        )
    except (KeyError, TypeError) as error:
        return _refused("bad_request", f"请求不完整（{error}）。", f"The request is not complete ({error}).")


def ask(path: Path, command: str, arguments: Arguments) -> dict[str, Json]:
    """Run a command on the site of a folder: by its server's socket, or under its lock. Raises `RefusedStartError`."""
    try:
        with Site.open(path) as site:
            return perform(site, command, arguments)
    except RefusedStartError as error:
        if error.reason != "in_use":
            raise
        answer = _through_socket(path, {"command": command, "arguments": dict(arguments)})
        if answer is None:
            raise
        return answer


def _through_socket(path: Path, request: Mapping[str, Json]) -> dict[str, Json] | None:
    """The server's answer; None where none listens."""
    with socket.socket(socket.AF_UNIX) as connection, _Short(path) as short:
        connection.settimeout(TIMEOUT_S)
        try:
            connection.connect(short)
        except OSError:
            return None
        connection.settimeout(LONG_S)
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("rb") as file:
            answer: dict[str, Json] = json.loads(file.readline())
            return answer


class _Short:
    """The socket's path by an open folder: the name of a socket has no room for a long one."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self) -> str:
        return f"/proc/self/fd/{self._handle}/{folder.SOCKET}"

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


class _Handler(socketserver.StreamRequestHandler):
    server: "AdminServer"
    timeout = TIMEOUT_S

    def handle(self) -> None:
        line = self.rfile.readline(MAX_REQUEST)
        try:
            request = json.loads(line)
            command, arguments = str(request["command"]), dict(request["arguments"])
        except (ValueError, KeyError, TypeError):
            answer = _refused("bad_request", "请求不是一行 JSON。", "The request is not one line of JSON.")
        else:
            answer = self.server.perform(command, arguments)
        self.wfile.write(json.dumps(answer).encode() + b"\n")


@final
class AdminServer(socketserver.ThreadingUnixStreamServer):
    """Listens at `admin.sock` in the site's folder."""

    daemon_threads = True

    def __init__(self, site: Site) -> None:
        self.site = site
        self._one = threading.Lock()
        with _Short(site.config.folder) as short:
            (site.config.folder / folder.SOCKET).unlink(missing_ok=True)  # ours is the lock: nobody else listens
            before = os.umask(0o177)
            try:
                super().__init__(short, _Handler)
            finally:
                os.umask(before)

    def perform(self, command: str, arguments: Arguments) -> dict[str, Json]:
        """One command at a time."""
        with self._one:
            return perform(self.site, command, arguments)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Only the folder's owner, or root."""
        del client_address
        _, uid, _ = struct.unpack("3i", request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return uid in (0, (self.site.config.folder / LOCK).stat().st_uid)


def _told(answer: Answer) -> dict[str, Json]:
    return answer.as_json() | {"done": isinstance(answer, Done)}


def _refused(reason: str, chinese: str, english: str) -> dict[str, Json]:
    return {"refused": {"reason": reason, "zh": chinese, "en": english}}
