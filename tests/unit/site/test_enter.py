"""台账: finance's rows go into a site's record through the use cases: each for itself, never twice."""

import io
import json
import os

import pytest
from click.testing import CliRunner
from office import phone
from site_folder import as_office, make, opened

from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.site.running import Running
from mingshi.site.telling import Teller

PAYMENTS = (
    "payment,deal,at,amount_yuan,kind\nM1,D1,2026-05-01 08:00,50000.00,earnest\nM2,D9,2026-05-01 08:00,1.00,earnest\n"
)
INVOICES = "invoice,number,agency,deal,at,amount_yuan,matched\nB1,F-1,甲公司,D1,2026-05-01,40000.00,{matched}\n"


@pytest.fixture
def site(quick_path):
    make(quick_path / "site", os.urandom)
    with opened(quick_path / "site") as site:
        office = as_office(site)
        office.staff_the_office()
        deal = site.run(record_deal, RecordDeal((phone(1),), office.now, id="D1")).answer
        assert deal
        with Running(site, Teller(site.clock, io.StringIO()), sign_s=3600, housekeep_s=3600):
            yield site


@pytest.fixture
def bring(site, quick_path):
    books = quick_path / "books"
    books.mkdir()

    def command(**files):
        for name, text in files.items():
            (books / f"{name}.csv").write_text(text, encoding="utf-8")
        arguments = ["enter", "--data", str(quick_path / "site"), str(books), "--by", "财务-01", "--json"]
        done = CliRunner().invoke(main, arguments)
        told = json.loads(done.output)["result"]
        refused = [(one["file"], one["row"], one["refused"]) for one in told["refused"]]
        return done.exit_code, told["new"], told["known"], refused

    return command


def test_rows_are_taken_each_for_itself_and_once(site, bring):
    unknown = ("payments.csv", 3, "unknown_deal")
    assert bring(payments=PAYMENTS) == (2, 1, 0, [unknown])
    assert bring(payments=PAYMENTS) == (2, 0, 1, [unknown])
    rows = site.store.look(lambda transaction: list(transaction.every(e.Payment)), now=site.clock())
    assert [(row.id, row.amount_fen) for row in rows] == [("M1", 5_000_000)]


def test_a_row_that_changed_is_refused(bring):
    bring(payments=PAYMENTS)
    assert bring(payments=PAYMENTS.replace("50000.00", "60000.00"))[3][0] == ("payments.csv", 2, "row_differs")


def test_an_invoice_that_was_checked_since_is_completed(site, bring):
    assert bring(invoices=INVOICES.format(matched="no"))[:3] == (0, 1, 0)
    assert bring(invoices=INVOICES.format(matched="yes"))[:3] == (0, 1, 0)
    assert bring(invoices=INVOICES.format(matched="yes"))[:3] == (0, 0, 1)
    rows = site.store.look(lambda transaction: list(transaction.every(e.Invoice)), now=site.clock())
    assert [row.matched for row in rows] == [True]
