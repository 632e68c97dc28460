"""One ruling told to each party in their words (RULES.md §3.3b): agent, buyer, finance.

The rules this module keeps:

1. The three tellings come from the same bytes; what differs is who is spoken to and what they may see.
2. An agent reads of others only that they exist: no name, no time, no number of a rival or a rival's client.
3. A refusal names its code, the arithmetic, the missing fact, what would have changed it, and until when and
   how to object (PIPL 24, 48, 50).
4. A buyer is told who is recorded as having brought them, since when, and that a face changes nothing (G1).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.timeline import Zone
from mingshi.present.texts import Lang, fill, finding_text, text, time_text

Value = Mapping[str, Json]
SHOWN_GROUNDS: Final = ("A12", "A11", "B1", "B3", "B4", "B5", "D1", "D4")
"""The rules whose passing is worth telling to whoever won, in the order of the story."""


class Story(NamedTuple):
    """A ruling as told to one reader."""

    headline: str
    grounds: tuple[str, ...] = ()
    """依据: what it rests on."""
    refused: tuple[str, ...] = ()
    """Why a claim does not stand: code, arithmetic, missing fact."""
    changes: tuple[str, ...] = ()
    """What single change would have altered it."""
    closing: tuple[str, ...] = ()
    """Rules, deadline, how to object."""

    def lines(self) -> list[str]:
        """As paragraphs."""
        return [line for line in (self.headline, *self.grounds, *self.refused, *self.changes, *self.closing) if line]


class Names(NamedTuple):
    """What ids are called, where the reader may know it."""

    agents: Mapping[str, str]
    agencies: Mapping[str, str]


NO_NAMES: Final = Names({}, {})


def tell_agent(ruling: Value, registration: str, lang: Lang, zone: Zone) -> Story:
    """The story for the agent (and agency) of one registration. Raises `KeyError` if the ruling has no such claim."""
    claim = _claim(ruling, registration)
    outcome = mapping(ruling["outcome"])
    if outcome.get("party") and outcome["party"] == claim["agent"]:
        return _recommended(ruling, claim, lang, zone)
    share = _share(outcome, registration)
    stands = share or claim["state"] != "refused"
    return Story(
        headline=_headline(ruling, _to_you(outcome, claim, lang, zone), lang),
        grounds=_grounds(claim, lang, zone) if stands else (_submitted(claim, lang, zone),),
        refused=(*_refusal(claim, ruling, lang, zone), *_code_told(claim, lang), *_proposed(ruling, claim, lang, zone)),
        changes=_changes(ruling, claim, lang, zone),
        closing=_closing(ruling, lang, zone),
    )


def _recommended(ruling: Value, claim: Value, lang: Lang, zone: Zone) -> Story:
    """For an owner or employee whose recommendation the outcome is: theirs is no refused channel."""
    kind = text("outcome", str(mapping(ruling["outcome"])["kind"]), lang)
    verdict = fill(text("say", "you_recommended", lang), {"kind": kind}, lang, zone)
    return Story(
        headline=_headline(ruling, verdict, lang),
        grounds=(_submitted(claim, lang, zone),),
        closing=_closing(ruling, lang, zone),
    )


def _code_told(claim: Value, lang: Lang) -> tuple[str, ...]:
    """What the code means to whoever has never met it, and what they can do."""
    return () if claim["state"] == "valid" else (text("code_told", str(claim["code"]), lang),)


def tell_unregistered(ruling: Value, agent: str, lang: Lang, zone: Zone) -> Story:
    """The story for an agent who is named but never registered the client (NOREG)."""
    zh = lang is Lang.ZH
    name = text("code", "NOREG", lang)
    told = (
        f"报备无效（NOREG {name}）：台账或客户声明提到您，但没有找到您对这位客户的报备。"
        if zh
        else f"Registration refused (NOREG, {name}): the office's book or the client names you, but you did not "
        "register this client."
    )
    by = [
        mapping(change)
        for change in sequence(ruling.get("changes", []))
        if mapping(change)["kind"] == "registered_at_all"
    ]
    changes = tuple(
        fill(text("change", "registered_at_all", lang), mapping(change["args"]), lang, zone)
        + (
            f"结果为：{outcome_text(mapping(change['outcome']), NO_NAMES, lang)}。"
            if zh
            else f"the result would be: {outcome_text(mapping(change['outcome']), NO_NAMES, lang)}."
        )
        for change in by
        if mapping(change["args"]).get("agent") == agent
    )
    headline = _headline(ruling, text("say", "you_lose", lang), lang)
    return Story(
        headline=headline,
        refused=(told, text("code_told", "NOREG", lang)),
        changes=changes,
        closing=_closing(ruling, lang, zone),
    )


def tell_buyer(ruling: Value, lang: Lang, zone: Zone, names: Names = NO_NAMES) -> Story:
    """The story for the buyer: plain words, no codes, nothing of the agents' quarrels."""
    first = ruling.get("first_visit")
    came = time_text(integer(mapping(first)["at"]), lang, zone) if first else ""
    who = _introducer(ruling, names, lang)
    zh = f"我们记录您{who}，" + (f"首次到访时间为 {came}。" if came else "没有您的到访记录。")
    en = f"Our record says that you {who}" + (
        f"; your first visit was on {came}." if came else "; no visit is recorded."
    )
    faces = any(mapping(one)["kind"] == "E5" for one in sequence(ruling["evidence"]))
    used_zh = "本次用到了您本人打开的凭证" if faces else "本次未使用人脸"
    used_en = "your own pass was used" if faces else "none was used"
    closing_zh = (
        "如不正确，您可以随时更正，不影响您的购房条件和服务。",
        f"是否刷脸不影响本结果；{used_zh}。",
        "您可以要求查看、复制、更正、删除这些记录，也可以要求由人工而不是系统作出判断。",
    )
    closing_en = (
        "If this is wrong you can correct it at any time; it does not affect your purchase or your service.",
        f"Showing a face or not makes no difference to this; {used_en}.",
        "You may see, copy, correct and erase these records, and ask for a person instead of the system to decide.",
    )
    return Story(headline=zh if lang is Lang.ZH else en, closing=closing_zh if lang is Lang.ZH else closing_en)


