"""Export and import: the site's record as a case (docs/formats/case.md), judged by anybody to the same bytes.

    OUT/case/            the case: contacts are tokens of this export alone, names are stars
    OUT/rulings.jsonl    the site's own rulings as of the cut, one deal a line, in the order of subscription
    OUT/checkpoint       the newest published checkpoint      OUT/trust.policy     the rule of trust
    OUT/manifest.json    profile, cut, size of the log, digest of rulings.jsonl

The rules this module keeps:

1. Before it is exported every deal is ruled as of the cut, so `rulings.jsonl` is what the site says now; `mingshi judge
   OUT/case --previous OUT/rulings.jsonl` gives the same bytes, and other bytes wherever the judge says otherwise.
2. `full` needs two people and is sealed before a byte is written. `party:X` holds X's own registrations and what its
   deals rest on: of rivals no person, no name, no number, and their ids only as tokens. `public` holds commitments,
   checkpoints, rules and counts of five and more.
3. Identity keys, contacts, rivals' ids become tokens under a salt of this export that is kept nowhere.
"""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple, TypeVar, cast

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.bring_row import BringRow, bring_row, is_new
from mingshi.app.bring_row import Row as BookRow
from mingshi.app.consents import REQUIRED
from mingshi.app.holders import RECORDS
from mingshi.app.import_records import ImportRecords, import_records
from mingshi.app.keep_roster import BringRoster, Row, bring_roster
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal, ruling_now
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId, IdKey
from mingshi.domain.judge.dossier import Dossier, gather
from mingshi.domain.moment import earliest
from mingshi.domain.policy import PolicyHistory
from mingshi.files.case import Case, CaseInfo, case_of, table_of
from mingshi.files.format import SHEETS
from mingshi.files.judging import policies_of, type_of
from mingshi.files.read_case import read_case, read_sheets
from mingshi.files.tokens import tokenised
from mingshi.files.write_case import write_folder
from mingshi.kernel.canonical import Json, dumps, loads
from mingshi.kernel.timeline import Micros
from mingshi.site.root import Site
from mingshi.store import fsck
from mingshi.store.transaction import SiteTransaction

R = TypeVar("R", bound=tuple[object, ...])
Kinds = dict[type[tuple[object, ...]], list[tuple[object, ...]]]
_NEEDED: Final = ("deals", "registrations", "arrivals")
"""Sheets that are there even where nothing is left in them."""
_COLLECTED: Final = "按本案场的告知、同意与合同收集 / collected under this site's notices, consents and contracts"
FEWEST: Final = 5
"""Counts below are not told (k ≥ 5)."""


class Exported(NamedTuple):
    """What an export held."""

    deals: int
    records: int
    rulings: bytes


def rule_all(site: Site, now: Micros) -> int:
    """Rule every deal as of an instant; how many rulings are new."""
    deals = site.store.look(lambda transaction: _in_order(transaction.every(e.Deal)), now=now)
    replies = [site.store.run(rule_deal, RuleDeal(deal.id), now=now) for deal in deals]
    return sum(1 for reply in replies if isinstance(reply.answer, Done) and reply.answer.told == "ruled")


def export(site: Site, out: Path, profile: str, people: Sequence[str]) -> Exported | Refused:
    """Write an export. `people`: who asks; two for `full`. Raises `OSError`."""
    kind, _, party = profile.partition(":")
    if kind not in ("full", "party", "public") or (kind == "party") is not bool(party):
        return Refused("unknown_profile", "L-39")
    if not people or (kind == "full" and len({one for one in people if one}) < 2):
        return Refused("two_people", "L-39")
    if out.exists():
        return Refused("out_exists", "L-39")
    if (closed := site.closed(site.clock())) is not None:
        return closed
    now = max(site.clock(), site.store.last_sealed_at)
    rule_all(site, now)
    noted = site.store.run(
        note_control,
        NoteControl("export", people[0], profile, (("with", ", ".join(people[1:])),)),
        now=now,
    )
    assert noted.answer
    salt = site.random_bytes(32)
    with _beside(out) as folder:
        found: Exported = site.store.look(
            lambda transaction: _write(site, transaction, folder, kind, party, salt), now=now
        )
        checkpoint = site.store.log_store.published()
        manifest: dict[str, Json] = {
            "profile": profile,
            "as_of": now,
            "entries": site.store.size,
            "rulings_sha256": hashlib.sha256(found.rulings).hexdigest(),
            "deals": found.deals,
            "records": found.records,
        }
        (folder / "manifest.json").write_bytes(dumps(manifest) + b"\n")
        (folder / "trust.policy").write_text(site.trust, encoding="utf-8")
        (folder / "checkpoint").write_text(checkpoint or "", encoding="utf-8")
    return found


