"""Writes docs/formats/vectors: files that must verify, and files that must not, each with its reason.

    python tools/ledger_vectors.py            writes them
    python tools/ledger_vectors.py --check    says whether they are as this would write them

Every key, salt and time is made from a name: the files are the same on every machine.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "attacks"))

from attack_world import ORIGIN, START_S, WITNESSES, World, seed  # noqa: E402

from mingshi.ledger.entry import Fact, Part  # noqa: E402
from mingshi.ledger.keys import SigningKey, signed  # noqa: E402
from mingshi.ledger.receipt import make_overdue  # noqa: E402
from mingshi.ledger.tree import Tree  # noqa: E402
from mingshi.ledger.verify import (  # noqa: E402
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Entry,
    Json,
    Note,
    Promise,
    Proof,
    Signature,
    VerifierKey,
    b64,
    canonical,
    fingerprint,
    key_id,
    leaf_hash,
    parse_canonical,
)

VECTORS = ROOT / "docs" / "formats" / "vectors"
PHONE = "138 0000 0003"


def edited(receipt: str, change: Callable[[dict], object]) -> str:
    """The receipt with its extra JSON changed in place."""
    proof = Proof.parse(receipt)
    extra = parse_canonical(proof.extra)
    change(extra)
    return str(replace(proof, extra=canonical(extra)))


def raw(receipt: str, old: bytes, new: bytes) -> str:
    """The receipt with bytes of its extra JSON replaced, canonical or not."""
    proof = Proof.parse(receipt)
    assert old in proof.extra, old
    return str(replace(proof, extra=proof.extra.replace(old, new, 1)))


def noted(receipt: str, change: Callable[[Note], Note]) -> str:
    """The receipt with its checkpoint note changed."""
    proof = Proof.parse(receipt)
    return str(replace(proof, note=str(change(Note.parse(proof.note)))))


def flip(text: str) -> str:
    """Base64 text with one bit of its last byte but two changed."""
    data = bytearray(b64decode(text))
    data[-3] ^= 1
    return b64(bytes(data))


def line_flipped(receipt: str, name: str) -> str:
    lines = receipt.split("\n")
    at = next(at for at, line in enumerate(lines) if line.startswith(f"— {name} "))
    head, _, value = lines[at].rpartition(" ")
    lines[at] = f"{head} {flip(value)}"
    return "\n".join(lines)


class Stage:
    """The world of the vectors: eight entries, two published trees that matter."""

    def __init__(self) -> None:
        w = self.w = World("vectors")
        w.seal("policy", {"policy": "2026-09", "at_us": w.now_s * 1_000_000})
        w.publish()
        w.register("A1", "138 0000 0001")
        w.register("A2", "138 0000 0002")
        w.publish()
        self.old_note = w.store.published() or ""
        w.now_s += 30
        self.index = w.register("A3", PHONE)
        w.seal("confirmation", {"agent": "A3"}, {"buyer": "B3", "name": "林海棠", "at_us": w.now_s * 1_000_000})
        w.seal("arrival", {"agent": "A3"}, {"buyer": "B3", "at_us": w.now_s * 1_000_000})
        w.seal("deal", {"unit": "7-1201", "fen": 215_000_000}, {"buyer": "B3"}, {"agent": "A3"}, {"agent": "A1"})
        w.seal("control", {"lookups": 12})
        w.publish()
        self.agent = w.receipt(self.index)
        self.buyer = w.receipt(self.index + 1, 1)
        self.deal = w.receipt(self.index + 3, 0, 3)
        self.promise = w.promise(self.index)

    def head(
        self, root: bytes, size: int, *, at_s: int | None = None, names: tuple[str, ...] = tuple(WITNESSES)
    ) -> str:
        """A checkpoint as a forging log and witnesses would sign it."""
        return self.sign_all(str(Checkpoint(ORIGIN, size, root)), at_s=at_s, names=names)

    def sign_all(self, text: str, *, at_s: int | None = None, names: tuple[str, ...] = tuple(WITNESSES)) -> str:
        note = signed(text, self.w.key)
        lines = [self.w.witness_keys[name].cosign(text, at_s or self.w.now_s) for name in names]
        return str(Note(text, (*note.signatures, *lines)))

    def alone(self, value: dict[str, Json], *, sealed_s: int, promise: str = "", before: str = "") -> str:
        """A receipt of a log of one entry, the agent's part being `value`, cosigned at `sealed_s`."""
        fact = Fact(kind="registration", parts=(Part(seed("a"), value), Part(seed("b"), {})))
        entry = fact.entry(ORIGIN, 0)
        shown: list[Json] = [each.json for each in fact.openings(0)]
        extra: dict[str, Json] = {"v": 1, "entry": entry.value, "openings": shown, "policy": self.w.policy}
        extra |= {"promise": promise} if promise else {}
        extra |= {"before": before} if before else {}
        return str(Proof(canonical(extra), 0, (), self.head(Tree([entry.leaf]).root(1), 1, at_s=sealed_s)))

    def promised(self, receipt: str, *, text: str = "", **changes: object) -> str:
        """The receipt with a promise that says something else, signed by the log all the same."""
        note = Note.parse(parse_canonical(Proof.parse(receipt).extra)["promise"])
        promise = text or str(replace(Promise.parse(note.text), **changes))
        return edited(receipt, lambda extra: extra.update(promise=str(signed(promise, self.w.key))))


