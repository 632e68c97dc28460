"""What a use case answers: done, or refused with a reason that the refused can read.

The rules this module keeps:

1. A refusal is a value, never an exception; it is falsy, so `if answer:` asks whether it was done (STYLE §1.4).
2. It names the rule or the article it rests on, the evidence by id, and a text of `present/texts.toml`
   ([refused]) that exists in Chinese and English; its arguments name no other person (PIPL 24, 50; RULES A5).
3. An answer holds nothing personal: it is kept for a repeated request (LEDGER amendment 2).
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, final

from mingshi.kernel.canonical import Json, mapping, sequence


@final
class Done(NamedTuple):
    """It happened and is sealed. `told`: which text of [told] says so; `ids`: the records it made, by what they are."""

    told: str
    ids: Mapping[str, str] = {}
    args: Mapping[str, Json] = {}
    entries: tuple[int, ...] = ()
    """Places in the log of what was sealed; filled by whoever runs the use case."""

    def __bool__(self) -> bool:
        return True

    def as_json(self) -> dict[str, Json]:
        """For a repeated request."""
        return {"told": self.told, "ids": dict(self.ids), "args": dict(self.args), "entries": list(self.entries)}


@final
class Refused(NamedTuple):
    """It did not happen, or does not count. `entries`: what was sealed all the same, so that the attempt is seen."""

    reason: str
    rule: str
    evidence: tuple[str, ...] = ()
    args: Mapping[str, Json] = {}
    entries: tuple[int, ...] = ()
    finding: Mapping[str, Json] | None = None
    """A finding of the judge, where one refused: its own text says why, with its arithmetic."""

    def __bool__(self) -> bool:
        return False

    def as_json(self) -> dict[str, Json]:
        """For a repeated request."""
        value: dict[str, Json] = {
            "refused": self.reason,
            "rule": self.rule,
            "evidence": list(self.evidence),
            "args": dict(self.args),
            "entries": list(self.entries),
        }
        return value if self.finding is None else value | {"finding": dict(self.finding)}


Answer: TypeAlias = Done | Refused


def answer_of(value: Json) -> Answer:
    """The answer that `as_json` wrote."""
    kept = mapping(value)
    args, entries = mapping(kept["args"]), tuple(int(str(at)) for at in sequence(kept["entries"]))
    if "told" in kept:
        return Done(str(kept["told"]), {key: str(one) for key, one in mapping(kept["ids"]).items()}, args, entries)
    finding = kept.get("finding")
    return Refused(
        str(kept["refused"]),
        str(kept["rule"]),
        tuple(map(str, sequence(kept["evidence"]))),
        args,
        entries,
        None if finding is None else mapping(finding),
    )
