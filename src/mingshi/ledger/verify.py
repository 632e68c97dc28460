"""Check a receipt of a sealed fact: alone, off-line, trusting nobody but the keys you were told.

This file needs Python 3.11 and the package `cryptography`, nothing of mingshi. Copy it anywhere and run

    python verify.py RECEIPT --policy POLICY          or, with the fingerprint printed on the paper receipt,
    python verify.py RECEIPT --fingerprint "3f2a 91c0 …"

What it guarantees: a receipt is accepted only if every check below said yes. They run in this order, and
nothing in the file is believed before the check that covers it. Each name in [ ] is the clause it follows:
C2SP specifications by their names, RFC 6962, docs/formats of this project, promises INV-07 and L-31 to L-34.

 1 format       the file is a tlog-proof whose extra line holds an entry and openings   [tlog-proof "Format"]
 2 policy       the rule of trust is readable; no witness uses the log's own key; the
                site's group alone cannot fill the quorum                               [tlog-policy; L-33]
 3 log          the checkpoint is signed by a key of the log that its first line names
                                                [signed-note "Signatures"; tlog-proof "Verifying" 2]
 4 checkpoint   origin, size, root; no other line                         [tlog-checkpoint "Note text"]
 5 cosignatures every cosignature of a known witness is valid, none from the future
                                                [tlog-cosignature "Format"; tlog-proof "Verifying" 3]
 6 quorum       enough independent witnesses cosigned                     [tlog-policy "Defining the quorum"]
 7 entry        the entry is well formed and says it is this log's, at this index       [entry.md §1]
 8 openings     each opened part, with its 32-byte salt, gives the commitment in the entry    [entry.md §3]
 9 inclusion    the leaf, recomputed from that entry, is in the tree
                                                [RFC 6962 §2.1.1; tlog-proof "Verifying" 4]
10 time         the time stated inside agrees with the witnesses' times   [receipt.md §4; L-34]
11 promise      the promise, if one is enclosed, was kept, before the witness it names  [promise.md §2]
12 phone        the telephone number asked about is the one sealed        [entry.md §4]
13 trust        the rule of trust is yours, not merely the one enclosed   [receipt.md §5]

`verify_promise` and `verify_overdue` check a promise, and a promise that was not kept, in the same way
(promise.md). Nothing here writes a file, opens a socket, or reads a clock, except `main` at the end.
"""

# A parser raises where it finds the fault and one `except` names the check; a table keeps a row to a line.
# ruff: noqa: E501, TRY004, TRY301

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias, Union, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json: TypeAlias = Union[None, bool, int, str, "list[Json]", "dict[str, Json]"]

SKEW_S: Final = 120
"""How far two honest clocks, and the way from a site to a witness, may lie apart, in seconds."""

MERGE_DELAY_S: Final = 86_400
"""An entry sealed later than this after the time it states counts from its sealing, in seconds (RULES §7)."""

SAFE_INTEGER: Final = 2**53 - 1
MAX_FILE: Final = 1 << 20
MAX_ENTRY: Final = 65_535
MAX_DEPTH: Final = 16
MAX_SIGNATURES: Final = 100
MAX_COMMITMENTS: Final = 64

COMMIT_PREFIX: Final = b"mingshi/commit/v1\0"
PHONE_PREFIX: Final = b"mingshi/phone/v1\0"
PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
PROMISE_HEADER: Final = "mingshi/promise/v1"
OVERDUE_HEADER: Final = "mingshi/overdue/v1"

_DEAL = ("deal", "buyer", "agent")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    # Wire law: kinds are never renamed, reused or reordered; a new one is added at the end. The tuple names
    # whose part each commitment is, by position; in the deal's kinds further ones are further agents'.
    "registration": ("agent", "buyer"),
    "confirmation": ("agent", "buyer"),
    "arrival": ("agent", "buyer"),
    "statement": ("agent", "buyer"),
    "escort": ("agent", "buyer"),
    "deal": _DEAL,
    "payment": _DEAL,
    "cancellation": _DEAL,
    "ruling": _DEAL,
    "decision": _DEAL,
    "objection": _DEAL,
    "settlement": _DEAL,
    "consent": ("buyer",),
    "withdrawal": ("buyer",),
    "session": ("buyer",),
    "policy": ("site",),
    "notice": ("site",),
    "erasure": ("buyer", "site"),
    "control": ("site",),
}
"""The closed set of kinds of entries, and whose part each commitment is (entry.md §2)."""


class RefusedError(Exception):
    """A check said no. `code` is one of `REASONS`; `detail` names the place, in no particular language."""

    def __init__(self, code: str, detail: str = "") -> None:
        assert code in REASONS, code
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


# ---------------------------------------------------------------------------------------------------------
# Bytes: base64, whole numbers, canonical JSON


def b64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode()


def unb64(text: str, length: int | None = None) -> bytes:
    """The bytes of canonical base64, `length` of them if given. Raises `ValueError` otherwise."""
    data = base64.b64decode(text, validate=True)
    if b64(data) != text or (length is not None and len(data) != length):
        raise ValueError(f"not the base64 of {length or 'some'} bytes: {text[:60]!r}")
    return data


def decimal(text: str) -> int:
    """A whole number without sign or leading zeroes, at most 2**53 - 1. Raises `ValueError` for another."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,15}", text, re.ASCII) or int(text) > SAFE_INTEGER:
        raise ValueError(f"not a whole number: {text[:40]!r}")
    return int(text)


def canonical(value: Json) -> bytes:
    """Canonical JSON (RFC 8785, whole numbers only). Raises `ValueError` for what has no such form."""
    _check_json(value, MAX_DEPTH)
    return _encode(value).encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def parse_canonical(data: bytes) -> Json:
    """The value of canonical JSON; any other spelling of it raises `ValueError`, duplicate keys included."""
    try:
        value: Json = json.loads(data.decode())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if canonical(value) != data:
        raise ValueError("not in canonical form")
    return value


def _check_json(value: Json, depth: int) -> None:
    if depth < 0:
        raise ValueError("nested too deeply")
    if value is None or type(value) in (bool, str):
        return
    if type(value) is int:
        if abs(value) > SAFE_INTEGER:
            raise ValueError("a number beyond 2**53 - 1")
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise ValueError("a key that is not ASCII text")
            _check_json(item, depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_json(item, depth - 1)
    else:
        raise ValueError(f"a {type(value).__name__}")


# ---------------------------------------------------------------------------------------------------------
# The tree (RFC 6962 §2.1)

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: the prefix 0x00 keeps a leaf from passing for a node (RFC 6962 §2.1)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: prefix 0x01."""
    return hashlib.sha256(b"\1" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Is `leaf` the one at `index` in the tree of `size` leaves with this `root`? (RFC 6962 §2.1.1)."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    here, last, at = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False  # a proof longer than the tree is high
        if here & 1 or here == last:
            at = node_hash(sibling, at)
            while not here & 1 and here:  # a node without right sibling moves up as it is
                here >>= 1
                last >>= 1
        else:
            at = node_hash(at, sibling)
        here >>= 1
        last >>= 1
    return last == 0 and hmac.compare_digest(at, root)


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Is the tree of `new_size` the tree of `old_size` with leaves added at its end? (RFC 6962 §2.1.2).

    Both roots are rebuilt from the proof, so that neither can be something else. A tree of size 0 proves
    nothing about a later one: it is refused unless both are the empty tree.
    """
    if not 0 <= old_size <= new_size or not _all_hashes(old_root, new_root, *proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if old_size == 0 or not proof:
        return False
    here, last = old_size - 1, new_size - 1
    while here & 1:  # climb to the largest complete subtree that ends the old tree
        here >>= 1
        last >>= 1
    hashes = list(proof)
    old = new = old_root if here == 0 else hashes.pop(0)
    for sibling in hashes:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        here >>= 1
        last >>= 1
    return last == 0 and hmac.compare_digest(old, old_root) and hmac.compare_digest(new, new_root)


def _all_hashes(*hashes: bytes) -> bool:
    return {32} >= {len(each) for each in hashes}


# ---------------------------------------------------------------------------------------------------------
# Keys and signed notes (C2SP signed-note)

ED25519: Final = 1
COSIGNATURE: Final = 4


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key (signed-note "Signatures")."""
    return hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + public).digest()[:4]


