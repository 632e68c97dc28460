"""规则查看: which versions there are, what each changes, who brought it, which agency still has to sign (TRADE §4.5, D5).

The rules this module keeps: it reads. A version is proposed and published by two people with the site's own command
(`mingshi rules`), and signed by each agency on its own page; nobody signs for anybody here.
"""

from mingshi.domain.roles import Permission
from mingshi.web.asking import Ask, Given, Page, get
from mingshi.web.policies import told_versions


def rules(ask: Ask) -> Given:
    """Every version, what waits first."""
    found = ask.office.look(lambda transaction: told_versions(ask, transaction))
    order = {"proposed": 0, "ahead": 1, "in_force": 2, "past": 3}
    return Page("manager/rules.html.j2", {"versions": sorted(found, key=lambda one: order[one.state])})


WAYS = (get("/rules", Permission.MANAGER_RULES_READ, rules),)
