"""The JavaScript verifier under Node and in Chromium: the same cases, the same answers as the Python one."""

import base64
import json
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import ledger_vectors
import pytest
from attack_world import World
from public_vectors import public

from mingshi.ledger import verify as v

VERIFY_JS = Path(v.__file__).with_name("verify.js")
CASES_JS = Path(__file__).parents[1] / "support" / "js_cases.mjs"
POLICY = (ledger_vectors.VECTORS / "policy.txt").read_text(encoding="utf-8")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def in_node(cases):
    node = shutil.which("node")
    if node is None:
        pytest.skip("RAN WITHOUT Node: the JavaScript verifier is not tested here")
    done = subprocess.run(
        [node, str(CASES_JS), str(VERIFY_JS)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


def in_chromium(cases, folder):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("RAN WITHOUT Chromium (apt-get install chromium): not tested in a browser here")
    from playwright.sync_api import sync_playwright

    for path in (VERIFY_JS, CASES_JS):
        shutil.copy(path, folder)
    (folder / "index.html").write_text("<!doctype html><title>verify</title>", encoding="utf-8")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
                return page.evaluate(
                    "async (cases) => (await import('/js_cases.mjs')).run(await import('/verify.js'), cases)",
                    cases,
                )
        finally:
            server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".js": "text/javascript",
    }

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module", params=["node", pytest.param("chromium", marks=pytest.mark.slow)])
def run(request, tmp_path_factory):
    if request.param == "node":
        return in_node
    return partial(in_chromium, folder=tmp_path_factory.mktemp("page"))


def test_public_tree_cases(run):
    inclusion, consistency = public("inclusion.json"), public("consistency.json")
    cases = [case | {"kind": "inclusion"} for case in inclusion] + [
        case | {"kind": "consistency"} for case in consistency
    ]
    dummy = "sizes are equal (one) and proof is empty"  # 12-byte roots: refused, as in Python
    want = [not case["wantErr"] and case["desc"] != dummy for case in inclusion + consistency]
    assert run(cases) == want
    assert want.count(True) == 11


def test_leaf_and_node_hashes_are_those_of_rfc_6962(run):
    roots = public("rfc6962_roots.json")
    leaves = [{"kind": "leaf", "data": v.b64(bytes.fromhex(each))} for each in roots["leaf_inputs_hex"]]
    rows = roots["complete_subtree_hashes_hex"]
    nodes = [
        {"kind": "node", "left": v.b64(bytes.fromhex(left)), "right": v.b64(bytes.fromhex(right))}
        for row in rows[:-1]
        for left, right in zip(row[::2], row[1::2], strict=False)
    ]
    assert run(leaves) == [v.b64(bytes.fromhex(each)) for each in rows[0]]
    assert run(nodes) == [v.b64(bytes.fromhex(each)) for row in rows[1:] for each in row]


def test_public_note_cases(run):
    cases = public("signed_note.json")["open"]
    codes = {"malformed": "MALFORMED_NOTE", "invalid-signature": "BAD_LOG_SIGNATURE"}
    want = [{"names": case["verified_names"], "code": codes.get(case["want"])} for case in cases]
    assert run([case | {"kind": "note"} for case in cases]) == want


ODD_JSON = [
    *(
        '{"a":1,"a":1}',
        '{"b":1,"a":2}',
        '{"é":1}',
        '{"__proto__":{"a":1},"constructor":2}',
        "{}",
        "[]",
        "null",
    ),
    *("[1.0]", "[1e3]", "[-0]", "[9007199254740992]", "[-9007199254740991]", "NaN", "01", "1" * 400),
    *('["\\ud800"]', '["\\u00e9"]', '["é\u2028\\b\\u000b\x7f"]', '"\ufeff"', "\ufeff1", " 1", '["\t"]'),
    *("[" * 16 + "]" * 16, "[" * 18 + "]" * 18),
]


def test_canonical_json_is_read_alike(run):
    texts = [
        base64.b64decode(each[side]) for each in public("jcs_rfc8785.json") for side in ("input_b64", "output_b64")
    ]
    texts += [text.encode() for text in ODD_JSON] + [b'"\xff"', b"\xed\xa0\x80"]

    def python(data):
        try:
            return v.b64(v.canonical(v.parse_canonical(data)))
        except ValueError:
            return None

    assert run([{"kind": "canonical", "data": v.b64(text)} for text in texts]) == [python(text) for text in texts]


def said(text, trust):
    verdict = v.verify_text(text, v.Trust(**trust))
    return {
        "reason": verdict.reason,
        "verified": bool(verdict),
        "checks": verdict.json["checks"],
        "facts": dict(verdict.facts),
    }


def files():
    for path in sorted(ledger_vectors.VECTORS.iterdir()):
        if path.is_file() and path.name not in ("policy.txt", "mutants.json"):
            yield path.read_text(encoding="utf-8"), {"policy": POLICY}
            yield path.read_text(encoding="utf-8"), {"fingerprint": v.fingerprint(POLICY)}
    for case in json.loads((ledger_vectors.VECTORS / "mutants.json").read_text(encoding="utf-8")):
        yield case["text"], {"policy": POLICY} | case["trust"]
    world = World("js")
    index = world.register("A1", "138 0000 0001")
    world.publish()
    yield world.receipt(index), {"policy": world.policy, "phone": "138 0000 0001", "now_s": world.now_s}


def in_js(trust):
    return {("nowS" if name == "now_s" else name): value for name, value in trust.items()}


def test_good_files_and_mutants_get_the_same_verdict_checks_and_facts(run):
    pairs = list(files())
    got = run([{"kind": "file", "text": text, "trust": in_js(trust)} for text, trust in pairs])
    want = [said(text, trust) for text, trust in pairs]
    for mine, theirs in zip(want, got, strict=True):
        assert theirs == mine
    assert sum(not each["verified"] for each in got) >= 40


@pytest.mark.parametrize("webcrypto", [True, False])
def test_a_browser_without_ed25519_says_so_and_verifies_nothing(run, webcrypto):
    text = (ledger_vectors.VECTORS / "agent.tlog-proof").read_text(encoding="utf-8")
    case = {"kind": "without Ed25519", "webcrypto": webcrypto, "text": text, "trust": {"policy": POLICY}}
    assert run([case]) == [{"reason": "NO_ED25519", "verified": False}]


def test_the_module_depends_on_nothing():
    source = VERIFY_JS.read_text(encoding="utf-8")
    assert "import(" not in source
    assert not [line for line in source.splitlines() if line.startswith("import ")]
    for word in ("fetch(", "document", "window.", "localStorage", "Date"):
        assert word not in source, word
