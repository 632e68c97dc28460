"""Terms that are allowed and that somebody should think about before signing them.

The rules this module keeps:

1. Amendment 14: terms that differ by side are named, also where `asymmetric` admits them, and so are rules of silence
   under which waiting pays one side.
2. Amendment 22: pay under which a consultant gains by hiding a visitor (藏客) or by booking an agent's client as
   natural (甩单), and a benefit for natural check-ins that is worth more than the rebate it competes with.
3. A combination that does something other than it says: tiers that nobody can reach, a share that pays less for
   doing more.
4. A warning changes nothing and refuses nothing; what is refused is refused in `policy`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mingshi.domain.policy import Masked, Policy
from mingshi.kernel.canonical import Json

_NONE: Final[Mapping[str, Json]] = MappingProxyType({})


class PolicyWarning(NamedTuple):
    """One thing to think about: a text key, the parameters it is about, and its figures."""

    code: str
    parameters: tuple[str, ...]
    source: str
    """Amendment or rule."""
    args: Mapping[str, Json] = _NONE


def warnings_of(policy: Policy, rebate_yuan: int | None = None) -> tuple[PolicyWarning, ...]:
    """Everything to think about. `rebate_yuan`: what an agent is expected to hand back to a buyer (返点)."""
    return (*_sides(policy), *_money(policy, rebate_yuan), *_traps(policy))


def _sides(policy: Policy) -> Iterator[PolicyWarning]:
    natural, visit = policy.natural_protect_days, policy.visit_protect_days
    windows = ("natural_protect_days", "visit_protect_days")
    if visit is not None and (natural is None or natural > visit):
        yield PolicyWarning("site_protected_longer", windows, "14", {"natural": natural, "visit": visit})
    elif policy.asymmetric:
        yield PolicyWarning("asymmetric_unneeded", ("asymmetric",), "14")
    if not policy.silence_favours_claimant:
        yield PolicyWarning("silence_pays_payer", ("silence_favours_claimant",), "14, H4a")
    if policy.follow_days is not None:
        yield PolicyWarning("silence_frees_clients", ("follow_days",), "14, C9", {"days": policy.follow_days})
    if policy.tail_days == 0:
        yield PolicyWarning("no_tail", ("tail_days",), "14, D4")


def _money(policy: Policy, rebate_yuan: int | None) -> Iterator[PolicyWarning]:
    channel, own, natural = policy.staff_pay_channel_yuan, policy.staff_pay_own_yuan, policy.staff_pay_natural_yuan
    pay = ("staff_pay_channel_yuan", "staff_pay_own_yuan", "staff_pay_natural_yuan")
    if channel > min(own, natural):
        yield PolicyWarning("pay_for_hiding", pay, "22", {"gain": channel - min(own, natural)})
    if max(own, natural) > channel:
        yield PolicyWarning("pay_for_casting_off", pay, "22", {"gain": max(own, natural) - channel})
    benefit = policy.natural_benefit_yuan
    if rebate_yuan is not None and benefit > rebate_yuan:
        args: dict[str, Json] = {"benefit": benefit, "rebate": rebate_yuan}
        yield PolicyWarning("benefit_above_rebate", ("natural_benefit_yuan",), "22", args)


def _traps(policy: Policy) -> Iterator[PolicyWarning]:
    tiers = [(int(minutes), int(share)) for minutes, _, share in (one.partition(":") for one in policy.lead_tiers)]
    if tiers and policy.masked is not Masked.UNTIL_CONFIRMED:
        lowest = max((share for minutes, share in tiers if minutes == 0), default=0)
        yield PolicyWarning("tiers_unconfirmed", ("lead_tiers", "masked"), "D6, A12", {"percent": lowest})
    if tiers and tiers[0][0] > 0:
        yield PolicyWarning("tiers_from_nothing", ("lead_tiers",), "D6", {"minutes": tiers[0][0]})
    shares = (
        policy.split_reported_percent,
        policy.split_contacted_percent,
        policy.split_helped_percent,
        policy.split_both_percent,
    )
    if list(shares) != sorted(shares):
        names = tuple(f"split_{act}_percent" for act in ("reported", "contacted", "helped", "both"))
        yield PolicyWarning("split_pays_less", names, "D7", {"shares": "/".join(map(str, shares))})
    if "ruling" not in policy.release:
        yield PolicyWarning("paid_before_ruling", ("release",), "D8, INV-11")
