"""判客规则 of a site: which versions there are, and bringing a new one into force (D5, RULES amendment 14).

The rules this module keeps: a version comes as a policy file, read and checked as `mingshi policy check` reads it; its
first day is a day of the site's own zone; two people and the agencies' signatures are the use cases' to ask for.
"""

from datetime import date
from pathlib import Path

from mingshi.app.answer import Answer
from mingshi.app.publish_policy import ProposePolicy, propose_policy, values_of, versions_of
from mingshi.domain import evidence as e
from mingshi.files.judging import read_policy
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Zone
from mingshi.site.root import Site
from mingshi.store.errors import RefusedStartError
from mingshi.store.transaction import SiteTransaction


def propose(site: Site, path: Path, since: str, by: str) -> Answer:
    """Propose the version of a policy file. Raises `BadInputError`, and `RefusedStartError` for a day that is none."""
    policy = read_policy(str(path))
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise RefusedStartError(
            "bad_day", f"日期应写成 2026-12-01 这样：{since}。", f"Write the day as 2026-12-01: {since}."
        ) from None
    start = zone_of(site).start(day)
    return site.run(
        propose_policy, ProposePolicy(policy.version, "classic", values_of(policy.parameters), start, by)
    ).answer


def versions(transaction: SiteTransaction) -> Json:
    """Every version in the order of its first day, and proposals nobody published, with who signed."""
    now, zone = transaction.now, transaction.source.zone
    in_force = transaction.source.policies.at(now).version
    signed: dict[str, list[Json]] = {}
    for row in transaction.every(e.Agreement):
        if row.countersigned_at is not None:
            signed.setdefault(row.policy, []).append(row.agency)
    return [
        {
            "version": one.policy.version,
            "from": zone.day(one.effective_from).isoformat(),
            "sha256": one.policy.sha256,
            "state": "in_force" if one.policy.version == in_force else "ahead" if one.effective_from > now else "past",
            "proposal": one.proposal if one.published_at is None else "",
            "signed": signed.get(one.policy.version, []),
        }
        for one in versions_of(transaction)
    ]


def zone_of(site: Site) -> Zone:
    """The project's civil time."""
    return Zone(int(site.store.settings["zone_offset_min"]))