def import_case(site: Site, path: Path, by: str) -> Answer:
    """Seal the records of a case into a site that has none. Raises `BadInputError`."""
    case = read_case(path)
    records: list[tuple[object, ...]] = []
    for sheet in SHEETS:
        if sheet.name != "policies":
            records += cast("Iterable[tuple[object, ...]]", case.tables[sheet.name].records())
    command = ImportRecords(tuple(records), policies_of(case).versions, by, _digest(case), case.info.basis)
    answer = site.run(import_records, command).answer
    if answer:
        fsck.mend(site.store, max(site.clock(), site.store.last_sealed_at))
    return answer


ROSTERS: Final = ("agents", "agreements", "terms", "staff", "owners", "clocks", "calendar", "counts")
"""Sheets of a case that are lists an office keeps, not things that happened."""


def bring(site: Site, path: Path, by: str) -> Answer:
    """Take in an office's lists: a folder or workbook with the roster sheets of a case. Raises `BadInputError`."""
    case = read_sheets(path, ROSTERS)
    rows = [row for name in ROSTERS for row in case.tables[name].records()]
    return site.run(bring_roster, BringRoster(tuple(cast("list[Row]", rows)), by, _digest(case))).answer


BOOKS: Final = ("payments", "cancellations", "invoices", "relations")
"""Sheets of a case that others keep in files of their own, and a running site takes in row by row."""


class Entered(NamedTuple):
    """What became of the rows of a file: how many were sealed, how many known, and which refused, with their place."""

    new: int
    known: int
    refused: tuple[tuple[str, int | None, Refused], ...]


def enter(site: Site, path: Path, by: str) -> Entered:
    """Take in a file of finance's or the office's, each row for itself. Raises `BadInputError` before any of them."""
    case = read_sheets(path, BOOKS)
    note: NoteControl | None = NoteControl("entered", by, _digest(case))
    told: Counter[str] = Counter()
    refused: list[tuple[str, int | None, Refused]] = []
    for table in (case.tables[name] for name in BOOKS):
        for index, row in enumerate(cast("Iterable[BookRow]", table.records())):
            answer = site.run(bring_row, BringRow(row, note)).answer
            note = None if is_new(answer) else note
            if isinstance(answer, Refused):
                refused.append((*table.where(index), answer))
            else:
                told[answer.told] += 1
    known = told.pop("row_known", 0)
    return Entered(told.total(), known, tuple(refused))


def listed(transaction: SiteTransaction) -> dict[str, Json]:
    """How many rows each list has."""
    return {sheet.name: len(transaction.every(type_of(sheet.record))) for sheet in SHEETS if sheet.name in ROSTERS}


def _digest(case: Case) -> str:
    return hashlib.sha256("".join(sorted(each.sha256 for each in case.inputs)).encode()).hexdigest()


