"""Proposing a map for an office's own spreadsheet, from its headers alone.

The rules this module keeps:

1. A column is told by its name: known names first, then names that contain a known one or nearly equal it,
   with a confidence that says how nearly. Values are shown (masked) for a person to check, and never
   decide.
2. Only records that can be complete are proposed; what cannot be used is said with its reason, and what is
   still missing for a ruling is said too.
3. Columns from face capture are named and make the file unreadable until they are deleted; traits are never
   proposed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple, final

from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import BY_NAME, SHEETS, Kind, Sheet
from mingshi.files.headers import ALL_NAMES, Header, bare, find_header, known_names, sheet_called
from mingshi.files.limits import HEADER_WITHIN
from mingshi.files.mapping import OF_ROW, MappedRows
from mingshi.files.mask import masked
from mingshi.files.office_words import (
    AGENCY,
    AGENT_ID,
    AGENT_NAME,
    CO_BUYER_PHONE,
    DEAL_ID,
    ESCORT,
    INCOMPLETE,
    INSTEAD,
    NOT_READ,
    PARTS,
    PHONE,
    TAKEN,
    TRAIT,
    UNKNOWN_COLUMN,
    WORDS,
    Part,
    Reason,
    Word,
)
from mingshi.files.source import Grid

SURE: Final = 1.0
_USED_FROM: Final = 0.8
"""Below, a likeness is chance: 报备时间 and 认购时间 share half their characters."""
_SAMPLED: Final = 200
_AGENT_COLUMNS: Final = (
    ("registration", "agent"),
    ("escort", "agent"),
    ("deal", "claimed_agent"),
    ("paid", "agent"),
)
_DEAL_COLUMNS: Final = frozenset(
    {
        "deposit",
        "down payment",
        "received",
        "loan",
        "withdrawn subscription",
        "withdrawn contract",
        "paid",
        "invoice",
    }
)


class Line(NamedTuple):
    """One proposed correspondence."""

    table: str
    header: str
    sheet: str
    column: str
    chinese: str
    confidence: float
    sample: str
    """The first value, masked."""


class Unread(NamedTuple):
    """A column that is not proposed, and why."""

    table: str
    header: str
    reason: Reason


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was found in one file."""

    rows: list[MappedRows] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    faces: list[str] = field(default_factory=list)
    """Headers or sheets that come from face capture."""

    @property
    def sheets(self) -> set[str]:
        """The sheets of the format that would be filled."""
        return {rows.sheet for rows in self.rows}


class _Column(NamedTuple):
    header: str
    place: int
    confidence: float


def propose(grids: Sequence[tuple[str, Grid]]) -> Proposal:
    """A proposal for the tables of one file, each with the name a map gives it ("" in a CSV file)."""
    proposal = Proposal()
    for table, grid in grids:
        if is_face(grid.name):
            proposal.faces.append(grid.name)
        top = next(grid.chunks(), None)
        rows = top.as_rows() if top else []
        header = find_header(rows, _is_known) or _fullest(rows)
        if header is None:
            continue
        proposal.faces.extend(text for text in dict.fromkeys(header.above) if is_face(text))
        _propose_table(table, grid, header, rows[header.end : header.end + _SAMPLED], proposal)
    return proposal


def missing(proposal: Proposal) -> Iterator[tuple[str, str, str]]:
    """What a ruling would still lack: code, Chinese, English."""
    have = proposal.sheets
    if "deals" not in have:
        yield (
            "deals",
            "没有成交：没有可判的对象（需要认购时间和购房人电话）",
            "no deals: nothing to rule (subscription time and buyers' phones)",
        )
    if "registrations" not in have:
        yield "registrations", "没有报备：渠道无从主张", "no registrations: no agent has a claim"
    if not have & {"arrivals", "receipts", "escorts"}:
        yield (
            "visits",
            "没有到访依据：依赖到访的规则会列为待定",
            "no evidence of visits: rules that need it will say so",
        )
    if "payments" not in have:
        yield "payments", "没有回款：不能判断结佣条件", "no payments: release of commission cannot be told"
    if "statements" not in have:
        yield (
            "statements",
            "没有客户声明：只有一方的记录",
            "no statements of clients: one side's records only",
        )


def _propose_table(table: str, grid: Grid, header: Header, sample: Sequence[Sequence[str]], to: Proposal) -> None:
    wide, used = _wide(table, header.names)
    narrow = _narrow(table, grid.name, header.names)
    if narrow is not None and len({rows.sheet for rows in wide}) < 2 and len(narrow.columns) >= len(used):
        wide = [narrow]
    to.rows.extend(wide)
    mapped: set[str] = set()
    for rows in wide:
        chinese = {column.header: column for column in BY_NAME[rows.sheet].columns}
        for name, headers in rows.columns.items():
            for each in headers:
                if each == OF_ROW:
                    continue
                mapped.add(each)
                column = chinese[name]
                personal = column.personal or _best(each)[1] in (AGENT_NAME, ESCORT, PHONE, CO_BUYER_PHONE)
                shown = _sample(header.names, each, sample, personal=personal)
                confidence = SURE if rows is narrow else _best(each)[0]
                to.lines.append(Line(table, each, rows.sheet, name, column.chinese[0], confidence, shown))
    to.unread.extend(
        Unread(table, name, _reason(name))
        for name in dict.fromkeys(header.names)
        if name and name not in mapped and not is_face(name)
    )