def good(stage: Stage) -> Iterator[tuple[str, str]]:
    """Names and texts of what verifies."""
    yield "policy.txt", stage.w.policy
    yield "agent.tlog-proof", stage.agent
    yield "buyer.tlog-proof", stage.buyer
    yield "deal.tlog-proof", stage.deal
    yield "promise.json", stage.promise
    yield from overdue(stage)


def overdue(stage: Stage) -> Iterator[tuple[str, str]]:
    """The three ways a broken promise shows."""
    w, late = stage.w, stage.w.now_s + 90_000
    own = [leaf_hash(each) for each in w.store.entries(0, w.log.size)]
    absent = make_overdue(stage.promise, stage.head(Tree(own[:3]).root(3), 3, at_s=late))
    unanswered = make_overdue(stage.promise, stage.head(Tree(own).root(len(own)), len(own), at_s=late))
    other = Fact(kind="registration", parts=(Part(seed("x"), {}), Part(seed("y"), {}))).entry(ORIGIN, stage.index)
    tree = Tree([*own[: stage.index], other.leaf, *own[stage.index + 1 :]])
    head = stage.head(tree.root(tree.size), tree.size, at_s=late)
    proof = str(Proof(b"", stage.index, tree.inclusion(stage.index, tree.size), head))
    replaced = make_overdue(stage.promise, head, other=proof, other_entry=other.value)
    for name, text in (("absent", absent), ("unanswered", unanswered), ("replaced", replaced)):
        assert isinstance(text, str), text
        yield f"overdue-{name}.json", text