def fingerprint(text: str) -> str:
    """The first 160 bits of SHA-256, as people compare it: ten groups of four hexadecimal digits."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 40, 4))


_WEAK: Final = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""The points of order 1 to 8, whatever their sign: under such a key anybody can sign (RFC 8032 §5.1.7)."""


class VerifierKey(NamedTuple):
    """A public key, its name and its use: 1 signs notes, 4 cosigns (signed-note "Verifier keys")."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Of a vkey `name+id+key`. Raises `ValueError`."""
        name, plus, rest = text.partition("+")
        ident, second, encoded = rest.partition("+")
        material = unb64(encoded, 33)
        key = cls(name, material[0], material[1:])
        if not (plus and second and key_name_ok(name)) or key.kind not in (ED25519, COSIGNATURE):
            raise ValueError(f"not an Ed25519 verifier key: {text[:80]!r}")
        if weak(key.public):
            raise ValueError(f"a key under which anybody can sign: {text[:80]!r}")
        if ident != key.id.hex():
            raise ValueError(f"the key's id should be {key.id.hex()}: {text[:80]!r}")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @property
    def id(self) -> bytes:
        """Its four-byte id."""
        return key_id(self.name, self.kind, self.public)


def weak(public: bytes) -> bool:
    """Is it a point of small order, under which anybody can sign?"""
    return public[:31] + bytes([public[31] & 0x7F]) in _WEAK


def key_name_ok(name: str) -> bool:
    """A key's name: not empty, no white space, no plus, no control character (signed-note "Format")."""
    return bool(name) and not _NO_NAME.search(name)


_NO_NAME = re.compile(r"[\s+\x00-\x1f]")
_NO_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NO_POLICY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Signature(NamedTuple):
    """One signature line of a note."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Of a line without its newline. Raises `ValueError`."""
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or not key_name_ok(name):
            raise ValueError(f"not a signature line: {line[:60]!r}")
        data = unb64(encoded)
        if len(data) < 5:
            raise ValueError(f"a signature line too short: {line[:60]!r}")
        return cls(name, data[:4], data[4:])


class Note(NamedTuple):
    """A text with signature lines (signed-note "Format"); nothing is believed of it until one is checked."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> "Note":
        """Of the whole note. Raises `RefusedError` MALFORMED_NOTE."""
        try:
            if _NO_NOTE.search(note):
                raise ValueError("a control character")
            text, blank, lines = note.rpartition("\n\n")
            if not blank or not lines.endswith("\n"):
                raise ValueError("no blank line before the signatures, or no newline at the end")
            signatures = tuple(map(Signature.parse, lines[:-1].split("\n")))
            if len(signatures) > MAX_SIGNATURES:
                raise ValueError(f"more than {MAX_SIGNATURES} signatures")
        except ValueError as error:
            raise RefusedError("MALFORMED_NOTE", str(error)) from error
        return cls(text + "\n", signatures)

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed_by(self, key: VerifierKey) -> tuple[int, ...]:
        """The times, in Unix seconds, of this key's signatures, all checked; 0 where the kind has no time.

        Empty where the key did not sign. A signature of the key that does not verify rejects the whole note
        (signed-note "Signatures"): raises `RefusedError` BAD_LOG_SIGNATURE or BAD_COSIGNATURE.
        """
        times, ident = [], key.id
        for signature in self.signatures:
            if signature.name != key.name or signature.key_id != ident:
                continue  # unknown keys are ignored, even under a known name
            stamp, value = b"", signature.value
            if key.kind == COSIGNATURE:
                stamp, value = value[:8], value[8:]
            at = int.from_bytes(stamp, "big")
            message = self.text if key.kind == ED25519 else f"cosignature/v1\ntime {at}\n{self.text}"
            try:
                if at > SAFE_INTEGER or len(value) != 64:
                    raise InvalidSignature
                Ed25519PublicKey.from_public_bytes(key.public).verify(value, message.encode())
            except (InvalidSignature, ValueError) as error:
                code = "BAD_LOG_SIGNATURE" if key.kind == ED25519 else "BAD_COSIGNATURE"
                raise RefusedError(code, str(key)) from error
            times.append(at)
        return tuple(times)


# ---------------------------------------------------------------------------------------------------------
# Checkpoints (C2SP tlog-checkpoint)


class Checkpoint(NamedTuple):
    """The head of a log's tree: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Of a note's text. Raises `RefusedError` MALFORMED_CHECKPOINT."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise RefusedError("MALFORMED_CHECKPOINT", "not three lines or more, each with a newline")
        try:
            return cls(lines[0], decimal(lines[1]), unb64(lines[2], 32), tuple(lines[3:]))
        except ValueError as error:
            raise RefusedError("MALFORMED_CHECKPOINT", str(error)) from error

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, b64(self.root), *self.extensions))


# ---------------------------------------------------------------------------------------------------------
# The rule of trust (C2SP tlog-policy)


