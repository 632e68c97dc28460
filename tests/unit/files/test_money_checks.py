"""Money that cannot be true is named with its row and remedy, and nothing is posted."""

import pytest

from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from tests.unit.files.test_checks import case_folder

TERM = "term,agency,kind,since,until,amount_yuan,rate_percent,from_unit,to_unit\n"
INVOICE = "invoice,number,agency,deal,at,amount_yuan\n"
CONTRADICTIONS = [
    ("a percentage without a rate", "terms", TERM + "T1,甲,percent,2026-01-01,,,,,", "term_without_rate", 2),
    ("a fixed amount without an amount", "terms", TERM + "T1,甲,fixed,2026-01-01,,,,,", "term_without_amount", 2),
    ("tiers that end before they begin", "terms", TERM + "T1,甲,fixed,2026-01-01,,9,,5,4", "low_above_high", 2),
    (
        "tiers that both claim the third deal",
        "terms",
        TERM + "T1,甲,fixed,2026-01-01,,9,,,3\nT2,甲,fixed,2026-01-01,,9,,3,",
        "tiers_overlap",
        3,
    ),
    (
        "two invoices with one number",
        "invoices",
        INVOICE + "B1,7,甲,D1,2026-06-01,5\nB2,7,甲,D1,2026-06-02,5",
        "invoice_twice",
        3,
    ),
]


@pytest.mark.parametrize(
    ("why", "sheet", "text", "code", "row"), CONTRADICTIONS, ids=[each[0] for each in CONTRADICTIONS]
)
def test_what_contradicts_itself_is_an_error_of_the_case(why, sheet, text, code, row, folder):
    with pytest.raises(BadInputError) as error:
        read_case(case_folder(folder, sheet, text))
    assert [(each.code, each.row) for each in error.value.problems] == [(code, row)]
    for language in ("zh", "en"):
        assert sheet in error.value.problems[0].text(language)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("tiers that follow each other", TERM + "T1,甲,fixed,2026-01-01,,9,,,3\nT2,甲,fixed,2026-01-01,,9,,4,"),
        ("terms of two seasons", TERM + "T1,甲,fixed,2026-01-01,2026-03-31,9,,,\nT2,甲,fixed,2026-04-01,,9,,,"),
        ("a bonus beside the rest", TERM + "T1,甲,fixed,2026-01-01,,9,,,\nT2,甲,bonus,2026-01-01,,9,,,"),
        ("terms of two agencies", TERM + "T1,甲,fixed,2026-01-01,,9,,,\nT2,乙,fixed,2026-01-01,,9,,,"),
    ],
)
def test_terms_that_do_not_meet_are_read(why, text, folder):
    assert len(read_case(case_folder(folder, "terms", text)).tables["terms"]) == text.count("\n")


def test_money_paid_back_by_an_agency_is_read(folder):
    case = read_case(case_folder(folder, "commissions_paid", "deal,at,amount_yuan\nD1,2026-06-05,-5"))
    assert case.tables["commissions_paid"].columns["amount_fen"] == [-500]


def test_intent_money_comes_before_the_subscription(folder):
    case = read_case(case_folder(folder, "payments", "deal,at,amount_yuan,kind\nD1,2026-05-01,1,intent"))
    assert not case.rejected


def test_receipts_beyond_the_price_are_told_and_kept(folder):
    text = "deal,at,amount_yuan,kind\nD1,2026-05-21,0.60,earnest\nD1,2026-05-22,0.60,balance"
    case = read_case(case_folder(folder, "payments", text))
    assert ("receipts_beyond_price", 3) in [(each.code, each.row) for each in case.notices]
    assert len(case.tables["payments"]) == 2


def test_commission_paid_to_somebody_without_agreement_is_told_and_kept(folder, tmp_path):
    path = case_folder(folder, "commissions_paid", "deal,agency,at,amount_yuan\nD1,丙,2026-06-05,5")
    (path / "agreements.csv").write_text("agency,since\n甲,2026-01-01\n", encoding="utf-8")
    case = read_case(path)
    assert "payee_unknown" in [each.code for each in case.notices]
    assert len(case.tables["commissions_paid"]) == 1


def test_an_invoice_of_somebody_without_agreement_is_told_and_kept(folder):
    path = case_folder(folder, "invoices", INVOICE + "B1,7,丙,D1,2026-06-01,5\nB2,8,甲,D1,2026-06-01,5")
    (path / "agreements.csv").write_text("agency,since\n甲,2026-01-01\n", encoding="utf-8")
    case = read_case(path)
    assert [(each.code, each.row) for each in case.notices if each.file == "invoices.csv"] == [("issuer_unknown", 2)]
    assert len(case.tables["invoices"]) == 2
