"""The named worlds (SEASON.md §5.6 and amendment 5): which rates differ, under which policy, and why one looks at it.

The rules this module keeps:

1. A preset says only what differs from the table of rates; nobody's draws change that it does not name.
2. Exact presets fix counts, not rates: 63 buyers who came by themselves and 54 whom agents brought, so that three
   truths have the same headline to the yuan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, final

from mingshi.season.rates import BEST_RESPONSE, DEFAULT, NAIVE, OPEN_OFFICE, Collusion, Rates


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """Counts instead of chances (§5.4)."""

    natural: int
    """Buyers nobody of the trade had reached before they set out, and those of `won`."""
    channel: int
    hijacked: int
    """Of the natural ones."""
    won: int
    """Would have come anyway, but an agent reached them first: truly the agent's."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One world."""

    name: str
    tells: str
    rates: Rates = DEFAULT
    collusion: Collusion = NAIVE
    policy: str = "classic"
    parameters: Mapping[str, object] = field(default_factory=dict)
    """What differs from the shipped policy."""
    exact: Exact | None = None
    arrivals: int = 0
    """So many check-ins at least; 0: as many as the rates make."""

    def scaled(self, factor: float) -> "Preset":
        """The same world with more or fewer groups and agents."""
        rates = self.rates
        smaller = replace(
            rates,
            natural_groups=max(1, round(rates.natural_groups * factor)),
            channel_groups=max(1, round(rates.channel_groups * factor)),
            referral_groups=max(1, round(rates.referral_groups * factor)),
            employee_groups=max(1, round(rates.employee_groups * factor)),
            own_groups=max(1, round(rates.own_groups * factor)),
            launch_arrivals=round(rates.launch_arrivals * factor),
            bus_groups=round(rates.bus_groups * factor),
            crowds=round(rates.crowds * factor),
            lists_loaded=round(rates.lists_loaded * factor),
            agents=max(rates.agencies, round(rates.agents * factor)),
        )
        exact = self.exact and Exact(
            natural=round(self.exact.natural * factor),
            channel=round(self.exact.channel * factor),
            hijacked=round(self.exact.hijacked * factor),
            won=round(self.exact.won * factor),
        )
        return replace(self, rates=smaller, exact=exact, arrivals=round(self.arrivals * factor))


_QUIET: Final = replace(
    DEFAULT,
    hijacked=0.0,
    channel_called_before=0.0,
    family_came_before=0.0,
    short_gap=0.0,
    late_report=0.0,
    duplicate=0.0,
    grabbed=0.0,
    masked_collision=0.0,
    skew_s=0.0,
    bad_clock=0.0,
    late_event=0.0,
    across_midnight=0.0,
)
_EXACT: Final = replace(
    DEFAULT,
    referral_buys=0.0,
    employee_buys=0.0,
    own_buys=0.0,
    cancelled=0.0,
    swapped=0.0,
    fixed_terms=1.0,
    tier_after=0,
    book_refuses=0.0,
    grabbed=0.0,
)
_MANY: Final = 12


def _megvii(name: str, hijacked: int, won: int, tells: str) -> Preset:
    exact = Exact(natural=63, channel=54, hijacked=hijacked, won=won)
    return Preset(name=name, tells=tells, rates=_EXACT, exact=exact)