class Witness(NamedTuple):
    """A witness of a policy: its short name there, its key, and where it answers, if said."""

    name: str
    key: VerifierKey
    url: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which logs are known, which witnesses, and how many of them must have cosigned (tlog-policy)."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[Witness, ...]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str
    urls: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Of a policy file. Raises `RefusedError` MALFORMED_POLICY with the line, or WITNESS_IS_LOG.

        UTF-8 is asked for where the specification only recommends it. Keys other than Ed25519 are refused.
        """
        logs: list[VerifierKey] = []
        urls: dict[str, str] = {}
        witnesses: dict[str, Witness] = {}
        groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        used: set[str] = set()
        quorum = ""
        for number, line in enumerate(text.split("\n"), 1):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            try:
                if _NO_POLICY.search(line):
                    raise ValueError("a control character")
                match words:
                    case [""]:
                        continue
                    case [first, *_] if first.startswith("#"):
                        continue
                    case ["log", vkey, *url] if len(url) < 2:
                        logs.append(_policy_key(vkey, ED25519, logs))
                        urls.update({vkey: url[0]} if url else {})
                    case ["witness", name, vkey, *url] if len(url) < 2:
                        _new_name(name, witnesses, groups)
                        others = [witness.key for witness in witnesses.values()]
                        witnesses[name] = Witness(name, _policy_key(vkey, COSIGNATURE, others), *url)
                    case ["group", name, count, *members] if members:
                        _new_name(name, witnesses, groups)
                        for member in members:
                            if member not in witnesses and member not in groups:
                                raise ValueError(f"{member!r} is not defined above")
                            if member in used:
                                raise ValueError(f"{member!r} is a member of a group already")
                            used.add(member)
                        few = {"all": len(members), "any": 1}
                        need = few[count] if count in few else decimal(count)
                        if not 1 <= need <= len(members):
                            raise ValueError(f"{need} of {len(members)}")
                        groups[name] = (need, tuple(members))
                    case ["quorum", name]:
                        if quorum or (name != "none" and name not in witnesses and name not in groups):
                            raise ValueError("a second quorum, or one not defined above")
                        quorum = name
                    case _:
                        raise ValueError("not a line of a policy")
            except ValueError as error:
                raise RefusedError("MALFORMED_POLICY", f"line {number}: {error}") from error
        if not quorum:
            raise RefusedError("MALFORMED_POLICY", "no quorum line")
        check_separate_keys(logs, witnesses.values())
        return cls(logs=tuple(logs), witnesses=tuple(witnesses.values()), groups=groups, quorum=quorum, urls=urls)

    def __str__(self) -> str:
        lines = [f"log {key} {self.urls.get(str(key), '')}" for key in self.logs]
        lines += [f"witness {each.name} {each.key} {each.url}" for each in self.witnesses]
        lines += [f"group {name} {need} {' '.join(members)}" for name, (need, members) in self.groups.items()]
        return "".join(f"{line.rstrip()}\n" for line in [*lines, f"quorum {self.quorum}"])

    def satisfied(self, cosigners: Collection[str]) -> bool:
        """Do these witnesses, by their names in the policy, fill the quorum?"""

        def has(name: str) -> bool:
            if name not in self.groups:
                return name in cosigners
            need, members = self.groups[name]
            return sum(map(has, members)) >= need

        return self.quorum == "none" or has(self.quorum)

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys that may sign for `origin`; two while a key is being changed."""
        return tuple(key for key in self.logs if key.name == origin)


def _policy_key(vkey: str, kind: int, others: Iterable[VerifierKey]) -> VerifierKey:
    key = VerifierKey.parse(vkey)
    if key.kind != kind:
        raise ValueError(f"a key of type {key.kind} where {kind} is needed")
    if any(key.public == other.public for other in others):
        raise ValueError("the same public key twice")
    return key


def _new_name(name: str, *taken: Collection[str]) -> None:
    if name == "none" or any(name in names for names in taken):
        raise ValueError(f"the name {name!r} is taken")


def check_separate_keys(logs: Iterable[VerifierKey], witnesses: Iterable[Witness]) -> None:
    """A witness that holds the log's own key witnesses nothing."""
    publics = {log.public for log in logs}
    for witness in witnesses:
        if witness.key.public in publics:
            raise RefusedError("WITNESS_IS_LOG", witness.name)


def check_independence(policy: Policy) -> None:
    """A quorum that the site's own group could fill alone proves nothing (L-33).

    A witness is the group's own where the domain of its key's name is the log's, above or below it.
    """
    for log in policy.logs:
        own = [each.name for each in policy.witnesses if _same_house(each.key.name, log.name)]
        if policy.satisfied(own):
            raise RefusedError("QUORUM_IS_OWN", " ".join(own) or "none")


def _same_house(one: str, other: str) -> bool:
    first, second = (f".{name.partition('/')[0].lower()}" for name in (one, other))
    return first.endswith(second) or second.endswith(first)


def check_log_signature(note: Note, policy: Policy) -> None:
    """The first line names a log of the policy, and one of that log's keys signed the note."""
    origin = note.text.partition("\n")[0]
    keys = policy.log_keys(origin)
    if not keys:
        raise RefusedError("UNKNOWN_LOG", origin)
    if not [key for key in keys if note.signed_by(key)]:
        raise RefusedError("NO_LOG_SIGNATURE", origin)


def check_cosignatures(note: Note, policy: Policy, now_s: int | None) -> dict[str, tuple[int, ...]]:
    """The times at which each witness of the policy cosigned; one bad cosignature rejects all."""
    times = {each.name: stamps for each in policy.witnesses if (stamps := note.signed_by(each.key))}
    for name, stamps in times.items():
        if now_s is not None and max(stamps) > now_s + SKEW_S:
            raise RefusedError("FUTURE_COSIGNATURE", f"{name} {max(stamps)}")
    return times


def check_quorum(policy: Policy, times: Mapping[str, tuple[int, ...]]) -> int:
    """The earliest time by which enough witnesses had cosigned, in Unix seconds."""
    for moment in sorted(stamp for stamps in times.values() for stamp in stamps):
        if policy.satisfied([name for name, stamps in times.items() if min(stamps) <= moment]):
            return moment
    if policy.satisfied([]):
        return 0
    raise RefusedError("QUORUM_NOT_MET", f"{policy.quorum}: {' '.join(times) or '-'}")


class Head(NamedTuple):
    """A checkpoint that the log signed and a quorum cosigned, with the witnesses' times."""

    note: Note
    checkpoint: Checkpoint
    times: Mapping[str, tuple[int, ...]]
    sealed_by_s: int


def check_head(text: str, policy: Policy, now_s: int | None, at: Callable[[str], None] = lambda _: None) -> Head:
    """Checks 3 to 6 on a signed checkpoint; `at` is told the name of each as it begins."""
    at("log")
    note = Note.parse(text)
    check_log_signature(note, policy)
    at("checkpoint")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.extensions:
        raise RefusedError("EXTENSION_LINES", checkpoint.extensions[0][:60])
    at("cosignatures")
    times = check_cosignatures(note, policy, now_s)
    at("quorum")
    return Head(note, checkpoint, times, check_quorum(policy, times))


def check_fresh(head: Head, now_s: int, max_age_s: int) -> None:
    """A head that is shown as the newest was cosigned lately; an old one hides what came after."""
    newest = max((max(stamps) for stamps in head.times.values()), default=0)
    if newest + max_age_s < now_s:
        raise RefusedError("STALE", f"{newest} + {max_age_s} < {now_s}")


# ---------------------------------------------------------------------------------------------------------
# Proofs (C2SP tlog-proof)


