"""Sessions: an opaque word in a cookie, and what belongs to it kept under its digest (LEDGER §3.2, 7.x).

The rules this module keeps:

1. 256 random bits, new at each sign-in; the file holds a digest only, so who reads the file can be nobody.
2. A session at a shared desk ends after a quarter of an hour of rest, and every session at its end.
3. A phone number stands in a session only sealed under its word.
4. Whoever left the roster is signed out with their next request: the role is looked up, not carried along.
"""

from typing import Final, final

from mingshi.app.ports import Transaction
from mingshi.credentials.keeping import digest_of, open_with, seal_to
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, PassId
from mingshi.domain.moment import earliest, ended
from mingshi.domain.roles import STAFF_ROLES, Role
from mingshi.kernel.canonical import integer
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, Micros
from mingshi.web.asking import Opened, Session
from mingshi.web.ports import Office

_KIND: Final = "session"
ABSOLUTE: Final = {Role.PERSON: 12 * HOUR, Role.AGENT: 30 * DAY, Role.DISPLAY: 30 * DAY}
"""Staff: half a day."""
STAFF_ABSOLUTE: Final = 12 * HOUR
IDLE: Final = {Role.RECEPTION: 15 * MINUTE, Role.PERSON: 2 * HOUR, Role.AGENT: 30 * DAY, Role.DISPLAY: 30 * DAY}
STAFF_IDLE: Final = 30 * MINUTE
_TOUCH: Final = MINUTE
"""How old the note of the last request may be before it is written again."""


@final
class Sessions:
    """The sessions of one site."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def open(self, opened: Opened, now: Micros) -> str:
        """A new session; its word."""
        token = self._office.random_bytes(32).hex()
        until = Micros(now + ABSOLUTE.get(opened.role, STAFF_ABSOLUTE))
        sealed = seal_to(token, opened.phone, self._office.random_bytes(12)) if opened.phone else ""
        kept = {
            "role": opened.role.value,
            "id": opened.id,
            "sealed": sealed,
            "device": opened.device,
            "pass": opened.pass_id,
        }
        self._office.keeping.put(_KIND, digest_of(token), kept | {"seen": now, "until": until}, until)
        return token

    def find(self, token: str, now: Micros) -> Session | None:
        """Whose word it is; None where it is over."""
        if len(token) != 64:
            return None
        key = digest_of(token)
        kept = self._office.keeping.get(_KIND, key, now)
        if kept is None:
            return None
        role, seen, until = Role(str(kept["role"])), integer(kept["seen"]), integer(kept["until"])
        if now - seen > IDLE.get(role, STAFF_IDLE) or not self._stands(role, str(kept["id"]), now):
            self._office.keeping.drop(_KIND, key)
            return None
        if now - seen > _TOUCH:
            self._office.keeping.put(_KIND, key, {**kept, "seen": now}, Micros(until))
        sealed = str(kept["sealed"])
        phone = Contact((open_with(token, sealed) if sealed else "") or "")
        held = kept.get("pass")
        return Session(
            role=role,
            id=str(kept["id"]),
            token=token,
            phone=phone,
            device=str(kept["device"]),
            pass_id=None if held is None else PassId(str(held)),
        )

    def of_agency(self, token: str, now: Micros) -> Session | None:
        """An agency's own system, by its token; None where it is over or the agency has no agreement."""
        kept = self._office.keeping.get("agency-token", digest_of(token), now) if 32 <= len(token) <= 100 else None
        if kept is None or not self._stands(Role.AGENCY, str(kept["agency"]), now):
            return None
        return Session(role=Role.API, id=str(kept["agency"]), token=token)

    def end(self, token: str) -> None:
        """Over."""
        self._office.keeping.drop(_KIND, digest_of(token))

    def _stands(self, role: Role, who: str, now: Micros) -> bool:
        if role in (Role.PERSON, Role.DISPLAY, Role.AUDITOR):
            return True
        if role is Role.AGENT:
            return self._office.look(lambda transaction: _agent(transaction, who, now))
        if role is Role.AGENCY:
            agency = who.partition("/")[0]
            return self._office.look(lambda transaction: bool(transaction.read(e.Agreement, "agency", agency)))
        return self._office.look(lambda transaction: staff_role(transaction, who, now)) is role


def _agent(transaction: Transaction, who: str, now: Micros) -> bool:
    return any(not ended(row.until, now) for row in transaction.read(e.Agent, "id", who))


def staff_role(transaction: Transaction, who: str, now: Micros) -> Role | None:
    """The role of a member of staff now."""
    for row in transaction.read(e.Staff, "id", who):
        if (row.since is None or earliest(row.since) <= now) and not ended(row.until, now):
            return STAFF_ROLES.get(row.role)
    return None
