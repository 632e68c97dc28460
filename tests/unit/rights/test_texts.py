"""Every answer of the use cases of notice, consent and rights has a text in both languages."""

import ast
from pathlib import Path

import pytest

from mingshi import app
from mingshi.domain.impact.assessment import SECTIONS
from mingshi.domain.impact.audit import ITEMS
from mingshi.domain.impact.filing import PARTS, Occasion
from mingshi.domain.impact.gate import Readiness, closed_by
from mingshi.domain.impact.persons import Filing
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.domain.rights.right import ROUTES, Ground, Right
from mingshi.kernel.timeline import Micros
from mingshi.present.texts import catalogue

FILES = (
    "answer_right", "consents", "correct_person", "import_records", "issue_pass", "keep_roster", "move_person", "register_client", "explain_erasure", "give_consent", "prove_erasure", "provide", "publish_notice",
    "refuse_consent", "request_right", "restrict_person", "show_notice", "sign_assessment", "sweep", "void_consent", "withdraw",
)  # fmt: skip


def _answers():
    for name in FILES:
        tree = ast.parse((Path(app.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id in ("Done", "Refused") and isinstance(node.args[0], ast.Constant):
                yield {"Done": "told", "Refused": "refused"}[node.func.id], node.args[0].value


@pytest.mark.parametrize(("section", "key"), sorted(set(_answers())))
def test_an_answer_has_a_text(section, key):
    assert set(catalogue()[section][key]) == {"zh", "en"}


def test_every_closed_set_has_names():
    texts = catalogue()
    assert {one.name for one in SECTIONS} <= texts["assessment"].keys()
    assert {one.name for one in ITEMS} <= texts["audit"].keys()
    assert {one.value for one in Right} <= texts["right"].keys()
    assert {one.value for one in Ground} <= texts["ground"].keys()
    assert set(ROUTES) <= texts["route"].keys()
    assert {one.value for one in Purpose} <= texts["purpose"].keys()
    assert {one.value for one in Basis} <= texts["basis"].keys()
    assert {f"right_{result}" for result in ("done", "partly", "refused")} <= texts["told"].keys()
    assert {one.value for one in Filing} == texts["filing"].keys()
    assert {one.value for one in Occasion} == texts["filing_occasion"].keys()
    assert {part for parts in PARTS.values() for part in parts} == texts["filing_part"].keys()
    nothing = Readiness(
        assessment_signed=False, assessment_current=False, notice_published=False, notice_in_force=False,
        non_face_ways=(), zone_decision=False, sign_attested_at=None, live_passes=0, filed=False, devices_accepted=False,
    )  # fmt: skip
    assert {*closed_by(nothing, Micros(0)), "filing_due"} == texts["gate"].keys()
