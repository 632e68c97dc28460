"""Every paper of a site that lived: made by the real use cases, in both languages.

python tests/support/papers.py --out build/papers      HTML, PDF and pictures of each page, to be looked at
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import site_folder
from lawful import agreed, notice_for, publish
from office import phone
from playwright.sync_api import sync_playwright

from mingshi.app.audit_evidence import audit as self_audit
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.consent_receipt import consent_receipt
from mingshi.app.facts import DeletionProof
from mingshi.app.filing import filing_pack
from mingshi.app.sign_assessment import (
    RegisterSensor,
    SignAssessment,
    drifted,
    last_signed,
    register_sensor,
    sign_assessment,
)
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.impact.assessment import FULL, SECTIONS, SIMPLE, Assessment
from mingshi.domain.impact.filing import Occasion
from mingshi.domain.impact.sensors import DeviceType, Sensor
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.canonical import loads
from mingshi.kernel.timeline import DAY, Zone
from mingshi.present.papers import (
    SignedAssessment,
    Zone2D,
    assessment_html,
    consent_html,
    deletion_html,
    filing_html,
    sign_html,
)
from mingshi.present.texts import Lang
from mingshi.site import copies, erasing

CHROMIUM = "/usr/bin/chromium"
LINK = "https://haitang.example/withdraw/"
ANSWERS = {
    "purpose": "弄清谁介绍购房人，据此结算渠道佣金。",
    "lawful_necessary": "报到由访客本人完成，不拍摄。短信码、二维码、前台、身份证与不登记并列；人脸默认关闭，不是任何业务的前提。",  # noqa: E501
    "public_place": "大厅、门口、沙盘区不设任何成像设备；计数使用红外对射，不成像。",
}


def papers(folder):
    """Name → HTML."""
    made = {}
    site_folder.make(folder / "site", os.urandom)
    clock = site_folder.Clock()
    with site_folder.opened(folder / "site", clock) as site:
        office = site_folder.as_office(site, clock.now)
        office.store.put_settings({"consents": "required", "non_face_ways": "sms,qr,desk,id"})
        publish(office)
        office.do(register_sensor, RegisterSensor(Sensor("beam-1", DeviceType.BEAM, "正门", "计数"), "m1"))
        answers = {
            one.name: ANSWERS.get(one.name, f"（示例）{one.source} 所要求的内容，由系统记录和负责人填写。")
            for one in SECTIONS
        }
        for form in (FULL, SIMPLE):
            draft = Assessment("2026-1", form, answers, {}, office.now + 300 * DAY)
            assert office.do(sign_assessment, SignAssessment(draft, "李示例"))
            made |= {f"assessment-{form}-{lang.value}": _assessment(office, lang) for lang in Lang}
        office.do(
            register_sensor, RegisterSensor(Sensor("booth-1", DeviceType.ENCLOSED_BOOTH, "洽谈室", "face_pass"), "m1")
        )
        made |= {f"assessment-drift-{lang.value}": _assessment(office, lang, audit=False) for lang in Lang}
        pack = office.store.look(lambda t: filing_pack(t, Occasion.CHANGE), now=office.now)
        made |= {f"filing-{lang.value}": filing_html(pack, lang, Zone()) for lang in Lang}
        face = agreed(office, Purpose.FACE_PASS, phone(1))
        agreed(office, Purpose.ATTRIBUTION, phone(1))
        record = office.store.look(lambda t: consent_receipt(t, face, LINK + face), now=office.now)
        made |= {f"consent-{lang.value}": consent_html(record, LINK + face, lang, Zone()) for lang in Lang}
        assert office.do(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID))
        clock.now = office.now
        gone = erasing.erase(site, [phone(1)], operator="owner of the site")
        assert gone.answer, gone
        made |= {f"deletion-here-{lang.value}": _deletion(office, lang, gone.salt) for lang in Lang}
        copies.backup(site, folder / "to", folder / "keys")
        assert erasing.prove_everywhere(site, folder / "keys" / copies.PERSON_KEYS, operator="owner of the site")
        made |= {f"deletion-{lang.value}": _deletion(office, lang, gone.salt) for lang in Lang}
        notice = notice_for(Purpose.FACE_PASS, office.now)
        zone = Zone2D(62, 20, 26, 34)
        for lang in Lang:
            made[f"sign-{lang.value}"] = sign_html(notice, zone, lang)
            made[f"sign-large-{lang.value}"] = sign_html(notice, zone, lang, large=True, plain=True)
            made[f"sign-plain-{lang.value}"] = sign_html(notice, zone, lang, plain=True)
    return made


def _assessment(office, lang, *, audit=True):
    row = office.store.look(last_signed, now=office.now)
    text = loads(row.text.encode())
    signed = SignedAssessment(
        Assessment(text["version"], text["form"], text["answers"], text["config"], text["next_review"]),
        row.by,
        row.at,
        row.sha256,
        row.config_sha256,
        office.store.look(drifted, now=office.now),
    )
    found = office.store.look(self_audit, now=office.now) if audit else ()
    return assessment_html(signed, "海棠湾", lang, Zone(), found)


def _deletion(office, lang, salt):
    rows = office.read(DeletionProof)
    stages = {row.stage: loads(row.text.encode()) for row in rows if row.stage != "ended"}
    reference = "https://haitang.example/proof/" + rows[0].id
    return deletion_html(stages, "海棠湾", lang, Zone(), salt=salt, reference=reference)


def printed(made, out):
    """Each paper as PDF by the browser; pages of each."""
    pages = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for name, html in made.items():
            (out / f"{name}.html").write_text(html, encoding="utf-8")
            page.set_content(html)
            data = page.pdf(prefer_css_page_size=True)
            (out / f"{name}.pdf").write_bytes(data)
            pages[name] = data.count(b"/Type /Page\n") or data.count(b"/Type /Page ")
        browser.close()
    return pages


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = papers(Path(folder))
    for name, count in printed(made, out).items():
        print(f"{name}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
