"""C 归属优先: of the claims that stand, whose is the deal? Rules C1 to C8, D7 and D13.

The rules this module keeps:

1. Order of evaluation (§3.3): natural first (C4, inside A5) before C2/C3, then the ladder C6, then C8, C7, D13.
2. An unknown that cannot change the outcome does not hold it up; one that can makes it REVIEW, with a proposal
   and the missing fact.
3. Between different people of one unit the engine never decides by itself (D13): 换号 and a lawful family look
   the same from here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mingshi.domain.evidence import AgentKind, FollowupKind, Origin, Stage
from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.arrival import Visit
from mingshi.domain.judge.attendance import escort_time, escorted, one_of_ours
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.finding import Code, Finding, Verdict, unknown
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.judge.outcome import NATURAL, REVIEW, Choice, Kind, Outcome, channel, split
from mingshi.domain.moment import earliest, latest, span
from mingshi.domain.policy import Mode
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import Interval, before, natural_days_after, not_after, point


def choose(claims: Sequence[Claim], hearing: Hearing) -> Choice:
    """The outcome of a deal, or what a person has to settle."""
    ladder = c6_ladder(claims, hearing)
    valid = [claim for claim in claims if claim.state is Answer.YES]
    doubtful = [claim for claim in claims if claim.state is Answer.UNKNOWN]
    mode = claims[0].draft.policy.mode if claims else hearing.policy.mode
    ranked = sorted(valid, key=lambda claim: _rank(claim, mode, hearing))
    if not ranked:
        return _doubt(doubtful, claims, ladder, hearing) if doubtful else _unclaimed(ladder, claims, hearing)
    winner = ranked[0]
    open_ = [claim for claim in doubtful if _may_outrank(claim, winner, mode, hearing)]
    if open_:
        return _doubt(open_, claims, ladder, hearing)
    tied = [claim for claim in ranked[1:] if _tied(winner, claim, mode, hearing)]
    if tied:
        return c8_tie(winner, tied)
    joint = d13_joint(winner, ranked[1:], ladder, hearing)
    if joint is not None:
        return joint
    because = "C2" if mode is Mode.PROTECT else "C3"
    won = Choice(channel(winner), because, grounds(winner, hearing))
    return c7_changed(won, claims, hearing) or won


def c6_ladder(claims: Sequence[Claim], hearing: Hearing) -> Choice:
    """C6 来源阶梯 / when no channel wins: OWN > REFERRAL > EMPLOYEE > NATURAL.

    OWN needs outreach by staff recorded before the first visit. REFERRAL and EMPLOYEE need the owner or the
    employee to be named before it: by their own registration, where the client left their number on-line, or in
    the client's statement at the first check-in before meeting staff. An employee counts only under a declared
    scheme (golden case 9).
    """
    first = hearing.first_visit
    start = first.start.counted if first else span(hearing.dossier.deal.subscribed_at)
    seen = first.evidence if first else ()
    for outreach in hearing.dossier.outreach:
        if before(hearing.counted(outreach), start) is Answer.YES:
            return Choice(Outcome(Kind.OWN, party=outreach.staff), "C6", (outreach.id, *seen))
    for kind, outcome in ((AgentKind.OWNER, Kind.REFERRAL), (AgentKind.EMPLOYEE, Kind.EMPLOYEE)):
        if outcome is Kind.EMPLOYEE and not hearing.policy.employee_scheme:
            continue
        named = _named_before(kind, claims, start, hearing)
        if named is not None:
            return Choice(Outcome(outcome, party=named.party), "C6", (named.evidence, *seen))
    return Choice(NATURAL, "C6", seen)


class _Named(NamedTuple):
    party: str
    evidence: EvidenceId


def _named_before(kind: AgentKind, claims: Sequence[Claim], start: Interval, hearing: Hearing) -> _Named | None:
    agents = hearing.dossier.agents
    for claim in claims:
        row = claim.registration
        mine = [one for one in agents if one.id == row.agent and one.kind is kind]
        declared = kind is not AgentKind.EMPLOYEE or any(one.declared for one in mine)
        if mine and declared and before(claim.draft.submitted, start) is Answer.YES:
            return _Named(row.agent, row.id)
    for lead in hearing.dossier.leads:
        theirs = [one for one in agents if one.id == lead.referrer and one.kind is AgentKind.EMPLOYEE]
        right = any(one.declared for one in theirs) if kind is AgentKind.EMPLOYEE else not theirs
        if lead.referrer and right and before(hearing.counted(lead), start) is Answer.YES:
            return _Named(lead.referrer, lead.id)
    word = hearing.statement
    origin = Origin.OWNER if kind is AgentKind.OWNER else Origin.EMPLOYEE
    if word is None or word.origin is not origin or not word.referrer:
        return None
    if kind is AgentKind.EMPLOYEE and not any(one.id == word.referrer and one.declared for one in agents):
        return None
    first, zone = hearing.first_visit, hearing.dossier.zone
    for said in hearing.dossier.statements:
        same = (said.origin, said.referrer) == (word.origin, word.referrer) and hearing.unit.who(said.phone) is not None
        early = said.stage is Stage.CHECK_IN and said.before_staff
        if same and early and first is not None and zone.day(earliest(said.at)) == first.day:
            return _Named(said.referrer, said.id)
    return None


def c7_changed(won: Choice, claims: Sequence[Claim], hearing: Hearing) -> Choice | None:
    """C7 指名更换 / buyer's choice: a changed word before signing moves no money, it calls a person (cf. U5).

    Nothing changes where the new word names nobody who claims and takes nothing from whoever won.
    """
    contracted = hearing.dossier.deal.contracted_at
    signed = None if contracted is None else latest(contracted)
    said = [
        row for row in hearing.changed if signed is None or earliest(row.at) <= signed or row.stage is Stage.SIGNING
    ]
    winner = next((claim for claim in claims if claim.registration.id == won.outcome.registration), None)
    if winner is not None:
        said = [
            row for row in said if row.origin is not Origin.AGENT or not one_of_ours(row.agent, winner.draft, hearing)
        ]
    else:
        agents = {claim.registration.agent for claim in claims}
        said = [row for row in said if row.origin is Origin.AGENT and row.agent in agents]
    if not said:
        return None
    ids = tuple(row.id for row in said)
    reason = unknown("C7", Code.VALID, "changed", ids, origin=said[0].origin.value)
    named = [claim for claim in claims if claim.registration.agent in {row.agent for row in said}]
    several = len({claim.registration.agent for claim in named}) > 1  # words that contradict each other favour nobody
    favourable = won.outcome if winner is not None or not named or several else channel(named[0])
    return Choice(REVIEW, "C7", (*won.evidence, *ids), (reason,), won.outcome, favourable)


def c8_tie(first: Claim, others: Sequence[Claim]) -> Choice:
    """C8 并列 / tie: two partners whose order cannot be told both came along: half each; else a person decides."""
    rivals: dict[str, Claim] = {}
    for claim in (first, *others):
        rivals.setdefault(claim.registration.agent, claim)
    claims = tuple(rivals.values())
    evidence = tuple(claim.registration.id for claim in claims)
    shown = all(any(one.rule == "B5" and one.reason == "shown" for one in claim.findings) for claim in claims)
    halves = split((channel(claims[0]), 50), (channel(claims[1]), 50)) if len(claims) == 2 else None
    if shown and halves is not None:
        return Choice(halves, "C8", evidence)
    return Choice(REVIEW, "C8", evidence, (unknown("C8", Code.REGISTERED, "tie", evidence),), halves, halves)


def d13_joint(winner: Claim, others: Sequence[Claim], ladder: Choice, hearing: Hearing) -> Choice | None:
    """D13 联名 / people of one unit with different origins: REVIEW, half each proposed (W6).

    Another agent brought another person of the unit; or another person had come by themselves before.
    """
    half = hearing.policy.split_both_percent
    for other in others:
        if _of_another(other, winner):
            evidence = (winner.registration.id, other.registration.id)
            proposal = split((channel(winner), half), (channel(other), 100 - half))
            reason = unknown("D13", Code.REGISTERED, "two_agents", evidence)
            return Choice(REVIEW, "D13", evidence, (reason,), proposal, proposal)
    for visit in hearing.visits:
        if winner.draft.person in visit.people or not visit.certain or _stood_by(visit, (winner, *others)):
            continue
        if _first_and_live(visit, winner, hearing) is not Answer.NO:
            seen = (winner.registration.id, *visit.evidence)
            reason = unknown(
                "D13", Code.KNOWN_CLIENT, "came_before", visit.evidence, visited_at=visit.start.observed.earliest
            )
            proposal = split((channel(winner), half), (ladder.outcome, 100 - half))
            return Choice(REVIEW, "D13", seen, (reason,), proposal, channel(winner))
    return None


def grounds(claim: Claim, hearing: Hearing) -> tuple[EvidenceId, ...]:
    """What a claim rests on: the registration, its confirmation, the visit, the escort, the links, extensions."""
    draft = claim.draft
    ids = [draft.registration.id]
    if draft.confirmation is not None:
        ids.append(draft.confirmation.id)
    if draft.visit is not None:
        ids += draft.visit.evidence
        ids += [link.evidence for link in hearing.unit.links if link.rule == "I3"]
    for finding in claim.findings:
        if finding.verdict is Verdict.PASS and finding.rule in ("A1", "A11", "B5", "D1"):
            ids += finding.evidence
    return tuple(dict.fromkeys(ids))


def acts_percent(claim: Claim, hearing: Hearing) -> int:
    """D7 分单: the share of a partner who did not bring the client, by what they did (W2)."""
    mine = {
        row.kind
        for row in hearing.dossier.followups
        if row.registration == claim.registration.id and row.by == claim.registration.agent
    }
    policy = claim.draft.policy
    if FollowupKind.ON_SITE_HELP in mine:
        return policy.split_helped_percent
    return policy.split_contacted_percent if FollowupKind.CONTACT in mine else policy.split_reported_percent


def _unclaimed(ladder: Choice, claims: Sequence[Claim], hearing: Hearing) -> Choice:
    return c7_changed(ladder, claims, hearing) or ladder


def _doubt(doubtful: Sequence[Claim], claims: Sequence[Claim], ladder: Choice, hearing: Hearing) -> Choice:
    """REVIEW because of the first claim's open question, and what is proposed meanwhile.

    Of partners whose order cannot be told (C8) none is proposed before the others.
    """
    claim = doubtful[0]
    reason = _deciding(claim)
    peers = [claim, *(one for one in doubtful if _level(claim, one))]
    if len(peers) > 1:
        reasons = [_deciding(one) for one in peers]
        cited = dict.fromkeys(id_ for one in peers for id_ in (one.registration.id, *_deciding(one).evidence))
        return Choice(REVIEW, min(one.rule for one in reasons), tuple(cited), tuple(reasons))
    proposal = channel(claim)
    if reason.rule == "B5" or reason.reason == "no_visit":
        percent = acts_percent(claim, hearing)
        rival = _named_rival(claim, claims, hearing)
        if reason.reason.endswith("but_escorted"):
            percent = claim.draft.policy.split_both_percent
            if rival is not None and not escorted(rival.draft, hearing):
                percent = 100 - acts_percent(rival, hearing)
        rest = ladder.outcome if rival is None else channel(rival)
        proposal = split((channel(claim), percent), (rest, 100 - percent))
    elif reason.rule == "A11":
        proposal = ladder.outcome
    evidence = dict.fromkeys((claim.registration.id, *reason.evidence))
    return Choice(REVIEW, reason.rule, tuple(evidence), _open_questions(claim), proposal, channel(claim))


def _deciding(claim: Claim) -> Finding:
    assert claim.deciding is not None
    return claim.deciding


def _level(claim: Claim, other: Claim) -> bool:
    """Whether two partners' claims cannot be told apart in time."""
    if other.registration.agent == claim.registration.agent:
        return False
    return before(claim.draft.effective, other.draft.effective) is not Answer.YES


