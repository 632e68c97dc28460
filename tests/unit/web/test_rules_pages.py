"""判客规则 on pages: what a version changes, who brought it, an agency's signature under what it read (D5)."""

import re

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.answer import Done
from mingshi.app.facts import PolicyPublished
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.publish_policy import ProposePolicy, PublishPolicy, propose_policy, publish_policy
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY


@pytest.fixture
def pages(tmp_path):
    with pages_of(tmp_path) as opened:
        yield opened


def proposed(pages, version="2026-秋", by="王经理", days=20, **values):
    """A version that nobody published yet: the proposal's name."""
    wanted = {"lead_min": 45, "visit_protect_days": 45} | values
    command = ProposePolicy(version, "open", wanted, pages.office.now() + days * DAY, by)
    done = pages.office.run(propose_policy, command).answer
    assert done, done
    return done.ids["proposal"]


def published(pages, version="2026-秋", **values):
    command = PublishPolicy(proposed(pages, version, **values), "陈总监")
    assert pages.office.run(publish_policy, command).answer


def reviewer(pages, agency="甲公司"):
    return pages.signed_in(Role.AGENCY, f"{agency}/复核人")


def answering(person, version, answer, **typed):
    form = person.get("/agency/rules").text.split(f'name="version" value="{version}"')
    data = fields(form[0].rsplit("<form", 1)[1] + form[1].split("</form>")[0])
    data |= {"version": version, "answer": answer, "reason": ""} | typed
    return person.client.post("/agency/rules", data=data, headers=SAME)


def agreements(pages, agency):
    return pages.office.look(lambda transaction: transaction.read(e.Agreement, "agency", agency))


def binding(pages, agency, at):
    def read(transaction):
        rows = transaction.read(e.Agreement, "agency", agency)
        return transaction.source.policies.binding(agency, at, rows).version

    return pages.office.look(read)


def test_an_agency_signs_what_it_read_and_is_bound_seven_days_later(pages):
    published(pages, days=3)
    person, now = reviewer(pages), pages.office.now()
    page = person.get("/agency/rules").text
    waits = page.split("等贵司会签")[1].split("贵司签过的")[0]
    assert "B1 提前报备时间" in waits
    assert "30" in waits
    assert "45" in waits
    assert "不视为同意" in waits
    assert answering(person, "2026-秋", "yes").headers["location"] == "/agency/rules?done=signed"
    (row,) = [row for row in agreements(pages, "甲公司") if row.policy == "2026-秋"]
    assert row.countersigned_at
    assert binding(pages, "甲公司", now + 6 * DAY) == "open"
    assert binding(pages, "甲公司", now + 8 * DAY) == "2026-秋"
    assert binding(pages, "乙公司", now + 400 * DAY) == "open", "who did not sign keeps what binds them"
    after = person.get("/agency/rules").text
    assert "2026-秋" in after.split("贵司签过的")[1]
    assert "2026-秋" not in after.split("等贵司会签")[1].split("贵司签过的")[0]
    manager = pages.signed_in(Role.MANAGER, "经理-01").get("/rules").text
    card = next(one for one in manager.split('<div class="card">') if "2026-秋" in one)
    rows = re.findall(r"<tr><td[^>]*>(\w+公司)</td><td[^>]*>(.*?)</td>", card, re.DOTALL)
    assert [agency for agency, _ in rows] == ["乙公司", "甲公司"]
    assert "还没有" in rows[0][1]
    assert "还没有" not in rows[1][1]


def test_what_is_signed_twice_is_one_signature(pages):
    published(pages)
    person = reviewer(pages)
    page = person.get("/agency/rules").text
    tabs = [fields(page.split('action="/agency/rules"')[1].split("</form>")[0]) for _ in range(2)]
    other = fields(person.get("/agency/rules").text.split('action="/agency/rules"')[1].split("</form>")[0])
    first, same, tab = (
        person.client.post("/agency/rules", data=one | {"answer": "yes", "reason": ""}, headers=SAME)
        for one in (*tabs, other)
    )
    assert first.headers["location"] == same.headers["location"]
    assert tab.status_code == 422
    assert "贵司已会签这个版本" in tab.text
    assert len([row for row in agreements(pages, "甲公司") if row.policy == "2026-秋"]) == 1


def test_other_rules_than_were_read_are_not_signed(pages):
    published(pages)
    refused = answering(reviewer(pages), "2026-秋", "yes", digest="0" * 64)
    assert refused.status_code == 422
    assert "您看到的规则与现行版本不同" in refused.text
    assert len(agreements(pages, "甲公司")) == 1


