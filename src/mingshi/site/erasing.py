"""删除: erasing a person for good, and showing it (INV-08; LAW §6.5; docs/operate/erasure.md).

    1. the intent is sealed, and in the same transaction rows, index and keys go
    2. the write-ahead log is moved into the file and cut
    3. every page of the file is decrypted and read: nothing of the person is there; where a gap of some page still
       has a copy, the whole file is written anew and read again
    4. stage `here` of the proof is sealed; the person gets the salt of its commitment
    5. the person keys' backup is replaced; then stage `everywhere` is sealed

The rules this module keeps:

1. A stage is sealed only after its own check, by reading back what the disk holds; where something is still found the
   proof is refused and the site says so.
2. What ends by itself is not sought byte by byte: the file is written anew in the night after, a day later at most.
"""

from collections.abc import Sequence
from contextlib import closing
from hmac import digest
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple, cast

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.arrive import EraseMe, erase_me
from mingshi.app.consents import principals_of
from mingshi.app.facts import TAKEN_ALONG, DeletionProof, Provision
from mingshi.app.prove_erasure import EVERYWHERE, HERE, ProveErasure, prove_erasure
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.kernel.canonical import integer, loads, mapping, sequence
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, Micros
from mingshi.ledger.receipt import make_receipt
from mingshi.ledger.verify import Json as Sealed
from mingshi.ledger.verify import Opening, b64
from mingshi.site.root import Site
from mingshi.store import copying, pages
from mingshi.store.facts import part_of
from mingshi.store.site_store import Reply
from mingshi.store.transaction import SiteTransaction
from mingshi.store.vault import Known, Vault

_SOFTWARE: Final = f"mingshi {version('mingshi')}"
_WRITTEN_ANEW: Final = "written_anew_at"
_NIGHT: Final = range(2, 5)
_AT_THE_LATEST: Final = 20 * HOUR
_SITES_PART: Final = 1
"""The site's part of an erasure entry (entry.md §2)."""
SUBJECT: Final = b"mingshi/subject/v1\0"
_METHODS: Final = (
    ("rows", "deleted; pages overwritten (secure_delete)"),
    ("index", "deleted"),
    ("key", "deleted; what it wrapped is unreadable"),
    ("memory", "key forgotten"),
    ("write_ahead_log", "moved into the file and cut"),
    ("face", "nothing of a face was ever held"),
)


class Erased(NamedTuple):
    """What came of it. `salt`: for the person alone; it is kept nowhere."""

    answer: Answer
    erasure: EvidenceId
    salt: str
    found: tuple[pages.Found, ...]


def erase(site: Site, phones: Sequence[Contact], *, operator: str, reason: str = "47(1)(3)") -> Erased:
    """Erase a person and prove it here. Raises as `Site.run`."""
    before = _before(site, phones)
    done = site.run(erase_person, ErasePerson(tuple(phones))).answer
    return (
        Erased(done, EvidenceId(""), "", ())
        if isinstance(done, Refused)
        else _shown(site, phones, done, before, operator=operator, reason=reason)
    )


def erase_at_own_request(site: Site, command: EraseMe, key: str) -> Reply:
    """A person erases what is held on them, on their own page: the same steps. The answer's `salt` is for them alone.

    Raises as `Site.run`. Asked again under the same key it answers the same without the salt, which is kept nowhere.
    """
    before = _before(site, [command.phone])
    reply = site.run(erase_me, command, key=key)
    if isinstance(reply.answer, Refused) or reply.repeated:
        return reply
    shown = _shown(site, [command.phone], reply.answer, before, operator="the person", reason="47(1)(3)")
    args = {**reply.answer.args, "salt": shown.salt, "left": len(shown.found), "proven": bool(shown.answer)}
    return reply._replace(answer=reply.answer._replace(args=args))


class _Before(NamedTuple):
    """What is taken down before an erasure: the bytes that must go, and who else was told of the person."""

    traces: Sequence[tuple[str, bytes]]
    told: tuple[str, ...]


def _before(site: Site, phones: Sequence[Contact]) -> _Before:
    def read(transaction: SiteTransaction) -> _Before:
        principals = [one for phone in phones for one in principals_of(transaction, phone)]
        told = {row.recipient for one in principals for row in transaction.read(Provision, "principal", one)}
        return _Before(transaction.traces(phones), tuple(sorted(told - {TAKEN_ALONG})))

    return site.store.look(read, now=max(site.clock(), site.store.last_sealed_at))


def _shown(
    site: Site,
    phones: Sequence[Contact],
    done: Done,
    before: _Before,
    *,
    operator: str,
    reason: str,
) -> Erased:
    """Steps 2 to 4."""
    erasure = EvidenceId(done.ids["erasure"])
    site.store.housekeep(now=site.clock(), deleting=False)
    found = _still_there(site, before.traces)
    if found:
        site.store.rewrite(now=site.clock())
        found = _still_there(site, before.traces)
    salt = site.random_bytes(32)
    numbers = b"\0".join(sorted(one.encode() for one in phones))
    proof = ProveErasure(
        erasure=erasure,
        stage=HERE,
        records=integer(done.args["records"]),
        deals=len(done.ids) - 1,
        reason=reason,
        executed_at=site.clock(),
        commitment=b64(digest(salt, SUBJECT + numbers, "sha256")),
        methods=_METHODS,
        checks=(("traces_in_pages", str(len(found))),),
        operator=operator,
        verifier="page reader",
        software=_SOFTWARE,
        told_others=before.told,
        kept=(("commitments", "the log verifies; without their salts they tell nothing"),),
    )
    return Erased(site.run(prove_erasure, proof).answer, erasure, b64(salt), found)