_ALL: Final = (
    _megvii("megvii-T1", 50, 0, "117/104/13: 50 buyers who came by themselves were claimed by agents"),
    _megvii("megvii-T2", 25, 25, "117/104/13: 25 were claimed so, 25 truly won by agents"),
    _megvii("megvii-T3", 0, 50, "117/104/13: none was; agents won 50 who would have come anyway"),
    Preset(name="clean", tells="no fraud, no noise", rates=_QUIET),
    Preset(name="honest", tells="no fraud, but the noise of honest people", rates=replace(DEFAULT, hijacked=0.0)),
    Preset(name="zero-face", tells="nobody shows a face", rates=replace(DEFAULT, face=0.0)),
    Preset(name="all-face", tells="everybody with a pass has a face pass", rates=replace(DEFAULT, face=1.0)),
    Preset(
        name="refusers-parity",
        tells="many honest claims, half of the pass holders show a face",
        rates=replace(
            DEFAULT,
            natural_groups=DEFAULT.natural_groups * _MANY,
            channel_groups=DEFAULT.channel_groups * _MANY,
            agents=DEFAULT.agents * 4,
            masked=0.0,
        ),
    ),
    Preset(
        name="agency-war",
        tells="four in ten clients are registered by two agencies, the first escort counts",
        rates=replace(DEFAULT, duplicate=0.40, duplicate_comes_first=0.50),
        parameters={"mode": "compete"},
    ),
    Preset(
        name="family-heavy",
        tells="families take turns in coming and buying",
        rates=replace(
            DEFAULT,
            group_of=(0.10, 0.50, 0.25, 0.15),
            family_splits_visits=0.50,
            buyer_is_another=0.40,
            family_came_before=0.25,
            joint_purchase=0.50,
        ),
    ),
    Preset(
        name="clock-chaos",
        tells="one clock in five is ten minutes wrong, and much arrives late",
        rates=replace(DEFAULT, bad_clock=0.20, late_event=0.10, skew_s=40.0),
    ),
    Preset(
        name="hengshui-load",
        tells="170,000 check-ins in nine months",
        rates=replace(
            DEFAULT,
            days=270,
            natural_groups=47_000,
            channel_groups=30_500,
            referral_groups=360,
            employee_groups=90,
            own_groups=540,
            agents=600,
            masked=0.0,
        ),
        arrivals=170_000,
    ),
    Preset(name="cancel-storm", tells="a quarter of the deals is undone", rates=replace(DEFAULT, cancelled=0.25)),
    Preset(
        name="rule-change-midseason",
        tells="the lead becomes an hour on the fifteenth day",
        rates=replace(DEFAULT, policy_changes_on=15),
    ),
    Preset(
        name="withdrawal-wave",
        tells="consents are withdrawn and records erased",
        rates=replace(DEFAULT, consent_withdrawn=0.40, erased=0.10, face=0.80),
    ),
    Preset(
        name="insider",
        tells="four frauds in five are the consultants'",
        rates=replace(DEFAULT, jk=0.10, ck=0.40, hh=0.10, xk=0.40),
    ),
    Preset(
        name="masked-only",
        tells="every registration hides the middle of the number",
        rates=replace(DEFAULT, masked=1.0, masked_collision=0.02),
        parameters={"masked": "only"},
    ),
    Preset(name="open-office", tells="the recommended office", rates=OPEN_OFFICE, policy="open"),
    Preset(name="best-response", tells="buyers who collude also lie", collusion=BEST_RESPONSE),
    Preset(
        name="site-steals",
        tells="the site books three in ten agents' deals as its own",
        rates=replace(DEFAULT, site_steals=0.30, lists_loaded=3),
    ),
    Preset(name="crowd", tells="agents send hired visitors", rates=replace(DEFAULT, crowds=4)),
    Preset(
        name="launch-day", tells="400 check-ins in the first 90 minutes", rates=replace(DEFAULT, launch_arrivals=400)
    ),
    Preset(
        name="presale",
        tells="twenty days of showing before the first day of sale",
        rates=replace(DEFAULT, presale_days=20),
        parameters={"suspension": True},
    ),
    Preset(name="groups", tells="busloads", rates=replace(DEFAULT, bus_groups=30)),
    Preset(
        name="shared-phones",
        tells="one unit in ten uses another unit's phone",
        rates=replace(DEFAULT, shared_phones=0.10),
    ),
    Preset(
        name="misunderstandings",
        tells="one honest client in twenty denies the agent, one in twenty was looked up for no bad reason",
        rates=replace(DEFAULT, misstates=0.05, stray_look_up=0.05),
    ),
    Preset(
        name="erasure",
        tells="natural visitors erase their visit and come back with an agent (XK-erase)",
        rates=replace(DEFAULT, erases_and_returns=0.15, hijacked=0.0),
    ),
)
PRESETS: Final[Mapping[str, Preset]] = MappingProxyType({preset.name: preset for preset in _ALL})