@final
@dataclass(frozen=True, slots=True)
class Proof:
    """An inclusion proof as a text: extra data, index, hashes, signed checkpoint."""

    extra: bytes
    index: int
    hashes: tuple[bytes, ...]
    note: str

    @classmethod
    def parse(cls, text: str) -> "Proof":
        """Of the whole file. Raises `RefusedError` MALFORMED_PROOF."""
        body, blank, note = text.partition("\n\n")
        lines = body.split("\n")
        try:
            if lines.pop(0) != PROOF_HEADER or not blank:
                raise ValueError("the first line, or the blank line before the checkpoint")
            extra = b""
            if lines and lines[0].startswith("extra "):
                extra = unb64(lines.pop(0)[6:])
            word, _, number = lines.pop(0).partition(" ") if lines else ("", "", "")
            if word != "index":
                raise ValueError("no index line")
            return cls(extra, decimal(number), tuple(unb64(line, 32) for line in lines), note)
        except ValueError as error:
            raise RefusedError("MALFORMED_PROOF", str(error)) from error

    def __str__(self) -> str:
        lines = [PROOF_HEADER, *([f"extra {b64(self.extra)}"] if self.extra else []), f"index {self.index}"]
        return "".join(f"{line}\n" for line in [*lines, *map(b64, self.hashes), ""]) + self.note


# ---------------------------------------------------------------------------------------------------------
# Entries and openings (docs/formats/entry.md)


class Entry(NamedTuple):
    """One sealed fact as the log holds it: nothing personal, no time, only commitments."""

    site: str
    seq: int
    kind: str
    cms: tuple[bytes, ...]

    @classmethod
    def parse(cls, value: Json) -> "Entry":
        """Of the JSON object. Raises `RefusedError` MALFORMED_ENTRY or UNKNOWN_KIND."""
        try:
            members = _members(value, {"v", "site", "seq", "kind", "cms"})
            site, seq, kind, cms = (members[name] for name in ("site", "seq", "kind", "cms"))
            if type(members["v"]) is not int or members["v"] != 1:
                raise ValueError("v is not 1")
            if not isinstance(site, str) or not site or type(seq) is not int or seq < 0:
                raise ValueError("site is a text, seq a whole number")
            if not isinstance(cms, list) or not isinstance(kind, str):
                raise ValueError("kind is a text, cms a list")
            entry = cls(site, seq, kind, tuple(unb64(_text(each), 32) for each in cms))
        except ValueError as error:
            raise RefusedError("MALFORMED_ENTRY", str(error)) from error
        if kind not in PARTS:
            raise RefusedError("UNKNOWN_KIND", kind[:40])
        names = PARTS[kind]
        if len(cms) < len(names) or (len(cms) > len(names) and names != _DEAL) or len(cms) > MAX_COMMITMENTS:
            raise RefusedError("MALFORMED_ENTRY", f"{len(cms)} commitments in a {kind}")
        if len(set(entry.cms)) != len(cms) or len(entry.data) > MAX_ENTRY:
            raise RefusedError("MALFORMED_ENTRY", "a commitment twice, or too long")
        return entry

    @property
    def value(self) -> dict[str, Json]:
        """As a JSON object."""
        cms: list[Json] = [b64(each) for each in self.cms]
        return {"v": 1, "site": self.site, "seq": self.seq, "kind": self.kind, "cms": cms}

    @property
    def data(self) -> bytes:
        """The bytes that the tree's leaf hashes."""
        return canonical(self.value)

    @property
    def leaf(self) -> bytes:
        """The leaf's hash, recomputed."""
        return leaf_hash(self.data)

    def part(self, at: int) -> str:
        """Whose part the commitment at a position is."""
        names = PARTS[self.kind]
        return names[min(at, len(names) - 1)]


class Opening(NamedTuple):
    """What opens one commitment: its position in the entry, the 32-byte salt, the part itself."""

    at: int
    salt: bytes
    value: dict[str, Json]

    @classmethod
    def parse(cls, value: Json) -> "Opening":
        """Of the JSON object. Raises `RefusedError` MALFORMED_EXTRA or BAD_SALT."""
        try:
            members = _members(value, {"at", "salt", "value"})
            at, salt, part = members["at"], unb64(_text(members["salt"])), members["value"]
            if type(at) is not int or not isinstance(part, dict):
                raise ValueError("at is a number, value an object")
        except ValueError as error:
            raise RefusedError("MALFORMED_EXTRA", f"opening: {error}") from error
        if len(salt) != 32:  # HMAC pads a shorter key with zeroes: a second salt would open the same
            raise RefusedError("BAD_SALT", f"{len(salt)} bytes")
        return cls(at, salt, part)

    @property
    def json(self) -> dict[str, Json]:
        """As a JSON object."""
        return {"at": self.at, "salt": b64(self.salt), "value": self.value}


def commitment(salt: bytes, part: str, value: Json) -> bytes:
    """HMAC-SHA256(salt, "mingshi/commit/v1" 0x00 part 0x00 canonical JSON) (entry.md §3). 32-byte salt."""
    assert len(salt) == 32, "a commitment's salt is exactly 32 bytes"
    return hmac.digest(salt, COMMIT_PREFIX + part.encode() + b"\0" + canonical(value), "sha256")


def phone_mac(salt: bytes, typed: str) -> str:
    """What an agent's part holds of a phone: HMAC-SHA256 under the agent's salt of the number as typed."""
    assert len(salt) == 32, "an agent's salt is exactly 32 bytes"
    return b64(hmac.digest(salt, PHONE_PREFIX + typed.encode(), "sha256"))


def check_entry(entry: Entry, origin: str, index: int) -> None:
    """The entry says which log it is of and where, so it cannot be shown as another log's or in another place."""
    if entry.site != origin:
        raise RefusedError("WRONG_SITE", f"{entry.site} / {origin}")
    if entry.seq != index:
        raise RefusedError("WRONG_INDEX", f"{entry.seq} / {index}")


def check_openings(entry: Entry, openings: Sequence[Opening]) -> None:
    """Every opened part gives the commitment at its position in the entry."""
    for opening in openings:
        if not 0 <= opening.at < len(entry.cms):
            raise RefusedError("OPENING_MISMATCH", f"at {opening.at}")
        made = commitment(opening.salt, entry.part(opening.at), opening.value)
        if not hmac.compare_digest(made, entry.cms[opening.at]):
            raise RefusedError("OPENING_MISMATCH", f"at {opening.at}: {entry.part(opening.at)}")


