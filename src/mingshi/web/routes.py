"""All routes of a site, audience by audience. A route that is not here does not exist."""

from mingshi.web.agency import pages as agency
from mingshi.web.agency import rules as agency_rules
from mingshi.web.agent import pages as agent
from mingshi.web.agent import several
from mingshi.web.api import openapi
from mingshi.web.api import pages as api
from mingshi.web.asking import Way, ways
from mingshi.web.auditor import pages as auditor
from mingshi.web.buyer import asking_for, taking
from mingshi.web.buyer import keys as buyer_keys
from mingshi.web.buyer import pages as buyer
from mingshi.web.buyer import receipts as buyer_receipts
from mingshi.web.consultant import pages as consultant
from mingshi.web.demo import pages as demo_pages
from mingshi.web.finance import pages as finance
from mingshi.web.manager import pages as manager
from mingshi.web.manager import requests, windows
from mingshi.web.manager import rules as manager_rules
from mingshi.web.public import mine, staff
from mingshi.web.public import pages as public
from mingshi.web.reception import launch
from mingshi.web.reception import pages as reception
from mingshi.web.risk import pages as risk
from mingshi.web.risk import patterns
from mingshi.web.visitor import keys as visitor_keys
from mingshi.web.visitor import pages as visitor

_AUDIENCES = (
    public,
    staff,
    mine,
    visitor,
    visitor_keys,
    buyer,
    asking_for,
    buyer_keys,
    buyer_receipts,
    taking,
    agent,
    several,
    reception,
    launch,
    consultant,
    manager,
    requests,
    windows,
    manager_rules,
    agency_rules,
    agency,
    finance,
    patterns,
    risk,
    auditor,
    openapi,
    api,
)


def all_ways(*, demo: bool) -> tuple[Way, ...]:
    """Every route. `demo`: those of the demo's start page too."""
    return ways(*(audience.WAYS for audience in _AUDIENCES), demo_pages.WAYS if demo else ())