def tell_finance(ruling: Value, lang: Lang, zone: Zone, names: Names = NO_NAMES) -> Story:
    """The story for finance: to whom, on what, and what still stands in the way."""
    outcome = mapping(ruling["outcome"])
    label = outcome_text(outcome, names, lang)
    status = text("status", str(ruling["status"]), lang)
    zh = lang is Lang.ZH
    aside = "" if status == label else (f"，{status}" if zh else f"; {status}")
    head = f"{ruling['deal']}：{label}{aside}。" if zh else f"{ruling['deal']}: {label}{aside}."
    ids = [str(mapping(one)["id"]) for one in sequence(ruling["evidence"])]
    joined = ("、" if lang is Lang.ZH else ", ").join(ids) or "—"
    rule = str(ruling["because"])
    because = f"依据：{rule}，证据 {joined}。" if lang is Lang.ZH else f"On rule {rule}, evidence {joined}."
    waiting = [text("need", str(need), lang) for need in sequence(ruling.get("needs", []))]
    stands = ("；" if lang is Lang.ZH else "; ").join(waiting)
    if waiting:
        hold = (
            f"结佣前须由具名人员处理：{stands}。"
            if lang is Lang.ZH
            else f"Before payment a named person has to deal with this: {stands}."
        )
    else:
        hold = "没有需要人工处理的事项。" if lang is Lang.ZH else "Nothing waits for a person."
    lost = ("、" if zh else ", ").join(f"{name} {code} {text('code', code, lang)}" for name, code in refusals(ruling))
    if outcome["kind"] == "REVIEW":
        claims = "未定或不成立的主张：" if zh else "Claims open or refused: "
    else:
        claims = "不成立的主张：" if zh else "Claims that do not stand: "
    refused = (f"{claims}{lost}{'。' if zh else '.'}",) if lost else ()
    proposal = ruling.get("proposal")
    proposed: tuple[str, ...] = ()
    if proposal and outcome["kind"] == "REVIEW":
        told = outcome_text(mapping(proposal), names, lang)
        proposed = (f"拟判：{told}。" if lang is Lang.ZH else f"Proposed: {told}.",)
    flags = tuple(flag_text(mapping(flag), lang, zone) for flag in sequence(ruling.get("flags", [])))
    return Story(
        headline=head,
        grounds=(because, *proposed),
        refused=(*refused, hold, *flags),
        closing=_closing(ruling, lang, zone),
    )


