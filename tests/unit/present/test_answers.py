"""Everything a use case can answer has a text in both languages."""

import ast
from pathlib import Path

import pytest

from mingshi import app
from mingshi.app.answer import Done, Refused
from mingshi.kernel.timeline import Zone
from mingshi.present.answers import said
from mingshi.present.texts import Lang, catalogue

FOLDER = Path(app.__file__).parent
COMPOSED = {
    "decision_{fault}": ["no_evidence", "no_reason", "not_open", "one_sided", "own_record", "unknown_claim"],
    "policy_{first.reason}": ["unknown", "symmetry", "kind", "range"],
    "erasure_proven_{command.stage}": ["here", "everywhere"],
    "right_{command.result}": ["done", "partly", "refused"],
}


def _told(node):
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _told(node.body) + _told(node.orelse)
    if isinstance(node, ast.JoinedStr):
        template = ast.unparse(node)[2:-1]
        prefix = template.partition("{")[0]
        return [prefix + one for one in COMPOSED.get(template, ["*"])]
    return []


def _answers():
    found = set()
    for path in [
        *sorted(FOLDER.glob("*.py")),
        FOLDER.parent / "site" / "root.py",
        FOLDER.parent / "store/site_store.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                if node.func.id == "Done":
                    found |= {("told", one) for one in _told(node.args[0])}
                if node.func.id == "Refused":
                    found |= {("refused", one) for one in _told(node.args[0])}
    return found


@pytest.mark.parametrize("answer", sorted(_answers()), ids="-".join)
def test_every_answer_has_both_texts(answer):
    section, key = answer
    if key.endswith("*"):
        key = next((one for one in catalogue()[section] if one.startswith(key[:-1])), key)
    assert set(catalogue()[section].get(key, {})) == {"zh", "en"}, f"[{section}] {key} = {{ zh = , en = }}"


@pytest.mark.parametrize("lang", list(Lang))
def test_a_refusal_is_told_with_its_rule(lang):
    told = said(Refused("too_late", "H1", args={"until": 1_760_000_000_000_000}), lang, Zone())
    assert not told.done
    assert told.rule == "H1"
    assert "2025" in told.text
    assert said(Done("confirmed"), lang, Zone()).done
