"""Judging again under a supposition takes over what it cannot alter: that is no other judgement, and what each rule says
it reads is all that it reads.
"""

from typing import Any, ClassVar

from hypothesis import given

from mingshi.domain.ids import DealId
from mingshi.domain.judge import assess as assessing
from mingshi.domain.judge.changes import what_would_change
from mingshi.domain.judge.claim import READS, Claim, Draft, draft_of
from mingshi.domain.judge.dossier import Dossier, gather
from mingshi.domain.judge.engine import decide, outcome_of
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.judge.windows import deal_until, report_until
from tests.property.worlds import World, worlds

SAID_OF_ALL = {"project", "zone", "policies", "as_of", "kept", "now"}
"""What no supposition alters: the project's own."""


def decided(world: World) -> Ruling:
    return decide(gather(DealId("deal1"), world.records))


@given(worlds())
def test_a_supposition_is_answered_as_if_all_were_judged_anew(world: World) -> None:
    ruling = decided(world)
    asked = []

    def both(dossier: Dossier) -> Any:
        asked.append(dossier)
        short, whole = outcome_of(dossier, ruling), outcome_of(dossier)
        assert short == whole
        return short

    found = what_would_change(ruling, ruling.hearing.dossier, both)
    assert len(found) <= len(asked)


class Listening:
    """An object that notes which of its attributes are asked for."""

    def __init__(self, heard: set[str], of: Any) -> None:
        self._heard, self._of = heard, of

    def __getattr__(self, name: str) -> Any:
        self._heard.add(name)
        return getattr(self._of, name)


class ListeningHearing(Listening):
    """A hearing that notes what is read of it and of its dossier."""

    @property
    def dossier(self) -> Any:
        return Listening(self._heard, self._of.dossier)

    def counted(self, record: Any) -> Any:
        return Hearing.counted(self, record)  # type: ignore[arg-type]  # it has what that asks for


class ListeningDraft(Draft):  # type: ignore[misc]  # the only way to see what is read of one
    """A registration in its setting that notes who asks for its visit and for the claims before it."""

    heard: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> Any:
        if name in ("visit", "earlier"):
            ListeningDraft.heard.add(name)
        return object.__getattribute__(self, name)


def read_by(ask: Any, claim: Claim, hearing: Hearing) -> set[str]:
    """What was read to answer."""
    fields = {name: getattr(claim.draft, name) for name in Draft.__dataclass_fields__}
    heard: ClassVar[set[str]] = set()
    draft = ListeningDraft(**fields)
    ListeningDraft.heard = heard
    ask(draft, ListeningHearing(heard, hearing))
    if claim.draft.policy.refresh:
        heard.discard("earlier")  # D2 copies the draft with another visit
    return heard - SAID_OF_ALL - {"policy"}


@given(worlds())
def test_rules_read_what_they_say_and_nothing_else(world: World) -> None:
    ruling = decided(world)
    for claim in ruling.claims:
        rules = assessing.ADMISSION if claim.draft.attachment.person is None else assessing._RULES
        for rule in rules:
            assert read_by(rule, claim, ruling.hearing) <= READS[rule], rule.__name__
        assert read_by(assessing._agency, claim, ruling.hearing) <= assessing._AGENCY_READS
        for until in (report_until, deal_until):
            assert read_by(until, claim, ruling.hearing) <= assessing._CLAIM_READS


@given(worlds())
def test_a_registration_is_placed_by_what_is_said_to_place_it(world: World) -> None:
    hearing = decided(world).hearing
    for row in hearing.dossier.registrations:
        heard: ClassVar[set[str]] = set()
        draft = draft_of(row, ListeningHearing(heard, hearing))  # type: ignore[arg-type]  # it has what that asks for
        heard -= SAID_OF_ALL
        assert heard <= assessing._DRAFT_READS | assessing._COMPLETED_BY
        if draft is not None and draft.attachment.how == "full" and len(hearing.unit.people) == 1:
            assert heard <= assessing._DRAFT_READS


def test_the_tests_above_can_fail() -> None:
    """Every rule reads something in some world, but those that look at nothing but the registration itself."""
    silent = {rule.__name__ for rule in assessing._RULES if not READS[rule]}
    assert silent == {"a2_complete", "a3_project", "a11_unmask"}
    assert set(READS) == set(assessing._RULES)
