"""What a use case answered, in words: what was done, or why not, on which rule, and what is to be done now."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done
from mingshi.kernel.timeline import Zone
from mingshi.present.texts import Lang, fill, finding_text, text


class Said(NamedTuple):
    """An answer as its asker reads it."""

    done: bool
    text: str
    why: str = ""
    """Of a refusal: the judge's own reason with its arithmetic."""
    rule: str = ""


def said(answer: Answer, lang: Lang, zone: Zone) -> Said:
    """In words."""
    if isinstance(answer, Done):
        return Said(done=True, text=fill(text("told", answer.told, lang), answer.args, lang, zone))
    told = fill(text("refused", answer.reason, lang), answer.args, lang, zone)
    why = "" if answer.finding is None else finding_text(answer.finding, lang, zone)
    return Said(done=False, text=told, why=why, rule=answer.rule)
