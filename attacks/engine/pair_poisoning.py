"""A rival steers ten honest clients of one agent to the same consultant, so that the two look like a pair."""

from office import JUDGE, Stopped, found, show

from mingshi.domain.judge.patterns import sighting

FACTS = """
2026-05-03 09:00 report R3 agent=甲/李 client=客3
2026-05-03 10:00 arrive V3 client=客3 means=qr registration=R3 staff=顾问-01
2026-05-03 15:00 buy    D3 client=客3 claimed_agent=甲/李 consultant=顾问-01
2026-05-04 09:00 report R4 agent=甲/李 client=客4
2026-05-04 10:00 arrive V4 client=客4 means=qr registration=R4 staff=顾问-01
2026-05-04 15:00 buy    D4 client=客4 claimed_agent=甲/李 consultant=顾问-01
2026-05-05 09:00 report R5 agent=甲/李 client=客5
2026-05-05 10:00 arrive V5 client=客5 means=qr registration=R5 staff=顾问-01
2026-05-05 15:00 buy    D5 client=客5 claimed_agent=甲/李 consultant=顾问-01
2026-05-06 09:00 report R6 agent=甲/李 client=客6
2026-05-06 10:00 arrive V6 client=客6 means=qr registration=R6 staff=顾问-01
2026-05-06 15:00 buy    D6 client=客6 claimed_agent=甲/李 consultant=顾问-01
2026-05-07 09:00 report R7 agent=甲/李 client=客7
2026-05-07 10:00 arrive V7 client=客7 means=qr registration=R7 staff=顾问-01
2026-05-07 15:00 buy    D7 client=客7 claimed_agent=甲/李 consultant=顾问-01
2026-05-08 09:00 report R8 agent=甲/李 client=客8
2026-05-08 10:00 arrive V8 client=客8 means=qr registration=R8 staff=顾问-01
2026-05-08 15:00 buy    D8 client=客8 claimed_agent=甲/李 consultant=顾问-01
2026-05-09 09:00 report R9 agent=甲/李 client=客9
2026-05-09 10:00 arrive V9 client=客9 means=qr registration=R9 staff=顾问-01
2026-05-09 15:00 buy    D9 client=客9 claimed_agent=甲/李 consultant=顾问-01
2026-05-10 09:00 report R10 agent=甲/李 client=客10
2026-05-10 10:00 arrive V10 client=客10 means=qr registration=R10 staff=顾问-01
2026-05-10 15:00 buy    D10 client=客10 claimed_agent=甲/李 consultant=顾问-01
2026-05-11 09:00 report R11 agent=甲/李 client=客11
2026-05-11 10:00 arrive V11 client=客11 means=qr registration=R11 staff=顾问-01
2026-05-11 15:00 buy    D11 client=客11 claimed_agent=甲/李 consultant=顾问-01
2026-05-12 09:00 report R12 agent=甲/李 client=客12
2026-05-12 10:00 arrive V12 client=客12 means=qr registration=R12 staff=顾问-01
2026-05-12 15:00 buy    D12 client=客12 claimed_agent=甲/李 consultant=顾问-01
2026-05-03 11:00 arrive W3x0 client=别3x0 means=otp staff=顾问-02
2026-05-03 11:01 arrive W3x1 client=别3x1 means=otp staff=顾问-03
2026-05-03 11:02 arrive W3x2 client=别3x2 means=otp staff=顾问-04
2026-05-03 11:03 arrive W3x3 client=别3x3 means=otp staff=顾问-05
2026-05-03 11:04 arrive W3x4 client=别3x4 means=otp staff=顾问-06
2026-05-03 11:05 arrive W3x5 client=别3x5 means=otp staff=顾问-07
2026-05-03 11:06 arrive W3x6 client=别3x6 means=otp staff=顾问-02
2026-05-03 11:07 arrive W3x7 client=别3x7 means=otp staff=顾问-03
2026-05-03 11:08 arrive W3x8 client=别3x8 means=otp staff=顾问-04
2026-05-03 11:09 arrive W3x9 client=别3x9 means=otp staff=顾问-05
2026-05-03 11:10 arrive W3x10 client=别3x10 means=otp staff=顾问-06
2026-05-03 11:11 arrive W3x11 client=别3x11 means=otp staff=顾问-07
2026-05-04 11:00 arrive W4x0 client=别4x0 means=otp staff=顾问-02
2026-05-04 11:01 arrive W4x1 client=别4x1 means=otp staff=顾问-03
2026-05-04 11:02 arrive W4x2 client=别4x2 means=otp staff=顾问-04
2026-05-04 11:03 arrive W4x3 client=别4x3 means=otp staff=顾问-05
2026-05-04 11:04 arrive W4x4 client=别4x4 means=otp staff=顾问-06
2026-05-04 11:05 arrive W4x5 client=别4x5 means=otp staff=顾问-07
2026-05-04 11:06 arrive W4x6 client=别4x6 means=otp staff=顾问-02
2026-05-04 11:07 arrive W4x7 client=别4x7 means=otp staff=顾问-03
2026-05-04 11:08 arrive W4x8 client=别4x8 means=otp staff=顾问-04
2026-05-04 11:09 arrive W4x9 client=别4x9 means=otp staff=顾问-05
2026-05-04 11:10 arrive W4x10 client=别4x10 means=otp staff=顾问-06
2026-05-04 11:11 arrive W4x11 client=别4x11 means=otp staff=顾问-07
2026-05-05 11:00 arrive W5x0 client=别5x0 means=otp staff=顾问-02
2026-05-05 11:01 arrive W5x1 client=别5x1 means=otp staff=顾问-03
2026-05-05 11:02 arrive W5x2 client=别5x2 means=otp staff=顾问-04
2026-05-05 11:03 arrive W5x3 client=别5x3 means=otp staff=顾问-05
2026-05-05 11:04 arrive W5x4 client=别5x4 means=otp staff=顾问-06
2026-05-05 11:05 arrive W5x5 client=别5x5 means=otp staff=顾问-07
2026-05-05 11:06 arrive W5x6 client=别5x6 means=otp staff=顾问-02
2026-05-05 11:07 arrive W5x7 client=别5x7 means=otp staff=顾问-03
2026-05-05 11:08 arrive W5x8 client=别5x8 means=otp staff=顾问-04
2026-05-05 11:09 arrive W5x9 client=别5x9 means=otp staff=顾问-05
2026-05-05 11:10 arrive W5x10 client=别5x10 means=otp staff=顾问-06
2026-05-05 11:11 arrive W5x11 client=别5x11 means=otp staff=顾问-07
2026-05-06 11:00 arrive W6x0 client=别6x0 means=otp staff=顾问-02
2026-05-06 11:01 arrive W6x1 client=别6x1 means=otp staff=顾问-03
2026-05-06 11:02 arrive W6x2 client=别6x2 means=otp staff=顾问-04
2026-05-06 11:03 arrive W6x3 client=别6x3 means=otp staff=顾问-05
2026-05-06 11:04 arrive W6x4 client=别6x4 means=otp staff=顾问-06
2026-05-06 11:05 arrive W6x5 client=别6x5 means=otp staff=顾问-07
2026-05-06 11:06 arrive W6x6 client=别6x6 means=otp staff=顾问-02
2026-05-06 11:07 arrive W6x7 client=别6x7 means=otp staff=顾问-03
2026-05-06 11:08 arrive W6x8 client=别6x8 means=otp staff=顾问-04
2026-05-06 11:09 arrive W6x9 client=别6x9 means=otp staff=顾问-05
2026-05-06 11:10 arrive W6x10 client=别6x10 means=otp staff=顾问-06
2026-05-06 11:11 arrive W6x11 client=别6x11 means=otp staff=顾问-07
2026-05-07 11:00 arrive W7x0 client=别7x0 means=otp staff=顾问-02
2026-05-07 11:01 arrive W7x1 client=别7x1 means=otp staff=顾问-03
2026-05-07 11:02 arrive W7x2 client=别7x2 means=otp staff=顾问-04
2026-05-07 11:03 arrive W7x3 client=别7x3 means=otp staff=顾问-05
2026-05-07 11:04 arrive W7x4 client=别7x4 means=otp staff=顾问-06
2026-05-07 11:05 arrive W7x5 client=别7x5 means=otp staff=顾问-07
2026-05-07 11:06 arrive W7x6 client=别7x6 means=otp staff=顾问-02
2026-05-07 11:07 arrive W7x7 client=别7x7 means=otp staff=顾问-03
2026-05-07 11:08 arrive W7x8 client=别7x8 means=otp staff=顾问-04
2026-05-07 11:09 arrive W7x9 client=别7x9 means=otp staff=顾问-05
2026-05-07 11:10 arrive W7x10 client=别7x10 means=otp staff=顾问-06
2026-05-07 11:11 arrive W7x11 client=别7x11 means=otp staff=顾问-07
2026-05-08 11:00 arrive W8x0 client=别8x0 means=otp staff=顾问-02
2026-05-08 11:01 arrive W8x1 client=别8x1 means=otp staff=顾问-03
2026-05-08 11:02 arrive W8x2 client=别8x2 means=otp staff=顾问-04
2026-05-08 11:03 arrive W8x3 client=别8x3 means=otp staff=顾问-05
2026-05-08 11:04 arrive W8x4 client=别8x4 means=otp staff=顾问-06
2026-05-08 11:05 arrive W8x5 client=别8x5 means=otp staff=顾问-07
2026-05-08 11:06 arrive W8x6 client=别8x6 means=otp staff=顾问-02
2026-05-08 11:07 arrive W8x7 client=别8x7 means=otp staff=顾问-03
2026-05-08 11:08 arrive W8x8 client=别8x8 means=otp staff=顾问-04
2026-05-08 11:09 arrive W8x9 client=别8x9 means=otp staff=顾问-05
2026-05-08 11:10 arrive W8x10 client=别8x10 means=otp staff=顾问-06
2026-05-08 11:11 arrive W8x11 client=别8x11 means=otp staff=顾问-07
2026-05-09 11:00 arrive W9x0 client=别9x0 means=otp staff=顾问-02
2026-05-09 11:01 arrive W9x1 client=别9x1 means=otp staff=顾问-03
2026-05-09 11:02 arrive W9x2 client=别9x2 means=otp staff=顾问-04
2026-05-09 11:03 arrive W9x3 client=别9x3 means=otp staff=顾问-05
2026-05-09 11:04 arrive W9x4 client=别9x4 means=otp staff=顾问-06
2026-05-09 11:05 arrive W9x5 client=别9x5 means=otp staff=顾问-07
2026-05-09 11:06 arrive W9x6 client=别9x6 means=otp staff=顾问-02
2026-05-09 11:07 arrive W9x7 client=别9x7 means=otp staff=顾问-03
2026-05-09 11:08 arrive W9x8 client=别9x8 means=otp staff=顾问-04
2026-05-09 11:09 arrive W9x9 client=别9x9 means=otp staff=顾问-05
2026-05-09 11:10 arrive W9x10 client=别9x10 means=otp staff=顾问-06
2026-05-09 11:11 arrive W9x11 client=别9x11 means=otp staff=顾问-07
2026-05-10 11:00 arrive W10x0 client=别10x0 means=otp staff=顾问-02
2026-05-10 11:01 arrive W10x1 client=别10x1 means=otp staff=顾问-03
2026-05-10 11:02 arrive W10x2 client=别10x2 means=otp staff=顾问-04
2026-05-10 11:03 arrive W10x3 client=别10x3 means=otp staff=顾问-05
2026-05-10 11:04 arrive W10x4 client=别10x4 means=otp staff=顾问-06
2026-05-10 11:05 arrive W10x5 client=别10x5 means=otp staff=顾问-07
2026-05-10 11:06 arrive W10x6 client=别10x6 means=otp staff=顾问-02
2026-05-10 11:07 arrive W10x7 client=别10x7 means=otp staff=顾问-03
2026-05-10 11:08 arrive W10x8 client=别10x8 means=otp staff=顾问-04
2026-05-10 11:09 arrive W10x9 client=别10x9 means=otp staff=顾问-05
2026-05-10 11:10 arrive W10x10 client=别10x10 means=otp staff=顾问-06
2026-05-10 11:11 arrive W10x11 client=别10x11 means=otp staff=顾问-07
2026-05-11 11:00 arrive W11x0 client=别11x0 means=otp staff=顾问-02
2026-05-11 11:01 arrive W11x1 client=别11x1 means=otp staff=顾问-03
2026-05-11 11:02 arrive W11x2 client=别11x2 means=otp staff=顾问-04
2026-05-11 11:03 arrive W11x3 client=别11x3 means=otp staff=顾问-05
2026-05-11 11:04 arrive W11x4 client=别11x4 means=otp staff=顾问-06
2026-05-11 11:05 arrive W11x5 client=别11x5 means=otp staff=顾问-07
2026-05-11 11:06 arrive W11x6 client=别11x6 means=otp staff=顾问-02
2026-05-11 11:07 arrive W11x7 client=别11x7 means=otp staff=顾问-03
2026-05-11 11:08 arrive W11x8 client=别11x8 means=otp staff=顾问-04
2026-05-11 11:09 arrive W11x9 client=别11x9 means=otp staff=顾问-05
2026-05-11 11:10 arrive W11x10 client=别11x10 means=otp staff=顾问-06
2026-05-11 11:11 arrive W11x11 client=别11x11 means=otp staff=顾问-07
2026-05-12 11:00 arrive W12x0 client=别12x0 means=otp staff=顾问-02
2026-05-12 11:01 arrive W12x1 client=别12x1 means=otp staff=顾问-03
2026-05-12 11:02 arrive W12x2 client=别12x2 means=otp staff=顾问-04
2026-05-12 11:03 arrive W12x3 client=别12x3 means=otp staff=顾问-05
2026-05-12 11:04 arrive W12x4 client=别12x4 means=otp staff=顾问-06
2026-05-12 11:05 arrive W12x5 client=别12x5 means=otp staff=顾问-07
2026-05-12 11:06 arrive W12x6 client=别12x6 means=otp staff=顾问-02
2026-05-12 11:07 arrive W12x7 client=别12x7 means=otp staff=顾问-03
2026-05-12 11:08 arrive W12x8 client=别12x8 means=otp staff=顾问-04
2026-05-12 11:09 arrive W12x9 client=别12x9 means=otp staff=顾问-05
2026-05-12 11:10 arrive W12x10 client=别12x10 means=otp staff=顾问-06
2026-05-12 11:11 arrive W12x11 client=别12x11 means=otp staff=顾问-07
"""
DEFENCE = (f"{JUDGE}.patterns.sighting", lambda value, records: sighting(value, records)._replace(contradicted=True))


def attack() -> Stopped | None:
    if any(one.id == "F-PAIR" for one in found(FACTS)):
        return None
    return Stopped("limited", "F-PAIR counts contradicted deals only", "ten clean deals together are no pattern")


if __name__ == "__main__":
    raise SystemExit(show(__doc__, attack))
