"""台账: finance's rows go into a site's record through the use cases: each for itself, never twice."""

import io
import json
import os

import pytest
from click.testing import CliRunner
from office import phone
from site_folder import as_office, make, opened

from mingshi.app.facts import Control
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


def test_who_brought_a_file_is_sealed_with_its_first_new_row_and_only_then(site, bring):
    def notes():
        rows = site.store.look(lambda transaction: transaction.every(Control), now=site.clock())
        return [(row.by, row.reason) for row in rows if row.kind == "entered"]

    nothing_new = PAYMENTS.replace("M1,D1", "M1,D8")
    assert bring(payments=nothing_new)[:3] == (2, 0, 0)
    assert notes() == []
    size = site.store.size
    bring(payments=PAYMENTS)
    assert [by for by, _ in notes()] == ["财务-01"]
    assert site.store.size == size + 2, "the payment and the note, once"
    for _ in range(2):
        bring(payments=PAYMENTS)
    bring(payments=PAYMENTS.replace("50000.00", "60000.00"))
    assert site.store.size == size + 2
    more = PAYMENTS + "M3,D1,2026-05-01 08:00,2.00,earnest\nM4,D1,2026-05-01 08:00,3.00,earnest\n"
    bring(payments=more)
    assert site.store.size == size + 5, "two payments and one note"
    assert len({digest for _, digest in notes()}) == 2


def test_a_row_that_changed_is_refused(bring):
    bring(payments=PAYMENTS)
    assert bring(payments=PAYMENTS.replace("50000.00", "60000.00"))[3][0] == ("payments.csv", 2, "row_differs")


def test_an_invoice_that_was_checked_since_is_completed(site, bring):
    assert bring(invoices=INVOICES.format(matched="no"))[:3] == (0, 1, 0)
    assert bring(invoices=INVOICES.format(matched="yes"))[:3] == (0, 1, 0)
    assert bring(invoices=INVOICES.format(matched="yes"))[:3] == (0, 0, 1)
    undone = [("invoices.csv", 2, "row_differs")]
    assert bring(invoices=INVOICES.format(matched="no"))[3] == undone, "what was checked stays checked"
    rows = site.store.look(lambda transaction: list(transaction.every(e.Invoice)), now=site.clock())
    assert [row.matched for row in rows] == [True]


def test_an_invoice_of_a_day_to_come_is_refused(site, bring):
    ahead = INVOICES.format(matched="no").replace("2026-05-01", "2099-01-01")
    assert bring(invoices=ahead)[3] == [("invoices.csv", 2, "time_not_now")]
    assert site.store.look(lambda transaction: list(transaction.every(e.Invoice)), now=site.clock()) == []


RELATIONS = (
    "relation,phone_a,phone_b,kind,since,verified_at,verified_by,broken_at\nG1,16000000001,16000000002,spouse,{}\n"
)


def relation(site):
    ((row,), units) = site.store.look(
        lambda transaction: (transaction.every(e.Relation), transaction.units((phone(1), phone(2)))), now=site.clock()
    )
    return row, len(units)


@pytest.mark.parametrize(
    ("first", "verified", "units"),
    [
        ("2015-10-01,,,", False, 2),
        ("2015-10-01,,结婚证,", False, 2),
        ("2015-10-01,2026-05-01 08:00,,", False, 2),
        ("2015-10-01,2026-05-01 08:00,结婚证,", True, 1),
        ("2015-10-01,2026-05-01 08:00,结婚证,2026-04-01", True, 2),
    ],
)
def test_a_relation_brought_again_is_known_and_once_seen_it_is_completed(site, bring, first, verified, units):
    assert site.run(record_deal, RecordDeal((phone(2),), site.clock(), id="D2")).answer
    assert bring(relations=RELATIONS.format(first)) == (0, 1, 0, [])
    row, found = relation(site)
    assert (row.verified_at is not None, found) == (verified, units)
    assert row.verified_by in first
    assert bring(relations=RELATIONS.format(first)) == (0, 0, 1, [])
    broken = first.rpartition(",")[2]
    later = RELATIONS.format(f"2015-10-01,2026-05-01 08:00,结婚证,{broken}")
    assert bring(relations=later) == ((0, 0, 1, []) if verified else (0, 1, 0, []))
    row, found = relation(site)
    assert row.verified_at is not None
    assert row.verified_by == "结婚证"
    assert found == (2 if broken else 1), "verified, and standing: one unit"
    assert bring(relations=later) == (0, 0, 1, [])


def test_a_relation_that_ended_says_when_and_says_it_once(site, bring):
    seen = "2015-10-01,2026-05-01 08:00,结婚证,"
    bring(relations=RELATIONS.format(seen))
    assert bring(relations=RELATIONS.format(seen + "2099-01-01"))[3] == [("relations.csv", 2, "time_not_now")]
    assert bring(relations=RELATIONS.format(seen + "2026-04-20")) == (0, 1, 0, [])
    assert relation(site)[0].broken_at is not None
    assert bring(relations=RELATIONS.format(seen + "2026-04-20")) == (0, 0, 1, [])
    for other in ("2026-04-21", ""):
        assert bring(relations=RELATIONS.format(seen + other))[3] == [("relations.csv", 2, "row_differs")]


@pytest.mark.parametrize("other", ["2015-10-02,,,", "2015-10-01,2026-05-01 08:00,户口本,", "2015-10-01,,,"])
def test_a_relation_that_says_otherwise_is_refused(site, bring, other):
    bring(relations=RELATIONS.format("2015-10-01,2026-05-01 08:00,结婚证,"))
    before = relation(site)
    assert bring(relations=RELATIONS.format(other))[3] == [("relations.csv", 2, "row_differs")]
    assert relation(site) == before


def test_a_relation_that_had_ended_before_it_was_told_of_must_not_lie_ahead(site, bring):
    row = "2015-10-01,2026-05-01 08:00,结婚证,2099-01-01"
    assert bring(relations=RELATIONS.format(row))[3] == [("relations.csv", 2, "time_not_now")]
