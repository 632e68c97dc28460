"""The guard: everything that every request goes through, in this order.

 1. A body has a limit, and is read as form fields or JSON only; where a table may be uploaded, its route says so and
    up to what size. No endpoint takes a file of pictures (INV-03).
 2. The session's role must have the route's permission (`domain.roles`): else sign in, or 403.
 3. Whatever changes something must come from this very origin (Sec-Fetch-Site, Origin) and from a page of this
    browser (a word derived from its cookie).
 4. So many requests a minute for an address and for a session; a hall behind one address fits in.
 5. The handler runs in a worker thread, and commits before anybody is answered.
 6. A strict content security policy with a nonce, no framing, no sniffing, no referrer, no camera; nothing is cached.

A fault in a handler is a page that says so, with a number that stands in the log beside the kind of fault and its
place in the code, and nothing of the request.
"""

import logging
import traceback
from collections.abc import AsyncIterator, Mapping
from http.cookies import SimpleCookie
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter, sleep, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mingshi.domain.roles import Permission, Role, may
from mingshi.kernel.timeline import MINUTE
from mingshi.present.texts import Lang
from mingshi.web.api.problem import problem
from mingshi.web.asking import Ask, File, Given, Page, See, Session, Way
from mingshi.web.forms import Form
from mingshi.web.multipart import MULTIPART, parts_of
from mingshi.web.ports import Office
from mingshi.web.render import csrf_of, render, static_file
from mingshi.web.sessions import Sessions

MOST_BODY: Final = 64 * 1024
MOST_FIELDS: Final = 100
THREADS: Final = 8
PER_ADDRESS: Final = 3_000
"""Requests a minute: a hall of 400 guests behind one address, each a page with two files a few seconds."""
MOST_STREAMS: Final = 50
PER_SESSION: Final = 600
_LOG: Final = logging.getLogger("mingshi.web")
_SAFE: Final = ("GET", "HEAD")


class Cookies(NamedTuple):
    """Their names. With TLS they are bound to this very host."""

    session: str
    browser: str
    lang: str
    secure: bool


def cookies_of(*, secure: bool) -> Cookies:
    """Names with or without the `__Host-` prefix, which a page without TLS may not set."""
    prefix = "__Host-" if secure else ""
    return Cookies(f"{prefix}ms", f"{prefix}msb", "mslang", secure)


def application(office: Office, ways: tuple[Way, ...], *, secure: bool) -> Starlette:
    """The whole site as an ASGI application."""
    guard = Guard(office, cookies_of(secure=secure))
    routes = [Route(way.path, guard.endpoint(way), methods=[way.method]) for way in ways]
    routes.append(Route("/static/{digest}/{name}", _static))
    routes.append(Route("/desk/live", guard.live))
    return Starlette(routes=routes, exception_handlers={404: guard.missing, 405: guard.missing})


