"""What may call out of a site: its witnesses, its own short messages, and nothing else (L-46; PIPL 38-41)."""

import ast
from pathlib import Path

import pytest

import mingshi

ROOT = Path(mingshi.__file__).parent
CALLING = {
    "http", "urllib", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib", "imaplib", "poplib", "xmlrpc",
    "websockets", "paramiko", "nats", "asyncpg", "boto3", "grpc",
}  # fmt: skip
MAY = {
    "passes/sms.py": "a code to the phone whose owner asked for it, by the gateway that site.toml names",
    "witness/client.py": "checkpoints, which name nobody, to the witnesses that trust.policy and site.toml name",
}
"""Modules that open connections, and what goes over them."""
LISTEN = {
    "site/pages.py": "socket", "site/admin.py": "socket", "site/running.py": "http.server",
    "witness/server.py": "http.server", "passes/sms.py": "socket",
}  # fmt: skip
"""Modules that answer connections, or close their own."""
NAMES = {"http.server", "urllib.parse"}
"""Imports of those packages that call nobody."""


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module if node.module != "http" else f"http.{node.names[0].name}"


def _modules():
    for path in sorted(ROOT.rglob("*.py")):
        yield str(path.relative_to(ROOT)), set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.law("L-46")
def test_nothing_calls_out_but_what_is_named_here():
    found = {
        path
        for path, names in _modules()
        if any(name.split(".")[0] in CALLING and name not in NAMES and name != "http.cookies" for name in names)
    }
    assert found == set(MAY)


@pytest.mark.law("L-46")
def test_no_socket_is_opened_elsewhere():
    found = {path for path, names in _modules() if "socket" in names}
    assert found <= {path for path, what in LISTEN.items() if what == "socket"} | {
        "witness/server.py",
        "cli/witness.py",
    }


@pytest.mark.law("L-46")
def test_no_program_is_started_that_could_call_out():
    """Programs are started to ask the machine about itself, and to read a table in a child that can do nothing else."""
    found = {path for path, names in _modules() if "subprocess" in names}
    assert found <= {"site/doctor.py", "cli/bench.py", "site/uploads.py"}
