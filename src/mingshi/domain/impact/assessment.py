"""The personal-information impact assessment (个人信息保护影响评估) as a record, not a document (LAW §6.1).

The rules this module keeps:

1. Every field of LAW §6.1 is there, or the field says why it does not apply; an empty one cannot be signed.
2. It is signed by a named person over the digest of its text *and* of the configuration it speaks of. When the
   configuration is another, it is no assessment of this site any more (`drift`, L-35).
3. It is reviewed within a year, and after a change of purpose or a major incident; kept three years at least.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.kernel.canonical import Json, dumps
from mingshi.kernel.timeline import DAY, Micros

KEEP_DAYS: Final = 3 * 366
"""PIPL 56: three years, leap days included."""
REVIEW_DAYS: Final = 365


class Section(NamedTuple):
    """One thing that an assessment answers."""

    name: str
    chapter: str
    source: str
    simple: bool = False
    """Also asked by the simple form of a handler of fewer than 100,000 people (O25, Annex 2)."""


SECTIONS: Final = (
    Section("handler_name", "handler", "FRM 15", simple=True),
    Section("credit_code", "handler", "FRM 15", simple=True),
    Section("address", "handler", "FRM 15", simple=True),
    Section("legal_representative", "handler", "FRM 15"),
    Section("contact", "handler", "FRM 15", simple=True),
    Section("officer", "handler", "PIPL 52"),
    Section("site", "site", "G39", simple=True),
    Section("devices", "site", "G39", simple=True),
    Section("capture_zone", "site", "FRM 13"),
    Section("assessors", "how", "G39"),
    Section("third_party", "how", "CAC Q&A"),
    Section("period", "how", "G39"),
    Section("how_assessed", "how", "G39"),
    Section("purpose", "processing", "PIPL 56(1)(1)", simple=True),
    Section("method", "processing", "PIPL 56(1)(1)", simple=True),
    Section("model", "processing", "FRM 15"),
    Section("kinds", "processing", "FRM 15", simple=True),
    Section("persons_now", "processing", "FRM 15", simple=True),
    Section("persons_forecast", "processing", "FRM 15"),
    Section("source_of_data", "processing", "G39"),
    Section("flow_map", "processing", "G39"),
    Section("basis_per_step", "processing", "PIPL 13", simple=True),
    Section("lawful_necessary", "contents", "PIPL 56(1)(1); FRM 9(1)(1)", simple=True),
    Section("public_place", "contents", "FRM 13; PIPL 26", simple=True),
    Section("effect_on_rights", "contents", "PIPL 56(1)(2); FRM 9(1)(2)", simple=True),
    Section("risk_of_leak", "contents", "PIPL 56(1)(2); FRM 9(1)(3)", simple=True),
    Section("measures", "contents", "PIPL 56(1)(3); FRM 9(1)(4)", simple=True),
    Section("test_results", "contents", "FRM 9(1)(4)"),
    Section("non_face_way", "rules", "FRM 10", simple=True),
    Section("minors", "rules", "PIPL 31; FRM 7", simple=True),
    Section("accessibility", "rules", "FRM 5"),
    Section("retention", "rules", "PIPL 19", simple=True),
    Section("recipients", "rules", "PIPL 21, 23", simple=True),
    Section("automated_decision", "rules", "PIPL 24", simple=True),
    Section("no_export", "rules", "PIPL 38"),
    Section("residual_risk", "conclusion", "G39", simple=True),
    Section("conclusion", "conclusion", "PIPL 56", simple=True),
    Section("conditions", "conclusion", "G39"),
)
FULL: Final = "full"
SIMPLE: Final = "simple"


class Assessment(NamedTuple):
    """An assessment before it is signed."""

    version: str
    form: str
    """`full`, or `simple` (O25)."""
    answers: Mapping[str, str]
    """Section → text. `不适用：…` where it does not apply, with the reason."""
    config: Mapping[str, str]
    """What of the site it speaks of: setting → value (`CONFIGURED`)."""
    next_review: Micros

    def as_json(self) -> dict[str, Json]:
        """What is signed."""
        return {
            "v": 1,
            "version": self.version,
            "form": self.form,
            "answers": dict(self.answers),
            "config": dict(self.config),
            "next_review": self.next_review,
        }

    @property
    def sha256(self) -> str:
        """Digest of its canonical text."""
        return hashlib.sha256(dumps(self.as_json())).hexdigest()


CONFIGURED: Final = (
    "purposes", "face", "face_model", "devices", "counters", "retention_days", "recipients", "notices", "handlers",
    "non_face_ways", "policy_masked", "export",
)  # fmt: skip
"""The settings whose change makes another site of it: camera, model, retention, purpose, recipient (L-35)."""


def config_hash(config: Mapping[str, str]) -> str:
    """Digest of the configuration that an assessment covers."""
    return hashlib.sha256(dumps({name: config.get(name, "") for name in CONFIGURED})).hexdigest()


def drift(assessed: Mapping[str, str], running: Mapping[str, str]) -> tuple[str, ...]:
    """The settings that are not what was assessed."""
    return tuple(name for name in CONFIGURED if assessed.get(name, "") != running.get(name, ""))


def incomplete(assessment: Assessment) -> tuple[str, ...]:
    """Sections without an answer; it cannot be signed while there is one."""
    asked = [one for one in SECTIONS if assessment.form == FULL or one.simple]
    return tuple(one.name for one in asked if not assessment.answers.get(one.name, "").strip())


def review_due(next_review: Micros, signed_at: Micros, now: Micros) -> bool:
    """Whether it is old: its own date, and a year at the latest."""
    return now >= min(next_review, Micros(signed_at + REVIEW_DAYS * DAY))