def mutants(stage: Stage) -> Iterator[tuple[str, str, str, dict]]:  # noqa: PLR0915  # one line a mutant
    """(name, reason, text, what the verifier brings; its policy is policy.txt unless this says otherwise)."""
    w, full = stage.w, stage.agent
    policy = w.policy
    r = edited(full, lambda e: [e.pop(name) for name in ("before", "policy", "promise")])
    proof = Proof.parse(r)

    def bad(name: str, reason: str, text: str, **trust: object) -> tuple[str, str, str, dict]:
        return name, reason, text, trust

    # (1) format
    yield bad("index line misspelt", "MALFORMED_PROOF", r.replace("index ", "Index ", 1))
    yield bad("carriage returns", "MALFORMED_PROOF", r.replace("\nindex", "\r\nindex", 1))
    yield bad("no blank line", "MALFORMED_PROOF", r.replace("\n\n", "\n"))
    yield bad("index with a leading zero", "MALFORMED_PROOF", r.replace("index 3", "index 03"))
    yield bad("index beyond 2**53", "MALFORMED_PROOF", r.replace("index 3", "index 9007199254740992"))
    yield bad("a hash of 31 bytes", "MALFORMED_PROOF", r.replace(b64(proof.hashes[0]), b64(proof.hashes[0][:31])))
    yield bad("a hash in loose base64", "MALFORMED_PROOF", r.replace(b64(proof.hashes[0]), _loose(proof.hashes[0])))
    yield bad("extra that is not base64", "MALFORMED_PROOF", r.replace("extra ", "extra *", 1))
    yield bad("no extra", "MALFORMED_EXTRA", str(replace(proof, extra=b"")))
    yield bad("an unknown member", "MALFORMED_EXTRA", edited(r, lambda e: e.update(note="x")))
    yield bad("a key twice", "MALFORMED_EXTRA", raw(r, b'"v":1}', b'"v":1,"v":1}'))
    yield bad("white space in the JSON", "MALFORMED_EXTRA", raw(r, b'"v":1}', b'"v": 1}'))
    yield bad("a number with a fraction", "MALFORMED_EXTRA", raw(r, b'"at":0', b'"at":0.0'))
    yield bad("a number beyond 2**53", "MALFORMED_EXTRA", raw(r, b'"at":0', b'"at":9007199254740993'))
    yield bad("an escape that need not be", "MALFORMED_EXTRA", raw(r, b'"A3"', b'"\\u00413"'))
    yield bad("a lone surrogate", "MALFORMED_EXTRA", raw(r, b'"A3"', b'"\\ud800"'))
    yield bad("nested too deeply", "MALFORMED_EXTRA", raw(r, b'"A3"', b"[" * 20 + b"]" * 20))
    yield bad("version 2", "MALFORMED_EXTRA", edited(r, lambda e: e.update(v=2)))
    yield bad("version true", "MALFORMED_EXTRA", edited(r, lambda e: e.update(v=True)))
    yield bad("no opening", "MALFORMED_EXTRA", edited(r, lambda e: e.update(openings=[])))
    yield bad("an opening without salt", "MALFORMED_EXTRA", edited(r, lambda e: e["openings"][0].pop("salt")))
    yield bad("a part that is a text", "MALFORMED_EXTRA", edited(r, lambda e: e["openings"][0].update(value="A3")))
    yield bad("a promise that is a number", "MALFORMED_EXTRA", edited(full, lambda e: e.update(promise=1)))
    yield bad("a salt of 31 bytes", "BAD_SALT", edited(r, lambda e: e["openings"][0].update(salt=b64(b"s" * 31))))
    yield bad(
        "a salt with a zero added",
        "BAD_SALT",
        edited(r, lambda e: e["openings"][0].update(salt=b64(_salt(e) + b"\0"))),
    )
    yield bad("cut off after the hashes", "MALFORMED_PROOF", r[: r.index("\n\n") + 1])
    yield bad("a key that is not ASCII", "MALFORMED_EXTRA", raw(r, b'"agent"', '"代理"'.encode()))
    yield bad("a number with a fraction in a part", "MALFORMED_EXTRA", raw(r, b'"A3"', b"1.5"))
    yield bad("a salt that is a number", "MALFORMED_EXTRA", edited(r, lambda e: e["openings"][0].update(salt=5)))
    yield bad("extra that is a list", "MALFORMED_EXTRA", str(replace(proof, extra=b"[]")))
    yield bad("an opening that is a list", "MALFORMED_EXTRA", edited(r, lambda e: e.update(openings=[[]])))
    # (2) policy
    yield bad("no policy at all", "NO_POLICY", r, policy=None)
    lines = policy.splitlines()
    log, agency, association, hq, outside, both, quorum = lines
    for name, text in {
        "policy without quorum": _lines(*lines[:-1]),
        "policy with two quorums": _lines(*lines, quorum),
        "policy whose quorum is undefined": _lines(*lines[:-1], "quorum nobody"),
        "policy with a member in two groups": _lines(
            log, agency, association, hq, outside, "group both all hq agency", quorum
        ),
        "policy asking 3 of 2": _lines(log, agency, association, hq, outside.replace("any", "3"), both, quorum),
        "policy with the same witness key twice": _lines(log, agency, agency.replace("agency", "twin", 1), *lines[2:]),
        "policy with a log key as witness type": _lines(
            log, agency, association.replace(association.split()[2], log.split()[1]), *lines[3:]
        ),
        "policy with a damaged key": _lines(log.replace("+", "+0", 1), *lines[1:]),
        "policy with a key under which anybody can sign": _lines(
            log,
            f"witness agency {VerifierKey('hired.example/w', COSIGNATURE, bytes([1] + [0] * 31))}",
            *lines[2:],
        ),
        "policy with a member that is not defined": _lines(
            log, agency, association, hq, outside, "group both all hq outside nobody", quorum
        ),
        "policy with a name twice": _lines(
            *lines[:2], association.replace(" association ", " agency "), hq, "quorum hq"
        ),
        "policy with a witness called none": _lines(
            *lines[:2], association.replace(" association ", " none "), "quorum agency"
        ),
        "policy with a control character": policy + "# \x7f\n",
        "policy with a log that is no key": _lines("log haitang", *lines[1:]),
        "policy with a key of another type": _lines(log, f"witness agency {_typed(agency.split()[2], 6)}", *lines[2:]),
        "policy with an unknown word": _lines(*lines, "trust me"),
    }.items():
        yield bad(name, "MALFORMED_POLICY", r, policy=text)
    self_key = SigningKey("hired.example/witness", COSIGNATURE, w.key.seed)
    yield bad(
        "witness keyed as the log",
        "WITNESS_IS_LOG",
        r,
        policy=_lines(log, f"witness agency {self_key.verifier}", *lines[2:]),
    )
    yield bad(
        "quorum of the site's own witness",
        "QUORUM_IS_OWN",
        r,
        policy=_lines(log, agency, association, hq, "quorum hq"),
    )
    yield bad("quorum none", "QUORUM_IS_OWN", r, policy=_lines(log, "quorum none"))
    yield bad(
        "quorum one of which is the site's own",
        "QUORUM_IS_OWN",
        r,
        policy=_lines(log, agency, association, hq, "group q 1 hq agency", "quorum q"),
    )
    # (3) log
    stranger = SigningKey("other.example/site/1", ED25519, seed("stranger"))
    yield bad("a log that is not known", "UNKNOWN_LOG", r, policy=_lines(f"log {stranger.verifier}", *lines[1:]))
    again = SigningKey(ORIGIN, ED25519, seed("another key"))
    yield bad(
        "another key under the log's name",
        "NO_LOG_SIGNATURE",
        noted(r, lambda n: Note(n.text, (again.sign(n.text), *n.signatures[1:]))),
    )
    yield bad("log signature taken off", "NO_LOG_SIGNATURE", noted(r, lambda n: Note(n.text, n.signatures[1:])))
    yield bad("log signature damaged", "BAD_LOG_SIGNATURE", line_flipped(r, ORIGIN))
    yield bad("root edited", "BAD_LOG_SIGNATURE", r.replace(_root(r), flip(_root(r))))
    yield bad("size edited", "BAD_LOG_SIGNATURE", r.replace(f"\n{ORIGIN}\n8\n", f"\n{ORIGIN}\n9\n"))
    yield bad(
        "one good and one bad signature of the log",
        "BAD_LOG_SIGNATURE",
        noted(r, lambda n: Note(n.text, (*n.signatures, _spoilt(n.signatures[0])))),
    )
    yield bad("no newline at the end", "MALFORMED_NOTE", r[:-1])
    yield bad("a line after the signatures", "MALFORMED_NOTE", r + "and so on\n")
    yield bad(
        "a control character in the note",
        "MALFORMED_NOTE",
        r.replace(f"\n{ORIGIN}\n8\n", f"\n{ORIGIN}\t\n8\n"),
    )
    yield bad("101 signatures", "MALFORMED_NOTE", noted(r, lambda n: Note(n.text, (n.signatures[0],) * 101)))
    yield bad("a hyphen before a signature", "MALFORMED_NOTE", r.replace("\n— agents", "\n- agents"))
    yield bad("a signature of no bytes", "MALFORMED_NOTE", r + f"— x {b64(b'1234')}\n")
    gap = stage.sign_all(f"{ORIGIN}\n8\n{_root(r)}\n\nmore\n")
    yield bad("an empty line in the checkpoint", "MALFORMED_CHECKPOINT", str(replace(proof, note=gap)))
    # (4) checkpoint, as a log might sign it
    root = _root(r)
    for name, reason, text in (
        ("an extension line", "EXTENSION_LINES", f"{ORIGIN}\n8\n{root}\nmore\n"),
        ("size with a leading zero", "MALFORMED_CHECKPOINT", f"{ORIGIN}\n08\n{root}\n"),
        ("a root of 31 bytes", "MALFORMED_CHECKPOINT", f"{ORIGIN}\n8\n{b64(b'r' * 31)}\n"),
        ("no root", "MALFORMED_CHECKPOINT", f"{ORIGIN}\n8\n"),
    ):
        yield bad(name, reason, str(replace(proof, note=stage.sign_all(text))))
    # (5) cosignatures
    yield bad("a cosignature damaged", "BAD_COSIGNATURE", line_flipped(r, WITNESSES["agency"]))
    yield bad(
        "a stale cosignature",
        "BAD_COSIGNATURE",
        noted(r, lambda n: _swap(n, _line_of(stage.old_note, "agency"))),
    )
    yield bad(
        "a cosignature with another time",
        "BAD_COSIGNATURE",
        noted(r, lambda n: _swap(n, _retimed(_line_of(proof.note, "agency")))),
    )
    yield bad(
        "a cosignature without signature",
        "BAD_COSIGNATURE",
        noted(r, lambda n: _swap(n, _line_of(proof.note, "agency")._replace(value=b"12345"))),
    )
    yield bad(
        "one witness's cosignature as another's",
        "BAD_COSIGNATURE",
        noted(
            r,
            lambda n: _swap(n, _line_of(proof.note, "agency")._replace(value=_line_of(proof.note, "hq").value)),
        ),
    )
    yield bad("a cosignature from the future", "FUTURE_COSIGNATURE", r, now_s=w.now_s - 7200)
    yield bad(
        "a cosignature with a time beyond 2**53",
        "BAD_COSIGNATURE",
        noted(r, lambda n: _swap(n, w.witness_keys["agency"].cosign(n.text, 2**53))),
    )
    # (6) quorum
    yield bad("quorum short by one", "QUORUM_NOT_MET", noted(r, lambda n: _only(n, "agency", "association")))
    yield bad("only the site's own witness", "QUORUM_NOT_MET", noted(r, lambda n: _only(n, "hq")))
    yield bad("no cosignature", "QUORUM_NOT_MET", noted(r, _only))
    yield bad(
        "the own witness twice",
        "QUORUM_NOT_MET",
        noted(r, lambda n: Note(n.text, (*_only(n, "hq").signatures, _line_of(proof.note, "hq")))),
    )
    nobody = SigningKey("nobody.example/witness", COSIGNATURE, seed("nobody"))
    yield bad(
        "a witness nobody knows",
        "QUORUM_NOT_MET",
        noted(r, lambda n: Note(n.text, (*_only(n, "hq").signatures, nobody.cosign(n.text, w.now_s)))),
    )
    # (7) entry
    yield bad("entry without kind", "MALFORMED_ENTRY", edited(r, lambda e: e["entry"].pop("kind")))
    yield bad("entry of version 2", "MALFORMED_ENTRY", edited(r, lambda e: e["entry"].update(v=2)))
    yield bad("entry with a number as text", "MALFORMED_ENTRY", edited(r, lambda e: e["entry"].update(seq="3")))
    yield bad("entry with one commitment too few", "MALFORMED_ENTRY", edited(r, lambda e: e["entry"]["cms"].pop()))
    yield bad(
        "entry with one commitment too many",
        "MALFORMED_ENTRY",
        edited(r, lambda e: e["entry"]["cms"].append(b64(b"c" * 32))),
    )
    yield bad(
        "entry with a commitment twice",
        "MALFORMED_ENTRY",
        edited(r, lambda e: e["entry"].update(cms=e["entry"]["cms"][:1] * 2)),
    )
    yield bad(
        "entry with a short commitment",
        "MALFORMED_ENTRY",
        edited(r, lambda e: e["entry"].update(cms=[b64(b"c" * 31)] * 2)),
    )
    yield bad("entry with a name in clear", "MALFORMED_ENTRY", edited(r, lambda e: e["entry"].update(agent="A3")))
    yield bad("entry of an unknown kind", "UNKNOWN_KIND", edited(r, lambda e: e["entry"].update(kind="visit")))
    yield bad(
        "entry of another site",
        "WRONG_SITE",
        edited(r, lambda e: e["entry"].update(site="haitang.example/site/8")),
    )
    yield bad("entry with another number", "WRONG_INDEX", edited(r, lambda e: e["entry"].update(seq=4)))
    yield bad("index edited", "WRONG_INDEX", r.replace("index 3", "index 4"))
    for name, change in {
        "entry whose kind is a number": {"kind": 5},
        "entry with a text for a list": {"cms": ""},
        "entry with a number as commitment": {"cms": [1, 2]},
    }.items():
        yield bad(name, "MALFORMED_ENTRY", edited(r, lambda e, change=change: e["entry"].update(change)))
    for name, value in {"a text": "entry", "null": None, "a list": []}.items():
        changed = edited(r, lambda e, value=value: e.update(entry=value))
        yield bad(f"entry that is {name}", "MALFORMED_ENTRY", changed)
    # (8) openings
    yield bad("agent edited", "OPENING_MISMATCH", edited(r, lambda e: e["openings"][0]["value"].update(agent="A1")))
    yield bad(
        "time edited",
        "OPENING_MISMATCH",
        edited(r, lambda e: e["openings"][0]["value"].update(at_us=START_S * 1_000_000)),
    )
    yield bad(
        "a member added to a part",
        "OPENING_MISMATCH",
        edited(r, lambda e: e["openings"][0]["value"].update(rebate=0)),
    )
    yield bad(
        "another salt",
        "OPENING_MISMATCH",
        edited(r, lambda e: e["openings"][0].update(salt=b64(seed("other")))),
    )
    yield bad(
        "agent's part shown as the buyer's",
        "OPENING_MISMATCH",
        edited(r, lambda e: e["openings"][0].update(at=1)),
    )
    yield bad("a part that is not there", "OPENING_MISMATCH", edited(r, lambda e: e["openings"][0].update(at=2)))
    yield bad("a part before the first", "OPENING_MISMATCH", edited(r, lambda e: e["openings"][0].update(at=-1)))
    yield bad(
        "another entry's opening",
        "OPENING_MISMATCH",
        edited(r, lambda e: e.update(openings=[w.openings[1][0].json])),
    )
    # (9) inclusion
    yield bad(
        "an entry made up to fit",
        "NOT_INCLUDED",
        edited(r, lambda e: _forge(e, {"agent": "A1", "at_us": w.now_s * 1_000_000})),
    )
    yield bad("kind edited", "NOT_INCLUDED", edited(r, lambda e: e["entry"].update(kind="arrival")))
    yield bad("a sibling damaged", "NOT_INCLUDED", r.replace(b64(proof.hashes[1]), flip(b64(proof.hashes[1]))))
    yield bad("a sibling missing", "NOT_INCLUDED", str(replace(proof, hashes=proof.hashes[1:])))
    yield bad("a sibling too many", "NOT_INCLUDED", str(replace(proof, hashes=(*proof.hashes, seed("more")))))
    yield bad("siblings out of order", "NOT_INCLUDED", str(replace(proof, hashes=proof.hashes[::-1])))
    yield bad("no siblings", "NOT_INCLUDED", str(replace(proof, hashes=())))
    yield bad("a checkpoint without the entry", "NOT_INCLUDED", str(replace(proof, note=stage.old_note)))
    # (10) time
    day = 86_400
    s = w.now_s
    stated: dict[str, Json] = {"agent": "A9", "at_us": s * 1_000_000}
    empty = stage.head(Tree().root(0), 0, at_s=s + 3600)
    yield bad("a time after the witnesses saw it", "POSTDATED", stage.alone(stated, sealed_s=s - 3600))
    yield bad(
        "back-dated over a checkpoint without it",
        "BACKDATED",
        stage.alone(stated, sealed_s=s + 3660, before=empty),
    )
    yield bad("sealed a day late", "LATE_SEAL", stage.alone(stated, sealed_s=s + day + 121))
    later = stage.head(Tree([seed("leaf")]).root(1), 1, at_s=s - 60)
    yield bad(
        "an earlier checkpoint that holds it",
        "MALFORMED_EXTRA",
        stage.alone(stated, sealed_s=s, before=later),
    )
    yield bad(
        "an earlier checkpoint without quorum",
        "QUORUM_NOT_MET",
        stage.alone(stated, sealed_s=s, before=stage.head(Tree().root(0), 0, names=("hq",))),
    )
    twin = SigningKey("huating.example/site/1", ED25519, seed("twin"))
    both_logs = f"log {twin.verifier}\n{policy}"
    twin_text = str(Checkpoint(twin.name, 0, Tree().root(0)))
    cosigned = tuple(w.witness_keys[name].cosign(twin_text, s + 172_800) for name in WITNESSES)
    twin_head = str(Note(twin_text, (*signed(twin_text, twin).signatures, *cosigned)))
    twin_before = stage.alone(stated, sealed_s=s, before=twin_head)
    yield bad("an earlier checkpoint of another log", "MALFORMED_EXTRA", twin_before, policy=both_logs)
    # (11) promise
    yield bad("a promise of another form", "PROMISE_MALFORMED", stage.promised(full, text="mingshi/promise/v1\n"))
    yield bad(
        "a checkpoint as a promise",
        "PROMISE_MALFORMED",
        edited(full, lambda e: e.update(promise=stage.old_note)),
    )
    yield bad(
        "a promise not signed",
        "PROMISE_SIGNATURE",
        edited(full, lambda e: e.update(promise=_unsigned(e["promise"]))),
    )
    yield bad(
        "a promise with a later time",
        "PROMISE_SIGNATURE",
        edited(full, lambda e: e.update(promise=e["promise"].replace("within 86400", "within 99999"))),
    )
    yield bad("a promise of another place", "PROMISE_OTHER_ENTRY", stage.promised(full, index=4))
    yield bad("a promise of another leaf", "PROMISE_OTHER_ENTRY", stage.promised(full, leaf=seed("leaf")))
    yield bad(
        "a promise before another witness",
        "PROMISE_WITNESS_MISSING",
        stage.promised(full, witness=nobody.verifier),
    )
    yield bad("a promise kept late", "PROMISE_LATE", stage.promised(full, time_s=START_S - 2 * day))
    told = str(Promise.parse(Note.parse(parse_canonical(Proof.parse(full).extra)["promise"]).text))
    for name, text in {
        "a promise with a line more": told + "or so\n",
        "a promise with a word changed": told.replace("\ntime", "\nwhen"),
        "a promise before a key that does not cosign": told.replace(
            str(w.witness_keys["agency"].verifier), str(w.key.verifier)
        ),
    }.items():
        yield bad(name, "PROMISE_MALFORMED", stage.promised(full, text=text))
    bare = edited(full, lambda e: e.update(promise="— x AAAAAAA=\n"))
    yield bad("a promise of signatures only", "MALFORMED_NOTE", bare)
    # (12) phone, (13) trust
    yield bad("another phone", "PHONE_MISMATCH", r, phone="138 0000 0004")
    yield bad("the same phone typed otherwise", "PHONE_MISMATCH", r, phone="13800000003")
    yield bad("nobody's policy", "POLICY_NOT_TRUSTED", full, policy=None)
    almost = fingerprint(policy)[:-1] + "0"
    yield bad("another fingerprint", "POLICY_NOT_TRUSTED", full, policy=None, fingerprint=almost)
    # promises and overdue evidence
    files = dict(overdue(stage))
    p = stage.promise
    yield bad(
        "promise with a member more",
        "MALFORMED_EXTRA",
        canonical(parse_canonical(p.encode()) | {"x": 1}).decode(),
    )
    yield bad("promise with another opening", "OPENING_MISMATCH", p.replace('"agent":"A3"', '"agent":"A4"'))
    yield bad(
        "promise with another kind",
        "PROMISE_OTHER_ENTRY",
        p.replace('"kind":"registration"', '"kind":"escort"'),
    )
    unanswered = parse_canonical(files["overdue-unanswered.json"].encode())
    replaced = parse_canonical(files["overdue-replaced.json"].encode())
    early = dict(unanswered, head=w.store.published())
    yield bad("overdue before it is due", "NOT_OVERDUE", canonical(early).decode())
    kept = dict(replaced, other=str(replace(Proof.parse(r), extra=b"")), other_entry=unanswered["entry"])
    yield bad("overdue though kept", "PROMISE_KEPT", canonical(kept).decode())
    half = {name: value for name, value in replaced.items() if name != "other_entry"}
    yield bad("overdue without the other entry", "MALFORMED_EXTRA", canonical(half).decode())
    elsewhere = dict(unanswered, head=twin_head)
    yield bad("overdue by another log's head", "UNKNOWN_LOG", canonical(elsewhere).decode(), policy=both_logs)
    shown = Proof.parse(replaced["other"])
    moved = dict(replaced, other=str(replace(shown, index=shown.index + 1)))
    yield bad("overdue by the entry of another place", "WRONG_INDEX", canonical(moved).decode())
    headless = dict(replaced, other=replaced["other"].replace("proof@v1", "proof@v2"))
    yield bad("overdue by a proof of another version", "MALFORMED_PROOF", canonical(headless).decode())
    weak = dict(unanswered, head=str(_only(Note.parse(unanswered["head"]), "hq")))
    yield bad("overdue by a head without quorum", "QUORUM_NOT_MET", canonical(weak).decode())


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _loose(data: bytes) -> str:
    text = b64(data)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"{text[:42]}{letters[letters.index(text[42]) + 1]}="