def refusals(ruling: Value) -> list[tuple[str, str]]:
    """Every claim that does not stand, with its code: registration (or an agent who never registered), code.

    An owner's or employee's registration that the outcome rests on is no refused claim.
    """
    grounds = {mapping(one)["id"] for one in sequence(ruling["evidence"])}
    outcome = mapping(ruling["outcome"])
    claims = [mapping(claim) for claim in sequence(ruling["claims"])]
    told = [
        (str(claim["registration"]), str(claim["code"]))
        for claim in claims
        if claim["state"] != "valid"
        and not _share(outcome, str(claim["registration"]))
        and not (claim["code"] == "NOAGR" and claim["registration"] in grounds)
    ]
    return told + [(str(agent), "NOREG") for agent in sequence(ruling.get("unregistered", []))]


def flag_text(flag: Value, lang: Lang, zone: Zone) -> str:
    """A flag in full: what it saw, what may be innocent about it, what would clear it."""
    name, args = str(flag["id"]), mapping(flag.get("args", {}))
    told = [fill(text("flag", name, lang), args, lang, zone), text("flag_innocent", name, lang)]
    clears = text("flag_clears", name, lang)
    told.append(f"可消除：{clears}" if lang is Lang.ZH else f"What would clear it: {clears}")
    return ("" if lang is Lang.ZH else " ").join(told)


