"""Passkeys and device keys made and used by a real browser against the real modules over HTTP on this machine.

Without Chromium they skip and say so. The vectors of docs/formats/vectors/passes were written by this file
(`MINGSHI_WRITE_VECTORS=1`).
"""

import json
import os
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hall import Hall

from mingshi.credentials.proofs import Why
from mingshi.domain.evidence import Binding, Means
from mingshi.passes import STATIC

VECTORS = Path(__file__).parents[2] / "docs" / "formats" / "vectors" / "passes"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# The headers of a real page: what a pass needs must work under them.
CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"


class Pages(BaseHTTPRequestHandler):
    """`/enrol_options`, `/enrol`, `/options`, `/check` of a kind of pass, for the browser named in the query."""

    hall: Hall
    log: list

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.endswith(".js"):
            return self._answer((STATIC / path[1:]).read_bytes(), "text/javascript")
        return self._answer(b"<!doctype html><html lang=zh><title>pass</title>", "text/html")

    def do_POST(self):
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        keys = getattr(self.hall, asked["of"])
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        browser, now = asked["browser"], self.hall.now
        match parts.path:
            case "/enrol_options":
                answer = keys.enrol_options(browser, now, label="海棠湾 · 王女士")
            case "/enrol":
                answer = keys.enrol(browser, body, now)._asdict()
            case "/options":
                answer = keys.options(browser, asked["action"], asked["door"], now)
            case _:
                answer = keys.check(browser, asked["action"], body, now)._asdict()
        self.log.append((parts.path, asked, body, answer))
        return self._answer(json.dumps(answer).encode(), "application/json")

    def _answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def served(hall_of):
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("P", (Pages,), {"log": []}))
    origin = f"http://localhost:{server.server_address[1]}"
    server.RequestHandlerClass.hall = hall_of(origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.RequestHandlerClass, origin
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("RAN WITHOUT Chromium (apt-get install chromium): passes are not tested in a browser here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def pages(tmp_path, chromium):
    with served(lambda origin: Hall(tmp_path, origin=origin, rp_id="localhost", seed="browser")) as (handler, origin):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(origin)
        yield handler, origin, context, page
        context.close()
        handler.hall.close()


WHOLE = """
async ([file, of, browser, action, door]) => {
  const pass = await import(file);
  const ask = async (path, body = "") => {
    const query = new URLSearchParams({ of, browser, action, door });
    return (await fetch(`${path}?${query}`, { method: "POST", body })).json();
  };
  if (!(await pass.able())) return { able: false };
  const enrolled = await ask("/enrol", await pass.enrol(await ask("/enrol_options")));
  const sent = await pass.prove(await ask("/options"));
  return { enrolled, proven: await ask("/check", sent), again: await ask("/check", sent) };
}
"""


def run(page, file, of, browser="b1", action="check_in", door="ACDEFG"):
    return page.evaluate(WHOLE, [file, of, browser, action, door])


def keep_vector(name, handler, origin):
    """What the browser sent, for readers without one."""
    if not os.environ.get("MINGSHI_WRITE_VECTORS"):
        return
    steps = [{"path": path, **asked, "sent": body, "answer": answer} for path, asked, body, answer in handler.log]
    VECTORS.mkdir(exist_ok=True)
    told = {"origin": origin, "rp_id": "localhost", "seed": "browser", "steps": steps}
    (VECTORS / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def virtual(page, **changed):
    """A phone with a user verifying screen lock, as the browser's test interface has it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options | changed})
    return session, made["authenticatorId"]


def test_a_device_key_made_by_the_browser_proves_once(pages):
    handler, origin, _, page = pages
    told = run(page, "/device-key.js", "device_keys")
    pass_id = told["enrolled"]["pass_id"]
    assert told["proven"] == {
        "means": Means.DEVICE_KEY, "pass_id": pass_id, "binding": Binding.DEVICE_KEY, "action": "check_in",
        "door": "ACDEFG",
    }  # fmt: skip
    assert told["again"] == {"why": Why.CHALLENGE}
    keep_vector("device-key", handler, origin)


def test_the_browser_does_not_give_its_key_away(pages):
    _, _, _, page = pages
    run(page, "/device-key.js", "device_keys")
    taken = page.evaluate(
        """async () => {
          const opening = indexedDB.open("mingshi-pass");
          const base = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
          const asked = base.transaction("keys").objectStore("keys").get("device");
          const { pair } = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
          const tries = ["pkcs8", "jwk", "raw"].map((form) =>
            crypto.subtle.exportKey(form, pair.privateKey).then(() => "given", (error) => error.name));
          return { tries: await Promise.all(tries), uses: pair.privateKey.usages, free: pair.privateKey.extractable };
        }"""
    )
    assert taken["tries"] == [taken["tries"][0]] * 3
    assert taken["tries"][0] != "given"
    assert taken["uses"] == ["sign"]
    assert taken["free"] is False


def test_the_same_browser_is_the_same_pass_and_another_profile_is_not(pages, chromium):
    _, origin, context, page = pages
    first = run(page, "/device-key.js", "device_keys")["enrolled"]
    second_tab = context.new_page()
    second_tab.goto(origin)
    assert run(second_tab, "/device-key.js", "device_keys", browser="b2")["enrolled"] == first
    assert second_tab.evaluate("async () => (await import('/device-key.js')).held()") == first["pass_id"]
    other = chromium.new_context()
    page = other.new_page()
    page.goto(origin)
    assert page.evaluate("async () => (await import('/device-key.js')).held()") == ""
    assert run(page, "/device-key.js", "device_keys")["enrolled"] != first
    page.evaluate("async () => (await import('/device-key.js')).forget()")
    assert page.evaluate("async () => (await import('/device-key.js')).held()") == ""
    other.close()


def test_a_page_elsewhere_cannot_relay_our_challenge_to_the_device_key(pages):
    """The phishing page has our script and our challenge; the browser gives it another key and another origin."""
    handler, origin, context, page = pages
    run(page, "/device-key.js", "device_keys")
    there = origin.replace("localhost", "127.0.0.1")  # a secure context too, and another origin
    away = context.new_page()
    away.goto(there)
    hall = handler.hall
    options = hall.device_keys.options("b1", "check_in", "ACDEFG", hall.now)
    assert away.evaluate("async () => (await import('/device-key.js')).held()") == ""
    sent = away.evaluate("async (o) => (await import('/device-key.js')).enrol(o)", options)
    assert json.loads(sent)["site"] == there
    options = hall.device_keys.enrol_options("b1", hall.now)
    sent = away.evaluate("async (o) => (await import('/device-key.js')).enrol(o)", options)
    assert hall.device_keys.enrol("b1", sent, hall.now).why is Why.ORIGIN


def test_a_passkey_made_by_the_browser_proves_once(pages):
    handler, origin, _, page = pages
    virtual(page)
    told = run(page, "/passkey.js", "passkeys")
    pass_id = told["enrolled"]["pass_id"]
    assert told["proven"] == {
        "means": Means.PASSKEY, "pass_id": pass_id, "binding": Binding.PASSKEY, "action": "check_in", "door": "ACDEFG",
    }  # fmt: skip
    assert told["again"] == {"why": Why.CHALLENGE}
    keep_vector("passkey", handler, origin)


def test_a_phone_that_did_not_verify_its_user_proves_nothing(pages):
    _, _, _, page = pages
    session, authenticator = virtual(page)
    assert run(page, "/passkey.js", "passkeys")["proven"]["means"] == Means.PASSKEY
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    said = page.evaluate(
        """async () => {
          const pass = await import("/passkey.js");
          const query = new URLSearchParams({ of: "passkeys", browser: "b1", action: "check_in", door: "" });
          const options = await (await fetch(`/options?${query}`, { method: "POST", body: "" })).json();
          return pass.prove(options).then(() => "proved", (error) => error.name);
        }"""
    )
    assert said == "NotAllowedError"


def test_a_copied_passkey_is_noticed_by_its_counter(pages):
    """The credential is taken out of one authenticator and put into a second: both count from the same number."""
    _, _, _, page = pages
    session, authenticator = virtual(page)
    run(page, "/passkey.js", "passkeys")
    (credential,) = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    prove = """async () => {
      const pass = await import("/passkey.js");
      const query = new URLSearchParams({ of: "passkeys", browser: "b1", action: "check_in", door: "" });
      const ask = async (path, body = "") => (await fetch(`${path}?${query}`, { method: "POST", body })).json();
      return ask("/check", await pass.prove(await ask("/options")));
    }"""
    assert page.evaluate(prove)["means"] == Means.PASSKEY
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    _, copy = virtual(page)
    session.send("WebAuthn.addCredential", {"authenticatorId": copy, "credential": credential})
    assert page.evaluate(prove) == {"why": Why.COUNTER}


def test_a_browser_without_an_authenticator_says_so_and_nothing_breaks(pages):
    _, _, _, page = pages
    assert run(page, "/passkey.js", "passkeys") == {"able": False}
