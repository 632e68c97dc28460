"""Policies and their differences in the trade's words.

The rules this module keeps:

1. Every clause is told as what it says at its value, never as a parameter's name alone.
2. What a case could not try stands beside every figure that hangs on it.
"""

from collections.abc import Mapping
from typing import Final

from mingshi.app.clauses import Clause
from mingshi.app.policy_diff import Effect, Flip, PolicyDiff, Reading, Why
from mingshi.app.worth import Side
from mingshi.domain.judge.outcome import Outcome
from mingshi.domain.policy import PARAMETERS
from mingshi.domain.policy_warnings import PolicyWarning
from mingshi.kernel.canonical import Json
from mingshi.kernel.fen import Fen, yuan_text
from mingshi.kernel.timeline import Zone
from mingshi.present.tell import Names, outcome_text
from mingshi.present.texts import Lang, catalogue, finding_text, text

MINUS: Final = "−"


def told(key: str, lang: Lang, **args: object) -> str:
    """A text of the policy lab."""
    return text("policy", key, lang).format(**args)


def signed_yuan(amount: Fen) -> str:
    """`+40,000`, `−280,281.58`, `0`: with 分 only where there are any."""
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + whole_yuan(Fen(abs(amount)))


def whole_yuan(amount: Fen) -> str:
    """`40,000`, `280,281.58`."""
    written = yuan_text(amount).replace("-", MINUS)
    return written.removesuffix(".00")


def parameter_name(name: str, lang: Lang) -> str:
    """What a parameter is called."""
    return PARAMETERS[name].chinese if lang is Lang.ZH else PARAMETERS[name].english


def clause_name(clause: Clause, lang: Lang) -> str:
    """`B1 提前报备时间`: the rule and what the clause is called."""
    confirmed = clause.parameter == "masked" and clause.rule == "A12"
    name = told("confirmed_registration", lang) if confirmed else parameter_name(clause.parameter, lang)
    return f"{clause.rule} {name}"


def clause_text(name: str, value: Json, lang: Lang) -> str:
    """What a parameter says at a value."""
    entries = catalogue()["clause"]
    worded = "none" if value is None or value == [] else str(value).lower() if isinstance(value, bool) else str(value)
    entry = entries.get(f"{name}.{worded}") or entries[name]
    return entry[lang.value].format(value=_value(name, value, lang))


def clause_why(name: str, lang: Lang) -> str:
    """Whom a clause guards and what it costs; empty where there is nothing to add."""
    entry = catalogue()["clause_why"].get(name)
    return "" if entry is None else entry[lang.value]


def warning_text(warning: PolicyWarning, lang: Lang) -> str:
    """A warning in a sentence."""
    args = {name: _number(value, lang) for name, value in warning.args.items()}
    return text("policy_warning", warning.code, lang).format(**args)


def rests_text(clause: Clause, lang: Lang) -> str:
    """What the clause rests on in this case, and whether it was tried."""
    held = clause.rests_on
    if held is None:
        return ""
    kind = text("rests_on", held.kind, lang)
    if clause.tried:
        key = "rests" if held.of is None else "rests_of"
    else:
        key = "untried_few" if held.held else "untried_none"
    return told(key, lang, kind=kind, held=held.held, of=held.of)


def effect_text(effect: Effect, lang: Lang) -> str:
    """What a clause alone would have changed."""
    moved = effect.sides.get(Side.AGENCIES, Fen(0))
    if not effect.flips and not any(effect.sides.values()):
        return told("alone_none", lang)
    return told("alone_flips", lang, flips=effect.flips, agencies=signed_yuan(moved))


def flip_outcome(outcome: Outcome, proposal: Outcome | None, names: Names, lang: Lang) -> str:
    """An outcome, with what is proposed where a person decides."""
    said = outcome_text(outcome.as_json(), names, lang)
    if proposal is None:
        return said
    proposed = outcome_text(proposal.as_json(), names, lang)
    return f"{said}，拟判{proposed}" if lang is Lang.ZH else f"{said}; proposed: {proposed}"


def moved_by_text(flip: Flip, lang: Lang) -> str:
    """The clauses that moved a deal: `A12 隐号报备`."""
    if not flip.outcome and not any(one.rule in ("D6", "D7", "D8") for one in flip.moved_by):
        return f"D6 {told('by_tier', lang)}"
    named = [clause_name(clause, lang) for clause in flip.moved_by]
    if flip.together:
        return f"{told('together', lang)}{'：' if lang is Lang.ZH else ': '}{' + '.join(named)}"
    return (" 或 " if lang is Lang.ZH else " or ").join(named)


def why_text(why: Why, lang: Lang, zone: Zone) -> str:
    """What became of one claim, with its arithmetic."""
    colon, stop = ("：", "；") if lang is Lang.ZH else (": ", "; ")
    parts = []
    for key, finding in (("claim_before", why.before), ("claim_now", why.after)):
        said = told("claim_stands", lang) if finding is None else _finding(finding, lang, zone)
        parts.append(f"{told(key, lang)}{colon}{said.rstrip('。.')}")
    return f"{why.registration}{colon}{stop.join(parts)}{'。' if lang is Lang.ZH else '.'}"


def learnt(diff: PolicyDiff, lang: Lang) -> list[str]:
    """The few sentences with which to begin."""
    told_ = [_sentence(reading, lang) for reading in diff.readings]
    if len(diff.readings) > 1:
        names = ("、" if lang is Lang.ZH else ", ").join(clause_name(one, lang) for one in diff.untried)
        told_.append(told("learn_untried", lang, clauses=names))
    if not any(reading.flips for reading in diff.readings):
        return [told("learn_nothing", lang)]
    tried = [one for one in diff.effects if one.clause.tried and one.flips]
    first = max(tried, key=lambda one: one.flips, default=None)
    if first is not None:
        said = clause_text(first.clause.parameter, first.clause.new, lang)
        name = clause_name(first.clause, lang)
        told_.append(told("learn_first", lang, name=name, text=said, flips=first.flips))
    most = next((line for line in diff.readings[0].agencies if line.moved), None)
    if most is not None:
        told_.append(told("learn_agency", lang, agency=most.name, amount=signed_yuan(most.moved)))
    return told_


def _sentence(reading: Reading, lang: Lang) -> str:
    moved = next((line.moved for line in reading.sides if line.name == Side.AGENCIES), Fen(0))
    before, after = reading.waits
    return told(
        f"learn_{reading.name}", lang, flips=reading.flipped, agencies=signed_yuan(moved),
        waits_old=before, waits_new=after,
    )  # fmt: skip


def _finding(finding: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    code = str(finding.get("code", ""))
    said = finding_text(finding, lang, zone)
    if not code:
        return f"{finding['rule']} {said}"
    name = text("code", code, lang)
    return (
        f"{finding['rule']}（{code} {name}）{said}" if lang is Lang.ZH else f"{finding['rule']} ({code}, {name}) {said}"
    )


def _value(name: str, value: Json, lang: Lang) -> str:
    if isinstance(value, list):
        section = {"required": "field", "release": "condition"}.get(name)
        words = [text(section, str(item), lang) if section else str(item) for item in value]
        return ("、" if lang is Lang.ZH else ", ").join(words) or "—"
    return _number(value, lang)


def _number(value: Json, lang: Lang) -> str:
    if value is None:
        return "永久" if lang is Lang.ZH else "unlimited"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
