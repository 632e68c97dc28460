"""渠道公司会签: what a published version changes for this agency, and its signature under exactly that (D5, amendment 14).

The rules this module keeps:

1. A signature cites the digest of the rules on the page that it was given from; under other rules it is refused.
2. No signature is a no: what binds the agency now goes on binding it. The page says from when either holds.
3. Of other agencies, and of what nobody published yet, an agency reads nothing here.
"""

from typing import Final

from mingshi.app.publish_policy import CountersignPolicy, countersign_policy
from mingshi.domain.ids import AgencyId
from mingshi.domain.roles import Permission
from mingshi.present.answers import Said, said
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.policies import binds_from, decline, forget_declined, told_versions

MOST: Final = 500


def rules(ask: Ask) -> Given:
    """Versions, and what waits for the agency's signature."""
    return _page(ask)


def sign(ask: Ask) -> Given:
    """Sign under a version, or say why not."""
    agency, version = _agency(ask), ask.form.raw("version")
    answer = ask.form.one_of("answer", ("yes", "no"))
    reason = ask.form.text("reason", most=MOST, needed=answer == "no")
    found = ask.office.look(lambda transaction: told_versions(ask, transaction, agency))
    if version not in {one.version for one in found}:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    if not ask.form.ok:
        return _page(ask, 422)
    if answer == "no":
        decline(ask, version, agency, reason)
        return See("/agency/rules?done=declined")
    command = CountersignPolicy(agency, version, ask.form.raw("digest"), ask.me.id)
    replied = ask.run(countersign_policy, command)
    if replied.answer:
        forget_declined(ask, version, agency)
        return See("/agency/rules?done=signed")
    return _page(ask, 422, said(replied.answer, ask.lang, ask.office.zone))


def _agency(ask: Ask) -> AgencyId:
    return AgencyId(ask.me.id.partition("/")[0])


def _page(ask: Ask, status: int = 200, told: Said | None = None) -> Given:
    agency = _agency(ask)
    found = ask.office.look(lambda transaction: told_versions(ask, transaction, agency))
    bound = next((mine.bound for one in found if (mine := one.of(agency)) is not None), "")
    open_ = [
        (one, mine, binds_from(one, ask.now))
        for one in found
        if (mine := one.of(agency)) is not None
        and mine.signed_at is None
        and one.label != bound
        and one.state != "past"
    ]
    values = {
        "agency": agency,
        "bound": next((one for one in found if one.label == bound), None),
        "open": open_,
        "signed": [(one, mine) for one in found if (mine := one.of(agency)) is not None and mine.signed_at is not None],
        "told": told,
        "wanted": ask.form.raw("version"),
        "done": ask.query.get("done", "") if status == 200 else "",
    }
    return Page("agency/rules.html.j2", values, status)


WAYS = (
    get("/agency/rules", Permission.AGENCY_RULES_READ, rules),
    post("/agency/rules", Permission.AGENCY_RULES_SIGN, sign),
)
