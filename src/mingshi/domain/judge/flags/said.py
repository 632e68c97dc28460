"""F-DECL: the client's own words against the claim.

The rules this module keeps:

1. A statement is grade B for origin (RULES.md §3.1): alone it asks a person to look; it holds money only together
   with a fact from somebody else. What it says of numbers is a link, grade A, and is judged with the visits.
2. 不想说 says nothing and costs nothing (amendment 21).
3. What was said before the registration weighs as much as what was said after it: it was said when nobody had
   anything to gain.
"""

from collections.abc import Iterator
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Origin, Place, Stage
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.flags.earlier import still_protected
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, facts
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.answer import Answer

AT_THE_DOOR: Final = frozenset({Place.GATE, Place.CAR_PARK})


def contradicting_words(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-DECL: the first way in which the client's words contradict the claim."""
    for row in _heard(claim, hearing):
        why = _why(row, claim, hearing)
        if why:
            args = facts(why=why, said_at=earliest(row.at))
            yield Flag("F-DECL", Tier.REVIEW, claim.registration.id, (row.id,), args, Source.VISITOR)
            return
    confirmation = claim.draft.confirmation
    came_with_them = any(one.registration.agent == claim.registration.agent for one in claim.draft.earlier)
    if confirmation is not None and confirmation.been_before and not came_with_them:
        args = facts(why="been_before", said_at=earliest(confirmation.at))
        yield Flag("F-DECL", Tier.REVIEW, claim.registration.id, (confirmation.id,), args, Source.VISITOR)


def numbers_named_by_another(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-DECL: before the registration somebody at the site gave the client's number as their own, from another one.

    It is no link (I1): anybody could say so, and a visit that is not the client's would bar their agent. Until the
    client confirms it nobody knows whose words these are, so they count as the site's: the site cannot make a hold of
    them by adding a fact of its own. A person asks the client.
    """
    person = claim.draft.attachment.person
    if person is None:
        return
    contacts, effective = hearing.unit.people[person].contacts, claim.draft.effective
    for row in hearing.named_by_others:
        theirs = row.stage is Stage.CHECK_IN and row.origin is not Origin.AGENT
        if not theirs or contacts.isdisjoint(row.phones) or latest(row.at) >= effective.earliest:
            continue
        if still_protected(earliest(row.at), claim, hearing) is Answer.YES:
            args = facts(why="numbers", said_at=earliest(row.at))
            yield Flag("F-DECL", Tier.REVIEW, claim.registration.id, (row.id,), args, Source.SITE)
            return


def _heard(claim: Claim, hearing: Hearing) -> list[e.Statement]:
    """What the registered person said, and the word that stands for the unit; never what stands corrected.

    A word given before the registration stays said. Of later ones the last before the subscription stands.
    """
    person = claim.draft.attachment.person
    before = [
        row
        for row in hearing.dossier.statements
        if row.origin is not Origin.DECLINED
        and hearing.unit.who(row.phone) == person
        and latest(row.at) < claim.draft.effective.earliest
    ]
    standing = [] if hearing.statement is None else [hearing.statement]
    return [*before, *(row for row in standing if row not in before)]


def _why(row: e.Statement, claim: Claim, hearing: Hearing) -> str:
    """`origin`, `door`, `came_before`, or nothing."""
    ours = row.origin is Origin.AGENT and row.agent in _ours(claim, hearing)
    rival = row.origin is Origin.AGENT and not ours
    if not ours and not rival:
        return "origin"
    visit = claim.draft.visit
    if ours and row.first_contact_where in AT_THE_DOOR and row.first_contact_at is not None and visit is not None:
        met = latest(row.first_contact_at)
        zone = hearing.dossier.zone
        if zone.day(met) == visit.day or met >= claim.draft.submitted.earliest:
            return "door"
    came = row.earlier_visit_at
    # A declared visit before the registration, and not one that this agent had brought them to.
    if came is not None and latest(came) < claim.draft.effective.earliest and not claim.draft.earlier:
        return "came_before"
    return ""


def _ours(claim: Claim, hearing: Hearing) -> set[str]:
    """The agent, and colleagues of the same agency."""
    agency = claim.agency
    mates = {row.id for row in hearing.dossier.agents if agency and row.agency == agency}
    return {claim.registration.agent, *mates}
