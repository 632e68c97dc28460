"""A season as it is scored: from memory, or from its folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import final

from mingshi.domain.judge.records import Records
from mingshi.domain.policy import PolicyHistory
from mingshi.files.judging import policies_of, type_of
from mingshi.files.read_case import read_case
from mingshi.season.days import ZONE
from mingshi.season.desk import Row
from mingshi.season.folder import EVENTS, read_truth
from mingshi.season.generate import PROJECT, Season
from mingshi.season.truth import Truth


@final
@dataclass(frozen=True, kw_only=True)
class Scene:
    """A season as it is scored: the case's rows, and the truth."""

    rows: Mapping[type[Row], Sequence[Row]]
    truth: Truth
    policies: PolicyHistory

    @property
    def records(self) -> Records:
        """The case as the judge sees it."""
        return Records(self.rows, project=PROJECT, zone=ZONE, policies=self.policies)


def scene_of(season: Season) -> Scene:
    """A season in memory."""
    return Scene(rows=season.rows, truth=season.truth, policies=season.policies)


def read_scene(folder: Path) -> Scene:
    """A season's folder. Raises `BadInputError` with everything wrong about it."""
    truth, case = read_truth(folder), read_case(folder / EVENTS)
    rows: dict[type[Row], Sequence[Row]] = {
        type_of(table.sheet.record): list(table.records()) for table in case.tables.values() if len(table)
    }
    return Scene(rows=rows, truth=truth, policies=policies_of(case))