def outcome_text(outcome: Value, names: Names, lang: Lang) -> str:
    """An outcome with whom it names: `渠道成交（甲公司 甲-01）`."""
    kind = text("outcome", str(outcome["kind"]), lang)
    left, right = ("（", "）") if lang is Lang.ZH else (" (", ")")
    if outcome["kind"] == "SPLIT":
        shares = [(mapping(part), integer(mapping(part)["share_ppm"]) // 10_000) for part in sequence(outcome["parts"])]
        parts = [f"{outcome_text(mapping(part['to']), names, lang)} {percent}%" for part, percent in shares]
        return f"{kind}{left}{(' + ').join(parts)}{right}"
    who = [
        names.agencies.get(str(outcome.get("agency", "")), str(outcome.get("agency", ""))),
        names.agents.get(str(outcome.get("agent", "")), str(outcome.get("agent", ""))),
        names.agents.get(str(outcome.get("party", "")), str(outcome.get("party", ""))),
    ]
    told = " ".join(word for word in who if word)
    return f"{kind}{left}{told}{right}" if told else kind


def _headline(ruling: Value, verdict: str, lang: Lang) -> str:
    status = text("status", str(ruling["status"]), lang)
    if verdict == status:
        return f"{status}。" if lang is Lang.ZH else f"{_capital(status)}."
    return f"{status}：{verdict}。" if lang is Lang.ZH else f"{_capital(status)}: {verdict}."


def _to_you(outcome: Value, claim: Value, lang: Lang, zone: Zone) -> str:
    """An outcome as the agent of one registration may read it: their own part, and of others nothing."""
    registration = str(claim["registration"])
    if outcome["kind"] in ("REVIEW", "NOT_REJUDGEABLE"):
        return text("outcome", str(outcome["kind"]), lang)
    share = _share(outcome, registration)
    if 0 < share < 100:
        return fill(text("say", "you_share", lang), {"percent": share}, lang, zone)
    if not share and outcome.get("agent") == claim["agent"]:
        return fill(text("say", "you_win_by", lang), {"registration": outcome["registration"]}, lang, zone)
    return text("say", "you_win" if share else "you_lose", lang)


def _proposed(ruling: Value, claim: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    """What is proposed to whoever decides, as this agent may read it."""
    proposal = ruling.get("proposal")
    if mapping(ruling["outcome"])["kind"] != "REVIEW" or not proposal:
        return ()
    told = _to_you(mapping(proposal), claim, lang, zone)
    return (f"拟判：{told}。" if lang is Lang.ZH else f"Proposed: {told}.",)


def _capital(told: str) -> str:
    return told[:1].upper() + told[1:]


def _introducer(ruling: Value, names: Names, lang: Lang) -> str:
    outcome = mapping(ruling["outcome"])
    kind = str(outcome["kind"])
    if kind == "NATURAL" and ruling["claims"]:
        # Somebody registered this buyer; that their claim lapsed does not make the buyer's own story untrue.
        kind = "NO_CHANNEL"
    agent = names.agents.get(str(outcome.get("agent", "")), str(outcome.get("agent", "")))
    agency = names.agencies.get(str(outcome.get("agency", "")), str(outcome.get("agency", "")))
    told = {
        "CHANNEL": (f"由{agency}的{agent}介绍", f"were introduced by {agent} of {agency}"),
        "OWN": ("由案场人员邀请前来", "came on the invitation of the site's staff"),
        "REFERRAL": ("由老业主介绍", "were introduced by an owner"),
        "EMPLOYEE": ("由公司员工介绍", "were introduced by an employee"),
        "NATURAL": ("自行前来，没有介绍人", "came by yourself, without an introducer"),
        "NO_CHANNEL": ("的购房没有记在任何中介名下", "bought, and that no agency is credited with it"),
        "SPLIT": ("的介绍人有两方", "were introduced by two parties"),
        "REVIEW": ("的介绍人尚待人工核对", "have an introducer whom a person still has to check"),
        "NOT_REJUDGEABLE": ("的介绍记录已按您的要求删除", "had your introduction's record erased as you asked"),
    }[kind]
    return told[0] if lang is Lang.ZH else told[1]


def _grounds(claim: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    """①, ②, …: what the claim rests on."""
    told = [_submitted(claim, lang, zone)]
    rules = mapping(claim["rules"])
    for rule in SHOWN_GROUNDS:
        finding = rules.get(rule)
        if isinstance(finding, dict) and finding["answer"] == "pass":
            told.append(finding_text({"rule": rule, **finding}, lang, zone))
    return tuple(f"{_NUMBERS[index]} {line}" for index, line in enumerate(told))


def _submitted(claim: Value, lang: Lang, zone: Zone) -> str:
    at = time_text(integer(claim["submitted_at"]), lang, zone)
    masked = mapping(claim["rules"]).get("A2")
    hidden = isinstance(masked, dict) and masked.get("reason") == "masked"
    zh = f"{at} 报备（{'隐号' if hidden else '全号'}），编号 {claim['registration']}。"
    en = f"Registered {at} ({'masked' if hidden else 'full'} number), no. {claim['registration']}."
    return zh if lang is Lang.ZH else en


def _refusal(claim: Value, ruling: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    """Every rule that refuses the claim or leaves it open; where none does, why it lost all the same."""
    if claim["state"] == "valid":
        reasons = [mapping(reason) for reason in sequence(ruling.get("reasons", []))]
        return tuple(finding_text(reason, lang, zone) for reason in reasons if reason["rule"] in ("C7", "C8", "D13"))
    code = str(claim["code"])
    name = text("code", code, lang)
    refused = claim["state"] == "refused"
    if lang is Lang.ZH:
        head = f"报备{'无效' if refused else '待定'}（{code} {name}）："
    else:
        head = f"Registration {'refused' if refused else 'open'} ({code}, {name}): "
    told = []
    for rule, finding in mapping(claim["rules"]).items():
        if isinstance(finding, dict) and finding["answer"] in (("fail",) if refused else ("unknown",)):
            said = finding_text({"rule": rule, **finding}, lang, zone, claim["submitted_at"])
            told.append((rule != claim.get("rule"), said))
    told.sort(key=lambda item: item[0])
    also = "另：" if lang is Lang.ZH else "Also: "
    return tuple((head if index == 0 else also) + line for index, (_, line) in enumerate(told))


def changes_text(ruling: Value, lang: Lang, zone: Zone, names: Names) -> tuple[str, ...]:
    """Every change that would have altered the outcome, for a reader who may see all of it."""
    told = []
    for item in sequence(ruling.get("changes", [])):
        change = mapping(item)
        said = fill(text("change", str(change["kind"]), lang), mapping(change.get("args", {})), lang, zone)
        whose = str(change.get("registration", ""))
        then = outcome_text(mapping(change["outcome"]), names, lang)
        zh, en = f"{whose}：{said}结果为：{then}。", f"{whose}: {said}the result would be: {then}."
        told.append((zh if lang is Lang.ZH else en).lstrip("： :"))
    return tuple(dict.fromkeys(told))


def refusals_text(ruling: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    """Why each claim does not stand or is open, by registration."""
    told = []
    for item in sequence(ruling["claims"]):
        claim = mapping(item)
        colon = "：" if lang is Lang.ZH else ": "
        told += [f"{claim['registration']}{colon}{line}" for line in _refusal(claim, ruling, lang, zone)]
    return tuple(told)


def _changes(ruling: Value, claim: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    told, registration = [], claim["registration"]
    now = _to_you(mapping(ruling["outcome"]), claim, lang, zone)
    for item in sequence(ruling.get("changes", [])):
        change = mapping(item)
        if change.get("registration") not in (None, registration) or change["kind"] == "registered_at_all":
            continue  # what an agent who never registered missed is told to that agent alone
        then = _to_you(mapping(change["outcome"]), claim, lang, zone)
        if then == now:
            continue  # it would have changed somebody else's part only
        args = mapping(change.get("args", {}))
        said = fill(text("change", str(change["kind"]), lang), args, lang, zone)
        told.append(f"{said}结果为：{then}。" if lang is Lang.ZH else f"{said}the result would be: {then}.")
    return tuple(dict.fromkeys(told))


def _closing(ruling: Value, lang: Lang, zone: Zone) -> tuple[str, ...]:
    policy = mapping(ruling["policy"])
    label = f"{policy['version']}-{str(policy['sha256'])[:4]}"
    until = time_text(integer(ruling["closes_at"]), lang, zone)
    notes = [str(note) for note in sequence(ruling.get("notes", []))]
    told = tuple(
        _capital(text("note", note, lang)) + ("。" if lang is Lang.ZH else ".") for note in notes if ":" not in note
    )
    if lang is Lang.ZH:
        return (f"规则版本 {label}。可于 {until}（含当日）前提出异议，由人工复核。", *told)
    return (f"Rules {label}. You may object until the end of {until}; a person then decides.", *told)


def _share(outcome: Value, registration: str) -> int:
    if outcome.get("registration") == registration:
        return 100
    parts = [mapping(part) for part in sequence(outcome.get("parts", []))]
    return sum(
        integer(part["share_ppm"]) // 10_000
        for part in parts
        if mapping(part["to"]).get("registration") == registration
    )


def _claim(ruling: Value, registration: str) -> Value:
    for item in sequence(ruling["claims"]):
        claim = mapping(item)
        if claim["registration"] == registration:
            return claim
    raise KeyError(registration)


_NUMBERS: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
