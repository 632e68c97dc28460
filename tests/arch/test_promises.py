"""Promises in docs/promises.md, in the code and in the tests: each names the others, and nothing is left over.

INV-13 is kept by this suite itself: it runs with a face package in which nothing stands.
"""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
ID = re.compile(r"\bINV-\d\d\b")
STATES = ("Kept.", "Kept in part: ", "Open: ")


class Promise(NamedTuple):
    """A section of the page."""

    id: str
    state: str
    kept_in: tuple[str, ...]
    tested_by: tuple[str, ...]


def promises(page: str) -> list[Promise]:
    """What the page says."""
    found = []
    for section in page.split("\n## ")[1:]:
        states = [state for state in STATES if f"\n\n{state}" in section]
        assert len(states) == 1, f"one of {STATES} is needed: {section}"
        found.append(Promise(section[:6], states[0], _files(section, "- kept in: "), _files(section, "- tested by: ")))
    return found


def _files(section: str, label: str) -> tuple[str, ...]:
    lines = [line for line in section.splitlines() if line.startswith(label)]
    return tuple(re.findall(r"`([^`]+)`", "".join(lines)))


PROMISES = promises(PAGE)


def docstring(path: str) -> str:
    """What a module says of itself."""
    return ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8"))) or ""


def test_every_promise_stands_on_the_page_once_and_in_order():
    assert [promise.id for promise in PROMISES] == [f"INV-{number:02}" for number in range(1, 14)]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_the_code_that_keeps_a_promise_names_it(promise):
    assert promise.kept_in
    assert [path for path in promise.kept_in if promise.id not in docstring(path)] == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_the_test_that_tries_to_break_a_promise_names_it(promise):
    assert bool(promise.tested_by) == (promise.state != "Open: ")
    assert [path for path in promise.tested_by if promise.id not in (ROOT / path).read_text(encoding="utf-8")] == []
    assert [path for path in promise.tested_by if "def test_" not in (ROOT / path).read_text(encoding="utf-8")] == []


def test_nothing_else_is_called_a_promise():
    named: dict[str, set[str]] = {}
    for folder in ("src", "tests", "docs", "attacks", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".toml"):
                for one in ID.findall(path.read_text(encoding="utf-8")):
                    named.setdefault(one, set()).add(path.relative_to(ROOT).as_posix())
    unknown = {one: sorted(paths) for one, paths in named.items() if one not in {each.id for each in PROMISES}}
    assert unknown == {}