def test_a_no_needs_words_which_the_developer_reads_and_no_rival(pages):
    published(pages)
    person = reviewer(pages)
    empty = answering(person, "2026-秋", "no")
    assert empty.status_code == 422
    assert 'href="#reason"' in empty.text.split('role="alert"')[1].split("</div>")[0]
    neither = answering(person, "2026-秋", "", reason="先问问总部。")
    assert neither.status_code == 422
    assert "先问问总部。" in neither.text, "what was typed is kept"
    assert answering(person, "2026-秋", "no", reason="四十五分钟太长。").status_code == 303
    assert len(agreements(pages, "甲公司")) == 1, "nothing is signed"
    assert "四十五分钟太长。" in person.get("/agency/rules").text
    assert "四十五分钟太长。" in pages.signed_in(Role.RISK, "风控-01").get("/rules").text
    assert "四十五分钟太长。" not in reviewer(pages, "乙公司").get("/agency/rules").text
    assert answering(person, "2026-秋", "yes").status_code == 303, "it may change its mind"
    assert "四十五分钟太长。" not in person.get("/agency/rules").text


def test_a_proposal_is_seen_by_the_developer_alone_and_says_who_may_publish(pages):
    proposal = proposed(pages, by="王经理")
    shown = pages.signed_in(Role.MANAGER, "经理-01").get("/rules").text
    assert proposal in shown
    assert "须由 王经理 以外的人发布" in shown
    assert "<form" not in shown.split("<main")[1], "it is read here, and published by the command"
    person = reviewer(pages)
    assert "2026-秋" not in person.get("/agency/rules").text
    sent = fields(person.get("/account").text) | {"version": "2026-秋", "answer": "yes", "digest": "x"}
    assert person.client.post("/agency/rules", data=sent, headers=SAME).status_code == 404


def test_terms_that_differ_by_side_say_so_on_both_pages(pages):
    published(pages, "不等", natural_protect_days=60, asymmetric=True)
    for page in (
        reviewer(pages).get("/agency/rules").text,
        pages.signed_in(Role.MANAGER, "经理-01").get("/rules").text,
    ):
        assert "对双方条件不等" in page
    english = reviewer(pages)
    english.get("/?lang=en")
    assert "terms differ by side" in english.get("/agency/rules").text


def came(pages, agency, days_ago, **fields):
    since = pages.office.now() - days_ago * DAY
    rows = (blank(e.Agreement, id=f"协议-{agency}", agency=agency, since=since, **fields),)
    assert pages.office.run(keep_roster, KeepRoster(rows)).answer


def test_who_never_signed_anything_is_not_bound_by_a_date(pages):
    came(pages, "丙公司", 90)
    published(pages, days=3)
    page = reviewer(pages, "丙公司").get("/agency/rules").text
    assert "没有截止日期，也不视为同意" in page
    assert "没有贵司的会签记录" not in page
    assert binding(pages, "丙公司", pages.office.now() + 400 * DAY) == "open", "as the page says"
    manager = pages.signed_in(Role.MANAGER, "经理-01").get("/rules").text
    card = next(one for one in manager.split('<div class="card">') if "2026-秋" in one)
    assert "按生效日" not in card
    assert len(re.findall("现在适用 open", card)) == 3


def test_who_comes_under_a_version_is_bound_by_it(pages):
    published(pages, days=3)
    pages.clock.skip(10 * DAY)
    came(pages, "丁公司", 1)
    assert binding(pages, "丁公司", pages.office.now()) == "2026-秋"
    page = reviewer(pages, "丁公司").get("/agency/rules").text
    assert "2026-秋" in page.split("现在对贵司适用：")[1].split("</p>")[0]
    assert "2026-秋" not in page.split("等贵司会签")[1].split("贵司签过的")[0]


def test_a_version_that_an_import_brought_without_signatures_binds_by_its_date(pages):
    came(pages, "丙公司", 90)
    published(pages, days=3)

    def as_imported(transaction, _):
        (row,) = [one for one in transaction.every(PolicyPublished) if one.version == "2026-秋"]
        brought = row._replace(id=transaction.new_id("J"), version="旧案", countersigned=False)
        longer = brought.parameters.replace('"lead_min":45', '"lead_min":50')
        transaction.seal(brought._replace(parameters=longer, effective_from=row.effective_from + DAY))
        return Done("brought")

    assert pages.office.run(as_imported, None).answer
    page = reviewer(pages, "丙公司").get("/agency/rules").text
    assert "没有贵司的会签记录，这个版本也没有要求会签" in page
    assert binding(pages, "丙公司", pages.office.now() + 5 * DAY) == "旧案"
    assert "按生效日" in pages.signed_in(Role.MANAGER, "经理-01").get("/rules").text
