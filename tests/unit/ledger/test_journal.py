import errno
import os

import pytest

from mingshi.ledger.journal import BrokenError, BusyError, CorruptError, FileMedium, Journal, MemoryMedium

RECORDS = [b"one", b"two\nlines", b"x" * 5000, "四".encode()]


def written(*records):
    medium = MemoryMedium()
    journal = Journal(medium)
    assert list(journal.replay()) == []
    for record in records:
        journal.append(record)
    return bytes(medium.data)


def replayed(data):
    medium = MemoryMedium(data)
    journal = Journal(medium)
    return [payload for _, payload in journal.replay()], medium, journal


DATA = written(*RECORDS)


def test_what_was_appended_is_replayed_with_its_place():
    medium = MemoryMedium(DATA)
    journal = Journal(medium)
    places = list(journal.replay())
    assert [payload for _, payload in places] == RECORDS
    assert [journal.read(offset, len(payload)) for offset, payload in places] == RECORDS


@pytest.mark.parametrize("fill", [b"", b"\0", b"\0" * 40, b"\0" * 6000], ids=["cut", "nul", "nuls", "block"])
def test_a_record_cut_at_any_byte_is_removed_and_the_rest_kept(fill):
    start = len(written(*RECORDS[:3]))
    for end in range(start, len(DATA)):
        payloads, medium, journal = replayed(DATA[:end] + fill)
        assert payloads == RECORDS[:3]
        assert bytes(medium.data) == DATA[:start]
        journal.append(b"goes on")
        assert replayed(bytes(medium.data))[0] == [*RECORDS[:3], b"goes on"]


def test_a_flipped_bit_anywhere_is_told_and_nothing_is_cut():
    for at in range(len(DATA)):
        damaged = bytearray(DATA)
        damaged[at] ^= 1
        medium = MemoryMedium(bytes(damaged))
        with pytest.raises(CorruptError):
            list(Journal(medium).replay())
        assert medium.data == damaged, "evidence of damage is left as it is"


def test_records_across_read_windows_are_whole():
    records = [bytes([65 + at % 26]) * (400_000 + at) for at in range(8)]
    assert replayed(written(*records))[0] == records


def test_after_a_failed_write_nothing_more_is_written():
    medium = MemoryMedium()
    journal = Journal(medium)
    list(journal.replay())
    journal.append(b"kept")

    def full(data):
        medium.data += data[:7]
        raise OSError(errno.ENOSPC, "full")

    medium.append, ok = full, medium.append
    with pytest.raises(OSError, match="full"):
        journal.append(b"lost")
    medium.append = ok
    with pytest.raises(BrokenError):
        journal.append(b"too early")
    assert replayed(bytes(medium.data))[0] == [b"kept"]


def test_a_failed_sync_is_a_failed_write():
    medium = MemoryMedium()
    journal = Journal(medium)
    list(journal.replay())

    def fails():
        raise OSError(errno.EIO, "disk")

    medium.sync = fails
    with pytest.raises(OSError, match="disk"):
        journal.append(b"unknown")
    with pytest.raises(BrokenError):
        journal.append(b"more")


def test_a_file_is_its_owners_and_one_process_at_a_time(tmp_path):
    path = tmp_path / "log"
    medium = FileMedium(path)
    journal = Journal(medium)
    list(journal.replay())
    journal.append(b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BusyError, match="另一进程"):
        FileMedium(path)
    journal.close()
    again = Journal(FileMedium(path))
    assert [payload for _, payload in again.replay()] == [b"one"]
    again.close()


def test_a_disk_that_takes_bytes_in_pieces_gets_them_all(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:100]))
    journal = Journal(FileMedium(tmp_path / "log"))
    list(journal.replay())
    journal.append(b"y" * 1234)
    journal.close()
    monkeypatch.undo()
    again = Journal(FileMedium(tmp_path / "log"))
    assert [payload for _, payload in again.replay()] == [b"y" * 1234]
    again.close()


@pytest.mark.parametrize("payload", [b"", b"a\0b"])
def test_what_could_not_be_told_from_damage_is_not_written(payload):
    journal = Journal(MemoryMedium())
    list(journal.replay())
    with pytest.raises(AssertionError):
        journal.append(payload)
