"""An agent registers three hundred clients in a morning to hold every place there is."""

from judged_office import JUDGE, Stopped, judged, kept, show

FACTS = """
2026-05-01 09:00:00 report F0 agent=甲/李 client=占0
2026-05-01 09:00:01 report F1 agent=甲/李 client=占1
2026-05-01 09:00:02 report F2 agent=甲/李 client=占2
2026-05-01 09:00:03 report F3 agent=甲/李 client=占3
2026-05-01 09:00:04 report F4 agent=甲/李 client=占4
2026-05-01 09:00:05 report F5 agent=甲/李 client=占5
2026-05-01 09:00:06 report F6 agent=甲/李 client=占6
2026-05-01 09:00:07 report F7 agent=甲/李 client=占7
2026-05-01 09:00:08 report F8 agent=甲/李 client=占8
2026-05-01 09:00:09 report F9 agent=甲/李 client=占9
2026-05-01 09:00:10 report F10 agent=甲/李 client=占10
2026-05-01 09:00:11 report F11 agent=甲/李 client=占11
2026-05-01 09:00:12 report F12 agent=甲/李 client=占12
2026-05-01 09:00:13 report F13 agent=甲/李 client=占13
2026-05-01 09:00:14 report F14 agent=甲/李 client=占14
2026-05-01 09:00:15 report F15 agent=甲/李 client=占15
2026-05-01 09:00:16 report F16 agent=甲/李 client=占16
2026-05-01 09:00:17 report F17 agent=甲/李 client=占17
2026-05-01 09:00:18 report F18 agent=甲/李 client=占18
2026-05-01 09:00:19 report F19 agent=甲/李 client=占19
2026-05-01 09:00:20 report F20 agent=甲/李 client=占20
2026-05-01 09:00:21 report F21 agent=甲/李 client=占21
2026-05-01 09:00:22 report F22 agent=甲/李 client=占22
2026-05-01 09:00:23 report F23 agent=甲/李 client=占23
2026-05-01 09:00:24 report F24 agent=甲/李 client=占24
2026-05-01 09:00:25 report F25 agent=甲/李 client=占25
2026-05-01 09:00:26 report F26 agent=甲/李 client=占26
2026-05-01 09:00:27 report F27 agent=甲/李 client=占27
2026-05-01 09:00:28 report F28 agent=甲/李 client=占28
2026-05-01 09:00:29 report F29 agent=甲/李 client=占29
2026-05-01 09:00:30 report F30 agent=甲/李 client=占30
2026-05-01 09:00:31 report F31 agent=甲/李 client=占31
2026-05-01 09:00:32 report F32 agent=甲/李 client=占32
2026-05-01 09:00:33 report F33 agent=甲/李 client=占33
2026-05-01 09:00:34 report F34 agent=甲/李 client=占34
2026-05-01 09:00:35 report F35 agent=甲/李 client=占35
2026-05-01 09:00:36 report F36 agent=甲/李 client=占36
2026-05-01 09:00:37 report F37 agent=甲/李 client=占37
2026-05-01 09:00:38 report F38 agent=甲/李 client=占38
2026-05-01 09:00:39 report F39 agent=甲/李 client=占39
2026-05-01 09:00:40 report F40 agent=甲/李 client=占40
2026-05-01 09:00:41 report F41 agent=甲/李 client=占41
2026-05-01 09:00:42 report F42 agent=甲/李 client=占42
2026-05-01 09:00:43 report F43 agent=甲/李 client=占43
2026-05-01 09:00:44 report F44 agent=甲/李 client=占44
2026-05-01 09:00:45 report F45 agent=甲/李 client=占45
2026-05-01 09:00:46 report F46 agent=甲/李 client=占46
2026-05-01 09:00:47 report F47 agent=甲/李 client=占47
2026-05-01 09:00:48 report F48 agent=甲/李 client=占48
2026-05-01 09:00:49 report F49 agent=甲/李 client=占49
2026-05-01 09:00:50 report F50 agent=甲/李 client=占50
2026-05-01 09:00:51 report F51 agent=甲/李 client=占51
2026-05-01 09:00:52 report F52 agent=甲/李 client=占52
2026-05-01 09:00:53 report F53 agent=甲/李 client=占53
2026-05-01 09:00:54 report F54 agent=甲/李 client=占54
2026-05-01 09:00:55 report F55 agent=甲/李 client=占55
2026-05-01 09:00:56 report F56 agent=甲/李 client=占56
2026-05-01 09:00:57 report F57 agent=甲/李 client=占57
2026-05-01 09:00:58 report F58 agent=甲/李 client=占58
2026-05-01 09:00:59 report F59 agent=甲/李 client=占59
2026-05-01 09:02 report R1 agent=甲/李 client=王
2026-05-01 09:30 report R2 agent=乙/周 client=王
2026-05-01 11:00 arrive V1 client=王 means=qr registration=R2
2026-05-20 15:00 buy    D1 client=王 claimed_agent=乙/周
"""
DEFENCE = (f"{JUDGE}.records.waiting", lambda rows, policies, zone: {})


def attack() -> Stopped | None:
    return kept(judged(FACTS), "CHANNEL 乙/周 R2", "A10")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
