"""Two policies on one case as a page that needs nothing but itself, in the report's style.

The rules this module keeps:

1. What the report keeps: no script, no request, styled by class, Chinese or English.
2. Where a case cannot try a clause the page says so before any figure that hangs on it.
"""

from typing import Final

from mingshi.app.policy_diff import Line, PolicyDiff, Reading
from mingshi.kernel.timeline import Zone
from mingshi.present.charts_svg import moves
from mingshi.present.policy_words import (
    clause_name,
    clause_text,
    clause_why,
    effect_text,
    flip_outcome,
    learnt,
    moved_by_text,
    rests_text,
    signed_yuan,
    told,
    whole_yuan,
    why_text,
)
from mingshi.present.render import render
from mingshi.present.tell import Names
from mingshi.present.texts import Lang, text

SHOWN_FLIPS: Final = 200
"""Rulings listed for each reading; all of them are in the JSON."""


def policy_html(diff: PolicyDiff, lang: Lang, zone: Zone, names: Names) -> str:
    """The whole page."""
    args = {"project": diff.project or "—", "deals": f"{diff.deals:,}", "old": diff.old.label, "new": diff.new.label}
    context = {
        "title": told("diff_title", lang),
        "subtitle": told("subtitle", lang, **args),
        "learnt": learnt(diff, lang),
        "clauses": [
            {
                "name": clause_name(effect.clause, lang),
                "old": clause_text(effect.clause.parameter, effect.clause.old, lang),
                "new": clause_text(effect.clause.parameter, effect.clause.new, lang),
                "why": clause_why(effect.clause.parameter, lang),
                "alone": effect_text(effect, lang),
                "rests": rests_text(effect.clause, lang),
                "tried": effect.clause.tried,
            }
            for effect in diff.effects
        ],
        "readings": [_reading(reading, lang, zone, names) for reading in diff.readings],
        "single": len(diff.readings) == 1,
    }
    return render("policy.html.j2", context, lang, "policy")


def _reading(reading: Reading, lang: Lang, zone: Zone, names: Names) -> dict[str, object]:
    agencies = [(line.name, line.moved) for line in reading.agencies if line.moved]
    before, after = reading.pending
    return {
        "name": reading.name,
        "flipped": reading.flipped,
        "sides": [_line(line, text("side", line.name, lang)) for line in reading.sides],
        "agencies": [_line(line, line.name) for line in reading.agencies],
        "chart": moves(told("agencies", lang), agencies, signed_yuan) if agencies else "",
        "pending": told("pending", lang, before=whole_yuan(before), after=whole_yuan(after)),
        "waits": told("waits", lang, before=reading.waits[0], after=reading.waits[1]),
        "kinds": [
            {"old": text("outcome", old, lang), "new": text("outcome", new, lang), "from": old, "to": new, "count": n}
            for (old, new), n in reading.kinds.items()
        ],
        "flips": [
            {
                "deal": flip.deal,
                "old": flip_outcome(flip.before.outcome, flip.before.proposal, names, lang),
                "new": flip_outcome(flip.after.outcome, flip.after.proposal, names, lang),
                "moved": whole_yuan(flip.moved),
                "by": moved_by_text(flip, lang),
                "whys": [why_text(why, lang, zone) for why in flip.whys],
            }
            for flip in reading.flips[:SHOWN_FLIPS]
        ],
        "more": max(0, len(reading.flips) - SHOWN_FLIPS),
    }


def _line(line: Line, name: str) -> dict[str, object]:
    return {
        "name": name,
        "before": whole_yuan(line.before),
        "after": whole_yuan(line.after),
        "moved": signed_yuan(line.moved),
        "won": line.won,
        "lost": line.lost,
    }
