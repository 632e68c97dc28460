"""A consultant looks everybody up in the morning, so that whatever a rival's agent registers looks prepared."""

from judged_office import JUDGE, Stopped, found, judged, show

FACTS = """
2026-05-01 09:00:00 lookup Q0 client=客0 staff=顾问-01 reason=回访
2026-05-01 09:00:01 lookup Q1 client=客1 staff=顾问-01 reason=回访
2026-05-01 09:00:02 lookup Q2 client=客2 staff=顾问-01 reason=回访
2026-05-01 09:00:03 lookup Q3 client=客3 staff=顾问-01 reason=回访
2026-05-01 09:00:04 lookup Q4 client=客4 staff=顾问-01 reason=回访
2026-05-01 09:00:05 lookup Q5 client=客5 staff=顾问-01 reason=回访
2026-05-01 09:00:06 lookup Q6 client=客6 staff=顾问-01 reason=回访
2026-05-01 09:00:07 lookup Q7 client=客7 staff=顾问-01 reason=回访
2026-05-01 09:00:08 lookup Q8 client=客8 staff=顾问-01 reason=回访
2026-05-01 09:00:09 lookup Q9 client=客9 staff=顾问-01 reason=回访
2026-05-01 09:00:10 lookup Q10 client=客10 staff=顾问-01 reason=回访
2026-05-01 09:00:11 lookup Q11 client=客11 staff=顾问-01 reason=回访
2026-05-01 09:00:12 lookup Q12 client=客12 staff=顾问-01 reason=回访
2026-05-01 09:00:13 lookup Q13 client=客13 staff=顾问-01 reason=回访
2026-05-01 09:00:14 lookup Q14 client=客14 staff=顾问-01 reason=回访
2026-05-01 09:00:15 lookup Q15 client=客15 staff=顾问-01 reason=回访
2026-05-01 09:00:16 lookup Q16 client=客16 staff=顾问-01 reason=回访
2026-05-01 09:00:17 lookup Q17 client=客17 staff=顾问-01 reason=回访
2026-05-01 09:00:18 lookup Q18 client=客18 staff=顾问-01 reason=回访
2026-05-01 09:00:19 lookup Q19 client=客19 staff=顾问-01 reason=回访
2026-05-01 09:00:20 lookup Q20 client=客20 staff=顾问-01 reason=回访
2026-05-01 09:00:21 lookup Q21 client=客21 staff=顾问-01 reason=回访
2026-05-01 09:00:22 lookup Q22 client=客22 staff=顾问-01 reason=回访
2026-05-01 09:00:23 lookup Q23 client=客23 staff=顾问-01 reason=回访
2026-05-01 09:00:24 lookup Q24 client=客24 staff=顾问-01 reason=回访
2026-05-01 09:00:25 lookup Q25 client=客25 staff=顾问-01 reason=回访
2026-05-01 09:00:26 lookup Q26 client=客26 staff=顾问-01 reason=回访
2026-05-01 09:00:27 lookup Q27 client=客27 staff=顾问-01 reason=回访
2026-05-01 09:00:28 lookup Q28 client=客28 staff=顾问-01 reason=回访
2026-05-01 09:00:29 lookup Q29 client=客29 staff=顾问-01 reason=回访
2026-05-01 09:00:30 lookup Q30 client=客30 staff=顾问-01 reason=回访
2026-05-01 09:00:31 lookup Q31 client=客31 staff=顾问-01 reason=回访
2026-05-01 09:00:32 lookup Q32 client=客32 staff=顾问-01 reason=回访
2026-05-01 09:00:33 lookup Q33 client=客33 staff=顾问-01 reason=回访
2026-05-01 09:00:34 lookup Q34 client=客34 staff=顾问-01 reason=回访
2026-05-01 09:00:35 lookup Q35 client=客35 staff=顾问-01 reason=回访
2026-05-01 09:00:36 lookup Q36 client=客36 staff=顾问-01 reason=回访
2026-05-01 09:00:37 lookup Q37 client=客37 staff=顾问-01 reason=回访
2026-05-01 09:00:38 lookup Q38 client=客38 staff=顾问-01 reason=回访
2026-05-01 09:00:39 lookup Q39 client=客39 staff=顾问-01 reason=回访
2026-05-01 09:50 lookup Q99 client=王 staff=顾问-01 reason=回访
2026-05-03 09:00 report R1 agent=甲/李 client=王
2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
2026-05-20 15:00 buy    D1 client=王 claimed_agent=甲/李 consultant=顾问-01
"""
DEFENCE = (f"{JUDGE}.flags.inside.MASS_LOOK_UPS", 10**9)


def attack() -> Stopped | None:
    told, about = judged(FACTS), [one for one in found(FACTS) if one.id == "F-SRCH"]
    if told.needs or not about:
        return None
    return Stopped("limited", "amendment 16", f"the claim is not delayed; {about[0].subject} is the one who stands out")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
