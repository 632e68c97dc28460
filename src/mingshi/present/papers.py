"""Papers of the law: the sign at the door, the consent receipt, the impact assessment, the deletion proof.

The rules this module keeps:

1. Self-contained pages for A4: no script, no request, no image but drawings made here.
2. Every paper exists in Chinese and English and says the same; nothing is on paper that is not in the record.
3. The sign has a large variant and one in plain words, for whoever sees badly or reads slowly (FRM 5).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import jinja2
from markupsafe import Markup

from mingshi.domain.impact.assessment import FULL, SECTIONS, SIMPLE, Assessment
from mingshi.domain.impact.audit import Finding
from mingshi.domain.notice.fields import FIELDS
from mingshi.domain.notice.notice import Notice
from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.timeline import Micros, Zone
from mingshi.present.receipt_sheet import qr_svg
from mingshi.present.texts import Lang, fill, text, time_text

_HTML: Final = {Lang.ZH: "zh-CN", Lang.EN: "en"}
_MONO: Final = ("record_id", "receipt_id", "pii_principal_id", "privacy_notice", "log")


class Zone2D(NamedTuple):
    """Where the check-in stands in the hall, in hundredths of its width and depth: a drawing, not a survey."""

    left: int
    top: int
    width: int
    height: int


class SignedAssessment(NamedTuple):
    """An assessment with its signature and what differs now."""

    assessment: Assessment
    by: str
    at: Micros
    sha256: str
    config_sha256: str
    drift: tuple[str, ...]


def sign_html(notice: Notice, zone: Zone2D, lang: Lang, *, large: bool = False, plain: bool = False) -> str:
    """The sign before the zone, at eye level (layer 1)."""
    said = notice.plain if plain else notice.words
    words = {field.name: getattr(said[field.name], lang.value) for field in FIELDS if field.layer == 1}
    version = fill(text("paper", "sign_version", lang), _version(notice), lang, Zone())
    return _page(
        "sign.html.j2",
        lang,
        words=words,
        large=large,
        qr=Markup(qr_svg(notice.link, error="M")),  # noqa: S704  # drawn here
        zone=Markup(_map(zone, lang)),  # noqa: S704  # drawn here
        version=version,
        f=lambda name: text("notice_field", name, lang),
    )


def consent_html(record: Mapping[str, Json], withdraw_link: str, lang: Lang, zone: Zone) -> str:
    """The receipt of a consent: the record of `domain.consent.receipt`, for its giver."""

    def t(name: str) -> str:
        return text("paper", name, lang)

    def when(name: str) -> str:
        return time_text(integer(record[name]), lang, zone)

    kinds = [mapping(one) for one in sequence(record["pii_information"])]
    shown_kinds = [
        text("kind", str(one["pii_type"]), lang) + (f" · {t('sensitive')}" if one["sensitive"] else "") for one in kinds
    ]
    recipients = [str(one) for one in sequence(record["recipients"])]
    notice, act, log = mapping(record["privacy_notice"]), mapping(record["act"]), mapping(record["log"])
    days = {"days": str(record["retention_period"]).removeprefix("P").removesuffix("D")}
    ways = [text("way", str(one), lang) for one in sequence(record["alternatives_offered"])]
    handlers = [str(mapping(one)["name"]) for one in sequence(record["pii_controllers"])]
    groups = [
        (
            t("consent_what"),
            [
                (t("purpose"), [text("purpose", str(record["purpose"]), lang)], "purpose"),
                (t("kinds"), shown_kinds, "pii_information"),
                (t("recipients"), [t("nobody")] if recipients == ["none"] else recipients, "recipients"),
                (t("retention"), [fill(t("days"), days, lang, zone)], "retention_period"),
                (t("valid_until"), [when("valid_until")], "validity_duration"),
                (t("basis"), [text("basis", str(record["lawful_basis"]), lang)], "lawful_basis"),
            ],
        ),
        (
            t("consent_who"),
            [
                (t("handlers"), handlers, "pii_controllers"),
                (t("storage"), [str(one) for one in sequence(record["storage_locations"])], "storage_locations"),
            ],
        ),
        (
            t("consent_how"),
            [
                (t("given_at"), [when("event_time")], "event_time"),
                (t("state"), [text("consent_state", str(record["event_state"]), lang)], "event_state"),
                (t("means"), [text("means_of_consent", str(act["means"]), lang)], "event_type"),
                (t("alternatives"), [("、" if lang is Lang.ZH else ", ").join(ways)], "alternatives_offered"),
            ],
        ),
        (
            t("consent_proof"),
            [
                (t("record_id"), [str(record["record_id"])], "record_id"),
                (t("receipt_id"), [str(record["receipt_id"])], "receipt_id"),
                (t("pseudonym"), [str(record["pii_principal_id"])], "pii_principal_id"),
                (t("notice"), [str(notice["version"]), str(notice["sha256"])], "privacy_notice"),
                (t("log_entry"), [f"{log['site']} · {log['entry']}"], "log"),
            ],
        ),
    ]
    qr = Markup(qr_svg(withdraw_link, error="M"))  # noqa: S704  # drawn here
    return _page("consent.html.j2", lang, groups=groups, qr=qr, mono=_MONO)


def assessment_html(
    signed: SignedAssessment, project: str, lang: Lang, zone: Zone, audit: Sequence[Finding] = ()
) -> str:
    """The assessment as it was signed, and whether it still fits."""

    def t(name: str) -> str:
        return text("paper", name, lang)

    assessment = signed.assessment
    asked = [one for one in SECTIONS if assessment.form == FULL or one.simple]
    settings = ("、" if lang is Lang.ZH else ", ").join(signed.drift)
    by = fill(t("assessment_by"), {"by": signed.by, "at": signed.at}, lang, zone)
    return _page(
        "assessment.html.j2",
        lang,
        simple=assessment.form == SIMPLE,
        version=f"{project} · {assessment.version}",
        drift=fill(t("assessment_drift"), {"settings": settings}, lang, zone) if signed.drift else "",
        signed=[
            (t("assessment_signed"), by),
            (t("assessment_text_hash"), signed.sha256),
            (t("assessment_hash"), signed.config_sha256),
            (t("assessment_review"), time_text(assessment.next_review, lang, zone)),
        ],
        sections=[(text("assessment", one.name, lang), assessment.answers[one.name], one.source) for one in asked],
        config=list(assessment.config.items()),
        audit=[
            (
                one.item.number,
                text("audit", one.item.name, lang),
                one.item.source,
                t(one.result.value),
                ", ".join(one.evidence) or one.reason,
            )
            for one in audit
        ],
        foot=fill(t("page_of"), {"project": project}, lang, zone),
    )


def filing_html(pack: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """The filing pack as `app.filing` made it, and what the handler still has to bring."""
    parts = mapping(pack["parts"])
    handler, technology = (mapping(parts.get(name, {})) for name in ("handler_form", "technology_form"))
    proofs = [mapping(one) for one in sequence(parts.get("deletion_proofs", []))]
    assessment, changes = mapping(parts.get("impact_assessment", {})), mapping(parts.get("what_changed", {}))
    form = [(name, said) for name, said in technology.items() if name not in ("configuration", "persons_now")]
    if technology:
        form.append(("persons_now", technology["persons_now"]))
    return _page(
        "filing.html.j2",
        lang,
        occasion=text("filing_occasion", str(pack["occasion"]), lang),
        project=str(pack["project"]),
        made=time_text(integer(pack["at"]), lang, zone),
        due=_due(mapping(pack["standing"]), lang, zone),
        part=lambda name: text("filing_part", name, lang),
        missing=[str(one) for one in sequence(pack["missing"])],
        forms=[
            ("handler_form", [(text("assessment", name, lang), str(said)) for name, said in handler.items()]),
            ("technology_form", [(text("assessment", name, lang), str(said)) for name, said in form]),
        ],
        configuration=list(mapping(technology.get("configuration", {})).items()),
        assessment=[(name, str(assessment[name])) for name in ("id", "version", "sha256", "by") if assessment],
        changes=[(name, *(str(mapping(said)[which]) for which in ("filed", "now"))) for name, said in changes.items()],
        proofs=[(str(one["proof"]), str(one["stage"])) for one in proofs],
    )


def _due(standing: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """By when it is to be filed; where no year beyond is announced, that it cannot be named."""
    if standing["since"] is None:
        return ""
    if standing["due"]:
        return fill(text("paper", "filing_due", lang), {"due": standing["due"]}, lang, zone)
    return fill(text("paper", "filing_due_unknown", lang), {"year": str(standing["unknown_after"])}, lang, zone)


def deletion_html(
    stages: Mapping[str, Mapping[str, Json]],
    project: str,
    lang: Lang,
    zone: Zone,
    *,
    salt: str = "",
    reference: str = "",
) -> str:
    """The proof. `stages`: `here`, and `everywhere` once it is sealed; `salt`: only on the person's own copy."""

    def t(name: str) -> str:
        return text("paper", name, lang)

    here, later = stages["here"], stages.get("everywhere")

    def done(stage: Mapping[str, Json]) -> str:
        return fill(t("deletion_done"), {"at": integer(stage["executed_at"])}, lang, zone)

    def by_copy(how: Mapping[str, Json]) -> list[tuple[str, str]]:
        return [(text("copy_of", name, lang), text("method", str(said), lang)) for name, said in how.items()]

    methods = {**mapping(here["methods"]), **(mapping(later["methods"]) if later else {})}
    checks = {**mapping(here["checks"]), **(mapping(later["checks"]) if later else {})}
    told = [str(one) for one in sequence(here["told_others"])]
    counts: dict[str, Json] = {"records": here["records"], "deals": here["deals"]}
    groups = [
        (
            t("deletion_what"),
            [
                (t("deletion_what"), fill(t("deletion_records"), counts, lang, zone)),
                (t("deletion_reason"), text("reason", str(here["reason"]), lang)),
                (t("deletion_told"), t("deletion_never") if told == ["never shared"] else ", ".join(told)),
                (t("deletion_who"), f"{here['operator']} / {here['verifier']} · {here['software']}"),
            ],
        ),
        (t("deletion_how"), by_copy(methods)),
        (
            t("deletion_checked"),
            [
                (text("copy_of", name, lang), fill(t("deletion_found"), {"count": count}, lang, zone))
                for name, count in checks.items()
            ],
        ),
        (t("deletion_kept"), by_copy(mapping(here["kept"]))),
    ]
    codes = [(t("deletion_subject"), str(here["subject"]))]
    if salt:
        codes.append((t("deletion_salt"), salt))
    return _page(
        "deletion.html.j2",
        lang,
        stages=[
            (t("deletion_stage1"), done(here)),
            (t("deletion_stage2"), done(later) if later else t("deletion_pending")),
        ],
        groups=groups,
        codes=codes,
        qr=Markup(qr_svg(reference, error="M")) if reference else "",  # noqa: S704  # drawn here
        foot=fill(t("page_of"), {"project": project}, lang, zone),
    )