def check_inclusion(entry: Entry, proof: Proof, checkpoint: Checkpoint) -> None:
    """The leaf recomputed from the entry is in the tree; nothing of the proof itself is believed."""
    if not verify_inclusion(entry.leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise RefusedError("NOT_INCLUDED", f"{proof.index} / {checkpoint.size}")


def check_phone(openings: Iterable[Opening], phone: str) -> None:
    """Some opened part holds the keyed hash of this phone number."""
    if not [each for each in openings if each.value.get("phone_mac") == phone_mac(each.salt, phone)]:
        raise RefusedError("PHONE_MISMATCH")


def check_time(openings: Iterable[Opening], sealed_by_s: int, before: Head | None, index: int) -> None:
    """The time stated inside (`at_us`) against what the witnesses saw, with `SKEW_S` for honest clocks.

    Not after they saw the entry; not before a moment at which they saw the log without it; and not more
    than the merge delay before they saw it (what a site says late counts late).
    """
    if before and before.checkpoint.size > index:
        raise RefusedError("MALFORMED_EXTRA", "before: that checkpoint holds the entry already")
    for stated_us in (each.value.get("at_us") for each in openings):
        if type(stated_us) is not int:
            continue
        stated_s = stated_us // 1_000_000
        if stated_s > sealed_by_s + SKEW_S:
            raise RefusedError("POSTDATED", f"{stated_s} > {sealed_by_s}")
        if before and stated_s + SKEW_S < before.sealed_by_s:
            raise RefusedError("BACKDATED", f"{stated_s} < {before.sealed_by_s}")
        if stated_s + MERGE_DELAY_S + SKEW_S < sealed_by_s:
            raise RefusedError("LATE_SEAL", f"{stated_s} + {MERGE_DELAY_S} < {sealed_by_s}")


def _members(value: Json, required: set[str], optional: Collection[str] = ()) -> dict[str, Json]:
    if not isinstance(value, dict) or not required <= value.keys() <= required | set(optional):
        raise ValueError(f"an object with {', '.join(sorted(required))}")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed")
    return value


# ---------------------------------------------------------------------------------------------------------
# Promises (docs/formats/promise.md)


@final
@dataclass(frozen=True, slots=True)
class Promise:
    """What the log signs at once: this leaf will be at this index within this delay, before this witness."""

    origin: str
    index: int
    leaf: bytes
    time_s: int
    within_s: int
    witness: VerifierKey | None

    @classmethod
    def parse(cls, text: str) -> "Promise":
        """Of a note's text. Raises `RefusedError` PROMISE_MALFORMED."""
        lines = text.split("\n")
        try:
            if len(lines) != 8 or lines[0] != PROMISE_HEADER or lines[7]:
                raise ValueError("not seven lines under its header")
            (word, stamp), (within, delay), (named, vkey) = (each.split(" ") for each in lines[4:7])
            if (word, within, named) != ("time", "within", "witness"):
                raise ValueError("time, within, witness")
            witness = None if vkey == "none" else VerifierKey.parse(vkey)
            if witness and witness.kind != COSIGNATURE:
                raise ValueError("the witness's key does not cosign")
            promise = cls(lines[1], decimal(lines[2]), unb64(lines[3], 32), decimal(stamp), decimal(delay), witness)
        except ValueError as error:
            raise RefusedError("PROMISE_MALFORMED", str(error)) from error
        return promise

    def __str__(self) -> str:
        return (
            f"{PROMISE_HEADER}\n{self.origin}\n{self.index}\n{b64(self.leaf)}\n"
            f"time {self.time_s}\nwithin {self.within_s}\nwitness {self.witness or 'none'}\n"
        )

    @property
    def due_s(self) -> int:
        """The last moment to keep it, honest clocks allowed for, in Unix seconds."""
        return self.time_s + self.within_s + SKEW_S


def check_promise(text: str, entry: Entry, policy: Policy) -> Promise:
    """The promise is signed by the log and is about this very entry. Also gives what it says."""
    note = Note.parse(text)
    promise = Promise.parse(note.text)
    try:
        signed = [key for key in policy.log_keys(promise.origin) if note.signed_by(key)]
    except RefusedError as error:
        raise RefusedError("PROMISE_SIGNATURE", error.detail) from error
    if not signed:
        raise RefusedError("PROMISE_SIGNATURE", promise.origin)
    if (promise.origin, promise.index, promise.leaf) != (entry.site, entry.seq, entry.leaf):
        raise RefusedError("PROMISE_OTHER_ENTRY", f"{promise.origin} {promise.index}")
    return promise


def check_promise_kept(promise: Promise, head: Head, policy: Policy) -> None:
    """The witness that the promise names cosigned this checkpoint, and in time."""
    if promise.witness is None:
        return
    known = [each.name for each in policy.witnesses if each.key == promise.witness]
    times = head.times.get(known[0]) if known else head.note.signed_by(promise.witness)
    if not times:
        raise RefusedError("PROMISE_WITNESS_MISSING", promise.witness.name)
    if min(times) > promise.due_s:
        raise RefusedError("PROMISE_LATE", f"{min(times)} > {promise.due_s}")


# ---------------------------------------------------------------------------------------------------------
# What is said of a file

# fmt: off
STEPS: Final[Mapping[str, tuple[str, str, str]]] = {
    "format": ("tlog-proof", "文件格式完整、无多余内容", "the file has the form it should, and nothing more"),
    "policy": ("tlog-policy, L-33", "信任规则可读，见证人独立于案场", "the rule of trust is readable, its witnesses independent"),
    "log": ("signed-note", "检查点由该案场的日志密钥签名", "the checkpoint is signed by the site's log key"),
    "checkpoint": ("tlog-checkpoint", "检查点写明日志、条数、树根", "the checkpoint tells log, size and root"),
    "cosignatures": ("tlog-cosignature", "已知见证人的联署全部有效", "every cosignature of a known witness is valid"),
    "quorum": ("tlog-policy", "联署的独立见证人数量足够", "enough independent witnesses cosigned"),
    "entry": ("entry.md §1", "条目属于本日志的这个序号", "the entry is this log's, at this index"),
    "openings": ("entry.md §3", "打开的内容与封存的承诺一致", "the opened parts are the ones that were sealed"),
    "inclusion": ("RFC 6962 §2.1.1", "条目确在日志树中", "the entry is in the log's tree"),
    "time": ("receipt.md §4, L-34", "所写时间与见证时间相符", "the time it states agrees with the witnesses'"),
    "promise": ("promise.md §2", "收件承诺有效并已如期兑现", "the promise is valid and was kept in time"),
    "phone": ("entry.md §4", "封存的号码就是所问的号码", "the phone number is the one sealed"),
    "trust": ("receipt.md §5", "信任规则由您核对，而非只凭文件自带", "the rule of trust is yours, not just the enclosed one"),
    "overdue": ("promise.md §3", "到期之后的检查点显示承诺未兑现", "a head later than the deadline shows it unkept"),
}
"""Every check: clause, 中文, English."""

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "MALFORMED_PROOF": ("不是完整的 tlog-proof 文件；请向签发方重新索取原文件", "not a whole tlog-proof file; ask for the original again"),
    "MALFORMED_EXTRA": ("附加内容（条目与打开值）残缺或被改动", "the enclosed entry and openings are damaged or altered"),
    "MALFORMED_NOTE": ("签名文本格式不对", "the signed text is not in form"),
    "MALFORMED_CHECKPOINT": ("检查点不是“日志、条数、树根”三行", "the checkpoint is not log, size and root"),
    "EXTENSION_LINES": ("检查点带有不允许的附加行", "the checkpoint has lines that are not allowed"),
    "MALFORMED_POLICY": ("信任规则文件有错", "the rule of trust has an error"),
    "NO_POLICY": ("没有信任规则：请用 --policy 给出", "no rule of trust: give one with --policy"),
    "WITNESS_IS_LOG": ("见证人用的就是日志自己的密钥，等于自己见证自己", "a witness uses the log's own key: it witnesses itself"),
    "QUORUM_IS_OWN": ("案场所属集团自己的见证人就能凑足人数，不能证明独立", "the site's own group can fill the quorum alone"),
    "UNKNOWN_LOG": ("信任规则里没有这个日志", "the rule of trust does not know this log"),
    "NO_LOG_SIGNATURE": ("检查点上没有该日志的有效签名", "the checkpoint is not signed by the log"),
    "BAD_LOG_SIGNATURE": ("日志签名与内容不符：检查点被改过", "the log's signature does not fit: the checkpoint was altered"),
    "BAD_COSIGNATURE": ("见证人联署与内容不符：被改过或移自别处", "a cosignature does not fit: altered, or taken from another checkpoint"),
    "FUTURE_COSIGNATURE": ("联署时间在未来", "a cosignature is from the future"),
    "QUORUM_NOT_MET": ("联署的见证人不够", "too few witnesses cosigned"),
    "STALE": ("检查点太旧：更新的内容可能被隐瞒", "the checkpoint is too old: newer entries may be hidden"),
    "MALFORMED_ENTRY": ("条目格式不对", "the entry is not in form"),
    "UNKNOWN_KIND": ("条目种类不在规定之列", "the entry is of no known kind"),
    "WRONG_SITE": ("条目属于别的案场", "the entry is another site's"),
    "WRONG_INDEX": ("条目的序号与证明的位置不同", "the entry's number is not the place proved"),
    "BAD_SALT": ("盐值不是 32 字节", "the salt is not 32 bytes"),
    "OPENING_MISMATCH": ("打开的内容不是当时封存的内容", "what is opened is not what was sealed"),
    "NOT_INCLUDED": ("条目不在这棵树里：证明的是别的内容", "the entry is not in this tree: the proof is of something else"),
    "POSTDATED": ("所写时间晚于见证人看到它的时间", "it states a time after the witnesses saw it"),
    "BACKDATED": ("倒填时间：在所写时间之后，见证人看到的日志里还没有它", "back-dated: after the stated time the witnesses saw the log without it"),
    "LATE_SEAL": ("封存比所写时间晚 24 小时以上，应按封存时间计", "sealed over 24 h after the stated time: it counts from its sealing"),
    "PROMISE_MALFORMED": ("收件承诺格式不对", "the promise is not in form"),
    "PROMISE_SIGNATURE": ("收件承诺不是该日志签的", "the promise is not signed by the log"),
    "PROMISE_OTHER_ENTRY": ("收件承诺说的是另一条", "the promise is about another entry"),
    "PROMISE_WITNESS_MISSING": ("承诺指定的见证人没有联署", "the witness that the promise names did not cosign"),
    "PROMISE_LATE": ("条目在日志里，但晚于承诺的期限", "the entry is in the log, but later than promised"),
    "NOT_OVERDUE": ("检查点早于承诺期限，还不能说未兑现", "that head is before the deadline: not overdue yet"),
    "PROMISE_KEPT": ("所指的条目就是承诺的条目：承诺已兑现", "the entry shown is the promised one: it was kept"),
    "PHONE_MISMATCH": ("封存的不是这个号码", "this is not the number that was sealed"),
    "POLICY_NOT_TRUSTED": ("以上各项只在文件自带的信任规则下成立。请核对其指纹与纸质回执或经纪公司见证处公布的是否相同，再用 --fingerprint 或 --policy 重验", "the above holds under the enclosed rule of trust only. Compare its fingerprint with your paper receipt or with the agency's witness, then verify again with --fingerprint or --policy"),
    "SPLIT_VIEW": ("两份文件互相矛盾：该日志给不同的人看了不同的历史", "these two contradict: the log showed different pasts to different people"),
}
"""Every reason for a no: 中文, English. Codes are never renamed or reused."""
# fmt: on


