"""docs/formats/vectors: what must verify does, what must not is refused for its own reason."""

import json
from collections import Counter

import ledger_vectors
import pytest

from mingshi.ledger import verify as v

POLICY = (ledger_vectors.VECTORS / "policy.txt").read_text(encoding="utf-8")
MUTANTS = json.loads((ledger_vectors.VECTORS / "mutants.json").read_text(encoding="utf-8"))
FILES = (path for path in ledger_vectors.VECTORS.iterdir() if path.is_file())
GOOD = sorted(path for path in FILES if path.name not in ("policy.txt", "mutants.json"))


def test_the_committed_files_are_what_the_tool_writes():
    assert ledger_vectors.main(["--check"]) == 0


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_good_file_verifies_by_policy_and_by_fingerprint(path):
    text = path.read_text(encoding="utf-8")
    for trust in (v.Trust(policy=POLICY), v.Trust(fingerprint=v.fingerprint(POLICY).upper())):
        verdict = v.verify_text(text, trust)
        assert verdict, verdict
        assert all(check.passed for check in verdict.checks if check.name != "phone")


@pytest.mark.parametrize("case", MUTANTS, ids=lambda case: case["name"])
def test_a_mutant_is_refused_for_its_own_reason(case):
    verdict = v.verify_text(case["text"], v.Trust(**({"policy": POLICY} | case["trust"])))
    assert verdict is not None
    assert (verdict.reason, bool(verdict)) == (case["reason"], False)
    assert [check.passed for check in verdict.checks].count(False) == 1


def test_mutants_are_many_differ_and_cover_every_reason():
    assert len(MUTANTS) >= 40
    assert len({case["name"] for case in MUTANTS}) == len(MUTANTS)
    elsewhere = {"STALE", "SPLIT_VIEW"}  # said of heads and of pairs of files: tests of their own
    assert Counter(case["reason"] for case in MUTANTS).keys() == v.REASONS.keys() - elsewhere


@pytest.mark.parametrize("reason", v.REASONS)
def test_every_reason_is_told_in_both_languages(reason):
    chinese, english = v.REASONS[reason]
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert english.isascii()
