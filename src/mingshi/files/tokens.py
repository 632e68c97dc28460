"""A case for other eyes: telephone numbers become opaque tokens, names go.

The rules this module keeps:

1. Two contacts that were equal stay equal, two that looked alike when masked (前三后四) still look alike,
   and no others do: a full number becomes `#class.n`, its masked form `#class`. So a case and its tokens
   are ruled alike.
2. Tokens are numbered by a keyed order that only the salt tells: neither numbers nor their order can be
   found from them, and two exports with two salts cannot be joined.
3. Ids that were made from rows' contents are made again under the salt, because a digest of a number is the
   number.
4. Names of clients, agents and staff are replaced by `*`; a number inside an id or a remark becomes its
   token or is starred.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

from mingshi.domain.ids import Contact, is_masked, visible
from mingshi.files.case import Case, Table
from mingshi.files.contact import MOBILE
from mingshi.files.contact import contact as read_contact
from mingshi.files.format import Column, Kind
from mingshi.files.problem import CellError

_INSIDE: Final = re.compile(rf"(?<!\d){MOBILE.pattern}(?!\d)", re.ASCII)
_MADE_ID: Final = re.compile(r"\b([A-Z]+)-[0-9a-f]{16}\b", re.ASCII)
"""An id made from a row's content: who knows the rest of the row could try all numbers against it."""
_NAME: Final = "*"


def tokenised(case: Case, salt: bytes) -> Case:
    """The case with tokens for contacts and without names. `salt`: secret, random, for this export alone."""
    tokens = _tokens(_contacts(case.tables.values()), salt)
    tables = {name: _table(table, tokens, salt) for name, table in case.tables.items()}
    return Case(info=case.info, tables=tables, policies=case.policies)


def _contacts(tables: Iterable[Table]) -> set[Contact]:
    found: set[Contact] = set()
    for table in tables:
        for column in table.sheet.columns:
            values = table.columns[column.field]
            if column.kind is Kind.CONTACT:
                found.update(cast("list[Contact]", values))
            elif column.kind is Kind.CONTACTS:
                found.update(*cast("list[tuple[Contact, ...]]", values))
    return found - {Contact("")}


def _tokens(contacts: Iterable[Contact], salt: bytes) -> dict[Contact, Contact]:
    def order(contact: Contact) -> bytes:
        return hashlib.blake2b(contact.encode(), key=salt).digest()

    classes: dict[Contact, list[Contact]] = {}
    for contact in contacts:
        members = classes.setdefault(visible(contact), [])
        if not is_masked(contact):
            members.append(contact)
    tokens: dict[Contact, Contact] = {}
    for number, look in enumerate(sorted(classes, key=order), start=1):
        tokens[look] = Contact(f"#{number}")
        for place, contact in enumerate(sorted(classes[look], key=order), start=1):
            tokens[contact] = Contact(f"#{number}.{place}")
    return tokens


def _table(table: Table, tokens: Mapping[Contact, Contact], salt: bytes) -> Table:
    if not table.present:
        return table
    columns = {}
    for column in table.sheet.columns:
        replace = _replacement(column, tokens, salt) if column.field in table.present else None
        values = table.columns[column.field]
        columns[column.field] = list(map(replace, values)) if replace else values
    return Table(sheet=table.sheet, columns=columns, present=table.present)


def _replacement(column: Column, tokens: Mapping[Contact, Contact], salt: bytes) -> Callable[[object], object] | None:
    """What to do with the values of a column; None: nothing."""

    def remade(match: re.Match[str]) -> str:
        digest = hashlib.blake2b(match.group().encode(), key=salt, digest_size=8).hexdigest()
        return f"{match.group(1)}-{digest}"

    def inside(text: str) -> str:
        known = _INSIDE.sub(lambda match: tokens.get(Contact(match.group()), "1**********"), text)
        return _MADE_ID.sub(remade, known)

    def name(value: object) -> object:
        if not value:
            return value
        try:
            return tokens.get(read_contact(cast("str", value)), _NAME)  # edits keep old and new numbers as text
        except CellError:
            return _NAME

    match column.kind:
        case Kind.CONTACT:
            return lambda value: tokens[cast("Contact", value)] if value else value
        case Kind.CONTACTS:
            return lambda value: tuple(tokens[contact] for contact in cast("tuple[Contact, ...]", value))
        case Kind.TEXT if column.personal:
            return name
        case Kind.TEXT | Kind.KEY | Kind.REF:
            return lambda value: inside(cast("str", value))
        case Kind.REFS:
            return lambda value: tuple(map(inside, cast("tuple[str, ...]", value)))
    return None
