"""恢复: a record that came from a backup says so in its log, and whom it forgot again (LEDGER §1.3.4, INV-08)."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done
from mingshi.app.ports import Transaction
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.app.withdraw import seal_erasure


class NoteRestored(NamedTuple):
    """When the backup was made (microseconds, as text), and the ids of what was erased since, by deal."""

    made_at: str
    replayed: tuple[tuple[str, tuple[str, ...]], ...]


def note_restored(transaction: Transaction, command: NoteRestored) -> Answer:
    """Seal the restore, and once more the erasures whose entries the backup had not."""
    detail = (("made_at", command.made_at), ("replayed", str(sum(len(ids) for _, ids in command.replayed))))
    note_control(transaction, NoteControl("restored", "restore", "restored from a backup", detail))
    if command.replayed:
        seal_erasure(transaction, dict(command.replayed))
        transaction.name_replayed()
    return Done("noted")