def _write(site: Site, transaction: SiteTransaction, folder: Path, kind: str, party: str, salt: bytes) -> Exported:
    if kind == "public":
        return _write_public(site, transaction, folder)
    deals = _in_order(transaction.every(e.Deal))
    rulings = [_standing(transaction, deal.id) for deal in deals]
    hidden: dict[str, str] = {}
    if kind == "party":
        mine = [one for one in rulings if party in _parties(transaction, one)]
        deals = [deal for deal in deals if deal.id in {str(one["deal"]) for one in mine}]
        records, rulings = _of_party(transaction, deals, party), mine
        records = {e.Deal: [], e.Registration: [], e.Arrival: []} | records
        hidden = _rivals(records, party, salt)
        records = _hide(records, hidden)
    else:
        records = {
            type_of(sheet.record): list(transaction.every(type_of(sheet.record)))
            for sheet in SHEETS
            if type_of(sheet.record).__name__ in RECORDS
        }
    _tokens_for_identities(records, salt)
    case = _case(records, transaction)
    write_folder(tokenised(case, salt), folder / "case")
    lines = b"".join(dumps(cast("Json", _renamed(one, hidden))) + b"\n" for one in rulings)
    (folder / "rulings.jsonl").write_bytes(lines)
    return Exported(len(rulings), sum(map(len, records.values())), lines)


def _standing(transaction: SiteTransaction, deal: DealId) -> Mapping[str, Json]:
    """The site's own ruling; of an erased deal, that it cannot be judged again."""
    ruling, last = ruling_now(transaction, deal)
    if last is not None and ruling.outcome.kind.value != "NOT_REJUDGEABLE":
        return cast("Mapping[str, Json]", loads(last.text.encode()))
    return ruling.as_json()


def _case(records: Kinds, transaction: SiteTransaction) -> Case:
    source = transaction.source
    basis = _COLLECTED if transaction.setting("consents") == REQUIRED else ""
    info = CaseInfo(project=source.project, zone=source.zone, as_of=transaction.now, basis=basis)
    tables = [
        table_of(sheet.name, records[kind])
        for sheet in SHEETS
        if (kind := type_of(sheet.record)) in records and (records[kind] or sheet.name in _NEEDED)
    ]
    return case_of(info, [*tables, table_of("policies", _policy_rows(source.policies))])


def _policy_rows(history: PolicyHistory) -> list[e.PolicyRow]:
    """Every parameter of every version, so that no default of a later program changes an old ruling."""
    return [
        e.PolicyRow(
            version.policy.version, "classic", version.effective_from, name, _parameter(value), version.countersigned
        )
        for version in history.versions
        for name, value in version.policy.parameters.items()
    ]


def _parameter(value: Json) -> str:
    if value is None:
        return "permanent"
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _in_order(deals: Iterable[e.Deal]) -> list[e.Deal]:
    return sorted(deals, key=lambda deal: (earliest(deal.subscribed_at), deal.id))


def _tokens_for_identities(records: Kinds, salt: bytes) -> None:
    rows = cast("list[e.Identity]", records.get(e.Identity, []))
    keys = sorted({row.id_key for row in rows} - {""}, key=lambda key: blake2b(key.encode(), key=salt).digest())
    tokens = {key: IdKey(f"ID-{number:04d}") for number, key in enumerate(keys, start=1)}
    records[e.Identity] = [row._replace(id_key=tokens.get(row.id_key, row.id_key)) for row in rows]


# One party's share


def _parties(transaction: SiteTransaction, ruling: Mapping[str, Json]) -> set[str]:
    """The agencies that have a claim in a ruling, or whose agent is named in it."""
    claims = cast("Sequence[Mapping[str, Json]]", ruling.get("claims", ()))
    found = {str(claim.get("agency", "")) for claim in claims}
    agents = [str(claim["agent"]) for claim in claims]
    agents += cast("list[str]", ruling.get("unregistered", []))
    found |= {row.agency for agent in agents for row in transaction.read(e.Agent, "id", agent)}
    return found - {""}


