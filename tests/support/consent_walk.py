"""A random walk over consents, with an oracle that remembers the past in its own words.

python tests/support/consent_walk.py --steps 1000000 --seed 1
"""

import argparse
import random
import sys
from collections import Counter
from typing import NamedTuple

from mingshi.domain.consent.state import Act, Consent, State, Step, Use, standing, step, use
from mingshi.domain.consent.young import Age
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.purpose import SENSITIVE, VALID_DAYS, Purpose
from mingshi.kernel.timeline import DAY, Micros

PURPOSES = (Purpose.ATTRIBUTION, Purpose.FACE_PASS, Purpose.PROVIDE)
AGES = (Age.FROM_18, Age.FROM_18, Age.FROM_18, Age.FROM_14, Age.UNDER_14)


class Told(NamedTuple):
    steps: int
    allowed: int
    denied: int
    seen: Counter


class Past:
    """What happened to one consent, as sentences."""

    def __init__(self, purpose, recipient):
        self.purpose, self.recipient = purpose, recipient
        self.shown = self.given = None  # (entry, at, notice)
        self.over = False
        self.asked_until = 0
        self.too_young = self.backwards = False

    def heard(self, one):
        if self.over:
            return
        if one.act is Act.SHOWN and self.shown is None:
            self.shown = (one.entry, one.at, one.notice_sha256)
            self.purpose, self.recipient = one.purpose, one.recipient
        elif self.shown is None or (one.purpose, one.recipient) != (self.purpose, self.recipient):
            return
        elif one.act is Act.GIVEN and self.given is None and one.notice_sha256 == self.shown[2]:
            self.given = (one.entry, one.at, one.notice_sha256)
            self.asked_until = one.valid_until
            sensitive = one.purpose in SENSITIVE
            self.too_young = one.age is Age.UNDER_14 or (sensitive and one.age is not Age.FROM_18)
            self.backwards = one.entry <= self.shown[0] or one.at < self.shown[1]
            self.over = self.too_young or self.backwards
        elif one.act is Act.VOIDED or one.act is (Act.REFUSED if self.given is None else Act.WITHDRAWN):
            self.over = True

    def allows(self, purpose, recipient, now, notice):
        if self.given is None or self.over or (purpose, recipient) != (self.purpose, self.recipient):
            return False
        end = self.given[1] + VALID_DAYS[self.purpose] * DAY
        if self.asked_until:
            end = min(end, self.asked_until)
        return self.given[1] <= now < end and self.given[2] == notice


def walk(seed, steps):
    dice = random.Random(seed)
    now, notices = 1_000 * DAY, dict.fromkeys(PURPOSES, 0)
    seen, allowed, denied = Counter(), 0, 0
    live: list[tuple[Consent, Past]] = []
    for number in range(steps):
        entry = number + 1
        now += dice.choice((0, 1, DAY // 7, DAY, 20 * DAY))
        if dice.random() < 0.02:
            notices[dice.choice(PURPOSES)] += 1
        if not live or dice.random() < 0.15:
            purpose = dice.choice(PURPOSES)
            recipient = dice.choice(("甲", "乙")) if purpose is Purpose.PROVIDE else ""
            live.append((Consent(EvidenceId(f"C{number}")), Past(purpose, recipient)))
            if len(live) > 12:
                live.pop(0)
        at = dice.randrange(len(live))
        consent, past = live[at]
        one = _step(dice, past, now, entry, notices)
        after = step(consent, one)
        past.heard(one)
        if isinstance(after, Consent):
            consent = after
        live[at] = (consent, past)
        for each, remembered in live:
            purpose = remembered.purpose if dice.random() < 0.9 else dice.choice(PURPOSES)
            recipient = remembered.recipient if dice.random() < 0.9 else "丙"
            notice = f"{purpose.value}{notices[purpose]}"
            state = standing(each, Micros(now), f"{remembered.purpose.value}{notices[remembered.purpose]}")
            seen[state.value] += 1
            found = isinstance(use(each, purpose, Micros(now), notice, recipient=recipient), Use)
            right = remembered.allows(purpose, recipient, now, notice)
            assert found == right, (seed, number, each, one, found, right)
            assert not found or state is State.GIVEN
            allowed, denied = allowed + found, denied + (not found)
    return Told(steps, allowed, denied, seen)


def _step(dice, past, now, entry, notices):
    purpose = past.purpose if dice.random() < 0.97 else dice.choice(PURPOSES)
    version = notices[purpose] - (dice.random() < 0.1)
    notice = f"{purpose.value}{version}"
    back = dice.random() < 0.03
    weights = (4, 3, 1, 1, 0.3) if past.given is None else (0.4, 0.4, 0.4, 1, 0.3)
    act = dice.choices((Act.SHOWN, Act.GIVEN, Act.REFUSED, Act.WITHDRAWN, Act.VOIDED), weights)[0]
    until = now + dice.choice((1, 5, 40)) * DAY if dice.random() < 0.3 else 0
    return Step(
        act, Micros(now - (2 * DAY if back else 0)), entry - (5 if back and dice.random() < 0.5 else 0), purpose,
        past.recipient, notice, dice.choice(AGES), valid_until=Micros(until),
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    told = walk(given.seed, given.steps)
    print(f"{told.steps} steps, {told.allowed} uses allowed, {told.denied} denied, states {dict(told.seen)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