def _wide(table: str, names: Sequence[str]) -> tuple[list[MappedRows], set[str]]:
    """The records that each row can make."""
    found: dict[Word, _Column] = {}
    for index, header in enumerate(names):
        confidence, word = _best(header)
        if word is not None and confidence >= _USED_FROM and (word not in found or confidence > found[word].confidence):
            found[word] = _Column(header, index, confidence)
    parts: dict[str, dict[str, tuple[str, ...]]] = {part.name: {} for part in PARTS}
    for word, column in sorted(found.items(), key=lambda item: item[1].place):
        for part, name in word.goes_to:
            parts[part][name] = (*parts[part].get(name, ()), column.header)
    _add_agent(parts, found)
    deal = (found[DEAL_ID].header,) if DEAL_ID in found else (OF_ROW,)
    parts["deal"]["deal"] = deal
    for name in _DEAL_COLUMNS:
        if parts["deal"].keys() >= {"subscribed_at", "buyers"}:
            parts[name]["deal"] = deal
    for (part, name), others in INSTEAD.items():
        for other, other_name in others:
            if name not in parts[part] and other_name in parts[other]:
                parts[part][name] = parts[other][other_name]
    rows = [_rows_of(table, part, parts[part.name]) for part in PARTS if parts[part.name].keys() >= set(part.needed)]
    return rows, {header for each in rows for headers in each.columns.values() for header in headers}


def _rows_of(table: str, part: Part, columns: Mapping[str, tuple[str, ...]]) -> MappedRows:
    order = [column.header for column in BY_NAME[part.sheet].columns]
    return MappedRows(
        table=table,
        sheet=part.sheet,
        columns={name: columns[name] for name in order if name in columns},
        values={name: text for name, text in part.values if name not in columns},
        when=tuple(dict.fromkeys(columns[name][0] for name in part.when)),
    )


def _add_agent(parts: Mapping[str, dict[str, tuple[str, ...]]], found: Mapping[Word, _Column]) -> None:
    """An agent is called by id, else by company and name: two companies may each have a 王经理."""
    company = [found[AGENCY].header] if AGENCY in found else []
    by_name = (*company, found[AGENT_NAME].header) if AGENT_NAME in found else tuple(company)
    headers = (found[AGENT_ID].header,) if AGENT_ID in found else by_name
    for part, name in _AGENT_COLUMNS:
        if headers:
            parts[part][name] = headers
    if ESCORT in found and AGENT_ID not in found:
        escort = (*company, found[ESCORT].header)
        parts["visit"]["agent"] = parts["escort"]["agent"] = escort
        if AGENT_NAME not in found:
            parts["registration"]["agent"] = parts["deal"]["claimed_agent"] = escort


def _narrow(table: str, name: str, names: Sequence[str]) -> MappedRows | None:
    """The one sheet that the table is, where every column that it must have is known by name."""
    called = sheet_called(name)
    best: tuple[int, Sheet, dict[str, tuple[str, ...]]] | None = None
    for sheet in (called,) if called else SHEETS:
        known = known_names(sheet)
        columns: dict[str, tuple[str, ...]] = {}
        for header in names:
            column = known.get(bare(header)) if header else None
            if column is not None:
                columns.setdefault(column.header, (header,))
        needed = {column.header for column in sheet.columns if column.required and column.kind is not Kind.KEY}
        if columns.keys() >= needed and (best is None or len(columns) > best[0]):
            best = len(columns), sheet, columns
    if best is None:
        return None
    return MappedRows(table=table, sheet=best[1].name, columns=best[2])


def _best(header: str) -> tuple[float, Word | None]:
    """The word that a header means, and how sure that is."""
    name = bare(header)
    if not name or _refused(name) is not None:
        return 0.0, None
    if name in _EXACT:
        return SURE, _EXACT[name]
    likeness, known = max((_likeness(name, known), known) for known in _EXACT)
    return (likeness, _EXACT[known]) if likeness >= _USED_FROM else (likeness, None)


def _likeness(name: str, known: str) -> float:
    """Containment counts more than common characters: 客户报备时间 is a 报备时间."""
    if len(known) > 2 and known in name:
        return round(0.7 + 0.25 * len(known) / len(name), 2)
    return round(SequenceMatcher(None, name, known).ratio() * 0.95, 2)


def _refused(name: str) -> Reason | None:
    if name in _EXACT:
        return None
    if is_face(name) or is_trait(name):
        return TRAIT
    return next((reason for reason in NOT_READ if any(bare(sign) in name for sign in reason.signs)), None)


def _reason(header: str) -> Reason:
    if (refused := _refused(bare(header))) is not None:
        return refused
    confidence, word = _best(header)
    if word is None or confidence < _USED_FROM:
        return UNKNOWN_COLUMN
    return INCOMPLETE if word.goes_to else TAKEN


def _is_known(name: str) -> bool:
    return bare(name) in _EXACT or bare(name) in ALL_NAMES


def _fullest(rows: Sequence[Sequence[str]]) -> Header | None:
    """Where no name is known: the first row with the most cells, so that likenesses can be tried."""
    top = rows[:HEADER_WITHIN]
    if not any(any(row) for row in top):
        return None
    index = max(range(len(top)), key=lambda each: (sum(map(bool, top[each])), -each))
    above = tuple(cell for row in top[: index + 1] for cell in row if cell)
    return Header(index + 1, tuple(" ".join(cell.split()) for cell in top[index]), above)


def _sample(names: Sequence[str], header: str, rows: Sequence[Sequence[str]], *, personal: bool) -> str:
    index = names.index(header)
    value = next((row[index] for row in rows if index < len(row) and row[index].strip()), "")
    return masked(value, personal=personal)


_EXACT: Final = {bare(called): word for word in WORDS for called in word.called}