class Check(NamedTuple):
    """One check: its number, name, and answer (None: not asked or not reached)."""

    number: int
    name: str
    passed: bool | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked and found. True where every check said yes."""

    kind: str
    checks: tuple[Check, ...]
    reason: str | None = None
    detail: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.reason is None

    @property
    def json(self) -> dict[str, Json]:
        """For a machine: kind, verified, reason, detail, checks, facts."""
        checks: list[Json] = [each._asdict() for each in self.checks]
        said: dict[str, Json] = {"kind": self.kind, "verified": bool(self), "reason": self.reason}
        return said | {"detail": self.detail, "checks": checks, "facts": dict(self.facts)}


class _Steps:
    """Which check is running; makes the verdict."""

    def __init__(self, kind: str, names: Sequence[str]) -> None:
        self.kind, self.names = kind, names
        self.done: list[str] = []
        self.facts: dict[str, Json] = {}

    def at(self, name: str) -> None:
        assert name in self.names, name
        self.done.append(name)

    def verdict(self, no: RefusedError | None = None) -> Verdict:
        failed = self.done[-1] if no else ""
        checks = tuple(
            Check(number, name, (name != failed) if name in self.done else None)
            for number, name in enumerate(self.names, 1)
        )
        if no is None:
            return Verdict(kind=self.kind, checks=checks, facts=self.facts)
        return Verdict(kind=self.kind, checks=checks, reason=no.code, detail=no.detail, facts=self.facts)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the person who verifies brings: a policy, or its fingerprint, the time, a phone to ask about."""

    policy: str | None = None
    fingerprint: str | None = None
    now_s: int | None = None
    phone: str | None = None

    def choose(self, enclosed: str | None) -> str:
        """The rule of trust to use: one's own before the enclosed."""
        chosen = self.policy if self.policy is not None else enclosed
        if chosen is None:
            raise RefusedError("NO_POLICY")
        return chosen

    def check(self, policy: str) -> None:
        """Is that rule the person's own, by file or by fingerprint?"""
        said = re.sub(r"[^0-9a-f]", "", (self.fingerprint or "").lower())
        if self.policy is None and said != fingerprint(policy).replace(" ", ""):
            raise RefusedError("POLICY_NOT_TRUSTED", fingerprint(policy))


class _Enclosed(NamedTuple):
    """The members that a receipt's extra line, a promise file and an overdue file share."""

    entry: Json
    openings: tuple[Opening, ...]
    rest: Mapping[str, str]


_COMMON: Final = ("v", "format", "entry", "openings")


def _enclosed(members: dict[str, Json]) -> _Enclosed:
    openings = members["openings"]
    if not isinstance(openings, list) or not openings:
        raise RefusedError("MALFORMED_EXTRA", "no openings")
    rest = {name: value for name, value in members.items() if name not in _COMMON}
    for name, value in rest.items():
        if name != "other_entry" and not isinstance(value, str):
            raise RefusedError("MALFORMED_EXTRA", f"{name} is not a text")
    texts = {name: value for name, value in rest.items() if isinstance(value, str)}
    return _Enclosed(members["entry"], tuple(map(Opening.parse, openings)), texts)


def _parse_extra(extra: bytes) -> _Enclosed:
    try:
        members = _members(parse_canonical(extra), {"v", "entry", "openings"}, {"policy", "promise", "before"})
        if type(members["v"]) is not int or members["v"] != 1:
            raise ValueError("v is not 1")
    except ValueError as error:
        raise RefusedError("MALFORMED_EXTRA", str(error)) from error
    return _enclosed(members)


def enclosed_policy(receipt: str) -> str:
    """The rule of trust that a receipt encloses. Raises `RefusedError` where it encloses none."""
    return Trust().choose(_parse_extra(Proof.parse(receipt).extra).rest.get("policy"))