def _still_there(site: Site, traces: Sequence[tuple[str, bytes]]) -> tuple[pages.Found, ...]:
    return tuple(pages.scan(pages.pages(site.store.path, site.store.ring.database), traces))


def write_anew(site: Site, now: Micros, *, at_once: bool = False) -> bool:
    """Write the file anew where something ended since it last was, at night or once that is twenty hours ago."""
    since = int(site.store.settings.get(_WRITTEN_ANEW) or 0)
    with closing(site.store.connect()) as connection:
        (oldest,) = connection.execute(
            "SELECT min(at) FROM (SELECT min(ended_at) AS at FROM ended WHERE ended_at > ?1 "
            "UNION ALL SELECT min(at) FROM erasure WHERE at > ?1)",
            (since,),
        ).fetchone()
    if oldest is None:
        return False
    hour = (now + int(site.store.settings["zone_offset_min"]) * MINUTE) % DAY // HOUR
    if not at_once and hour not in _NIGHT and now - oldest < _AT_THE_LATEST:
        return False
    site.store.rewrite(now=now)
    site.store.put_settings({_WRITTEN_ANEW: str(now)})
    return True


def prove_everywhere(site: Site, keys: Path, *, operator: str) -> list[EvidenceId]:
    """Seal stage `everywhere` of every erasure whose keys are in no backup any more; their erasures.

    `keys`: the one artefact of person keys, after it was replaced. Raises `RefusedStartError`, `OSError`.
    """
    held = copying.unpack_keys(keys, site.store.ring.person_keys)
    if held.origin != site.store.key.name:
        return []
    now = max(site.clock(), site.store.last_sealed_at)
    proven = []
    for proof in site.store.look(lambda transaction: transaction.every(DeletionProof), now=now):
        if proof.stage != HERE or not _gone(site, proof, held):
            continue
        told = mapping(loads(proof.text.encode()))
        later = ProveErasure(
            erasure=proof.erasure,
            stage=EVERYWHERE,
            records=integer(told["records"]),
            deals=integer(told["deals"]),
            reason=str(told["reason"]),
            executed_at=held.made_at,
            commitment=str(told["subject"]),
            methods=(("backups", "hold no key; the one artefact of keys was replaced"),),
            checks=(("keys_in_artefact", "0"),),
            operator=operator,
            verifier="key artefact reader",
            software=_SOFTWARE,
            told_others=tuple(str(one) for one in sequence(told["told_others"])),
        )
        if isinstance(site.run(prove_erasure, later).answer, Done):
            proven.append(proof.erasure)
    return proven


def receipt(site: Site, proof: EvidenceId) -> str | None:
    """A proof as a receipt that anybody verifies off-line; None while no published checkpoint carries it."""
    entry: int = site.store.look(lambda transaction: transaction.entry_of(DeletionProof, proof), now=site.clock())
    opening = opening_of(site, entry, _SITES_PART)
    assert opening is not None, "the site's own part"
    return receipt_of(site, entry, opening)


def opening_of(site: Site, entry: int, at: int) -> Opening | None:
    """A part of an entry, opened; None where it is gone."""
    with closing(site.store.connect()) as connection:
        row = connection.execute("SELECT person, cipher FROM opening WHERE seq = ? AND at = ?", (entry, at)).fetchone()
        if row is None:
            return None
        plain = Vault(connection, site.store.ring, site.random_bytes, Known()).open(entry, at, *row)
    if plain is None:
        return None
    salt, value = part_of(plain)
    return Opening(at, salt, cast("dict[str, Sealed]", value))


def receipt_of(site: Site, entry: int, opening: Opening) -> str | None:
    """The receipt of an entry with one part open; None while no published checkpoint carries it."""
    site.rebuild()
    return make_receipt(site.store.log_store, site.signer.tree, entry, [opening], site.trust)


def _gone(site: Site, proof: DeletionProof, held: copying.Keys) -> bool:
    """Whether the artefact is newer than the erasure and holds none of its keys."""
    with closing(site.store.connect()) as connection:
        persons = connection.execute(
            "SELECT x.person FROM erasure AS x JOIN fact AS f ON f.seq = x.seq "
            "WHERE f.record = 'Withdrawal' AND f.subject = ?",
            (proof.erasure,),
        ).fetchall()
        (at,) = connection.execute(
            "SELECT sealed_at FROM fact WHERE record = 'Withdrawal' AND subject = ? AND base = 1", (proof.erasure,)
        ).fetchone()
    return held.made_at >= Micros(at) and not any(person in held.wrapped for (person,) in persons)
