"""Which page routes of a site the screenshot walk opens; which routes give no page of their own, and why."""

from mingshi.web.routes import all_ways

WALKED = frozenset(
    {
        "/", "/notice", "/verify", "/sign-in", "/in/{token}", "/staff", "/account",
        "/v", "/v/phone", "/v/paper", "/v/none", "/v/key", "/v/code", "/v/who", "/c/{registration}",
        "/me", "/me/visit/{arrival}", "/me/erase", "/erased/{erasure}", "/me/ask", "/me/paper", "/me/move",
        "/me/keys", "/me/receipt",
        "/agent", "/agent/r/{registration}", "/agent/register", "/agent/escort",
        "/desk", "/desk/shell", "/desk/launch", "/door",
        "/consult", "/consult/deal",
        "/rulings", "/rulings/{deal}", "/requests", "/windows", "/rules", "/mine",
        "/agency", "/agency/{deal}", "/agency/rules",
        "/finance", "/finance/s/{settlement}", "/finance/d/{deal}", "/risk", "/risk/{deal}", "/risk/patterns",
        "/audit", "/audit/lookups", "/audit/consents", "/audit/rights",
    }
)  # fmt: skip
"""Pages that `tests/e2e/test_every_screen.py` opens, in both languages."""

NO_PAGE = {
    "/trust.policy": "a file: the rule of trust",
    "/sign-in/key/ask": "JSON for keys.js",
    "/staff/passkey/ask": "JSON for keys.js",
    "/account/passkey/ask": "JSON for keys.js",
    "/v/key/ask": "JSON for keys.js",
    "/me/keys/ask": "JSON for keys.js",
    "/me/receipt/ask": "JSON for keys.js",
    "/erased/{erasure}/{stage}": "a file: the proof of an erasure",
    "/agent/r/{registration}/proof": "a file: the promise or receipt",
    "/agent/register/sample": "a file: a table to begin with",
    "/desk/word": "JSON for desk.js",
    "/desk/rows": "JSON for desk.js",
    "/desk-worker.js": "a service worker",
    "/finance/s/{settlement}/file": "a file: the lines as CSV",
    "/audit/checkpoint": "a file",
    "/audit/trust": "a file",
    "/audit/proof/{proof}": "a file: the proof of an erasure",
    "/api/v1/openapi.json": "JSON for other systems",
    "/api/v1/registrations/{registration}": "JSON for other systems",
    "/api/v1/rulings": "JSON for other systems",
    "/api/v1/rulings/{deal}": "JSON for other systems",
    "/api/v1/statement": "JSON for other systems",
    "/demo": "the demo's own, opened by test_every_page.py and test_walk.py",
    "/demo/phones": "the demo's own, opened by test_every_page.py and test_walk.py",
    "/demo/as/{key}": "leads to a one-time login at once",
}
"""Routes that are asked with GET and are not in the walk: why."""


def page_routes():
    """Every route that is asked with GET, the demo's too."""
    return {way.path for way in all_ways(demo=True) if way.method == "GET"}