class Guard:
    """See the module's rules."""

    def __init__(self, office: Office, cookies: Cookies) -> None:
        self._office = office
        self._cookies = cookies
        self._sessions = Sessions(office)
        self._limiter: CapacityLimiter | None = None
        self._streams = 0

    def endpoint(self, way: Way):  # type: ignore[no-untyped-def]  # noqa: ANN201  # Starlette's own type is private
        """The route's ASGI endpoint."""

        async def run(request: Request) -> Response:
            body = await _body(request, way.most_file)
            if self._limiter is None:
                self._limiter = CapacityLimiter(THREADS)
            return await to_thread.run_sync(lambda: self._answer(way, request, body), limiter=self._limiter)

        return run

    async def live(self, request: Request) -> Response:
        """A line that says when something was sealed; what it was is asked for as every page is."""
        ask = await to_thread.run_sync(lambda: self._ask(request, b""))
        if not may(ask.role, Permission.RECEPTION_QUEUE_READ) or self._streams >= MOST_STREAMS:
            return Response(status_code=403)
        return StreamingResponse(
            self._changes(request, ask), media_type="text/event-stream", headers=_headers(ask.nonce)
        )

    async def _changes(self, request: Request, ask: Ask) -> AsyncIterator[str]:
        self._streams += 1
        try:
            seen, said = self._office.changes(), 0
            token = "" if ask.session is None else ask.session.token
            yield "retry: 3000\n\n"
            while not await request.is_disconnected():
                await sleep(1)
                said += 1
                if (now := self._office.changes()) != seen:
                    seen = now
                    yield f"event: changed\ndata: {now}\n\n"
                elif said % 15 == 0:
                    yield ": still here\n\n"
                    if await to_thread.run_sync(lambda: self._sessions.find(token, self._office.now())) is None:
                        return
        finally:
            self._streams -= 1

    async def missing(self, request: Request, error: Exception) -> Response:
        """404 and 405."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return await to_thread.run_sync(lambda: self._missing(request, status))

    def _missing(self, request: Request, status: int) -> Response:
        ask = self._ask(request, b"")
        return self._written(ask, wrong(ask, "missing", status))

    def _answer(self, way: Way, request: Request, body: bytes | None) -> Response:
        ask = self._ask(request, body or b"", takes_file=way.most_file > 0)
        fresh = not request.cookies.get(self._cookies.browser) and not _machine(ask.path)
        try:
            return self._written(ask, self._guarded(way, ask, request, body), fresh=fresh)
        except Exception as error:  # noqa: BLE001  # the last resort: a page that says so, and a line in the log
            kind, status = ("disk", 503) if isinstance(error, OSError) else ("fault", 500)
            return self._written(ask, wrong(ask, kind, status, self._note(ask)), fresh=fresh)

    def _guarded(self, way: Way, ask: Ask, request: Request, body: bytes | None) -> Given:
        if body is None:
            return wrong(ask, "large", 413)
        if self._too_often(ask):
            return wrong(ask, "often", 429)
        if not may(ask.role, way.permission):
            if ask.session is None and _machine(ask.path):
                return wrong(ask, "token", 401)
            if ask.session is None and way.method == "GET":
                own = may(Role.PERSON, way.permission) or may(Role.AGENT, way.permission)
                return See(f"/sign-in?next={quote(ask.path)}" if own else "/staff")
            if ask.session is None and _same_origin(request):  # it was over while the form was filled in
                return _over(ask, "signed_out")
            return wrong(ask, "forbidden", 403)
        changes = way.method not in _SAFE and not _machine(
            ask.path
        )  # a token in a header is sent by nobody else's page
        if changes and not _same_origin(request):
            return wrong(ask, "expired", 403)
        if changes and ask.form.raw("csrf") != csrf_of(ask):
            return _over(ask, "expired")
        return way.handler(ask)

    def _ask(self, request: Request, body: bytes, *, takes_file: bool = False) -> Ask:
        jar = request.cookies
        office, now = self._office, self._office.now()
        if _machine(request.url.path):
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            session = self._sessions.of_agency(token.strip(), now) if scheme.lower() == "bearer" else None
        else:
            token = jar.get(self._cookies.session, "")
            session = self._sessions.find(token, now) if token else None
        browser = jar.get(self._cookies.browser, "") or office.random_bytes(16).hex()
        typed = request.headers.get("content-type", "").partition(";")[0].strip()
        fields: dict[str, str] = {}
        if typed == "application/x-www-form-urlencoded":
            fields = _fields(body)
        file: File | None = None
        if typed == MULTIPART and takes_file:
            fields, file = parts_of(request.headers.get("content-type", ""), body)
        return Ask(
            office=office,
            now=now,
            lang=_language(request, jar.get(self._cookies.lang, "")),
            method=request.method,
            path=request.url.path,
            params={name: str(value) for name, value in request.path_params.items()},
            query={name: value[:2000] for name, value in request.query_params.items()},
            form=Form(fields),
            session=session,
            browser=browser[:64],
            address=request.client.host if request.client else "",
            nonce=office.random_bytes(16).hex(),
            base=f"{request.url.scheme}://{request.headers.get('host', '')}",
            headers={
                name: request.headers.get(name, "") for name in ("authorization", "idempotency-key", "content-type")
            },
            body=body,
            file=file,
        )

    def _too_often(self, ask: Ask) -> bool:
        count = self._office.keeping.count
        if count("asked-address", ask.address, MINUTE, ask.now) > PER_ADDRESS:
            return True
        return ask.session is not None and (
            count("asked-session", ask.session.token[:16], MINUTE, ask.now) > PER_SESSION
        )

    def _written(self, ask: Ask, given: Given, *, fresh: bool = False) -> Response:
        session = ask.session
        if isinstance(given, Page):
            if given.ended:
                ask.session = None
            response = Response(render(ask, given), given.status, media_type="text/html")
        elif isinstance(given, See):
            response = Response(status_code=303, headers={"Location": given.path})
        else:
            response = Response(given.body, given.status, media_type=given.kind)
            if given.filename:
                name = quote(given.filename)
                response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        for name, value in _headers(ask.nonce).items():
            response.headers[name] = value
        if fresh:
            self._set(response, self._cookies.browser, ask.browser, "lax")
        if given_status(given) == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if ask.query.get("lang") in ("zh", "en"):
            self._set(response, self._cookies.lang, ask.query["lang"], "lax")
        if isinstance(given, See | Page):
            self._session(response, session, given, ask)
        return response

    def _session(self, response: Response, session: Session | None, given: See | Page, ask: Ask) -> None:
        opened = given.opened if isinstance(given, See) else None
        if (given.ended or opened is not None) and session is not None:
            self._sessions.end(session.token)
        if opened is not None:
            token = self._sessions.open(opened, ask.now)
            own = opened.role in (Role.PERSON, Role.AGENT, Role.AGENCY)
            self._set(response, self._cookies.session, token, "lax" if own else "strict")
        elif given.ended:
            response.delete_cookie(self._cookies.session, path="/", secure=self._cookies.secure, httponly=True)

    def _set(self, response: Response, name: str, value: str, samesite: str) -> None:
        cookie: SimpleCookie = SimpleCookie()
        cookie[name] = value
        cookie[name]["path"] = "/"
        cookie[name]["httponly"] = True
        cookie[name]["samesite"] = samesite
        if self._cookies.secure:
            cookie[name]["secure"] = True
        response.headers.append("Set-Cookie", cookie.output(header="").strip())

    def _note(self, ask: Ask) -> str:
        number = self._office.random_bytes(4).hex()
        kind = traceback.format_exc(limit=-6).splitlines()
        places = [line.strip() for line in kind if line.lstrip().startswith("File ")]
        # The message of an exception may hold what was typed: only its kind and its places are kept.
        _LOG.error(
            "fault %s %s: %s at %s", number, ask.method, kind[-1].partition(":")[0], " < ".join(reversed(places))
        )
        return number


_WRONG: Final = {
    "missing": ("没有这个地址，或不支持这个方法。", "There is no such address, or not with this method."),
    "token": ("请带有效的令牌：Authorization: Bearer …", "Send a token that stands: Authorization: Bearer …"),
    "forbidden": ("这个身份不能这样做。", "This role may not do that."),
    "often": ("请求太频繁，请稍后再试。", "Too many requests; try again later."),
    "large": ("内容太大。", "Too large."),
    "disk": ("暂时不能保存；同一请求可以重发。", "Nothing could be kept; the same request may be sent again."),
    "fault": ("系统出错；同一请求可以重发。", "Something went wrong; the same request may be sent again."),
}


def wrong(ask: Ask, kind: str, status: int, number: str = "") -> Given:
    """An error as whoever asked can read it: a page, or problem+json."""
    if _machine(ask.path):
        zh, en = _WRONG[kind]
        return problem(ask, status, kind, zh + number, f"{en} {number}".strip())
    return Page("error.html.j2", {"kind": kind, "number": number}, status)


_UNSHOWN: Final = frozenset(
    {"csrf", "once", "password", "code", "challenge", "consent", "ticket", "sent", "of", "do", "next"}
)
"""Fields that nobody typed, or that nobody should see again."""


def _over(ask: Ask, kind: str) -> Given:
    """A page whose session or word is over: nothing was sent, and what was typed stands here to be taken along."""
    typed = [value for name, value in ask.form.values.items() if name not in _UNSHOWN and value.strip()]
    return Page("error.html.j2", {"kind": kind, "number": "", "typed": typed}, 403)


def given_status(given: Given) -> int:
    """The status of an answer."""
    return 303 if isinstance(given, See) else given.status


def _machine(path: str) -> bool:
    return path.startswith("/api/")


async def _body(request: Request, most_file: int) -> bytes | None:
    """The body; None where it is too large. It is read to its end, so that the answer reaches whoever sends it."""
    most = MOST_BODY + most_file
    if request.method in _SAFE:
        return b""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            body += chunk
        elif size > 4 * 1024 * 1024:
            return None
    return bytes(body) if size <= most else None


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # not UTF-8, or too many
        return {}
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]};{value}" if name in fields else value
    return fields


def _same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return site == "same-origin"
    return origin.partition("://")[2] == request.headers.get("host", "")


def _language(request: Request, kept: str) -> Lang:
    asked = request.query_params.get("lang") or kept
    if asked in ("zh", "en"):
        return Lang(asked)
    accepted = request.headers.get("accept-language", "").lower()
    return Lang.EN if accepted.startswith("en") else Lang.ZH


def _headers(nonce: str) -> Mapping[str, str]:
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'; require-trusted-types-for 'script'; trusted-types mingshi"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


async def _static(request: Request) -> Response:
    found = static_file(request.path_params["name"])
    if found is None or found[1] != request.path_params["digest"]:
        return Response(status_code=404)
    name = request.path_params["name"]
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    if name.endswith(".svg"):
        kind = "image/svg+xml"
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(found[0], media_type=kind, headers=headers)