def _parse_document(text: str, header: str, required: set[str], optional: set[str]) -> dict[str, Json]:
    try:
        members = _members(
            parse_canonical(text.encode()), {"format", "entry", "openings", "promise"} | required, optional
        )
        if members["format"] != header:
            raise ValueError(f"format is not {header}")
    except ValueError as error:
        raise RefusedError("MALFORMED_EXTRA", str(error)) from error
    return members


def _open_policy(text: str, steps: _Steps) -> Policy:
    steps.facts["policy_fingerprint"] = fingerprint(text)
    policy = Policy.parse(text)
    check_independence(policy)
    return policy


def _facts(entry: Entry, openings: Iterable[Opening]) -> dict[str, Json]:
    opened: list[Json] = [{"part": entry.part(each.at), "value": each.value} for each in openings]
    leaf = b64(entry.leaf)
    return {"origin": entry.site, "index": entry.seq, "kind": entry.kind, "leaf": leaf, "opened": opened}


def verify_receipt(text: str, trust: Trust) -> Verdict:
    """Checks 1 to 13 on a receipt file (docs/formats/receipt.md), numbered as at the head of this file."""
    steps = _Steps("receipt", [name for name in STEPS if name != "overdue"])
    try:
        # (1) the form of the file
        steps.at("format")
        proof = Proof.parse(text)
        enclosed = _parse_extra(proof.extra)
        # (2) the rule of trust
        steps.at("policy")
        rule = trust.choose(enclosed.rest.get("policy"))
        policy = _open_policy(rule, steps)
        # (3) to (6) the signed and witnessed checkpoint: from here on its size and root are believed
        head = check_head(proof.note, policy, trust.now_s, steps.at)
        checkpoint = head.checkpoint
        # (7) the entry
        steps.at("entry")
        entry = Entry.parse(enclosed.entry)
        check_entry(entry, checkpoint.origin, proof.index)
        # (8) what is opened is what was committed to
        steps.at("openings")
        check_openings(entry, enclosed.openings)
        # (9) the leaf recomputed from that entry is in that tree; else a valid proof of something else passes
        steps.at("inclusion")
        check_inclusion(entry, proof, checkpoint)
        steps.facts |= _facts(entry, enclosed.openings)
        steps.facts |= {"size": checkpoint.size, "root": b64(checkpoint.root)}
        steps.facts["sealed_by_s"] = head.sealed_by_s
        steps.facts["witnesses"] = {name: min(stamps) for name, stamps in head.times.items()}
        # (10) the stated time
        steps.at("time")
        earlier = enclosed.rest.get("before")
        before = check_head(earlier, policy, trust.now_s) if earlier is not None else None
        if before and before.checkpoint.origin != checkpoint.origin:
            raise RefusedError("MALFORMED_EXTRA", "before: another log")
        steps.facts["sealed_after_s"] = before.sealed_by_s if before else None
        check_time(enclosed.openings, head.sealed_by_s, before, entry.seq)
        # (11) the promise
        if "promise" in enclosed.rest:
            steps.at("promise")
            check_promise_kept(check_promise(enclosed.rest["promise"], entry, policy), head, policy)
        # (12) the phone
        if trust.phone is not None:
            steps.at("phone")
            check_phone(enclosed.openings, trust.phone)
        # (13) whose rule of trust it was
        steps.at("trust")
        trust.check(rule)
    except RefusedError as no:
        return steps.verdict(no)
    return steps.verdict()


def verify_promise(text: str, trust: Trust) -> Verdict:
    """A promise file: the log has signed that this entry will be in its tree (docs/formats/promise.md §2)."""
    steps = _Steps("promise", ["format", "policy", "entry", "openings", "promise", "phone", "trust"])
    try:
        steps.at("format")
        enclosed = _enclosed(_parse_document(text, PROMISE_HEADER, set(), {"policy"}))
        _check_promised(enclosed, trust, steps)
    except RefusedError as no:
        return steps.verdict(no)
    return steps.verdict()


def verify_overdue(text: str, trust: Trust) -> Verdict:
    """A promise that was not kept, with the later head that shows it (docs/formats/promise.md §3).

    The fact `outcome` says how much it proves: ABSENT (the tree is too small to hold the entry), REPLACED
    (another entry stands in its place), or UNANSWERED (the tree is large enough; the site must now show the
    inclusion of this very entry before the named witness, and fails if it cannot).
    """
    names = "format policy entry openings promise log checkpoint cosignatures quorum overdue phone trust"
    steps = _Steps("overdue", names.split())
    try:
        steps.at("format")
        members = _parse_document(text, OVERDUE_HEADER, {"head"}, {"policy", "other", "other_entry"})
        enclosed = _enclosed(members)
        if ("other" in members) != ("other_entry" in members):
            raise RefusedError("MALFORMED_EXTRA", "other and other_entry come together")
        _check_promised(enclosed, trust, steps, members)
    except RefusedError as no:
        return steps.verdict(no)
    return steps.verdict()


def _check_promised(
    enclosed: _Enclosed, trust: Trust, steps: _Steps, overdue: Mapping[str, Json] | None = None
) -> None:
    steps.at("policy")
    rule = trust.choose(enclosed.rest.get("policy"))
    policy = _open_policy(rule, steps)
    steps.at("entry")
    entry = Entry.parse(enclosed.entry)
    steps.at("openings")
    check_openings(entry, enclosed.openings)
    steps.at("promise")
    promise = check_promise(enclosed.rest["promise"], entry, policy)
    steps.facts |= _facts(entry, enclosed.openings)
    steps.facts |= {"promised_s": promise.time_s, "due_s": promise.due_s}
    steps.facts["witness"] = str(promise.witness or "none")
    if overdue is not None:
        head = check_head(enclosed.rest["head"], policy, trust.now_s, steps.at)
        steps.at("overdue")
        check_overdue(promise, head)
        if head.checkpoint.size <= promise.index:
            steps.facts["outcome"] = "ABSENT"
        elif "other" not in overdue:
            steps.facts["outcome"] = "UNANSWERED"
        else:
            check_replaced(promise, enclosed.rest["other"], overdue["other_entry"], policy, trust.now_s)
            steps.facts["outcome"] = "REPLACED"
        steps.facts |= {"size": head.checkpoint.size, "head_s": head.sealed_by_s}
    if trust.phone is not None:
        steps.at("phone")
        check_phone(enclosed.openings, trust.phone)
    steps.at("trust")
    trust.check(rule)


def check_overdue(promise: Promise, head: Head) -> None:
    """The head is the promise's log's, and witnessed after the deadline."""
    if head.checkpoint.origin != promise.origin:
        raise RefusedError("UNKNOWN_LOG", head.checkpoint.origin)
    if head.sealed_by_s <= promise.due_s:
        raise RefusedError("NOT_OVERDUE", f"{head.sealed_by_s} <= {promise.due_s}")


def check_replaced(promise: Promise, text: str, other: Json, policy: Policy, now_s: int | None) -> None:
    """Another entry is proved to stand at the index that was promised."""
    proof = Proof.parse(text)
    entry = Entry.parse(other)
    shown = check_head(proof.note, policy, now_s).checkpoint
    if proof.index != promise.index:
        raise RefusedError("WRONG_INDEX", f"{proof.index} / {promise.index}")
    check_entry(entry, promise.origin, promise.index)
    check_inclusion(entry, proof, shown)
    if entry.leaf == promise.leaf:
        raise RefusedError("PROMISE_KEPT", str(promise.index))


