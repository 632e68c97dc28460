"""What a handler is given, and what it may give back.

The rules this module keeps:

1. A handler reads its request from here only, and answers a value; cookies, headers and bytes are the guard's.
2. Whatever changes something goes through `Ask.run`: one use case, one transaction, under the form's own key, so that
   the same form sent twice does it once (INV-09).
3. A route says its permission. There is no other way to make one.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias, TypeVar, final

from mingshi.app.answer import Answer
from mingshi.app.ports import Transaction
from mingshi.domain.ids import Contact, PassId
from mingshi.domain.roles import Permission, Role
from mingshi.kernel.canonical import integer
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.texts import Lang
from mingshi.web.forms import Form
from mingshi.web.ports import Office, Replied

C = TypeVar("C")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in. `phone`: the person's or agent's own, opened with their token; empty for staff."""

    role: Role
    id: str
    token: str = field(repr=False)
    phone: Contact = field(default=Contact(""), repr=False)
    device: str = ""
    pass_id: PassId | None = None
    """The key that opened it; None: a code sent to the number did, or a one-time login."""


@final
@dataclass(slots=True, kw_only=True)
class Ask:
    """One request."""

    office: Office
    now: Micros
    lang: Lang
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    session: Session | None
    browser: str
    """A random word in a cookie of this browser's session: binds forms and door tickets to it."""
    address: str
    nonce: str
    base: str
    """Scheme, host and port as the browser has it: for links that are shown as codes."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    file: "File | None" = field(default=None, repr=False)
    """What was uploaded; None on every route that takes no file."""

    @property
    def role(self) -> Role:
        """In what capacity."""
        return Role.ANYONE if self.session is None else self.session.role

    @property
    def me(self) -> Session:
        """The session; a permission that needs one was asked for."""
        assert self.session is not None, "the route's permission lets nobody in without a session"
        return self.session

    def say(self, zh: str, en: str) -> str:
        """A text in the reader's language."""
        return zh if self.lang is Lang.ZH else en

    def run(self, use_case: Callable[[Transaction, C], Answer], command: C, part: str = "") -> Replied:
        """Run a use case under this form's key. `part`: which of several that one form needs."""
        return self.office.run(use_case, command, self.once(part))

    def once(self, part: str = "") -> str:
        """The name of this form's request: the same where it is sent twice; empty where the form has no word."""
        once = self.form.raw("once")
        whose = self.browser if self.session is None else self.session.token
        return hashlib.sha256(f"{whose}/{self.path}/{once}/{part}".encode()).hexdigest() if once else ""


def first_asked(ask: Ask, at: Micros) -> Micros:
    """The instant of this form when it first came: sent twice, it is one request, word for word (INV-09)."""
    once = ask.form.raw("once")
    if not once:
        return at
    whose = ask.browser if ask.session is None else ask.session.id
    key = hashlib.sha256(f"{whose}/{ask.path}/{once}".encode()).hexdigest()
    kept = ask.office.keeping.get("first-asked", key, ask.now)
    if kept is None:
        ask.office.keeping.put("first-asked", key, {"at": at}, Micros(ask.now + 7 * DAY))
        return at
    return Micros(integer(kept["at"]))


class Page(NamedTuple):
    """A page to show."""

    template: str
    values: Mapping[str, Any] = {}
    status: int = 200
    ended: bool = False
    """The session ends with this page, which is shown as to somebody who is not signed in."""


class See(NamedTuple):
    """Go and see there (303), so that going back and reloading send nothing twice."""

    path: str
    opened: "Opened | None" = None
    """A session that begins here."""
    ended: bool = False


class Opened(NamedTuple):
    """A session to open."""

    role: Role
    id: str
    phone: Contact = Contact("")
    device: str = ""
    pass_id: PassId | None = None


class Raw(NamedTuple):
    """Bytes: a file to take away, a picture, JSON."""

    body: bytes
    kind: str
    filename: str = ""
    status: int = 200


Given: TypeAlias = Page | See | Raw
Handler: TypeAlias = Callable[[Ask], Given]


class File(NamedTuple):
    """An uploaded file: a name as its sender gives it, and its bytes."""

    name: str
    body: bytes


class Way(NamedTuple):
    """One route."""

    method: str
    path: str
    permission: Permission
    handler: Handler
    most_file: int = 0
    """Bytes of the one file that its form may bring; 0: none can even be parsed."""


def get(path: str, permission: Permission, handler: Handler) -> Way:
    """A page."""
    return Way("GET", path, permission, handler)


def post(path: str, permission: Permission, handler: Handler) -> Way:
    """An act."""
    return Way("POST", path, permission, handler)


def upload(path: str, permission: Permission, handler: Handler, most: int) -> Way:
    """An act that brings a file of at most so many bytes."""
    return Way("POST", path, permission, handler, most)


def ways(*groups: Iterable[Way]) -> tuple[Way, ...]:
    """All routes; no two of the same method and path."""
    found = tuple(way for group in groups for way in group)
    assert len({(way.method, way.path) for way in found}) == len(found), "two routes with one path"
    return found
