"""What may change, as triggers: data of their own, put in again after each migration, compared at each start.

The rules this module keeps (LEDGER amendment 2):

1. Entries, checkpoints, skeletons and erasures are never changed and never removed; entries are dense.
2. Every entry holds its edge of the tree, and is sealed no earlier than the entry before it. The head at which a log
   was before entries did stays as it is.
3. An opening and a person, and with the person their key, go only where an erasure of that person, or the end of that
   opening, stands; a key is only wrapped anew; a term is only made longer, a ground only given to what was pending.
4. A table that was made anew lost its triggers in silence (SQLite drops them with the table; a migration tool's
   batch mode does just that): a file whose triggers are not exactly these does not open.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.engine import Connection

from mingshi.store.errors import RefusedStartError

NOT_DENSE: Final = "entry: dense"
_NEVER: Final = ("entry", "checkpoint", "fact", "erasure", "ended", "head")
_GONE: Final = "EXISTS (SELECT 1 FROM erasure WHERE person = OLD.{0})"
_OPENING_GONE: Final = (
    "EXISTS (SELECT 1 FROM erasure WHERE person = OLD.person) OR EXISTS (SELECT 1 FROM opening_person AS o "
    "JOIN erasure AS e ON e.person = o.person WHERE o.seq = OLD.seq AND o.at = OLD.at) "
    "OR EXISTS (SELECT 1 FROM ended WHERE seq = OLD.seq AND at = OLD.at)"
)
_OPENING_CHANGED: Final = (
    "NEW.seq != OLD.seq OR NEW.at != OLD.at OR NEW.person IS NOT OLD.person OR NEW.cipher != OLD.cipher "
    "OR (OLD.basis != 'pending' AND (NEW.basis != OLD.basis OR NEW.ground != OLD.ground)) "
    "OR NEW.expires_at IS NULL OR OLD.expires_at IS NULL "
    "OR NEW.expires_at < OLD.expires_at"
)
_EARLIER: Final = (
    "(SELECT sealed_at FROM fact WHERE seq = NEW.seq) < (SELECT sealed_at FROM fact WHERE seq = NEW.seq - 1)"
)
"""Facts are written before their entries."""
_KEY_CHANGED: Final = (
    "length(OLD.wrapped) > 0 AND NEW.wrapped != OLD.wrapped AND (NEW.version <= OLD.version OR length(NEW.wrapped) = 0)"
)
"""Under the same version it changes only where there is none: in a copy that gets its keys back."""
_SEALED_LATER: Final[Mapping[tuple[str, str], str]] = {
    ("erasure", "update"): "OLD.seq IS NOT NULL OR NEW.person != OLD.person",
    ("ended", "update"): "OLD.entry IS NOT NULL OR NEW.seq != OLD.seq OR NEW.at != OLD.at",
}
"""An erasure, and an ending, that was replayed after a restore gets its entry once."""


def _refuse(name: str, event: str, table: str, condition: str, said: str) -> str:
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{said}'); END"


def _all() -> dict[str, str]:
    found = {}
    for table in _NEVER:
        for event in ("update", "delete"):
            condition = _SEALED_LATER.get((table, event), "")
            name = f"{table}_no_{event}"
            found[name] = _refuse(name, event.upper(), table, condition, f"{table}: append only")
    more = {
        "entry_dense": ("INSERT", "entry", "NEW.seq != coalesce((SELECT max(seq) + 1 FROM entry), 0)", NOT_DENSE),
        "entry_edge": ("INSERT", "entry", "length(NEW.edge) != 32", "entry: holds no edge"),
        "entry_in_time": ("INSERT", "entry", _EARLIER, "entry: before the last"),
        "head_no_insert": ("INSERT", "head", "", "head: stays"),
        "opening_no_update": ("UPDATE", "opening", _OPENING_CHANGED, "opening: only kept longer"),
        "opening_delete": ("DELETE", "opening", f"NOT ({_OPENING_GONE})", "opening: no erasure"),
        "opening_person_no_update": ("UPDATE", "opening_person", "", "opening_person: append only"),
        "opening_person_delete": (
            "DELETE",
            "opening_person",
            "EXISTS (SELECT 1 FROM opening AS o WHERE o.seq = OLD.seq AND o.at = OLD.at)",
            "opening_person: its opening stands",
        ),
        "person_delete": ("DELETE", "person", f"NOT {_GONE.format('id')}", "person: no erasure"),
        "person_no_update": ("UPDATE", "person", "NEW.id != OLD.id OR NEW.token != OLD.token", "person: stays"),
        "person_key_kept": ("UPDATE", "person", _KEY_CHANGED, "person: its key is only wrapped anew"),
        "person_key_no_insert": ("INSERT", "person_key", "", "person_key: keys stand with their persons"),
    }
    return found | {name: _refuse(name, *rest) for name, rest in more.items()}


TRIGGERS: Final[Mapping[str, str]] = _all()


def put_in(connection: Connection) -> None:
    """Every trigger, made anew."""
    for name, sql in TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(sql)


def check(connection: Connection) -> None:
    """Are they exactly these? Raises `RefusedStartError`."""
    found = {
        str(name): str(sql)
        for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    }
    if found == TRIGGERS:
        return
    wrong = sorted(name for name in {*found, *TRIGGERS} if found.get(name) != TRIGGERS.get(name))
    raise RefusedStartError(
        "triggers_differ",
        f"数据库的防改触发器与程序不符（{'、'.join(wrong)}）：有人动过，或迁移丢了它们。请保留此文件作证，用备份恢复。",
        f"The triggers that keep the database from being rewritten differ ({', '.join(wrong)}): somebody changed "
        "them, or a migration dropped them. Keep this file as evidence and restore a backup.",
    )
