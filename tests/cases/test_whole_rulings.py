"""A ruling as it is kept and as it is told, whole: nothing of it may change unseen.

The files of tests/golden/rulings were read line by line when they were made. `UPDATE_GOLDEN=1` writes them anew
(read them again then); one that no test asks for fails.
"""

import json
import os
from pathlib import Path

import pytest

from mingshi.kernel.canonical import loads
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import tell_agent, tell_buyer, tell_finance
from mingshi.present.texts import Lang
from tests.cases.dsl import load

GOLDEN = Path(__file__).parents[1] / "golden" / "rulings"
FACTS = {
    "open-journey": """policy open
        2026-05-02 18:00 report  R1 agent=甲/李 client=隐王 sealed_at=2026-05-02_18:00
        2026-05-02 18:30 confirm N1 registration=R1 client=王 been_before=no sealed_at=2026-05-02_18:30
        2026-05-03 10:00 arrive  V1 client=王 means=otp door_code=valid sealed_at=2026-05-03_10:00
        2026-05-03 10:00 escort  K1 agent=甲/李 client=王 sealed_at=2026-05-03_10:00
        2026-05-03 10:01 state   S1 client=王 origin=agent agent=甲/李 before_staff=yes sealed_at=2026-05-03_10:01
        2026-05-20 15:00 buy     D1 client=王 contracted_at=2026-05-28_10:00 sealed_at=2026-05-20_15:00
        now 2026-06-30""",
    "too-late-and-known": """2026-05-01 10:00 arrive V1 client=王
        2026-05-03 10:10 report R1 agent=甲/李 client=王
        2026-05-03 10:25 arrive V2 client=王 means=qr registration=R1
        2026-05-04 09:00 report R2 agent=乙/周 client=王
        2026-05-20 15:00 buy    D1 client=王 claimed_agent=丙/吴""",
    "flagged": """agent 甲/李 phone=李
        2026-05-01 09:00 relate G1 phone_a=李 phone_b=王 kind=agent_relative
        2026-05-03 09:30 lookup Q1 client=王 staff=顾问-01 reason=回访
        2026-05-03 11:00 report R1 agent=甲/李 client=王
        2026-05-03 11:45 arrive V1 client=王 means=qr registration=R1
        2026-05-03 20:00 buy    D1 client=王 consultant=顾问-01""",
    "escort-missing": """2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 09:05 report R2 agent=乙/周 client=王
        2026-05-03 09:30 follow F1 registration=R1 by=甲/李
        2026-05-03 10:00 arrive V1 client=王
        2026-05-03 10:00 escort K1 agent=乙/周 client=王
        2026-05-03 10:05 state  S1 client=王 origin=agent agent=乙/周
        2026-05-20 15:00 buy    D1 client=王""",
    "joint-purchase": """2026-05-01 10:00 arrive V1 client=夫
        2026-05-03 09:00 report R1 agent=甲/李 client=妻
        2026-05-03 10:00 arrive V2 client=妻 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=夫
        2026-05-20 15:10 relate G1 phone_a=夫 phone_b=妻 since=2015-10-01""",
    "tie": """2026-05-01 09:00:00 report R1 agent=甲/李 client=王
        2026-05-01 09:00:00 report R2 agent=乙/周 client=王
        2026-05-01 10:00 arrive V1 client=王
        2026-05-01 10:00 escort K1 agent=甲/李 client=王
        2026-05-01 10:00 escort K2 agent=乙/周 client=王
        2026-05-20 15:00 buy    D1 client=王""",
    "stretched": """policy classic suspension=true visit_protect_days=20 natural_protect_days=20
        agency 甲 until=2026-06-10
        2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
        calendar KA1 since=2026-05-10 until=2026-05-14
        2026-05-15 10:00 extend Y1 registration=R1 days=5
        2026-05-16 10:00 extend Y2 registration=R1 days=5
        2026-05-31 15:00 buy    D1 client=王""",
    "overdue": """agency 甲 until=2026-05-10
        2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
        2026-06-12 09:00 extend Y1 registration=R1 days=30
        2026-06-11 15:00 buy    D1 client=王""",
    "bought-again": """2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-10 15:00 buy    D0 client=王 room=1-101
        2026-05-20 09:00 cancel T1 deal=D0 kind=contract
        2026-06-14 15:00 buy    D1 client=王 room=1-102""",
    "decided": """2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王 ruled_at=2026-05-20_16:00
        2026-05-25 09:00 object J1 deal=D1 by=site
        2026-05-26 09:00 decide E1 deal=D1 outcome=NATURAL evidence=V1
        2026-05-27 09:00 decide E2 deal=D1 outcome=SPLIT registration=R1 share_ppm=300000 evidence=V1 agency_reviewer=甲-主管
        2026-05-28 09:00 object J2 deal=D1 by=agency""",
    "clock": """clock CK1 device=平板-1 since=2026-05-01 until=2026-05-10 offset_low_s=0 offset_high_s=600
        2026-05-03 10:00 report R1 agent=甲/李 client=王
        2026-05-03 10:31 arrive V1 client=王 means=qr registration=R1 device=平板-1
        2026-05-20 15:00 buy    D1 client=王""",
    "compete": """policy classic mode=compete
        2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 09:05 report R2 agent=乙/周 client=王
        2026-05-03 10:00 arrive V1 client=王
        2026-05-03 10:00 escort K1 agent=乙/周 client=王
        2026-05-20 15:00 buy    D1 client=王""",
    "referral": """agent 业主/赵 kind=owner
        2026-05-01 09:00 report R1 agent=业主/赵 client=王
        2026-05-03 10:00 arrive V1 client=王 means=id
        2026-05-20 15:00 buy    D1 client=王""",
    "masked": """2026-05-01 09:00 report R1 agent=甲/李 client=160****1234
        2026-05-01 09:10 report R2 agent=乙/周 client=16000001234 called=-
        2026-05-03 10:00 arrive V1 client=16000001234
        2026-05-04 10:00 arrive V2 client=16011111234
        2026-05-20 15:00 buy    D1 client=16000001234""",
    "withdrawn": """2026-05-01 09:00 report   R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive   V1 client=王 means=face_pass pass_id=P1 agent=甲/李
        2026-05-01 10:00 arrive   V2 client=王 means=reception
        2026-05-01 10:01 issue    P1 client=王 pass_id=P1
        2026-05-04 12:00 withdraw Z1 kind=consent pass_id=P1
        2026-05-10 15:00 buy      D1 client=王
        2026-05-10 15:05 state    S1 client=王 origin=agent agent=甲/李 stage=signing earlier_erased=yes""",
    "reached-before": """2026-04-29 15:00 lead   L1 client=王 otp=yes
        2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王""",
    "permanent": """policy classic visit_protect_days=none
        agency 甲
        agent 甲/李 since=2026-01-01
        2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
        2026-09-20 15:00 buy    D1 client=王""",
    "bought-on-day-one": """agent 甲/李 phone=李
        2026-05-01 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=otp
        2026-05-02 report R2 agent=乙/周 client=王
        2026-05-02 arrive V2 client=王 means=reception confirmed_at=2026-05-02_12:00 confirmed_by=otp
        2026-05-20 buy D1 client=王 claimed_agent=乙/周
        2026-05-21 state S1 client=王 origin=agent agent=乙/周 stage=signing""",
    "abandoned": """policy classic follow_days=7
        2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-01 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-10 09:00 follow F8 registration=R1 by=案场 kind=warning_agent
        2026-05-10 09:00 follow F9 registration=R1 by=案场 kind=warning_site
        2026-05-15 09:00 report R2 agent=乙/周 client=王
        2026-05-20 10:00 arrive V2 client=王 means=qr registration=R2
        2026-05-28 15:00 buy    D1 client=王""",
    "released-and-again": """2026-05-01 09:00 report R1 agent=甲/李 client=王 released_at=2026-05-05_09:00 released_by=agent
        2026-05-10 09:00 report R2 agent=甲/李 client=王
        2026-05-10 10:00 arrive V1 client=王 means=qr registration=R2
        2026-05-12 09:00 report R3 agent=乙/周 client=王 project=别的花园
        2026-05-20 15:00 buy    D1 client=王""",
    "changed-word": """2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-03 10:05 state  S1 client=王 origin=agent agent=甲/李
        2026-05-20 15:00 buy    D1 client=王
        2026-05-20 15:30 state  S2 client=王 origin=nobody stage=signing""",
    "queued-and-relative": """policy classic live_cap=1
        agent 甲/李 phone=李
        2026-05-01 00:10 report R1 agent=甲/李 client=赵
        2026-05-02 09:00 relate G1 phone_a=李 phone_b=王 kind=agent_relative
        2026-05-03 09:00 report R2 agent=甲/李 client=王
        2026-05-09 10:00 arrive V1 client=王 means=qr registration=R2
        2026-05-20 15:00 buy    D1 client=王""",
    "erased": """2026-05-01 09:00 report R1 agent=甲/李 client=王
        2026-05-10 15:00 buy    D1 client=王
        2026-06-20 09:00 withdraw Z1 kind=erasure deal=D1 evidence=V1 commitment=c0ffee""",
}


@pytest.mark.parametrize("name", FACTS)
def test_a_ruling_is_kept_and_told_as_before(name):
    ruling = load(FACTS[name]).ruling().ruling
    value, zone = loads(ruling.to_bytes()), Zone()
    parts = []
    for lang in Lang:
        for claim in value["claims"]:
            story = tell_agent(value, claim["registration"], lang, zone)
            parts.append("\n".join([f"[{lang.value} → {claim['agent']}]", *story.lines()]))
        parts.append("\n".join([f"[{lang.value} → buyer]", *tell_buyer(value, lang, zone).lines()]))
        parts.append("\n".join([f"[{lang.value} → finance]", *tell_finance(value, lang, zone).lines()]))
    parts.append(json.dumps(value, ensure_ascii=False, indent=1))
    told, golden = "\n\n".join(parts) + "\n", GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


def test_every_golden_ruling_belongs_to_a_test():
    assert {path.stem for path in GOLDEN.iterdir()} == set(FACTS)