def _version(notice: Notice) -> dict[str, Json]:
    return {"version": notice.version, "digest": f"{notice.sha256[:8]} {notice.sha256[8:16]}"}


def _map(zone: Zone2D, lang: Lang) -> str:
    """The hall, its door below, and the check-in zone: a drawing for whoever stands before it."""
    x, y = 4 + zone.left * 192 // 100, 4 + zone.top * 112 // 100
    width, height = zone.width * 192 // 100, zone.height * 112 // 100
    label, door = text("paper", "zone_label", lang), text("paper", "door_label", lang)
    return (
        '<svg viewBox="0 0 200 136" role="img" aria-label="' + label + '" xmlns="http://www.w3.org/2000/svg">'
        '<rect x="4" y="4" width="192" height="112" fill="none" stroke="#16202a" stroke-width="2"/>'
        '<path d="M88 116h24" stroke="#fff" stroke-width="5"/><path d="M88 116v-7M112 116v-7" stroke="#16202a"/>'
        f'<text x="100" y="131" text-anchor="middle">{door}</text>'
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#d5ecef" stroke="#0b5c6b" stroke-width="2"/>'
        f'<text x="{x + width // 2}" y="{y + height // 2 + 4}" text-anchor="middle">{label}</text></svg>'
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("mingshi.present"), autoescape=True, undefined=jinja2.StrictUndefined
    )


@cache
def _css() -> str:
    return (files("mingshi.present") / "templates" / "paper.css").read_text(encoding="utf-8")


def _page(template: str, lang: Lang, **values: object) -> str:
    css = Markup(_css())  # noqa: S704  # our own file
    return (
        _environment()
        .get_template(template)
        .render(css=css, html_lang=_HTML[lang], t=lambda name: text("paper", name, lang), **values)
    )