def contradict(one: Verdict, other: Verdict) -> bool:
    """Do two verified receipts prove that the log showed two pasts? (L-33).

    Two trees of one log and one size with two roots, or two entries at one index, cannot both be its past.
    """
    a, b = one.facts, other.facts
    if not (one and other) or one.kind != "receipt" or other.kind != "receipt" or a["origin"] != b["origin"]:
        return False
    return (a["size"] == b["size"] and a["root"] != b["root"]) or (a["index"] == b["index"] and a["leaf"] != b["leaf"])


# ---------------------------------------------------------------------------------------------------------
# For people

VERIFIERS: Final[Mapping[str, Callable[[str, Trust], Verdict]]] = {
    PROOF_HEADER: verify_receipt,
    PROMISE_HEADER: verify_promise,
    OVERDUE_HEADER: verify_overdue,
}
"""Which function checks a file that opens with which format name; a new kind of file is one more line."""


def format_of(text: str) -> str | None:
    """The name of the format of a file: its first line, or the member `format` of a JSON document."""
    if not text.startswith("{"):
        return text.partition("\n")[0]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    name = value.get("format")
    return name if isinstance(name, str) else None


def explain(verdict: Verdict, lang: str) -> str:
    """The verdict in words, check by check; `lang` is zh or en."""
    zh = lang == "zh"
    marks = {True: "✓", False: "✗", None: "·"}
    lines = [
        f"{marks[check.passed]} {check.number:2} {STEPS[check.name][1 if zh else 2]} [{STEPS[check.name][0]}]"
        for check in verdict.checks
    ]
    facts = verdict.facts
    if "opened" in facts:
        sealed = "内容：" if zh else "Sealed: "
        lines.append(f"{sealed}{facts['origin']} #{facts['index']} {facts['kind']}")
        opened = facts["opened"]
        assert isinstance(opened, list)
        lines += ["  " + canonical(each).decode() for each in opened]
    for name, (chinese, english) in _TIMES.items():
        stamp = facts.get(name)
        if isinstance(stamp, int):
            moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(stamp))
            lines.append(f"{chinese if zh else english}{moment} UTC")
    if "outcome" in facts:
        lines.append(_OUTCOMES[str(facts["outcome"])][0 if zh else 1])
    if "policy_fingerprint" in facts:
        printed = "信任规则指纹：" if zh else "Fingerprint of the rule of trust: "
        lines.append(f"{printed}{facts['policy_fingerprint']}")
    if verdict:
        lines.append("结论：全部通过" if zh else "Verified: every check said yes")
    else:
        text = REASONS[verdict.reason or ""][0 if zh else 1]
        lines.append(f"{'结论：未通过，' if zh else 'Refused: '}{verdict.reason}：{text}（{verdict.detail}）")
    return "\n".join(lines)


_TIMES: Final = {
    "sealed_after_s": ("不早于 ", "not before "),
    "sealed_by_s": ("不晚于 ", "not after "),
    "promised_s": ("承诺于 ", "promised at "),
    "due_s": ("承诺期限 ", "due by "),
    "head_s": ("所示检查点 ", "head shown of "),
}
_OUTCOMES: Final = {
    "ABSENT": (
        "到期后的日志仍放不下这一条：承诺已被打破",
        "After the deadline the log is too small to hold it: broken",
    ),
    "REPLACED": (
        "到期后该位置是另一条：承诺已被打破",
        "After the deadline another entry stands there: broken",
    ),
    "UNANSWERED": (
        "承诺已到期：案场必须出示该条目经指定见证人联署的回执，否则即为违约",
        "Overdue: the site must show this entry's receipt before the named witness, or has broken it",
    ),
}


def verify_text(text: str, trust: Trust) -> Verdict | None:
    """The verdict on any file this version knows; None where the file is of no known format."""
    name = format_of(text)
    return VERIFIERS[name](text, trust) if name is not None and name in VERIFIERS else None


def read_text(path: str) -> str:
    """A file as UTF-8 with its newlines as they are. Raises `OSError`, or `ValueError` in two languages."""
    with Path(path).open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ValueError("文件大于 1 MiB，不是回执 / larger than 1 MiB: not a receipt")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        where = f"字节 {error.start} / byte {error.start}"
        raise ValueError(f"不是 UTF-8 文本，{where}；请用原文件 / not UTF-8: use the original") from error


_UNKNOWN_FORMAT: Final = (
    "格式不识别：需要回执、承诺或逾期证据文件 / no known format: give a receipt, a promise or an overdue file"
)


def run(paths: Sequence[str], trust: Trust, *, lang: str, as_json: bool) -> tuple[int, str]:
    """Verify files, cross-check them; exit status (0 verified, 1 a check said no, 2 bad input) and report."""
    status, verdicts, report = 0, list[tuple[str, Verdict]](), list[str]()
    for path in paths:
        try:
            verdict = verify_text(read_text(path), trust)
            problem = _UNKNOWN_FORMAT
        except (OSError, ValueError) as error:
            verdict, problem = None, str(error)
        if verdict is None:
            return 2, f"{path}: {problem}"
        verdicts.append((path, verdict))
        status = status if verdict else 1
        report.append(f"{path}\n{explain(verdict, lang)}")
    clashes: list[Json] = []
    for at, (path, verdict) in enumerate(verdicts):
        for other_path, other in verdicts[:at]:
            if contradict(verdict, other):
                status = 1
                clashes.append([other_path, path])
                report.append(f"SPLIT_VIEW {other_path} / {path}: {REASONS['SPLIT_VIEW'][lang != 'zh']}")
    if as_json:
        files: list[Json] = [{"file": path, **verdict.json} for path, verdict in verdicts]
        return status, json.dumps({"files": files, "split_view": clashes}, ensure_ascii=False)
    return status, "\n".join(report)


def main(argv: Sequence[str]) -> int:
    """The command line of this file when it is copied out alone."""
    parser = argparse.ArgumentParser(description="Verify mingshi receipts off-line / 离线核验存证回执")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--policy", help="the rule of trust, from whom you trust / 可信来源的信任规则")
    parser.add_argument("--fingerprint", help="of the enclosed rule, as printed on paper / 纸质回执上的指纹")
    parser.add_argument("--phone", help="was this number sealed? / 核对号码")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    now_s = int(time.time())  # noqa: TID251  # a composition root: the only clock this file reads
    try:
        policy = read_text(options.policy) if options.policy else None
        if policy is not None:
            Policy.parse(policy)
    except (OSError, ValueError, RefusedError) as error:
        print(f"{options.policy}: {error}", file=sys.stderr)
        return 2
    trust = Trust(policy=policy, fingerprint=options.fingerprint, now_s=now_s, phone=options.phone)
    status, report = run(options.files, trust, lang=options.lang, as_json=options.json)
    print(report, file=sys.stderr if status == 2 else sys.stdout)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
