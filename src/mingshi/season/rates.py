"""The table of rates: how often people in a generated season do what.

The rules this module keeps:

1. These are assumptions, not measurements: until a pilot gives real ones, only the shapes of results count, and
   every report says so.
2. The table is frozen. A test pins its hash; changing a rate is a change of the design, never of the code that is
   measured by it.
3. Everything random takes its probability from here; the second half holds what the design leaves open and a story
   needs all the same. A judge, a flag or an estimator may not import this module.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Final, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """One world."""

    # Calendar: open 09:00 to 18:00, UTC+8.
    days: int = 30
    open_h: int = 9
    close_h: int = 18
    weekend: float = 1.8

    # People. Agencies' sizes follow Zipf.
    agencies: int = 12
    agents: int = 150
    consultants: int = 14
    receptionists: int = 3
    managers: int = 1
    corrupt_consultants: float = 0.20
    corrupt_agents: float = 0.30

    # Demand: groups in a month, and which of them buy.
    natural_groups: int = 700
    natural_buys: float = 0.09
    channel_groups: int = 450
    channel_buys: float = 0.12
    referral_groups: int = 40
    referral_buys: float = 0.15
    employee_groups: int = 10
    own_groups: int = 60
    group_of: tuple[float, ...] = (0.35, 0.40, 0.17, 0.08)

    # Visits.
    visits_mean: float = 2.6
    gap_days: float = 6.0
    family_splits_visits: float = 0.12
    buyer_is_another: float = 0.10
    second_phone: float = 0.18
    across_midnight: float = 0.001

    # Evidence.
    check_in_recorded: float = 0.92
    by_otp: float = 0.60
    by_qr: float = 0.25
    by_reception: float = 0.15
    call_before: float = 0.25
    lead_before: float = 0.30
    id_at_first_visit: float = 0.08
    receipt_kept: float = 0.50
    statement_truthful: float = 0.55
    truthful_when_colluding: float = 0.65
    """Factor on `statement_truthful` (.6 to .7)."""
    look_up_logged: float = 0.45
    shared_pass: float = 0.35

    # Consent.
    face: float = 0.50
    consent_withdrawn: float = 0.03
    erased: float = 0.01

    # Fraud by agents: per natural unit that buys.
    hijacked: float = 50 / 63
    jk: float = 0.35
    ck: float = 0.30
    hh: float = 0.25
    xk: float = 0.10
    jk_waits: float = 0.5
    edit_logged: float = 0.97

    # Honest noise.
    channel_called_before: float = 0.04
    family_came_before: float = 0.05
    short_gap: float = 0.03
    late_report: float = 0.02
    duplicate: float = 0.08
    skew_s: float = 20.0
    bad_clock: float = 0.01
    bad_clock_min: float = 10.0
    late_event: float = 0.02
    late_h: float = 6.0

    # Money.
    fixed_yuan: int = 40_000
    percent: float = 0.015
    cancelled: float = 0.04
    swapped: float = 0.01

    # Left open by the design ------------------------------------------------------------------------------

    own_buys: float = 0.09
    employee_buys: float = 0.15
    onlooker_visits_mean: float = 1.4
    """Visits of those who do not buy."""
    visits_before_own_deal_h: float = 3.0
    """Hours at most from the last check-in to the subscription of the same day."""
    single_visit_buys_at_once: float = 0.15
    """The rest who buy after one visit subscribe some days later."""
    deciding_days: float = 3.0
    intent_paid: float = 0.30
    """认筹金 at the visit before the one at which an honest deal is made."""
    joint_purchase: float = 0.25
    """Two on the contract, where the group is two or more."""
    relation_proven: float = 0.90
    """Marriage certificate or household register shown at signing, where one buys for another."""
    price_mean_yuan: int = 2_670_000
    fixed_terms: float = 0.5
    """Agencies paid a fixed amount; the others a percentage."""
    tier_after: int = 30
    """跳点: from the deal after this one on the largest agency is paid a tenth more; 0: never."""
    reception_confirmed: float = 0.50
    """A desk entry confirmed by the visitor's signature within the day."""
    lead_with_otp: float = 0.30
    masked: float = 0.40
    """Registrations with the middle of the number hidden."""
    masked_collision: float = 0.005
    """Units that share the visible digits with another one."""
    escort_recorded: float = 0.90
    """The agent's own trace of the escort: the signed form, or the scan of the door code."""
    ahead_h: float = 30.0
    """Mean time an honest agent registers ahead of the lead."""
    outreach_logged: float = 0.90
    referrer_named: float = 0.80
    duplicate_comes_first: float = 0.20
    colluding_jk: float = 0.80
    colluding_ck: float = 0.50
    colluding_hh: float = 1.00
    colluding_xk: float = 0.30
    lie_when_not_truthful: float = 0.50
    """A colluding buyer who is not truthful names the agent; the rest prefer not to say."""
    intercept_says_nobody: float = 0.50
    """A truthful client of an interceptor says *nobody brought me*; the others name the agent *at the gate*."""
    jk_returns: float = 0.10
    """Of those intercepted: sent away to come back another day. The rest of those not held are let in at once."""
    jk_after_arrival: float = 0.30
    """Of those let in at once: registered only when they were inside already."""
    ck_same_day: float = 0.40
    hh_spouse: float = 0.40
    """The second number is a relative's; otherwise the buyer's own."""
    xk_edit: float = 0.30
    xk_delete: float = 0.25
    xk_lapse: float = 0.20
    xk_source: float = 0.15
    xk_window: float = 0.10
    honest_look_up: float = 0.45
    """A call is answered by somebody who looks the client up."""
    honest_edit: float = 0.03
    """A clerk corrects a client's name."""
    grabbed: float = 0.05
    """占坑: a natural group whom an agent registered and did not bring; the book does not name that agent."""
    book_refuses: float = 0.50
    """Where an honest agent's claim is out of the rules (late, overdue), the book does not name the agent."""
    counter_error: float = 0.03

    # Only where a preset asks for it ------------------------------------------------------------------------
    client_confirms: float = 0.0
    """双签报备: the client of an honest agent, or one who colludes, confirms the registration."""
    site_steals: float = 0.0
    """甩单: per honest channel deal. The six tricks are equally likely."""
    late_takes_money: float = 0.7
    """SX-late: the site takes 认筹金 when the buyer has decided, and books the subscription later."""
    lists_loaded: int = 0
    """Bought lists loaded as leads in a season, a hundred numbers each."""
    crowds: int = 0
    """充场: agents who send hired visitors."""
    shared_phones: float = 0.0
    """Units that use a phone of another unit."""
    bus_groups: int = 0
    """Natural groups that come by the bus."""
    launch_arrivals: int = 0
    """Arrivals within 90 minutes of the opening."""
    presale_days: int = 0
    erases_and_returns: float = 0.0
    """XK-erase: per natural unit that buys."""
    policy_changes_on: int = 0
    misstates: float = 0.0
    """An honest agent's client says that nobody brought them: misunderstood, or asked to."""
    stray_look_up: float = 0.0
    """The later consultant had looked up an agent's client before the registration, for no bad reason."""


DEFAULT: Final = Rates()
OPEN_OFFICE: Final = replace(
    DEFAULT,
    check_in_recorded=0.97,
    client_confirms=0.85,
    receipt_kept=0.95,
    statement_truthful=0.80,
    look_up_logged=1.0,
    honest_look_up=1.0,
    shared_pass=0.60,
)
"""Everything else as in `DEFAULT`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Collusion:
    """What a colluding buyer does (SEASON.md, amendment 2)."""

    shows_receipts: bool
    always_lies: bool
    device_changed: float


NAIVE: Final = Collusion(shows_receipts=True, always_lies=False, device_changed=0.0)
BEST_RESPONSE: Final = Collusion(shows_receipts=False, always_lies=True, device_changed=0.7)


def fingerprint() -> str:
    """SHA-256 over everything that is frozen here."""
    table = [asdict(each) for each in (DEFAULT, OPEN_OFFICE, NAIVE, BEST_RESPONSE)]
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