def _of_party(transaction: SiteTransaction, deals: Sequence[e.Deal], party: str) -> Kinds:
    """What these deals rest on, and the party's own registrations."""
    found: dict[type[tuple[object, ...]], dict[tuple[object, ...], None]] = {}

    def keep(rows: Iterable[tuple[object, ...]]) -> None:
        for row in rows:
            found.setdefault(type(row), {})[row] = None

    for deal in deals:
        dossier = gather(deal.id, transaction.source)
        for name in Dossier._fields:
            value = getattr(dossier, name)
            if isinstance(value, tuple):
                keep(row for row in value if type(row).__name__ in RECORDS)
        keep([deal])
        for kind in (e.Payment, e.Invoice, e.CommissionPaid):
            keep(transaction.read(kind, "deal", deal.id))
    for row in transaction.every(e.Registration):
        if row.agency == party:
            keep([row])
            keep(one for one in transaction.read(e.Confirmation, "registration", row.id))
    keep(row for row in transaction.every(e.Term) if row.agency == party)
    keep(row for row in transaction.every(e.Agent) if row.agency == party)
    keep(transaction.read(e.Agreement, "agency", party))
    for kind in (e.Invoice, e.CommissionPaid):
        found[kind] = {row: None for row in found.get(kind, {}) if row.agency == party}  # type: ignore[attr-defined]  # both have one
    return {kind: list(rows) for kind, rows in found.items()}


def _rivals(records: Kinds, party: str, salt: bytes) -> dict[str, str]:
    """Tokens for every agent and agency that is not the party's."""
    agents = cast("list[e.Agent]", records.get(e.Agent, []))
    registrations = cast("list[e.Registration]", records.get(e.Registration, []))
    own: set[str] = {row.id for row in agents if row.agency == party} | {
        row.agent for row in registrations if row.agency == party
    }
    names: set[str] = {row.id for row in agents} | {row.agency for row in agents}
    names |= {row.agent for row in registrations} | {row.agency for row in registrations}
    names |= {str(row.agency) for row in cast("list[e.Agreement]", records.get(e.Agreement, []))}
    return {
        name: "rival-" + blake2b(name.encode(), key=salt, digest_size=6).hexdigest()
        for name in names - own - {"", party}
    }


_NAMED: Final = ("id", "agent", "agency", "claimed_agent", "by", "party", "referrer", "platform", "payer")


def _hide(records: Kinds, hidden: Mapping[str, str]) -> Kinds:
    """Rivals by their tokens only: no name, no number, no terms of theirs."""
    shown: Kinds = {}
    for kind, rows in records.items():
        kept = []
        for row in rows:
            fields = {name: hidden[value] for name in _NAMED if (value := getattr(row, name, "")) in hidden}
            if isinstance(row, e.Agent) and row.id in hidden:
                fields |= {"name": "", "phone": ""}
            if isinstance(row, e.Agreement) and row.agency in hidden:
                bare = {"platform": "", "platform_fee_ppm": None, "agent_share_ppm": None}
                row = row._replace(**bare)  # type: ignore[arg-type]  # noqa: PLW2901  # each field's own empty value
            kept.append(row._replace(**fields) if fields else row)  # type: ignore[attr-defined]  # a NamedTuple
        shown[kind] = kept
    return shown


def _renamed(value: object, hidden: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return hidden.get(value, value)
    if isinstance(value, list | tuple):
        return [_renamed(one, hidden) for one in value]
    if isinstance(value, Mapping):
        return {key: _renamed(one, hidden) for key, one in value.items()}
    return value


# For everybody


def _write_public(site: Site, transaction: SiteTransaction, folder: Path) -> Exported:
    """Commitments, rules, and counts of five and more."""
    (folder / "log").mkdir()
    with (folder / "log" / "entries.jsonl").open("wb") as file:
        file.writelines(entry + b"\n" for entry in site.store.log_store.entries(0, site.store.size))
    kinds = Counter(
        str(cast("Mapping[str, Mapping[str, Json]]", loads(given.text.encode()))["outcome"]["kind"])
        for deal in transaction.every(e.Deal)
        if (given := last_given(transaction, deal.id)) is not None
    )
    counts = {name: count for name, count in sorted(kinds.items()) if count >= FEWEST}
    policies = [
        {"version": one.policy.version, "sha256": one.policy.sha256, "from": one.effective_from}
        for one in transaction.source.policies.versions
    ]
    told = {"outcomes": counts, "policies": policies, "entries": site.store.size}
    (folder / "public.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Exported(sum(counts.values()), 0, b"")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """All or nothing: written beside its place and moved there when it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as name:
        folder = Path(name) / "new"
        folder.mkdir()
        yield folder
        shutil.move(folder, out)