def _open_questions(claim: Claim) -> tuple[Finding, ...]:
    return tuple(one for one in claim.findings if one.verdict is Verdict.UNKNOWN)


def _named_rival(claim: Claim, claims: Sequence[Claim], hearing: Hearing) -> Claim | None:
    """The claim of the other agent whom the client names, if that agent registered the client at all."""
    word = hearing.statement
    if word is None or word.origin is not Origin.AGENT:
        return None
    named = [one for one in claims if one.registration.agent == word.agent and one is not claim]
    return named[0] if named else None


def _rank(claim: Claim, mode: Mode, hearing: Hearing) -> tuple[Interval, Interval, str]:
    """C2: by registration; C3: by escort. The id only makes lists of ties stable; C8 decides ties."""
    at = claim.draft.effective
    if mode is Mode.COMPETE:
        escorted = escort_time(claim.draft, hearing)
        return (escorted or at, at, claim.registration.id)
    return (at, at, claim.registration.id)


def _may_outrank(claim: Claim, winner: Claim, mode: Mode, hearing: Hearing) -> bool:
    if claim.registration.agent == winner.registration.agent:
        return False
    if _of_another(claim, winner):
        return True
    if mode is Mode.COMPETE and any(one.rule == "B5" and one.reason == "no_statement" for one in claim.findings):
        return False  # nothing shows an escort, and one is confirmed
    return before(_rank(winner, mode, hearing)[0], _rank(claim, mode, hearing)[0]) is not Answer.YES


def _tied(winner: Claim, other: Claim, mode: Mode, hearing: Hearing) -> bool:
    if other.registration.agent == winner.registration.agent or _of_another(other, winner):
        return False
    return before(_rank(winner, mode, hearing)[0], _rank(other, mode, hearing)[0]) is not Answer.YES


def _of_another(claim: Claim, other: Claim) -> bool:
    """Whether another agency brought another person of the unit: D13 hears them, whoever came first."""
    return claim.draft.attachment.person != other.draft.attachment.person and claim.agency != other.agency


def _stood_by(visit: Visit, claims: Sequence[Claim]) -> bool:
    return any(claim.draft.visit is visit for claim in claims)


def _first_and_live(visit: Visit, winner: Claim, hearing: Hearing) -> Answer:
    """C4 自然在先: the visit came before the registration, and its protection still ran."""
    first = before(visit.start.counted, winner.draft.effective)
    days = winner.draft.policy.natural_protect_days
    if days is None:
        return first
    end = natural_days_after(visit.start.observed.earliest, days, hearing.dossier.zone)
    return first & not_after(winner.draft.effective, point(end))