def _typed(vkey: str, kind: int) -> str:
    key = VerifierKey.parse(vkey)
    return f"{key.name}+{key_id(key.name, kind, key.public).hex()}+{b64(bytes([kind]) + key.public)}"


def _salt(extra: dict) -> bytes:
    return b64decode(extra["openings"][0]["salt"])


def _root(receipt: str) -> str:
    return b64(Checkpoint.parse(Note.parse(Proof.parse(receipt).note).text).root)


def _spoilt(signature: Signature) -> Signature:
    return signature._replace(value=signature.value[:-1] + bytes([signature.value[-1] ^ 1]))


def _line_of(note: str, witness: str) -> Signature:
    return next(each for each in Note.parse(note).signatures if each.name == WITNESSES[witness])


def _swap(note: Note, line: Signature) -> Note:
    return Note(note.text, tuple(line if each.name == line.name else each for each in note.signatures))


def _only(note: Note, *names: str) -> Note:
    kept = {ORIGIN, *(WITNESSES[name] for name in names)}
    return Note(note.text, tuple(each for each in note.signatures if each.name in kept))


def _retimed(line: Signature) -> Signature:
    return line._replace(value=(int.from_bytes(line.value[:8], "big") - 3600).to_bytes(8, "big") + line.value[8:])


def _unsigned(note: str) -> str:
    parsed = Note.parse(note)
    other = SigningKey(ORIGIN, ED25519, seed("another key"))
    return str(signed(parsed.text, other))


def _forge(extra: dict, value: dict[str, Json]) -> None:
    entry = Entry.parse(extra["entry"])
    part = Part(seed("forged"), value)
    made = Fact(kind=entry.kind, parts=(part, Part(seed("blank"), {})))
    extra["entry"]["cms"][0] = b64(made.entry(entry.site, entry.seq).cms[0])
    extra["openings"] = [made.openings(0)[0].json]


def files() -> dict[str, str]:
    """Every vector file by name."""
    stage = Stage()
    cases = [
        {"name": name, "reason": reason, "trust": brought, "text": text}
        for name, reason, text, brought in mutants(stage)
    ]
    shared = json.dumps(cases, ensure_ascii=False, indent=1) + "\n"
    return dict(good(stage)) | {"mutants.json": shared}


def main(arguments: list[str]) -> int:
    wrong = []
    for name, text in files().items():
        path = VECTORS / name
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8", newline="")
        elif not path.exists() or path.read_bytes() != text.encode():
            wrong.append(name)
    print(*(f"not as it would be written: {name}" for name in wrong), sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
