"""The papers, made by a site that lived and printed by the browser."""

import re

import pytest
from papers import papers, printed

from mingshi.domain.consent.receipt import MANDATORY
from mingshi.present.texts import Lang, catalogue


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return papers(tmp_path_factory.mktemp("papers"))


@pytest.mark.law("L-41", "L-42")
def test_signs_receipts_and_proofs_are_one_page_each(made, tmp_path):
    counts = printed(made, tmp_path)
    assert len(counts) == 20
    for name, count in counts.items():
        assert count == 1 if name.startswith(("sign", "consent", "deletion")) else count <= 4, (name, count)


@pytest.mark.law("L-41")
def test_papers_ask_for_nothing_from_elsewhere(made):
    for name, html in made.items():
        assert not re.search(r"<script|src=|@import|url\(|<link|<img", html), name
        assert ('lang="zh-CN"' if name.endswith("zh") else 'lang="en"') in html


@pytest.mark.law("L-49")
def test_the_consent_receipt_names_its_fields_and_no_person(made):
    from office import phone

    for lang in Lang:
        html = made[f"consent-{lang.value}"]
        shown = set(re.findall(r"<small>([a-z_]+)</small>", html))
        assert {"purpose", "pii_information", "recipients", "event_time", "privacy_notice", "pii_principal_id"} <= shown
        assert phone(1) not in html
    assert len(MANDATORY) == 19


@pytest.mark.law("L-31")
def test_the_deletion_proof_names_nobody_and_says_which_stage_it_is(made):
    from office import phone

    texts = catalogue()["paper"]
    for lang in Lang:
        pending = texts["deletion_pending"][lang.value]
        assert pending in made[f"deletion-here-{lang.value}"]
        assert pending not in made[f"deletion-{lang.value}"]
        assert phone(1) not in made[f"deletion-{lang.value}"]


@pytest.mark.law("L-35")
def test_an_assessment_that_does_not_fit_says_so(made):
    for lang in Lang:
        assert 'class="alarm"' in made[f"assessment-drift-{lang.value}"]
        assert 'class="alarm"' not in made[f"assessment-full-{lang.value}"]
